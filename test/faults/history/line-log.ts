// Writes lines to a file at once: a process that is killed has written down what it had begun.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Line } from './lines.ts';

export interface LineLog {
  write(line: Line): void;
  close(): void;
}

export function openLineLog(file: string): LineLog {
  const descriptor = openSync(file, 'a');
  return {
    write: (line) => void writeSync(descriptor, `${JSON.stringify(line)}\n`),
    close: () => closeSync(descriptor),
  };
}

/** Nanoseconds; exact for the first hundred days of the machine's life, and to a few nanoseconds after them. */
export const monotonicNs = (): number => Number(process.hrtime.bigint());

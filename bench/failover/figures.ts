// How figures are printed: with their promise, and how busy the machine was.
import { loadavg } from 'node:os';

export const print = (line: string) => void process.stdout.write(`${line}\n`);

export const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

export interface Figure {
  readonly what: string;
  readonly promise: string;
  readonly seen: string;
  readonly isKept: boolean;
}

export function printFigure({ what, promise, seen, isKept }: Figure): void {
  print(`${isKept ? 'kept  ' : 'BROKEN'}  ${what}: ${seen} (promise: ${promise}; load ${loadavg()[0]?.toFixed(1)})`);
}

/** Ascending order is made here. @param part 0.5: the median */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

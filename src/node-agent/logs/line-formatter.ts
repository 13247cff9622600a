// Turns log entries into what `kubectl logs` prints: lines joined, filtered by time, stamped on demand, cut to a limit.
import { parseCriLine } from './cri-line.ts';
import type { CriLine } from './cri-line.ts';

export interface LineFormat {
  readonly timestamps: boolean;
  readonly sinceMs: number | undefined;
  readonly limitBytes: number | undefined;
}

export interface LineFormatter {
  /** Takes whole entries, newline excluded; returns what to print for them. */
  add(entry: Buffer): Buffer | undefined;
  /** True once `limitBytes` are printed. */
  readonly isFull: boolean;
}

/** Monitors write UTC as an offset; Kubernetes prints `Z`. */
const inKubernetesForm = (time: string): string => time.replace('+00:00', 'Z');

export function createLineFormatter({ timestamps, sinceMs, limitBytes }: LineFormat): LineFormatter {
  /** Streams whose last entry did not end its line. */
  const open = new Set<string>();
  let left = limitBytes ?? Number.POSITIVE_INFINITY;

  const cut = (bytes: Buffer): Buffer => {
    const kept = bytes.length <= left ? bytes : bytes.subarray(0, left);
    left -= kept.length;
    return kept;
  };
  const format = (line: CriLine): Buffer => {
    const continues = open.has(line.stream);
    if (line.isFull) open.delete(line.stream);
    else open.add(line.stream);
    const stamp = timestamps && !continues ? `${inKubernetesForm(line.time)} ` : '';
    return Buffer.concat([Buffer.from(stamp), line.text, Buffer.from(line.isFull ? '\n' : '')]);
  };

  return {
    add(entry) {
      const line = parseCriLine(entry);
      if (!line || left <= 0) return undefined;
      if (sinceMs !== undefined && Date.parse(line.time) < sinceMs) return undefined;
      return cut(format(line));
    },
    get isFull() {
      return left <= 0;
    },
  };
}

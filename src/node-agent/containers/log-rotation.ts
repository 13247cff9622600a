// Keeps a log within its size: looks at the file only after it was written to, and then at most once in a while.
// An idle container costs nothing.
import { watch, type FSWatcher } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import type { Clock, Timer } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';

export interface LogLimits {
  readonly maxBytes: number;
  /** Parts of one log, the current one included: `x.log`, `x.log.1`, … */
  readonly maxFiles: number;
}

/** As in Kubernetes: `containerLogMaxSize`, `containerLogMaxFiles`. */
export const defaultLogLimits: LogLimits = { maxBytes: 10 * 2 ** 20, maxFiles: 5 };

const lookAgainMs = 2_000;

/**
 * @param reopen tells the writer that its file was renamed
 * @returns stops watching
 */
export function rotateWhenFull(
  path: string,
  limits: LogLimits,
  reopen: () => Promise<void>,
  clock: Clock,
  log: Log,
): () => void {
  let watcher: FSWatcher | undefined;
  let timer: Timer | undefined;
  let stopped = false;

  const look = async () => {
    const { size } = await stat(path);
    if (size < limits.maxBytes) return;
    await shiftParts(path, limits.maxFiles);
    await reopen();
  };
  const onWrite = () => {
    watcher?.close();
    timer = clock.after(lookAgainMs, wait);
  };
  const wait = () => {
    if (stopped) return;
    try {
      watcher = watch(path, { persistent: false }, onWrite);
      watcher.on('error', () => undefined);
    } catch {
      return; // The log is gone, and the container with it.
    }
    // After the watch began: what was written in between counts.
    look().catch((error: unknown) => log.warn({ path, error: String(error) }, 'log not rotated'));
  };
  wait();
  return () => {
    stopped = true;
    watcher?.close();
    timer?.cancel();
  };
}

/** `x` → `x.1` → `x.2` …; the last one is overwritten. */
async function shiftParts(path: string, maxFiles: number): Promise<void> {
  for (let part = maxFiles - 2; part >= 1; part -= 1) {
    await rename(`${path}.${part}`, `${path}.${part + 1}`).catch(() => undefined);
  }
  await rename(path, `${path}.1`);
}

// Who leads, as requests that wait for a leader see it: here, elsewhere, or nowhere and since when.
import type { Clock } from '../../lib/clock.ts';
import type { Leadership } from '../leadership.ts';

export type Leader =
  | { readonly where: 'here' }
  | { readonly where: 'elsewhere'; readonly api: string }
  /** `isPaused`: this server led a moment ago. `sinceMs`: monotonic. */
  | { readonly where: 'nowhere'; readonly isPaused: boolean; readonly sinceMs: number; readonly trouble: string };

export interface LeaderView {
  /** Exact at the moment of asking. */
  current(): Leader;
  /** Grows with every change that was told. */
  readonly changes: number;
  /** Resolves at the next change, after `ms`, or when `signal` aborts, whichever comes first. */
  changed(ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** @param onChange called after each change, before those who wait */
export function createLeaderView(leadership: Leadership, clock: Clock, onChange: () => void): LeaderView {
  const waiting = new Set<() => void>();
  let changes = 0;
  let leaderlessSinceMs: number | undefined;

  const current = (): Leader => {
    const { part, leaderApi } = leadership;
    if (part === 'leading' || (part === 'following' && leaderApi !== undefined)) leaderlessSinceMs = undefined;
    if (part === 'leading') return { where: 'here' };
    if (part === 'following' && leaderApi !== undefined) return { where: 'elsewhere', api: leaderApi };
    leaderlessSinceMs ??= clock.monotonicMs();
    const trouble = leadership.trouble === '' ? 'no server leads at the moment' : leadership.trouble;
    return { where: 'nowhere', isPaused: part === 'paused', sinceMs: leaderlessSinceMs, trouble };
  };

  const stop = leadership.onChange(() => {
    changes += 1;
    current();
    onChange();
    for (const wake of [...waiting]) wake();
  });
  current();

  return {
    current,
    get changes() {
      return changes;
    },
    changed: (ms, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          timer.cancel();
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = clock.after(ms, wake);
        waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
        if (signal.aborted) wake();
      }),
    close: stop,
  };
}

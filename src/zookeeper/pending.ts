// Requests that were sent on one connection and not yet answered, oldest first, and the deadline of the oldest.
import type { Clock, Timer } from '../lib/clock.ts';

export interface Pending<T> {
  readonly sentAtMs: number;
  readonly value: T;
}

export interface PendingRequests<T> {
  /** Keeps what was sent now. */
  add(value: T): Pending<T>;
  /** It was answered. */
  remove(entry: Pending<T>): void;
  /** Forgets everything and stops the clock. */
  takeAll(): readonly T[];
}

/** A timer that fires this late means that the process stood still: answers may be waiting to be read. */
const lateMs = 50;

/**
 * Answers come in order, so a server that answers anything is at work on the rest: time counts from the last answer.
 * @param onOverdue called when something waits and nothing was answered for `withinMs()`
 */
export function createPendingRequests<T>(
  clock: Clock,
  withinMs: () => number,
  onOverdue: () => void,
): PendingRequests<T> {
  const entries = new Set<Pending<T>>();
  let timer: Timer | undefined;
  let answeredAtMs = -Infinity;

  const dueOf = (entry: Pending<T>) => Math.max(entry.sentAtMs, answeredAtMs) + withinMs();

  const arm = (hasBeenLate = false) => {
    timer?.cancel();
    timer = undefined;
    const [oldest] = entries;
    if (!oldest) return;
    const due = dueOf(oldest);
    const delayMs = hasBeenLate ? lateMs : due - clock.monotonicMs();
    timer = clock.after(Math.max(0, delayMs), () => {
      timer = undefined;
      const now = clock.monotonicMs();
      const [first] = entries;
      if (first && now < dueOf(first)) arm();
      else if (!hasBeenLate && now - due > lateMs) arm(true);
      else onOverdue();
    });
  };

  return {
    add(value) {
      const entry = { sentAtMs: clock.monotonicMs(), value };
      entries.add(entry);
      if (!timer) arm();
      return entry;
    },
    remove(entry) {
      entries.delete(entry);
      answeredAtMs = clock.monotonicMs();
      // Otherwise the timer finds a younger one when it fires.
      if (entries.size === 0) arm();
    },
    takeAll() {
      const all = [...entries].map(({ value }) => value);
      entries.clear();
      arm();
      return all;
    },
  };
}

// The queue of a controller: keys, each at most once waiting and at most once in work.
//
// A key is *dirty* from the moment it is added until a worker takes it, and *processing* until that worker is done. A key
// added while it is processing becomes dirty again and waits for `done`: so nothing is missed, and no key is in two hands.
import { backoffMs, type BackoffPolicy } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { createDelayQueue } from './delay-queue.ts';

export interface WorkQueue {
  add(key: string): void;
  /** Adds later; an earlier wish for the same key stands. */
  addAfter(key: string, delayMs: number): void;
  /** Adds after a back-off that grows with each call until `forget`. */
  addRateLimited(key: string): void;
  /** Resets the back-off of a key. */
  forget(key: string): void;
  /** How often in a row `addRateLimited` was called for a key. */
  failures(key: string): number;
  /** The next key in order of arrival; waits for one. Undefined once the queue is closed. */
  take(): Promise<string | undefined>;
  /** To be called for every key taken. */
  done(key: string): void;
  /** Drops what waits and ends all `take`s. */
  close(): void;
  /** Keys that wait for a worker, without the delayed ones. */
  readonly size: number;
}

const defaultBackoff: BackoffPolicy = { initialMs: 50, factor: 2, maxMs: 60_000 };

export function createWorkQueue(clock: Clock, backoff: BackoffPolicy = defaultBackoff): WorkQueue {
  /** Insertion order is the order of service. */
  const ready = new Set<string>();
  const dirtyAgain = new Set<string>();
  const processing = new Set<string>();
  const failures = new Map<string, number>();
  const takers: ((key: string | undefined) => void)[] = [];
  let closed = false;

  const enqueue = (key: string) => {
    if (closed) return;
    if (processing.has(key)) dirtyAgain.add(key);
    else ready.add(key);
    serve();
  };
  const serve = () => {
    for (const key of ready) {
      const taker = takers.shift();
      if (!taker) return;
      ready.delete(key);
      processing.add(key);
      taker(key);
    }
  };
  const delayed = createDelayQueue(clock, enqueue);

  return {
    add: enqueue,
    addAfter(key, delayMs) {
      if (closed) return;
      if (delayMs <= 0) enqueue(key);
      else delayed.add(key, delayMs);
    },
    addRateLimited(key) {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      if (!closed) delayed.add(key, backoffMs(backoff, count));
    },
    forget: (key) => void failures.delete(key),
    failures: (key) => failures.get(key) ?? 0,
    take() {
      if (closed) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        takers.push(resolve);
        serve();
      });
    },
    done(key) {
      processing.delete(key);
      if (dirtyAgain.delete(key)) enqueue(key);
    },
    close() {
      closed = true;
      delayed.clear();
      ready.clear();
      dirtyAgain.clear();
      for (const taker of takers.splice(0)) taker(undefined);
    },
    get size() {
      return ready.size;
    },
  };
}

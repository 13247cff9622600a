// Keys that become due later, on one timer for the earliest: a binary heap with lazy removal.
import type { Clock, Timer } from '../lib/clock.ts';

export interface DelayQueue {
  /** Makes `key` due `delayMs` from now, unless it is due earlier already. */
  add(key: string, delayMs: number): void;
  /** Forgets all keys and stops the timer. */
  clear(): void;
  readonly size: number;
}

interface Entry {
  readonly key: string;
  readonly atMs: number;
}

/** @param onDue called once for every key, in order of time */
export function createDelayQueue(clock: Clock, onDue: (key: string) => void): DelayQueue {
  const dueAtMs = new Map<string, number>();
  const heap: Entry[] = [];
  let timer: { readonly atMs: number; readonly handle: Timer } | undefined;

  const arm = () => {
    const first = heap[0];
    if (!first || (timer && timer.atMs <= first.atMs)) return;
    timer?.handle.cancel();
    timer = { atMs: first.atMs, handle: clock.after(first.atMs - clock.monotonicMs(), fire) };
  };
  const fire = () => {
    timer = undefined;
    const nowMs = clock.monotonicMs();
    for (let first = heap[0]; first && first.atMs <= nowMs; first = heap[0]) {
      pop(heap);
      // An entry that an earlier one replaced is skipped.
      if (dueAtMs.get(first.key) !== first.atMs) continue;
      dueAtMs.delete(first.key);
      onDue(first.key);
    }
    arm();
  };

  return {
    add(key, delayMs) {
      const atMs = clock.monotonicMs() + Math.max(0, delayMs);
      if ((dueAtMs.get(key) ?? Number.POSITIVE_INFINITY) <= atMs) return;
      dueAtMs.set(key, atMs);
      push(heap, { key, atMs });
      arm();
    },
    clear() {
      timer?.handle.cancel();
      timer = undefined;
      heap.length = 0;
      dueAtMs.clear();
    },
    get size() {
      return dueAtMs.size;
    },
  };
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt];
    if (!parent || parent.atMs <= entry.atMs) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    const smaller = right && left && right.atMs < left.atMs ? right : left;
    if (!smaller || smaller.atMs >= last.atMs) break;
    heap[at] = smaller;
    at = smaller === left ? 2 * at + 1 : 2 * at + 2;
  }
  heap[at] = last;
}

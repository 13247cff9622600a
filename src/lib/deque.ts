// A first-in, first-out sequence with constant-time ends and random access: rings and caches are built on it.

export interface Deque<T> {
  readonly length: number;
  push(item: T): void;
  /** Removes and returns the oldest item. */
  shift(): T | undefined;
  /** The item at `index`, counted from the oldest. */
  at(index: number): T | undefined;
  /** Items from index `start` to before `end`, as a new array. */
  slice(start: number, end: number): T[];
}

export function createDeque<T>(): Deque<T> {
  let items: (T | undefined)[] = [];
  let head = 0;

  return {
    get length() {
      return items.length - head;
    },
    push: (item) => void items.push(item),
    shift() {
      if (head === items.length) return undefined;
      const item = items[head];
      items[head++] = undefined;
      // Halving keeps the cost of moving constant per item.
      if (head > 32 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    at: (index) => (index < 0 ? undefined : items[head + index]),
    slice: (start, end) => items.slice(head + Math.max(0, start), head + end) as T[],
  };
}

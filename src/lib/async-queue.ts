// A queue between a producer that calls and a consumer that iterates. Bounded: the producer learns when it is full.

export interface AsyncQueue<T> extends AsyncIterable<T> {
  /** False when the queue is full or closed; the item was not taken. */
  push(item: T): boolean;
  /** The consumer ends after what is queued. */
  close(): void;
  /** The consumer throws `error` after what is queued. */
  fail(error: Error): void;
  readonly size: number;
}

/** @param limit items held before `push` refuses */
export function createAsyncQueue<T>(limit = Number.POSITIVE_INFINITY): AsyncQueue<T> {
  let items: T[] = [];
  let ended: { error?: Error } | undefined;
  let wake: (() => void) | undefined;

  const end = (how: { error?: Error }) => {
    ended ??= how;
    wake?.();
  };

  async function* iterate(): AsyncGenerator<T> {
    for (;;) {
      const batch = items;
      items = [];
      yield* batch;
      if (items.length > 0) continue;
      if (ended?.error) throw ended.error;
      if (ended) return;
      await new Promise<void>((resolve) => (wake = resolve));
      wake = undefined;
    }
  }

  return {
    push(item) {
      if (ended || items.length >= limit) return false;
      items.push(item);
      wake?.();
      return true;
    },
    close: () => end({}),
    fail: (error) => end({ error }),
    get size() {
      return items.length;
    },
    [Symbol.asyncIterator]: iterate,
  };
}

// Work in order per key, in parallel across keys, so much at once.

export interface KeyedQueue {
  /** Resolves when there is room for more, not when the work is done. */
  run(key: string, work: () => Promise<void>): Promise<void>;
}

/** @param onError called when work rejects; the queue goes on */
export function createKeyedQueue(atOnce: number, onError: (error: unknown) => void): KeyedQueue {
  const tails = new Map<string, Promise<void>>();
  let pending = 0;
  let roomMade: (() => void) | undefined;

  const finish = (key: string, tail: Promise<void>) => {
    if (tails.get(key) === tail) tails.delete(key);
    pending -= 1;
    roomMade?.();
  };

  return {
    async run(key, work) {
      pending += 1;
      const tail: Promise<void> = (tails.get(key) ?? Promise.resolve()).then(work).catch(onError);
      tails.set(key, tail);
      void tail.then(() => finish(key, tail));
      while (pending >= atOnce) await new Promise<void>((resolve) => (roomMade = resolve));
    },
  };
}

// At most so many at once; the others wait their turn.

export interface Limiter {
  /** Runs `work` as soon as a place is free, in the order of the calls. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** @param atOnce how many may run at the same time */
export function createLimiter(atOnce: number): Limiter {
  let free = atOnce;
  const waiting: (() => void)[] = [];

  const release = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };

  return {
    async run(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}

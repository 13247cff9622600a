// Callers that wait until a condition over some state holds; the owner of the state asks them after each change.

export interface Waiters {
  /** Resolves as soon as `holds` is true: now, or after a change. Rejects when `signal` aborts. */
  until(holds: () => boolean, signal: AbortSignal): Promise<void>;
  /** To be called after every change. */
  changed(): void;
}

export function createWaiters(): Waiters {
  const waiting = new Set<{ holds: () => boolean; resolve: () => void }>();
  return {
    changed() {
      for (const waiter of waiting) if (waiter.holds()) waiter.resolve();
    },
    until(holds, signal) {
      if (holds()) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const settle = (how: () => void) => () => {
          waiting.delete(waiter);
          signal.removeEventListener('abort', onAbort);
          how();
        };
        const waiter = { holds, resolve: settle(resolve) };
        const onAbort = settle(() => reject(signal.reason as Error));
        waiting.add(waiter);
        signal.addEventListener('abort', onAbort, { once: true });
        if (signal.aborted) onAbort();
      });
    },
  };
}

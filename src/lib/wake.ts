// Waiting for one of several things without leaving listeners behind.

/** Happens once. */
export interface Wake {
  readonly wake: () => void;
  /** Resolves when it has happened, or when the signal aborts. */
  wait(signal: AbortSignal): Promise<void>;
}

export function createWake(): Wake {
  let isAwake = false;
  let resolveAll: () => void = () => undefined;
  const happened = new Promise<void>((resolve) => (resolveAll = resolve));
  const wake = () => {
    isAwake = true;
    resolveAll();
  };
  return {
    wake,
    async wait(signal) {
      if (isAwake || signal.aborted) return;
      signal.addEventListener('abort', wake, { once: true });
      await happened;
      signal.removeEventListener('abort', wake);
    },
  };
}

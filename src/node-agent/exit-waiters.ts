// Lets others wait for the end of one run of one container, without asking again and again.

export interface ExitWaiters {
  /** Resolves when the run is reported ended, or its pod is forgotten. */
  wait(podUid: string, container: string, attempt: number): Promise<void>;
  ended(podUid: string, container: string, attempt: number): void;
  forget(podUid: string): void;
}

export function createExitWaiters(): ExitWaiters {
  const waiting = new Map<string, Map<string, (() => void)[]>>();
  return {
    wait: (podUid, container, attempt) =>
      new Promise((resolve) => {
        const runs = waiting.get(podUid) ?? new Map<string, (() => void)[]>();
        const key = `${container}/${attempt}`;
        runs.set(key, [...(runs.get(key) ?? []), resolve]);
        waiting.set(podUid, runs);
      }),
    ended(podUid, container, attempt) {
      const key = `${container}/${attempt}`;
      const runs = waiting.get(podUid);
      for (const resolve of runs?.get(key) ?? []) resolve();
      runs?.delete(key);
      if (runs?.size === 0) waiting.delete(podUid);
    },
    forget(podUid) {
      for (const resolve of [...(waiting.get(podUid)?.values() ?? [])].flat()) resolve();
      waiting.delete(podUid);
    },
  };
}

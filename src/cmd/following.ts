// Reads the log whenever this server does not lead.
import { aborted } from '../lib/run-group.ts';
import type { Replica } from '../store/replica.ts';

export interface Following {
  start(): void;
  /** Resolves when the log is not read any more. */
  stop(): Promise<void>;
  /** An actor: rejects when following fails, which it does with a damaged journal only. */
  watch(signal: AbortSignal): Promise<void>;
}

export function createFollowing(replica: Replica): Following {
  let current: { readonly stopping: AbortController; readonly ended: Promise<void> } | undefined;
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<void>((_, reject) => (fail = reject));
  // Whoever does not watch learns of it from the replica's next turn.
  failed.catch(() => undefined);
  return {
    start() {
      const stopping = new AbortController();
      current = { stopping, ended: replica.follow(stopping.signal).catch(fail) };
    },
    async stop() {
      current?.stopping.abort();
      await current?.ended;
      current = undefined;
    },
    watch: (signal) => Promise.race([failed, aborted(signal)]),
  };
}

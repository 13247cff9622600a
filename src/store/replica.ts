// The contract of a replica: a store that follows the log of its journal and writes it while this server leads.
// create-replica.ts implements it.
//
// following ── lead() ──► leading ⇄ paused (suspend, resume) ── stepDown() ──► following
//
// Memory holds what the journal acknowledged and nothing else, in every role; so a leader that lost its place goes on as
// a follower from where it is, and what it sent last is decided by the log.
import type { Store } from './store.ts';

export interface Replica {
  /** Reads and watches in every role. `transact` rejects with ServiceUnavailable, and nothing kept, unless leading. */
  readonly store: Store;
  /** The last entry of the log that memory reflects. */
  readonly sequence: number;
  /** Resolves when everything that the journal held at the time of the first `follow` or `lead` has been read; not before. */
  readonly caughtUp: Promise<void>;
  /**
   * Reads the journal and goes on reading until the signal aborts. May be called again, after a turn as well.
   * Rejects with JournalDamaged; while the journal cannot be reached, it waits.
   */
  follow(signal: AbortSignal): Promise<void>;
  /** Becomes the writer: claims, reads to the end. Not while following. Resolves with the epoch. */
  lead(): Promise<number>;
  /** Takes no more transactions: they reject with 503, `retryAfterSeconds` and the reason. What is under way stays so. */
  suspend(reason: string): void;
  resume(): void;
  /** Resolves when no write waits or is under way. After `suspend` and before `stepDown`, a hand-over costs no write. */
  drained(): Promise<void>;
  /**
   * Writes no more. What was not yet sent to the journal is refused with "nothing was kept"; what was sent and not
   * answered, with "whether this write was kept is not known". Resolves when nothing of the turn is left.
   */
  stepDown(reason: string): Promise<void>;
  /** Waits for what is under way while leading, then releases the journal. */
  close(): Promise<void>;
}

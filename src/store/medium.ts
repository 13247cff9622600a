// The narrow contract between the journal and what keeps its bytes: ZooKeeper, a folder, or memory.
// test/conformance/medium.ts holds every medium to it.
import type { JournalPlace } from './journal-errors.ts';

/** One piece of the log. Sequences are dense; the bytes are the journal's business. */
export interface Entry {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** A snapshot is named by the sequence of the last entry that it covers. */
export interface SnapshotHead {
  readonly sequence: number;
  /** Written last. A snapshot without a seal was interrupted and counts for nothing. */
  readonly seal: Uint8Array | undefined;
}

/** An entry, a piece or a seal is there whole or not at all: a medium never shows a part of one. */
export interface Medium extends JournalPlace {
  /** The largest entry, piece or seal, in bytes. */
  readonly maxEntryBytes: number;
  /** Calls of `append` that may be under way at the same time; they are done in order. At least 1. */
  readonly depth: number;
  /** Payloads at least this large are worth compressing; infinite on a local disk. */
  readonly deflateFromBytes: number;
  /** A snapshot is due when the log has more entries than this, however small they are. */
  readonly maxLogEntries: number;
  /**
   * Becomes the writer. Returns an epoch greater than every earlier one, and than `above` if that is given; from now on
   * the writes of earlier ones are refused.
   */
  claim(above?: number): Promise<number>;
  /**
   * Appends in order; resolves when all of it is durable. Entries continue the log without a gap.
   * Rejects with JournalFenced when a later epoch was claimed; nothing is written then. After any other rejection the
   * outcome is unknown, and the writer must step down. While the medium cannot be reached it waits, as long as the
   * writer's place is not lost; then it finds out what became of what was under way, and goes on.
   */
  append(epoch: number, entries: readonly Entry[]): Promise<void>;
  /**
   * The entries from a sequence to the end of the log at the time of the call, in order, in pages. Rejects with
   * JournalDropped when the first of them was dropped.
   */
  read(fromSequence: number): AsyncIterable<readonly Entry[]>;
  /** As `read`, then every entry as it is appended, until the signal aborts. Waits while the medium cannot be reached. */
  follow(fromSequence: number, signal: AbortSignal): AsyncIterable<readonly Entry[]>;
  /**
   * Resolves when the medium can be asked, at least for a moment; at once where that is always so. Rejects when the signal
   * aborts. After a read that failed with JournalUnavailable it tells when to try again.
   */
  reachable(signal: AbortSignal): Promise<void>;
  /** Places that keep what is stored, each for itself: 1 on a disk, the number of servers of an ensemble. */
  readonly copies: number;
  /** From now on another copy is read, if there is one: what this one shows cannot be what was acknowledged. */
  elsewhere(why: string): Promise<void>;
  /**
   * The sequence of an entry that was appended successfully, as far as the medium knows from a source beside the log
   * itself; 0 when it does not know. Never too large: a log that ends before it has lost something.
   */
  acknowledged(): Promise<number>;
  /** Pieces are numbered from 0. A piece written twice is replaced. */
  putPiece(epoch: number, snapshot: number, index: number, bytes: Uint8Array): Promise<void>;
  /** Completes a snapshot, atomically, when all of its pieces are durable. */
  sealSnapshot(epoch: number, snapshot: number, seal: Uint8Array): Promise<void>;
  /** Ascending, sealed or not. */
  snapshots(): Promise<readonly SnapshotHead[]>;
  /** The pieces of a snapshot in order, in pages; `sequence` is the piece's index. */
  readPieces(snapshot: number): AsyncIterable<readonly Entry[]>;
  /**
   * Tells the writer what this reader still needs: the snapshot it reads or the entries after `sequence`. `undefined`:
   * nothing. Forgotten when the reader ends.
   */
  hold(sequence: number | undefined): void;
  /**
   * Removes the entries up to and including `snapshot`, and every other snapshot, sealed or not; what a reader holds
   * stays until a later call, within bounds.
   */
  dropBelow(epoch: number, snapshot: number): Promise<void>;
  close(): Promise<void>;
}

/** Of a medium, what changes nothing. */
export type MediumReader = Pick<
  Medium,
  keyof JournalPlace | 'acknowledged' | 'read' | 'snapshots' | 'readPieces' | 'close'
>;

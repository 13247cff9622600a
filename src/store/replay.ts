// A replica's way through the journal: the newest snapshot, then the log, then what comes; and over again where the log
// was cut off before it was read.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../lib/clock.ts';
import { createIntern, type Batch } from './batch.ts';
import { JournalDamaged, JournalDropped } from './journal-errors.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import { logStart, type LogPosition } from './log-writer.ts';
import type { Entry, Medium } from './medium.ts';
import { newestSnapshot, readSnapshot, type SnapshotSummary } from './snapshot.ts';

/** Who is told what the journal holds: `reset`, chunks of the snapshot, its revision, then batches of the log. */
export interface ReplayTarget {
  /** A state begins anew. What was shown so far stays until `continueFrom`; what came after an earlier `reset` is void. */
  reset(): void;
  snapshot(batch: Batch): void;
  /** What came since `reset` is the whole state of `revision`; 0 and nothing when there was no snapshot. */
  continueFrom(revision: number): void;
  /** Throws an Error, having changed nothing, when the batch does not fit the state. */
  log(batch: Batch): void;
}

/** How much of the log there is after the newest snapshot that is known of. */
export interface LogSize {
  entries: number;
  /** As stored. */
  bytes: number;
}

export interface Replay {
  /** What was read last, or written. */
  readonly position: LogPosition;
  /** Entries at the end that belong to a batch which is not complete. */
  readonly torn: number;
  readonly size: LogSize;
  /** Stored size of the newest snapshot that is known of. */
  snapshotBytes: number;
  /** Everything that is there now. Resolves early when the signal aborts. Rejects with JournalDamaged. */
  catchUp(target: ReplayTarget, signal: AbortSignal): Promise<void>;
  /** Everything that is there and that comes, until the signal aborts. */
  follow(target: ReplayTarget, signal: AbortSignal): Promise<void>;
  /** The state is that of this position: written by this server, not read. */
  moveTo(position: LogPosition): void;
}

/** The event loop is left to others after so many milliseconds of applying. */
const stretchMs = 4;
/** A standby tells every so many entries what it still needs. */
const holdEvery = 500;

export function createReplay(medium: Medium, clock: Clock): Replay {
  const intern = createIntern();
  const size: LogSize = { entries: 0, bytes: 0 };
  let reader: LogReader | undefined;
  let reading: ReplayTarget | undefined;
  let snapshotBytes = 0;
  let heldFrom = 0;

  const hold = (sequence: number) => medium.hold((heldFrom = sequence));
  const positionNow = () => reader?.position ?? logStart;
  const readFrom = (position: LogPosition) =>
    (reader = createLogReader(medium, position, intern, (batch) => reading?.log(batch)));

  const load = async (target: ReplayTarget, signal: AbortSignal): Promise<void> => {
    const summary = newestSnapshot(medium, await medium.snapshots());
    const start = summary?.log ?? logStart;
    hold(start.sequence);
    target.reset();
    try {
      const apply = (batch: Batch) => {
        signal.throwIfAborted();
        target.snapshot(batch);
      };
      snapshotBytes = summary ? await readSnapshot(medium, summary, intern, apply) : 0;
    } catch (error) {
      if (signal.aborted) return;
      if (summary && !(await isThere(medium, summary))) return load(target, signal);
      throw error;
    }
    target.continueFrom(start.revision);
    Object.assign(size, { entries: 0, bytes: 0 });
    readFrom(start);
  };

  const take = async (pages: AsyncIterable<readonly Entry[]>, signal: AbortSignal): Promise<void> => {
    let since = clock.monotonicMs();
    for await (const page of pages) {
      for (const entry of page) {
        if (signal.aborted) return;
        reader?.accept(entry);
        size.entries++;
        size.bytes += entry.bytes.length;
        if (entry.sequence >= heldFrom + holdEvery) hold(entry.sequence);
        if (clock.monotonicMs() - since < stretchMs) continue;
        await nextTurn();
        since = clock.monotonicMs();
      }
      since = clock.monotonicMs();
    }
  };

  /** Reads on from where it is; from the newest snapshot, where it is nowhere or the log does not go back so far. */
  const onwards = async (
    target: ReplayTarget,
    signal: AbortSignal,
    pagesFrom: (sequence: number) => AsyncIterable<readonly Entry[]>,
  ): Promise<void> => {
    reading = target;
    while (!signal.aborted) {
      if (!reader) await load(target, signal);
      // It can abort while the snapshot is read: there is no state then.
      if (!reader) return;
      try {
        await take(pagesFrom(positionNow().sequence + 1), signal);
        return;
      } catch (error) {
        if (!(error instanceof JournalDropped)) throw error;
        await expectNewerSnapshot(medium, positionNow());
        reader = undefined;
      }
    }
  };

  return {
    size,
    get position() {
      return positionNow();
    },
    get torn() {
      return reader?.torn ?? 0;
    },
    get snapshotBytes() {
      return snapshotBytes;
    },
    set snapshotBytes(bytes) {
      snapshotBytes = bytes;
    },
    catchUp: (target, signal) => onwards(target, signal, (sequence) => medium.read(sequence)),
    async follow(target, signal) {
      if (reader) hold(positionNow().sequence);
      await onwards(target, signal, (sequence) => medium.follow(sequence, signal));
    },
    moveTo: (position) => void readFrom(position),
  };
}

/** A snapshot that is read slowly may be replaced by a newer one meanwhile. */
async function isThere(medium: Medium, { log }: SnapshotSummary): Promise<boolean> {
  const heads = await medium.snapshots();
  return heads.some(({ sequence, seal }) => seal && sequence === log.sequence);
}

/** What was dropped without a snapshot in its place is lost. */
async function expectNewerSnapshot(medium: Medium, { sequence }: LogPosition): Promise<void> {
  const newest = newestSnapshot(medium, await medium.snapshots());
  if (newest && newest.log.sequence > sequence) return;
  throw new JournalDamaged(medium, `entry ${sequence + 1}`, 'it was dropped, and there is no snapshot that covers it');
}

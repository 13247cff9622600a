// A replica's way through the journal: the newest snapshot, then the log, then what comes; and over again where the log
// was cut off before it was read.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../lib/clock.ts';
import { createIntern, type Batch, type Intern } from './batch.ts';
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
  /** Stored size of that snapshot. */
  snapshotBytes: number;
}

export interface Replay {
  /** What was read last, or written. */
  readonly position: LogPosition;
  /** Entries at the end that belong to a batch which is not complete. */
  readonly torn: number;
  readonly size: LogSize;
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
  const size: LogSize = { entries: 0, bytes: 0, snapshotBytes: 0 };
  const hold = createHold(medium);
  let reader: LogReader | undefined;
  let reading: ReplayTarget | undefined;
  /** Nothing was read yet, or what comes next was dropped. */
  let isLost = true;

  const position = () => reader?.position ?? logStart;
  const readFrom = (start: LogPosition) =>
    (reader = createLogReader(medium, start, intern, (batch) => reading?.log(batch)));

  const load = async (target: ReplayTarget, signal: AbortSignal): Promise<void> => {
    const loaded = await loadSnapshot(medium, target, intern, signal, hold.at);
    if (!loaded) return;
    Object.assign(size, { entries: 0, bytes: 0, snapshotBytes: loaded.bytes });
    readFrom(loaded.end);
    isLost = false;
    target.continueFrom(loaded.end.revision);
  };

  const accept = (entry: Entry) => {
    reader?.accept(entry);
    size.entries++;
    size.bytes += entry.bytes.length;
    hold.passed(entry.sequence);
  };

  /** Reads on from where it is; from the newest snapshot, where it is nowhere or the log does not go back so far. */
  const onwards = async (target: ReplayTarget, signal: AbortSignal, pagesFrom: PagesFrom): Promise<void> => {
    reading = target;
    while (!signal.aborted) {
      try {
        if (isLost) await load(target, signal);
        // It can abort while the snapshot is read: what was there before stays.
        if (isLost) return;
        await take(pagesFrom(position().sequence + 1), accept, clock, signal);
        return;
      } catch (error) {
        if (!(error instanceof JournalDropped)) throw error;
        await expectNewerSnapshot(medium, position());
        isLost = true;
      }
    }
  };

  return {
    size,
    get position() {
      return position();
    },
    get torn() {
      return reader?.torn ?? 0;
    },
    catchUp: (target, signal) =>
      fromAnyCopy(medium, () => onwards(target, signal, (sequence) => medium.read(sequence))),
    follow(target, signal) {
      hold.at(position().sequence);
      return fromAnyCopy(medium, () => onwards(target, signal, (sequence) => medium.follow(sequence, signal)));
    },
    moveTo: (end) => void readFrom(end),
  };
}

/** Damage that not every copy has is none: what was read so far was whole, and another copy is read on from there. */
async function fromAnyCopy(medium: Medium, read: () => Promise<void>): Promise<void> {
  for (let copy = 1; ; copy++) {
    try {
      await read();
      return;
    } catch (error) {
      if (!(error instanceof JournalDamaged) || copy >= medium.copies) throw error;
      await medium.elsewhere(error.message);
    }
  }
}

type PagesFrom = (sequence: number) => AsyncIterable<readonly Entry[]>;

/** Tells the writer what this reader still needs, coarsely. */
function createHold(medium: Medium) {
  let held = 0;
  const at = (sequence: number) => medium.hold((held = sequence));
  return {
    at,
    passed(sequence: number) {
      if (sequence >= held + holdEvery) at(sequence);
    },
  };
}

/** Gives the pages' entries away one by one, and the event loop to others now and then. */
async function take(
  pages: AsyncIterable<readonly Entry[]>,
  accept: (entry: Entry) => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for await (const page of pages) {
    let since = clock.monotonicMs();
    for (const entry of page) {
      if (signal.aborted) return;
      accept(entry);
      if (clock.monotonicMs() - since < stretchMs) continue;
      await nextTurn();
      since = clock.monotonicMs();
    }
  }
}

interface Loaded {
  readonly end: LogPosition;
  /** As stored. */
  readonly bytes: number;
}

/** Tells the content of the newest snapshot, if there is one. Undefined: the signal aborted, and what was told is void. */
async function loadSnapshot(
  medium: Medium,
  target: ReplayTarget,
  intern: Intern,
  signal: AbortSignal,
  hold: (sequence: number) => void,
): Promise<Loaded | undefined> {
  const summary = newestSnapshot(medium, await medium.snapshots());
  const end = summary?.log ?? logStart;
  let bytes = 0;
  hold(end.sequence);
  target.reset();
  const apply = (batch: Batch) => {
    signal.throwIfAborted();
    target.snapshot(batch);
  };
  try {
    if (summary) bytes = await readSnapshot(medium, summary, intern, apply);
  } catch (error) {
    if (signal.aborted) return undefined;
    if (summary && !(await isThere(medium, summary))) return loadSnapshot(medium, target, intern, signal, hold);
    throw error;
  }
  return { end, bytes };
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

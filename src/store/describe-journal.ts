// What a journal holds, and whether all of it checks: for people. Reads only.
import { createIntern } from './batch.ts';
import { JournalDamaged } from './journal-errors.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import { logStart, type LogPosition } from './log-writer.ts';
import type { MediumReader, SnapshotHead } from './medium.ts';
import { newestSnapshot, readSnapshot, type SnapshotSummary } from './snapshot.ts';

export interface JournalDescription {
  readonly medium: string;
  /** Of the last write. */
  readonly revision: number;
  readonly snapshot: (SnapshotSummary & { readonly bytes: number }) | undefined;
  /** Sequences of snapshots that were interrupted; they count for nothing. */
  readonly interruptedSnapshots: readonly number[];
  readonly log: {
    readonly entries: number;
    readonly bytes: number;
    readonly batches: number;
    readonly writes: number;
    /** Of the last entry. */
    readonly lastSequence: number;
    /** Entries at the end that belong to a batch which was never acknowledged. */
    readonly torn: number;
    /** The last entry that is known to have been acknowledged; 0: not known. */
    readonly acknowledged: number;
    /** The log, divided by who wrote it, in order. */
    readonly epochs: readonly EpochSummary[];
  };
  /** The first damage, with its place; reading stopped there. Undefined: everything checks. */
  readonly damage: string | undefined;
}

/** What one writer wrote. */
export interface EpochSummary {
  readonly epoch: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** The first of its revisions; greater than the last when it completed no batch. */
  readonly firstRevision: number;
  readonly lastRevision: number;
  readonly entries: number;
  readonly bytes: number;
  readonly batches: number;
}

/** Reads and checks everything. Damage is part of the answer; other failures of the medium reject. */
export async function describeJournal(medium: MediumReader): Promise<JournalDescription> {
  const heads = await medium.snapshots();
  const acknowledged = await medium.acknowledged();
  const found: Found = { snapshot: undefined, snapshotBytes: 0, reader: undefined, batches: 0, writes: 0, epochs: [] };
  const damage = await firstDamage(() => readAll(medium, heads, found));
  const position = found.reader?.position ?? logStart;
  const isShort = damage === undefined && acknowledged > position.sequence;
  const { batches, writes, epochs } = found;
  const sum = (field: 'entries' | 'bytes') => epochs.reduce((total, epoch) => total + epoch[field], 0);
  return {
    medium: medium.description,
    revision: position.revision,
    snapshot: found.snapshot && { ...found.snapshot, bytes: found.snapshotBytes },
    interruptedSnapshots: heads.filter(({ seal }) => !seal).map(({ sequence }) => sequence),
    log: {
      ...{ entries: sum('entries'), bytes: sum('bytes'), batches, writes, epochs, acknowledged },
      lastSequence: position.sequence,
      torn: found.reader?.torn ?? 0,
    },
    damage: isShort
      ? `entries up to ${acknowledged} were acknowledged, but the log ends at ${position.sequence}`
      : damage,
  };
}

/** What was found so far, so that it can be told even when the rest is damaged. */
interface Found {
  snapshot: SnapshotSummary | undefined;
  snapshotBytes: number;
  reader: LogReader | undefined;
  batches: number;
  writes: number;
  readonly epochs: Mutable<EpochSummary>[];
}

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

async function readAll(medium: MediumReader, heads: readonly SnapshotHead[], found: Found): Promise<void> {
  const intern = createIntern();
  found.snapshot = newestSnapshot(medium, heads);
  const start = found.snapshot?.log ?? logStart;
  const reader = (found.reader = createLogReader(medium, start, intern, ({ records }) => {
    found.batches++;
    found.writes += records.length;
  }));
  if (found.snapshot) found.snapshotBytes = await readSnapshot(medium, found.snapshot, intern, () => undefined);
  for await (const page of medium.read(start.sequence + 1)) {
    for (const entry of page) {
      const before = { batches: found.batches, revision: reader.position.revision };
      reader.accept(entry);
      const epoch = epochAt(found.epochs, reader.position, before.revision);
      epoch.lastSequence = entry.sequence;
      epoch.lastRevision = reader.position.revision;
      epoch.entries++;
      epoch.bytes += entry.bytes.length;
      epoch.batches += found.batches - before.batches;
    }
  }
}

function epochAt(
  epochs: Mutable<EpochSummary>[],
  { epoch, sequence }: LogPosition,
  revisionBefore: number,
): Mutable<EpochSummary> {
  const last = epochs.at(-1);
  if (last?.epoch === epoch) return last;
  const first = { firstSequence: sequence, lastSequence: sequence, firstRevision: revisionBefore + 1 };
  const begun = { epoch, ...first, lastRevision: revisionBefore, entries: 0, bytes: 0, batches: 0 };
  epochs.push(begun);
  return begun;
}

async function firstDamage(read: () => Promise<void>): Promise<string | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    if (error instanceof JournalDamaged) return error.message;
    throw error;
  }
}

// What a journal holds, and whether all of it checks: for people. Reads only.
import { createIntern } from './batch.ts';
import { JournalDamaged } from './journal-errors.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import { logStart } from './log-writer.ts';
import type { Medium, SnapshotHead } from './medium.ts';
import { newestSnapshot, readSnapshot, type SnapshotSummary } from './snapshot.ts';

export interface JournalDescription {
  readonly medium: string;
  /** Of the last write. */
  readonly revision: number;
  readonly snapshot: SnapshotSummary | undefined;
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
  };
  /** The first damage, with its place; reading stopped there. Undefined: everything checks. */
  readonly damage: string | undefined;
}

/** Reads and checks everything. Damage is part of the answer; other failures of the medium reject. */
export async function describeJournal(medium: Medium): Promise<JournalDescription> {
  const heads = await medium.snapshots();
  const acknowledged = await medium.acknowledged();
  const count = { entries: 0, bytes: 0, batches: 0, writes: 0 };
  const found: Found = { snapshot: undefined, reader: undefined };
  const damage = await firstDamage(() => readAll(medium, heads, found, count));
  const position = found.reader?.position ?? logStart;
  const isShort = damage === undefined && acknowledged > position.sequence;
  return {
    medium: medium.description,
    revision: position.revision,
    snapshot: found.snapshot,
    interruptedSnapshots: heads.filter(({ seal }) => !seal).map(({ sequence }) => sequence),
    log: { ...count, lastSequence: position.sequence, torn: found.reader?.torn ?? 0, acknowledged },
    damage: isShort
      ? `entries up to ${acknowledged} were acknowledged, but the log ends at ${position.sequence}`
      : damage,
  };
}

/** What was found so far, so that it can be told even when the rest is damaged. */
interface Found {
  snapshot: SnapshotSummary | undefined;
  reader: LogReader | undefined;
}

type Counts = Record<'entries' | 'bytes' | 'batches' | 'writes', number>;

async function readAll(medium: Medium, heads: readonly SnapshotHead[], found: Found, count: Counts): Promise<void> {
  const intern = createIntern();
  found.snapshot = newestSnapshot(medium, heads);
  const start = found.snapshot?.log ?? logStart;
  const reader = (found.reader = createLogReader(medium, start, intern, ({ records }) => {
    count.batches++;
    count.writes += records.length;
  }));
  if (found.snapshot) await readSnapshot(medium, found.snapshot, intern, () => undefined);
  for await (const page of medium.read(start.sequence + 1)) {
    for (const entry of page) {
      reader.accept(entry);
      count.entries++;
      count.bytes += entry.bytes.length;
    }
  }
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

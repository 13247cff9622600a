// What a journal holds, write by write, for people and their tools: newest snapshot first, then the log. Reads only.
import type { ObjectKey } from '../api/object.ts';
import { createIntern, type Batch, type JournalRecord } from './batch.ts';
import { createLogReader } from './log-reader.ts';
import { logStart } from './log-writer.ts';
import type { MediumReader } from './medium.ts';
import { newestSnapshot, readSnapshot } from './snapshot.ts';

export interface Shown {
  /** `snapshot`: objects as they were when it was written, a chunk of them; `log`: one batch of writes. */
  readonly part: 'snapshot' | 'log';
  /** Of the entry that completed the batch; of the last entry that the snapshot covers. */
  readonly sequence: number;
  readonly epoch: number;
  /** Those asked for; at least one. */
  readonly records: readonly JournalRecord[];
}

export interface Wanted {
  /** Revisions, both ends included. */
  readonly from: number;
  readonly to: number;
  isWanted(key: ObjectKey): boolean;
}

/**
 * Calls `show` with what is wanted, in the order in which it is stored, at most a chunk at a time in memory. Resolves with
 * the number of entries at the end that were never acknowledged. Throws JournalDamaged where the journal is damaged, after
 * what was good before.
 */
export async function showJournal(
  medium: MediumReader,
  wanted: Wanted,
  show: (shown: Shown) => void,
): Promise<{ readonly torn: number }> {
  const intern = createIntern();
  const summary = newestSnapshot(medium, await medium.snapshots());
  const start = summary?.log ?? logStart;
  if (summary && wanted.from <= summary.log.revision) {
    const { sequence, epoch } = summary.log;
    await readSnapshot(medium, summary, intern, (batch) => {
      const records = select(batch, wanted);
      if (records.length > 0) show({ part: 'snapshot', sequence, epoch, records });
    });
  }
  let completed: readonly JournalRecord[] = [];
  const reader = createLogReader(medium, start, intern, (batch) => (completed = select(batch, wanted)));
  for await (const page of medium.read(start.sequence + 1)) {
    for (const entry of page) {
      reader.accept(entry);
      const { sequence, epoch, revision } = reader.position;
      if (completed.length > 0) show({ part: 'log', sequence, epoch, records: completed });
      completed = [];
      if (revision >= wanted.to) return { torn: 0 };
    }
  }
  return { torn: reader.torn };
}

function select({ records }: Batch, wanted: Wanted): readonly JournalRecord[] {
  return records.filter(
    ({ revision, key }) => revision >= wanted.from && revision <= wanted.to && wanted.isWanted(key),
  );
}

// Reads the log back and decides what is a torn last batch and what is damage.
//
// A medium shows an entry whole or not at all. So an entry that is there and does not check is damage, even if it is the
// last one; and so is a gap, a break in the chain of checksums, or an entry in the wrong place. The one harmless
// irregularity is a batch of several entries whose last ones are missing: its writer ended before all of them were
// durable, so it was never acknowledged. It counts for nothing, and is recognised in two places only: at the very end of
// the log, and in the middle where the next entry begins a batch of a *later epoch*, that is, of the writer after that one.
import { inflateRawSync } from 'node:zlib';
import { decodeBatch, type Batch, type Intern } from './batch.ts';
import { decodeFrame, join, type Frame } from './frame.ts';
import { JournalDamaged, type JournalPlace } from './journal-errors.ts';
import type { LogPosition } from './log-writer.ts';
import type { Entry } from './medium.ts';

export interface LogReader {
  /**
   * Takes the next entry; calls `apply` when it completes a batch. Throws JournalDamaged, and has not taken it then: the
   * same entry may be given again.
   */
  accept(entry: Entry): void;
  /** After the last entry that was taken. A standby may go on accepting afterwards. */
  readonly position: LogPosition;
  /** Entries of a batch that is not complete. */
  readonly torn: number;
}

export function createLogReader(
  medium: JournalPlace,
  start: LogPosition,
  intern: Intern,
  apply: (batch: Batch) => void,
): LogReader {
  let position = start;
  let parts: Frame[] = [];

  const place = (frame: Frame): string | undefined => {
    const { head } = frame;
    if (head.kind !== 'log') return `expected an entry of the log, found a ${head.kind}`;
    if (head.sequence !== position.sequence + 1) return `its text says that it is entry ${head.sequence}`;
    if (head.previous !== position.checksum) return 'it does not follow the entry before it';
    if (head.epoch < position.epoch) return `its epoch ${head.epoch} is older than ${position.epoch} before it`;
    if (head.part === parts.length + 1 && (head.part === 1 || head.epoch === position.epoch)) return undefined;
    if (head.part === 1 && head.epoch > position.epoch) return undefined;
    return `expected part ${parts.length + 1} of a batch, found part ${head.part} of ${head.parts}`;
  };

  const take = (frame: Frame) => {
    const { head, checksum } = frame;
    const taken = head.part === 1 ? [frame] : [...parts, frame];
    const next = { ...position, sequence: head.sequence, checksum, epoch: head.epoch };
    if (head.part < head.parts) {
      [position, parts] = [next, taken];
      return;
    }
    const batch = batchOf(taken, head.inflatedLength, intern);
    const revision = lastRevision(batch, position.revision);
    const before = { position, parts };
    // Whoever is told of the batch may ask how far that is.
    [position, parts] = [{ ...next, revision }, []];
    try {
      apply(batch);
    } catch (error) {
      ({ position, parts } = before);
      throw error;
    }
  };

  return {
    get position() {
      return position;
    },
    get torn() {
      return parts.length;
    },
    accept(entry) {
      const expected = position.sequence + 1;
      if (entry.sequence !== expected) throw new JournalDamaged(medium, `entry ${expected}`, missing(expected, entry));
      const damaged = (found: string, cause?: unknown) =>
        new JournalDamaged(medium, `entry ${entry.sequence}`, found, { cause });
      try {
        const frame = decodeFrame(entry.bytes);
        const misplaced = place(frame);
        if (misplaced !== undefined) throw new Error(misplaced);
        take(frame);
      } catch (error) {
        throw damaged(error instanceof Error ? error.message : String(error), error);
      }
    },
  };
}

function batchOf(parts: readonly Frame[], inflatedLength: number, intern: Intern): Batch {
  const payload = join(parts.map((part) => part.payload));
  return decodeBatch(inflatedLength > 0 ? inflated(payload, inflatedLength) : payload, intern);
}

/** One buffer for all of it; what is longer than it says is damaged. */
function inflated(payload: Uint8Array, length: number): Uint8Array {
  return inflateRawSync(payload, { chunkSize: length + 64, maxOutputLength: length });
}

function missing(expected: number, found: Entry): string {
  const last = found.sequence - 1;
  return expected === last ? 'it is missing' : `entries ${expected} to ${last} are missing`;
}

/** Revisions are dense: one per write. */
function lastRevision(batch: Batch, before: number): number {
  let revision = before;
  for (const record of batch.records) {
    if (record.revision !== ++revision) throw new Error(`expected revision ${revision}, found ${record.revision}`);
  }
  return revision;
}

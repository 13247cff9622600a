// Appends batches to the log: frames, numbers and chains them.
import { deflateRawSync } from 'node:zlib';
import { encodeBatch, type Batch } from './batch.ts';
import { chainStart, cut, encodeFrame, frameOverheadBytes } from './frame.ts';
import type { Entry, Medium } from './medium.ts';

/** The end of the log, or of the part of it that a snapshot covers. */
export interface LogPosition {
  /** Of the last entry; 0: none. */
  readonly sequence: number;
  /** Of the last entry. */
  readonly checksum: string;
  readonly epoch: number;
  /** Of the last write. */
  readonly revision: number;
}

export const logStart: LogPosition = { sequence: 0, checksum: chainStart, epoch: 0, revision: 0 };

export interface LogWriter {
  readonly position: LogPosition;
  /** Resolves with the stored size in bytes when the batch is durable. One at a time. */
  append(batch: Batch): Promise<number>;
}

/** @param deflateFromBytes payloads at least this large are compressed */
export function createLogWriter(
  medium: Medium,
  epoch: number,
  start: LogPosition,
  deflateFromBytes: number,
): LogWriter {
  const limit = medium.maxEntryBytes - frameOverheadBytes;
  let position = start;

  const frames = (batch: Batch): { entries: Entry[]; end: LogPosition } => {
    const plain = encodeBatch(batch);
    const isLarge = plain.length >= deflateFromBytes;
    const inflatedLength = isLarge ? plain.length : 0;
    const parts = cut(isLarge ? deflateRawSync(plain, { level: 1 }) : plain, limit);
    let { sequence, checksum } = position;
    const entries = parts.map((payload, at) => {
      const place = { kind: 'log', epoch, sequence: ++sequence, part: at + 1, parts: parts.length, index: 0 } as const;
      const frame = encodeFrame({ ...place, previous: checksum, inflatedLength }, payload);
      checksum = frame.checksum;
      return { sequence, bytes: frame.bytes };
    });
    const revision = batch.records.at(-1)?.revision ?? position.revision;
    return { entries, end: { sequence, checksum, epoch, revision } };
  };

  return {
    get position() {
      return position;
    },
    async append(batch) {
      const { entries, end } = frames(batch);
      await medium.append(epoch, entries);
      position = end;
      return entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
    },
  };
}

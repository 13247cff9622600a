// Appends batches to the log: compresses, frames, numbers and chains them, several under way at a time.
import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, type ZlibOptions } from 'node:zlib';
import { encodeBatch, type Batch } from './batch.ts';
import { chainStart, cut, encodeFrame, frameOverheadBytes } from './frame.ts';
import type { Entry, Medium } from './medium.ts';

const deflate = promisify<Uint8Array, ZlibOptions, Buffer>(deflateRaw);

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

/** A batch that is durable. */
export interface Appended {
  /** The log up to this batch. */
  readonly end: LogPosition;
  readonly entries: number;
  /** As stored. */
  readonly bytes: number;
}

export interface LogWriter {
  /**
   * Resolves when the batch, and every one before it, is durable: in the order of the calls. The first rejection is
   * final: what was appended after it rejects with the same error.
   */
  append(batch: Batch): Promise<Appended>;
}

interface Payload {
  readonly bytes: Uint8Array;
  /** 0: not deflated. */
  readonly inflatedLength: number;
}

interface Sent extends Appended {
  readonly durable: Promise<void>;
}

/** @param deflateFromBytes payloads at least this large are compressed, when that pays */
export function createLogWriter(
  medium: Medium,
  epoch: number,
  start: LogPosition,
  deflateFromBytes: number,
): LogWriter {
  const limit = medium.maxEntryBytes - frameOverheadBytes;
  let position = start;
  // Two chains: batches are framed and sent in the order of the calls, whichever was compressed first, and answered so.
  let sending: Promise<unknown> = Promise.resolve();
  let answering: Promise<unknown> = Promise.resolve();

  const send = ({ bytes: payload, inflatedLength }: Payload, revision: number): Sent => {
    const parts = cut(payload, limit);
    let { sequence, checksum } = position;
    const entries = parts.map((part, at): Entry => {
      const place = { kind: 'log', epoch, sequence: ++sequence, part: at + 1, parts: parts.length, index: 0 } as const;
      const frame = encodeFrame({ ...place, previous: checksum, inflatedLength }, part);
      checksum = frame.checksum;
      return { sequence, bytes: frame.bytes };
    });
    const end = (position = { sequence, checksum, epoch, revision });
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
    return { end, entries: entries.length, bytes, durable: medium.append(epoch, entries) };
  };

  return {
    async append(batch) {
      const payload = deflated(encodeBatch(batch), deflateFromBytes);
      const revision = batch.records.at(-1)?.revision ?? start.revision;
      const sent = sending.then(async () => send(await payload, revision));
      sending = met(sent);
      const answered = Promise.all([answering, sent.then(({ durable }) => durable)]);
      answering = met(answered);
      await answered;
      const { end, entries, bytes } = await sent;
      return { end, entries, bytes };
    },
  };
}

/** What takes less than about a millisecond is not worth the way to another thread. */
const otherThreadFromBytes = 64 * 1024;

/** Compressing pays when it makes a payload smaller by a tenth: reading it costs more afterwards. */
async function deflated(plain: Uint8Array, fromBytes: number): Promise<Payload> {
  if (plain.length < fromBytes) return { bytes: plain, inflatedLength: 0 };
  const small = plain.length < otherThreadFromBytes;
  const bytes = small
    ? deflateRawSync(plain, { level: 1 })
    : await deflate(plain, { level: 1, chunkSize: Math.max(64, plain.length) });
  return bytes.length <= plain.length * 0.9
    ? { bytes, inflatedLength: plain.length }
    : { bytes: plain, inflatedLength: 0 };
}

/** The same promise; its rejection is met by whoever awaits it next, and by nobody when there is no next. */
function met<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

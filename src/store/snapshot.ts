// Snapshots: the whole state as compressed chunks and a seal that says what must be there.
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw, type ZlibOptions } from 'node:zlib';
import { decodeBatch, encodeBatch, putRecord, type Batch, type Intern } from './batch.ts';
import { chainStart, cut, decodeFrame, encodeFrame, frameOverheadBytes, join, type Frame } from './frame.ts';
import { JournalDamaged, type JournalPlace } from './journal-errors.ts';
import { logStart, type LogPosition } from './log-writer.ts';
import type { Medium, MediumReader, SnapshotHead } from './medium.ts';
import type { StoredObject } from './store.ts';

const deflate = promisify(deflateRaw);
const inflateWith = promisify<Uint8Array, ZlibOptions, Buffer>(inflateRaw);
/** One buffer for the whole output: zlib would otherwise fill and join many small ones. */
const inflate = ({ payload, inflatedLength }: Chunk) => inflateWith(payload, { chunkSize: inflatedLength + 64 });

/** Serialised objects per chunk: large enough to compress well, small enough to encode or apply within a few milliseconds. */
const chunkBytes = 512 * 1024;
/** Chunks inflated at the same time, on other threads. */
const inflating = 4;

/** What a seal says. */
export interface SnapshotSummary {
  readonly objects: number;
  readonly pieces: number;
  /** Checksum of the last piece. */
  readonly checksum: string;
  /** The end of the log that the snapshot covers. */
  readonly log: LogPosition;
}

export interface SnapshotSource {
  readonly objects: readonly StoredObject[];
  readonly fieldsVersion: string;
  readonly log: LogPosition;
}

/**
 * Writes and seals a snapshot, a chunk at a time. Resolves with its stored size in bytes; undefined when the signal
 * aborted, without a seal then.
 */
export async function writeSnapshot(
  medium: Medium,
  epoch: number,
  source: SnapshotSource,
  signal: AbortSignal,
): Promise<number | undefined> {
  return writeChunks(medium, epoch, { ...source, objects: source.objects.length }, deflatedChunks(source), signal);
}

/** What `writeSnapshot` does, of chunks that are made already. `objects`: how many there are in all of them. */
export async function writeChunks(
  medium: Medium,
  epoch: number,
  covered: { readonly objects: number; readonly log: LogPosition },
  chunks: AsyncIterable<Chunk>,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { objects, log } = covered;
  const { sequence } = log;
  let checksum = chainStart;
  let pieces = 0;
  let bytes = 0;
  for await (const { payload, part, parts, inflatedLength } of cutChunks(
    chunks,
    medium.maxEntryBytes - frameOverheadBytes,
  )) {
    if (signal.aborted) return undefined;
    const place = { kind: 'piece', epoch, sequence, part, parts, index: pieces } as const;
    const frame = encodeFrame({ ...place, previous: checksum, inflatedLength }, payload);
    await medium.putPiece(epoch, sequence, pieces, frame.bytes);
    checksum = frame.checksum;
    bytes += frame.bytes.length;
    pieces++;
  }
  if (signal.aborted) return undefined;
  await medium.sealSnapshot(epoch, sequence, sealOf({ objects, pieces, checksum, log }, epoch));
  return bytes;
}

/** A batch of objects, deflated. */
export interface Chunk {
  readonly payload: Uint8Array;
  readonly inflatedLength: number;
}

interface Part extends Chunk {
  readonly part: number;
  readonly parts: number;
}

async function* cutChunks(chunks: AsyncIterable<Chunk>, limitBytes: number): AsyncGenerator<Part> {
  for await (const { payload, inflatedLength } of chunks) {
    const parts = cut(payload, limitBytes);
    for (const [at, each] of parts.entries()) {
      yield { payload: each, inflatedLength, part: at + 1, parts: parts.length };
    }
  }
}

/** The whole state, a chunk at a time. */
export async function* deflatedChunks(
  source: Pick<SnapshotSource, 'objects' | 'fieldsVersion'>,
): AsyncGenerator<Chunk> {
  for (const objects of chunks(source.objects)) {
    const batch = { fieldsVersion: source.fieldsVersion, records: objects.map(putRecord) };
    const plain = encodeBatch(batch);
    yield { payload: await deflate(plain, { level: 1 }), inflatedLength: plain.length };
  }
}

/** The inverse. Rejects when the bytes are no chunk. */
export async function inflateChunk(chunk: Chunk, intern: Intern): Promise<Batch> {
  return decodeBatch(await inflate(chunk), intern);
}

function sealOf(summary: SnapshotSummary, epoch: number): Uint8Array {
  const { checksum, log } = summary;
  const place = { kind: 'seal', epoch, sequence: log.sequence, part: 1, parts: 1, index: 0 } as const;
  return encodeFrame({ ...place, previous: checksum, inflatedLength: 0 }, Buffer.from(JSON.stringify(summary))).bytes;
}

function* chunks(objects: readonly StoredObject[]): Generator<StoredObject[]> {
  let chunk: StoredObject[] = [];
  let bytes = 0;
  for (const object of objects) {
    chunk.push(object);
    bytes += object.bytes.length;
    if (bytes < chunkBytes) continue;
    yield chunk;
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield chunk;
}

/** The newest complete snapshot. Throws JournalDamaged when its seal does not check. */
export function newestSnapshot(medium: JournalPlace, heads: readonly SnapshotHead[]): SnapshotSummary | undefined {
  const newest = heads.findLast((head) => head.seal);
  if (!newest?.seal) return undefined;
  try {
    const frame = decodeFrame(newest.seal);
    const summary = JSON.parse(Buffer.from(frame.payload).toString('utf8')) as SnapshotSummary;
    if (frame.head.kind !== 'seal' || summary.log.sequence !== newest.sequence)
      throw new Error('it is of another place');
    return { ...summary, log: { ...logStart, ...summary.log } };
  } catch (error) {
    throw new JournalDamaged(medium, `the seal of snapshot ${newest.sequence}`, messageOf(error), { cause: error });
  }
}

/**
 * Calls `apply` with every chunk, in order, with a turn of the event loop for others in between. Resolves with the stored
 * size in bytes. Throws JournalDamaged when something is missing or does not check; the medium's errors are passed on.
 */
export async function readSnapshot(
  medium: MediumReader,
  summary: SnapshotSummary,
  intern: Intern,
  apply: (batch: Batch) => void,
): Promise<number> {
  const chain = createPieceChain(summary.log.sequence);
  const check = createCheck(medium, summary);
  let objects = 0;
  for await (const plain of inflatedChunks(medium, chain, check)) {
    check(() => {
      const batch = decodeBatch(plain, intern);
      objects += batch.records.length;
      apply(batch);
    });
    await nextTurn();
  }
  check(() => {
    if (chain.pieces !== summary.pieces || chain.checksum !== summary.checksum)
      throw new Error(`expected ${summary.pieces} pieces, found ${chain.pieces}`);
    if (objects !== summary.objects) throw new Error(`expected ${summary.objects} objects, found ${objects}`);
  });
  return chain.bytes;
}

/** Does its work; what that throws is damage, while what the medium says of itself is not. */
type Check = <T>(work: () => T) => T;

function createCheck(medium: JournalPlace, summary: SnapshotSummary): Check {
  return (work) => {
    try {
      return work();
    } catch (error) {
      throw new JournalDamaged(medium, `snapshot ${summary.log.sequence}`, messageOf(error), { cause: error });
    }
  };
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A few chunks ahead of the one that is being applied: inflating happens on other threads. */
async function* inflatedChunks(medium: MediumReader, chain: PieceChain, check: Check): AsyncGenerator<Buffer> {
  const waiting: Promise<Inflated>[] = [];
  const next = async () => {
    const inflated = await waiting.shift();
    return check(() => {
      if (inflated instanceof Error || !inflated) throw inflated ?? new Error('nothing to inflate');
      return inflated;
    });
  };
  for await (const page of medium.readPieces(chain.snapshot)) {
    for (const { bytes } of page) {
      const chunk = check(() => chain.accept(bytes));
      if (chunk) waiting.push(inflate(chunk).catch(asError));
      if (waiting.length > inflating) yield await next();
    }
  }
  while (waiting.length > 0) yield await next();
}

/** A failure waits for its turn as a value. */
type Inflated = Buffer | Error;

/** Pieces in, whole compressed chunks out. */
interface PieceChain {
  readonly snapshot: number;
  readonly pieces: number;
  /** As stored. */
  readonly bytes: number;
  /** Of the last piece. */
  readonly checksum: string;
  /** A chunk, when the piece completes one. Throws an Error that says what is wrong. */
  accept(bytes: Uint8Array): Chunk | undefined;
}

function createPieceChain(snapshot: number): PieceChain {
  let checksum = chainStart;
  let pieces = 0;
  let stored = 0;
  let parts: Frame[] = [];
  return {
    snapshot,
    get bytes() {
      return stored;
    },
    get pieces() {
      return pieces;
    },
    get checksum() {
      return checksum;
    },
    accept(bytes: Uint8Array): Chunk | undefined {
      const frame = decodeFrame(bytes);
      const { kind, sequence, index, previous, part } = frame.head;
      const isNext = kind === 'piece' && sequence === snapshot && index === pieces && part === parts.length + 1;
      if (!isNext || previous !== checksum) throw new Error(`piece ${pieces} is missing or of another snapshot`);
      checksum = frame.checksum;
      stored += bytes.length;
      pieces++;
      parts.push(frame);
      if (part < frame.head.parts) return undefined;
      const payload = join(parts.map((each) => each.payload));
      parts = [];
      return { payload, inflatedLength: frame.head.inflatedLength };
    },
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// Backups: everything that a cluster needs to go on, in one file that says what it is and shows when it was cut or changed.
//
//   {"format":"tepui-backup","version":1,"clusterId":…,"revision":…,…}\n      what people and programs want to know first
//   TPJ1 … {"kind":"identity",…}\n …                                          authority, tokens: the caller's business
//   TPJ1 … {"kind":"piece",…}\n …                                             objects, as in a snapshot of the journal
//   TPJ1 … {"kind":"seal",…}\n {"pieces":…,"objects":…}                       the last thing in the file
//
// The frames are those of the journal (frame.ts): each has a checksum over itself and the one before it, the first over
// the line at the top.
import { crc32 } from 'node:zlib';
import { createByteReader, LineTooLong, type ByteReader } from './byte-reader.ts';
import { decodeFrame, encodeFrame, type Frame, type FrameHead } from './frame.ts';
import { deflatedChunks, type Chunk } from './snapshot.ts';
import type { Store } from './store.ts';

export const backupFormat = 'tepui-backup';
const backupVersion = 1;

export interface BackupHeader {
  readonly format: typeof backupFormat;
  readonly version: number;
  readonly clusterId: string;
  /** All objects are as they were at this revision. */
  readonly revision: number;
  /** Of the leader. Agents remember it and follow no lower one. */
  readonly epoch: number;
  /** RFC 3339. */
  readonly created: string;
  /** Version of the program that wrote it. */
  readonly program: string;
}

/** What a server knows of its cluster beside the objects. */
export interface BackupOrigin extends Pick<BackupHeader, 'clusterId' | 'epoch' | 'created' | 'program'> {
  /** Under which meaning of `FieldsOf` the store's fields were derived. */
  readonly fieldsVersion: string;
  /** Whatever makes the cluster the same one again elsewhere; becomes JSON. It is secret. */
  readonly identity: unknown;
}

/** The last frame: what must have come before it. */
export interface BackupSeal {
  readonly pieces: number;
  readonly objects: number;
}

/** The file is not a backup, not a whole one, or not one for this version. The message says which. */
export class BackupRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BackupRefused';
  }
}

/** The bytes of a backup, of one revision. The objects are taken when the first byte is asked for. */
export async function* backupSource(
  store: Pick<Store, 'revision' | 'all'>,
  origin: BackupOrigin,
): AsyncGenerator<Uint8Array> {
  const { clusterId, epoch, created, program, identity, fieldsVersion } = origin;
  const { revision } = store;
  const objects = store.all();
  const header: BackupHeader = {
    ...{ format: backupFormat, version: backupVersion },
    ...{ clusterId, revision, epoch, created, program },
  };
  const line = headerLine(header);
  yield line;
  const frame = createFraming(line, epoch);
  yield frame('identity', Buffer.from(JSON.stringify(identity ?? null)));
  let pieces = 0;
  for await (const { payload, inflatedLength } of deflatedChunks({ objects, fieldsVersion })) {
    pieces++;
    yield frame('piece', payload, inflatedLength);
  }
  const seal: BackupSeal = { pieces, objects: objects.length };
  yield frame('seal', Buffer.from(JSON.stringify(seal)));
}

function createFraming(line: Uint8Array, epoch: number) {
  let previous = chainFrom(line);
  let index = 0;
  return (kind: FrameHead['kind'], payload: Uint8Array, inflatedLength = 0): Uint8Array => {
    const place = { kind, epoch, sequence: 0, part: 1, parts: 1, index: index++ };
    const { bytes, checksum } = encodeFrame({ ...place, previous, inflatedLength }, payload);
    previous = checksum;
    return bytes;
  };
}

/** Checksum of the line at the top, without its end: `previous` of the first frame. */
function chainFrom(line: Uint8Array): string {
  return crc32(line.subarray(0, -1)).toString(16).padStart(8, '0');
}

export function headerLine(header: object): Buffer {
  return Buffer.from(`${JSON.stringify(header)}\n`);
}

export type BackupPart =
  | { readonly kind: 'header'; readonly header: BackupHeader }
  | { readonly kind: 'identity'; readonly identity: unknown }
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  | { readonly kind: 'seal'; readonly seal: BackupSeal };

/**
 * The parts of a backup in the order in which they are stored, at most one in memory. Throws BackupRefused when it is not
 * a backup, was cut, or does not check: only what ends with the seal is whole.
 */
export async function* readBackup(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<BackupPart> {
  const reader = createByteReader(bytes);
  const line = await readHeaderLine(reader);
  yield { kind: 'header', header: parseHeader(line) };
  let previous = chainFrom(Buffer.concat([line, Buffer.from('\n')]));
  let pieces = 0;
  for (let index = 0; ; index++) {
    const frame = await readFrame(reader, index, previous);
    previous = frame.checksum;
    const part = partOf(frame);
    yield part;
    if (part.kind === 'chunk') pieces++;
    if (part.kind !== 'seal') continue;
    await checkEnd(reader, part.seal, pieces);
    return;
  }
}

/** Longer than any line at the top, short enough to notice soon that a file is something else. */
const longestLine = 64 * 1024;
/** A chunk and the largest object. What is longer was never written. */
const longestFrame = 64 * 1024 * 1024;

export async function readHeaderLine(reader: ByteReader): Promise<Buffer> {
  const line = await reader.line(longestLine).catch((error: unknown) => {
    throw error instanceof LineTooLong ? notABackup(error) : error;
  });
  if (line === undefined) throw new BackupRefused('expected a backup of tepui, found nothing: it is empty');
  return line;
}

/** What the line at the top says, whatever the version. Throws BackupRefused when it is not ours. */
export function parseHeaderLine(line: Buffer): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(line.toString('utf8'));
  } catch (error) {
    throw notABackup(error);
  }
  if (typeof header !== 'object' || header === null || !('format' in header)) throw notABackup();
  return header;
}

function parseHeader(line: Buffer): BackupHeader {
  const header = parseHeaderLine(line) as Partial<BackupHeader>;
  if (header.format !== backupFormat) throw notABackup();
  checkVersion(header, backupVersion);
  return header as BackupHeader;
}

export function checkVersion(header: { readonly version?: unknown; readonly program?: unknown }, known: number): void {
  if (header.version === known) return;
  throw new BackupRefused(
    `expected version ${known} of the format of backups, found ${JSON.stringify(header.version)}: ` +
      `it was made by tepui ${String(header.program)}; restore it with that version`,
  );
}

export function notABackup(cause?: unknown): BackupRefused {
  return new BackupRefused(
    'expected a backup of tepui, which begins with a line of JSON that says so; this is not one',
    {
      cause,
    },
  );
}

/** What the source of the bytes says of itself is passed on: it is not about the backup. */
async function readFrame(reader: ByteReader, index: number, previous: string): Promise<Frame> {
  const line = await reader.line(longestLine).catch((error: unknown) => {
    throw error instanceof LineTooLong ? notWhole(index, error) : error;
  });
  if (line === undefined) throw notWhole(index, new Error('it ends before it: it was cut'));
  const payload = await reader.take(checkedAt(index, () => payloadLength(line)));
  return checkedAt(index, () => {
    const frame = decodeFrame(Buffer.concat([line, Buffer.from('\n'), payload]));
    if (frame.head.previous !== previous || frame.head.index !== index)
      throw new Error('it does not follow what is before it');
    return frame;
  });
}

function checkedAt<T>(index: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw notWhole(index, error);
  }
}

function notWhole(index: number, cause: unknown): BackupRefused {
  const found = cause instanceof Error ? cause.message : String(cause);
  return new BackupRefused(`the backup is not whole at part ${index + 1}: ${found}. Use another backup`, { cause });
}

/** Only how much to read; the frame is checked afterwards. */
function payloadLength(line: Buffer): number {
  const { length } = JSON.parse(line.toString('utf8', line.indexOf('{'))) as Partial<FrameHead>;
  if (typeof length === 'number' && Number.isInteger(length) && length >= 0 && length <= longestFrame) return length;
  throw new Error(`expected a length of at most ${longestFrame} bytes, found ${JSON.stringify(length)}`);
}

function partOf({ head, payload }: Frame): BackupPart {
  if (head.kind === 'piece') return { kind: 'chunk', chunk: { payload, inflatedLength: head.inflatedLength } };
  const value: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
  if (head.kind === 'identity') return { kind: 'identity', identity: value };
  if (head.kind === 'seal') return { kind: 'seal', seal: value as BackupSeal };
  throw new BackupRefused(`expected a part of a backup, found a ${head.kind}: this file was not made by tepui backup`);
}

async function checkEnd(reader: ByteReader, seal: BackupSeal, pieces: number): Promise<void> {
  if (seal.pieces !== pieces) {
    throw new BackupRefused(
      `the backup is not whole: expected ${seal.pieces} pieces, found ${pieces}. Use another backup`,
    );
  }
  const more = await reader.take(1);
  if (more.length > 0) throw new BackupRefused('expected the backup to end with its seal, found more after it');
}

// The envelope of everything that a journal stores: one line of text with a checksum over all that follows it, then the
// payload. Version, place and length are in the line, so that a piece in the wrong place is seen as well as a damaged one.
//
//   TPJ1 5f3759df {"kind":"log","epoch":3,"sequence":57,…}\n payload
import { crc32 } from 'node:zlib';

export interface FrameHead {
  /** `identity` occurs in backups only. */
  readonly kind: 'log' | 'piece' | 'seal' | 'identity';
  readonly epoch: number;
  /** Of the entry; of the last entry covered, for what belongs to a snapshot. */
  readonly sequence: number;
  /** A payload larger than the medium's limit spans frames: number `part` of `parts`, from 1. */
  readonly part: number;
  readonly parts: number;
  /** Position among the pieces of a snapshot; 0 for the log. */
  readonly index: number;
  /** Checksum of the frame before this one: a replaced or missing one breaks the chain. */
  readonly previous: string;
  /** Size of the whole payload before it was deflated (RFC 1951); 0: it is not. */
  readonly inflatedLength: number;
  /** Bytes of payload in this frame. */
  readonly length: number;
}

export interface Frame {
  readonly head: FrameHead;
  readonly payload: Uint8Array;
  /** The frame's own checksum, eight hexadecimal digits: the next one's `previous`. */
  readonly checksum: string;
}

/** `previous` of the very first frame. */
export const chainStart = '00000000';

const magic = 'TPJ1 ';
const checksumEnd = magic.length + 8;

/** Room for the line in front of the payload. */
export const frameOverheadBytes = 400;

export function encodeFrame(
  head: Omit<FrameHead, 'length'>,
  payload: Uint8Array,
): { bytes: Uint8Array; checksum: string } {
  const line = Buffer.from(` ${JSON.stringify({ ...head, length: payload.length })}\n`);
  const checksum = hex(crc32(payload, crc32(line)));
  const bytes = Buffer.allocUnsafeSlow(checksumEnd + line.length + payload.length);
  bytes.write(magic + checksum, 'latin1');
  line.copy(bytes, checksumEnd);
  bytes.set(payload, checksumEnd + line.length);
  return { bytes, checksum };
}

/** Throws an Error that says what is wrong. */
export function decodeFrame(given: Uint8Array): Frame {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.length);
  const start = bytes.toString('latin1', 0, checksumEnd);
  if (!start.startsWith('TPJ')) throw new Error(`expected it to begin with "${magic}", found ${quote(start)}`);
  const checksum = start.slice(magic.length);
  const actual = hex(crc32(bytes.subarray(checksumEnd)));
  if (actual !== checksum)
    throw new Error(`expected checksum ${quote(checksum)}, found ${actual} in ${given.length} bytes`);
  if (!start.startsWith(magic)) throw new Error(`format ${quote(start.slice(0, 4))} is not known to this version`);
  const lineEnd = bytes.indexOf(10);
  const head = JSON.parse(bytes.toString('utf8', checksumEnd, lineEnd)) as FrameHead;
  const payload = bytes.subarray(lineEnd + 1);
  if (payload.length !== head.length) throw new Error(`expected ${head.length} bytes, found ${payload.length}`);
  return { head, payload, checksum };
}

/** Cuts a payload into pieces of at most `limit` bytes; at least one. */
export function cut(payload: Uint8Array, limit: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < payload.length || parts.length === 0; at += limit) parts.push(payload.subarray(at, at + limit));
  return parts;
}

/** The inverse of `cut`. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}

function quote(text: string): string {
  return JSON.stringify(text);
}

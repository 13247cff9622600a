// Encrypts a backup with a passphrase: scrypt makes a key of it, AES-256-GCM seals the bytes a block at a time.
//
// The file begins with the same line as a plain backup, which says in `encryption` how it was done; then come blocks of
// `blockBytes` and the last one, which may be shorter, each followed by its tag. A block's nonce is its number and whether
// it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015): blocks can be neither removed,
// nor moved, nor cut off at the end. The salt makes a key of its own for each file, so that numbers may start over.
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { deepEqual } from '../lib/deep.ts';
import {
  BackupRefused,
  backupFormat,
  checkVersion,
  headerLine,
  notABackup,
  parseHeaderLine,
  readHeaderLine,
  type BackupHeader,
} from './backup.ts';
import { createByteReader, type ByteReader } from './byte-reader.ts';

const cipher = 'aes-256-gcm';
const tagBytes = 16;
const keyBytes = 32;
const format = 'tepui-backup-encrypted';
const version = 1;

interface Encryption {
  readonly cipher: string;
  readonly kdf: string;
  /** base64 */
  readonly salt: string;
  /** scrypt's N, r and p. */
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
  readonly blockBytes: number;
}

/** OWASP's advice for scrypt: 128 MiB and some tenths of a second for each guess. */
const defaultCost = 2 ** 17;
const highestCost = 2 ** 20;
const blockSize = 8;
const defaultBlockBytes = 64 * 1024;
const highestBlockBytes = 16 * 1024 * 1024;

export interface CipherOptions {
  /** scrypt's N, a power of two. */
  readonly cost?: number;
  readonly blockBytes?: number;
}

/** The encrypted form of a backup's bytes. The line at the top stays readable. */
export async function* encryptBackup(
  plain: AsyncIterable<Uint8Array>,
  passphrase: string,
  options: CipherOptions = {},
): AsyncGenerator<Uint8Array> {
  const { cost = defaultCost, blockBytes = defaultBlockBytes } = options;
  const bytes = createByteReader(plain);
  const first = await readHeaderLine(bytes);
  const salt = randomBytes(16).toString('base64');
  const encryption: Encryption = {
    ...{ cipher, kdf: 'scrypt', salt, cost, blockSize, parallelization: 1, blockBytes },
  };
  const about = parseHeaderLine(first) as Partial<BackupHeader>;
  const line = headerLine({ ...about, format, version, encryption });
  yield line;
  const key = await keyOf(passphrase, encryption);
  // The plain line is inside as well: what comes out again is a backup, byte for byte.
  const whole = createByteReader(prefixed(Buffer.concat([first, Buffer.from('\n')]), bytes, blockBytes));
  for await (const { block, number, isLast } of blocks(whole, blockBytes)) {
    const sealing = createCipheriv(cipher, key, nonce(number, isLast)).setAAD(line);
    yield Buffer.concat([sealing.update(block), sealing.final(), sealing.getAuthTag()]);
  }
}

/**
 * The bytes of the plain backup; a plain one is passed on as it is. Throws BackupRefused when a passphrase is needed and
 * was not given, is wrong, or the bytes were changed or cut.
 */
export async function* decryptBackup(
  given: AsyncIterable<Uint8Array>,
  passphrase: string | undefined,
): AsyncGenerator<Uint8Array> {
  const bytes = createByteReader(given);
  const first = await readHeaderLine(bytes);
  const header = parseHeaderLine(first);
  const line = Buffer.concat([first, Buffer.from('\n')]);
  if (header['format'] !== format) {
    if (header['format'] !== backupFormat) throw notABackup();
    yield* prefixed(line, bytes, defaultBlockBytes);
    return;
  }
  checkVersion(header, version);
  if (passphrase === undefined) {
    throw new BackupRefused('the backup is encrypted: name the file with its passphrase with --passphrase-file');
  }
  const encryption = checkEncryption(header['encryption'] as Partial<Encryption> | undefined);
  const key = await keyOf(passphrase, encryption);
  for await (const { block, number, isLast } of blocks(bytes, encryption.blockBytes + tagBytes)) {
    yield open(block, key, nonce(number, isLast), line, number);
  }
}

function open(block: Buffer, key: Buffer, iv: Buffer, line: Buffer, number: number): Buffer {
  const end = block.length - tagBytes;
  try {
    const opening = createDecipheriv(cipher, key, iv, { authTagLength: tagBytes }).setAAD(line);
    opening.setAuthTag(block.subarray(Math.max(0, end)));
    return Buffer.concat([opening.update(block.subarray(0, Math.max(0, end))), opening.final()]);
  } catch (error) {
    const why =
      number === 0
        ? 'the passphrase is wrong, or the file was changed or cut'
        : `the file was changed or cut at block ${number + 1}`;
    throw new BackupRefused(`the backup cannot be decrypted: ${why}`, { cause: error });
  }
}

/** What a file says may not make us spend more than a few seconds or a gigabyte. */
function checkEncryption(given: Partial<Encryption> | undefined): Encryption {
  const { cost, blockBytes, salt } = { cost: 0, blockBytes: 0, ...given };
  const fixed = { cipher, kdf: 'scrypt', blockSize, parallelization: 1 };
  const isKnown = deepEqual({ ...fixed, salt, cost, blockBytes }, given) && typeof salt === 'string';
  const isPower = Number.isInteger(Math.log2(cost));
  if (isKnown && isPower && isWithin(cost, highestCost) && isWithin(blockBytes, highestBlockBytes))
    return given as Encryption;
  throw new BackupRefused(`expected a backup encrypted with ${cipher} and scrypt, found ${JSON.stringify(given)}`);
}

const isWithin = (value: number, most: number) => Number.isInteger(value) && value > 1 && value <= most;

function keyOf(passphrase: string, { salt, cost, blockSize: r, parallelization: p }: Encryption): Promise<Buffer> {
  const maxmem = 256 * cost * r;
  return new Promise((resolve, reject) => {
    scrypt(passphrase, Buffer.from(salt, 'base64'), keyBytes, { N: cost, r, p, maxmem }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

/** 12 bytes: the block's number, and whether it is the last. */
function nonce(number: number, isLast: boolean): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeBigUInt64BE(BigInt(number), 3);
  iv[11] = isLast ? 1 : 0;
  return iv;
}

async function* prefixed(first: Uint8Array, rest: ByteReader, blockBytes: number): AsyncGenerator<Uint8Array> {
  yield first;
  for (;;) {
    const block = await rest.take(blockBytes);
    if (block.length === 0) return;
    yield block;
  }
}

interface Block {
  readonly block: Buffer;
  readonly number: number;
  readonly isLast: boolean;
}

/** One ahead, to know which is the last: there always is one, perhaps empty. */
async function* blocks(bytes: ByteReader, length: number): AsyncGenerator<Block> {
  let block = await bytes.take(length);
  for (let number = 0; ; number++) {
    const next = await bytes.take(length);
    yield { block, number, isLast: next.length === 0 };
    if (next.length === 0) return;
    block = next;
  }
}

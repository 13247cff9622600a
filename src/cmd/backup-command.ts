// `tepui backup`: fetches a backup from the server, checks it while it comes, and keeps it only when it is whole.
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { StatusError } from '../api/status-error.ts';
import type { Session } from '../cli/session.ts';
import { errorText } from '../lib/error-text.ts';
import { encryptBackup } from '../store/backup-cipher.ts';
import { BackupRefused, readBackup, type BackupHeader } from '../store/backup.ts';
import { readPassphrase } from './restore/restore.ts';

export interface BackupOptions {
  readonly passphraseFile?: string;
}

interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  /** All of it was written, and it is whole. */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

const path = '/tepui/v1/backup';

/** Rejects with StatusError, and leaves no file, unless the backup is whole. Replaces a file of that name. */
export async function backup(session: Session, file: string, options: BackupOptions): Promise<number> {
  const passphrase = await readPassphrase(options.passphraseFile);
  const sink = file === '-' ? standardOutput() : await fileSink(resolve(file));
  const found: Found = { header: undefined, objects: 0, bytes: 0 };
  try {
    const checked = passing(session.bytes({ path, accept: 'application/octet-stream' }), found);
    const written = passphrase === undefined ? checked : encryptBackup(checked, passphrase);
    for await (const bytes of written) {
      found.bytes += bytes.length;
      await sink.write(bytes);
    }
    await sink.keep();
  } catch (error) {
    await sink.discard();
    throw error instanceof BackupRefused ? incomplete(error) : error;
  }
  report(session, file, found, passphrase !== undefined);
  return 0;
}

interface Found {
  header: BackupHeader | undefined;
  objects: number;
  bytes: number;
}

/** Passes the bytes on as they are checked. Throws BackupRefused at the latest at their end. */
async function* passing(bytes: AsyncIterable<Uint8Array>, found: Found): AsyncGenerator<Uint8Array> {
  const seen: Uint8Array[] = [];
  for await (const part of readBackup(noting(bytes, seen))) {
    if (part.kind === 'header') found.header = part.header;
    if (part.kind === 'seal') found.objects = part.seal.objects;
    yield* seen.splice(0);
  }
  yield* seen.splice(0);
}

async function* noting(bytes: AsyncIterable<Uint8Array>, seen: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    seen.push(chunk);
    yield chunk;
  }
}

function incomplete(error: BackupRefused): StatusError {
  const text = `the server did not send a whole backup (${error.message}); nothing was kept: try again`;
  return new StatusError('ServiceUnavailable', text, undefined, { cause: error });
}

/** On standard error, so that it is not mixed with the backup itself. */
function report(session: Session, file: string, { header, objects, bytes }: Found, isEncrypted: boolean): void {
  const where = file === '-' ? 'standard output' : file;
  session.complain(
    `Saved ${String(objects)} objects of the cluster ${header?.clusterId ?? ''} at revision ${String(header?.revision)} ` +
      `to ${where} (${String(bytes)} bytes, ${isEncrypted ? 'encrypted' : 'not encrypted'}).`,
  );
  if (!isEncrypted) {
    session.complain(
      'It holds the key of the cluster and all Secrets: keep it safe, or encrypt it with --passphrase-file.',
    );
  }
}

/** Beside the file, and renamed: there is the old one or the whole new one. Only its owner may read it. */
async function fileSink(file: string): Promise<Sink> {
  const beside = `${file}.${String(process.pid)}.new`;
  let handle: FileHandle;
  try {
    handle = await open(beside, 'wx', 0o600);
  } catch (error) {
    throw new StatusError('BadRequest', `cannot write ${file}: ${errorText(error)}`);
  }
  return {
    write: (bytes) => handle.writeFile(bytes),
    async keep() {
      await handle.sync();
      await handle.close();
      await rename(beside, file);
    },
    async discard() {
      await handle.close().catch(() => undefined);
      await rm(beside, { force: true });
    },
  };
}

function standardOutput(): Sink {
  const { stdout } = process;
  if (stdout.isTTY) throw new StatusError('BadRequest', 'a backup is not for the screen: name a file, or pipe it on');
  return {
    write: async (bytes) => {
      if (!stdout.write(bytes)) await once(stdout, 'drain');
    },
    keep: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
}

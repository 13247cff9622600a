// What must survive the agent's own process: one file per pod, and the objects that pods refer to, Secrets encrypted.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '../lib/error-text.ts';
import type { Log } from '../lib/log.ts';
import type { Reference } from '../rpc/agent-protocol.ts';
import type { PodRecord } from './pod-record.ts';

export interface Checkpoint {
  /** Records of all pods, as last saved. What cannot be read is logged and left out: the server sends it again. */
  loadPods(): Promise<readonly PodRecord[]>;
  loadReferences(): Promise<readonly Reference[]>;
  /** Written in the background, whole or not at all; of several in a row only the newest. */
  savePod(uid: string, record: PodRecord): void;
  removePod(uid: string): void;
  saveReferences(references: readonly Reference[]): void;
  /** Resolves when everything saved so far is on disk. */
  flushed(): Promise<void>;
}

/** @param secret key material of this node: whoever copies the files without it cannot read Secrets */
export async function createCheckpoint(directory: string, secret: string, log: Log): Promise<Checkpoint> {
  const podsDirectory = join(directory, 'pods');
  const referencesPath = join(directory, 'references');
  await mkdir(podsDirectory, { recursive: true, mode: 0o700 });
  const write = createFileWriter(log);
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'tepui checkpoint', 32));
  const pathOf = (uid: string) => join(podsDirectory, `${encodeURIComponent(uid)}.json`);

  return {
    async loadPods() {
      const names = (await readdir(podsDirectory)).filter((name) => name.endsWith('.json'));
      const found = await Promise.all(
        names.map((name) =>
          readOr(log, join(podsDirectory, name), (bytes) => JSON.parse(bytes.toString()) as PodRecord),
        ),
      );
      return found.filter((record) => record !== undefined);
    },
    async loadReferences() {
      const saved = await readOr(log, referencesPath, (bytes) => parseReferences(open(key, bytes)));
      return saved ?? [];
    },
    savePod: (uid, record) => write.put(pathOf(uid), () => Buffer.from(JSON.stringify(record))),
    removePod: (uid) => write.put(pathOf(uid), undefined),
    saveReferences: (references) => write.put(referencesPath, () => seal(key, formatReferences(references))),
    flushed: () => write.flushed(),
  };
}

async function readOr<T>(log: Log, path: string, parse: (bytes: Buffer) => T): Promise<T | undefined> {
  try {
    return parse(await readFile(path));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!missing) log.warn({ path, error: errorText(error) }, 'ignoring a checkpoint that cannot be read');
    return undefined;
  }
}

function formatReferences(references: readonly Reference[]): Buffer {
  const plain = references.map((reference) => ({
    ...reference,
    object: Buffer.from(reference.object).toString('base64'),
  }));
  return Buffer.from(JSON.stringify(plain));
}

function parseReferences(bytes: Buffer): readonly Reference[] {
  const plain = JSON.parse(bytes.toString()) as (Omit<Reference, 'object'> & { readonly object: string })[];
  return plain.map((reference) => ({ ...reference, object: Buffer.from(reference.object, 'base64') }));
}

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM: nonce, tag, ciphertext. */
function seal(key: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

function open(key: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes));
  decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
}

interface FileWriter {
  /** `content` undefined removes the file. */
  put(path: string, content: (() => Buffer) | undefined): void;
  flushed(): Promise<void>;
}

/** One write per file at a time; what arrives meanwhile replaces what waits. */
function createFileWriter(log: Log): FileWriter {
  const waiting = new Map<string, (() => Buffer) | undefined>();
  const busy = new Map<string, Promise<void>>();

  const work = async (path: string) => {
    while (waiting.has(path)) {
      const content = waiting.get(path);
      waiting.delete(path);
      try {
        if (content) await replaceFile(path, content());
        else await rm(path, { force: true });
      } catch (error) {
        log.error({ path, error: errorText(error) }, 'cannot write a checkpoint: is the disk full?');
      }
    }
    busy.delete(path);
  };

  return {
    put(path, content) {
      waiting.set(path, content);
      if (!busy.has(path)) busy.set(path, work(path));
    },
    async flushed() {
      while (busy.size > 0) await Promise.all(busy.values());
    },
  };
}

async function replaceFile(path: string, content: Buffer): Promise<void> {
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

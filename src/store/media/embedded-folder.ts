// What lies around the database of the embedded medium:
//
//   FORMAT         the version of this layout, in plain text
//   acknowledged   the sequence of the last acknowledged entry, in plain text
//   entries/       the database
//   as-found/      hard links to the database's files as they were before a start that has not written anything yet
//
// LevelDB forgives: it leaves out what it cannot read at the end of its log, and rewrites its files when it opens. So the
// end of the log is also known from a file of its own, and what was there before stays until a start has proved good.
import { link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { JournalUnavailable } from '../journal-errors.ts';

const formatVersion = 1;
const formatText = (version: number) => `tepui journal ${version}\n`;

export interface EmbeddedFolder {
  /** Where the database lies. */
  readonly database: string;
  readonly asFound: string;
  /** True when nothing was ever kept here, so that the database may be created. */
  readonly isFresh: boolean;
  readonly witness: Witness;
}

/** How messages name the journal in a folder. */
export const embeddedName = (directory: string) => `the embedded journal in ${directory}`;

/** Opens the folder, or makes it. Rejects with JournalUnavailable when a program with another layout wrote it. */
export async function openEmbeddedFolder(directory: string): Promise<EmbeddedFolder> {
  const database = path.join(directory, 'entries');
  await mkdir(database, { recursive: true, mode: 0o700 });
  await checkFormat(directory);
  const witness = await openWitness(path.join(directory, 'acknowledged'));
  const isFresh = witness.acknowledged === 0 && !(await hasContent(database));
  return { database, asFound: path.join(directory, 'as-found'), isFresh, witness };
}

async function checkFormat(directory: string): Promise<void> {
  if (await hasFormat(directory)) return;
  const file = path.join(directory, 'FORMAT');
  await writeFile(`${file}.new`, formatText(formatVersion), { flush: true });
  await rename(`${file}.new`, file);
  await syncDirectory(directory);
}

/** False when nothing was ever kept there. Rejects with JournalUnavailable when a program with another layout did. */
export async function hasFormat(directory: string): Promise<boolean> {
  const file = path.join(directory, 'FORMAT');
  const found = await readFile(file, 'utf8').catch(ignoreMissing);
  if (found === undefined) return false;
  if (found === formatText(formatVersion)) return true;
  throw new JournalUnavailable(
    `expected ${JSON.stringify(formatText(formatVersion).trim())} in ${file}, found ${JSON.stringify(found.trim())}: ` +
      'another version of tepui wrote this journal; start that version, or a newer one. Nothing was changed.',
  );
}

/** What the witness says, without opening it for writing. */
export async function acknowledgedIn(directory: string): Promise<number> {
  const text = await readFile(path.join(directory, 'acknowledged'), 'latin1').catch(ignoreMissing);
  return numberIn((text ?? '').slice(0, witnessDigits));
}

/** Tables, or a log with something in it. A crash during creation leaves neither. */
async function hasContent(database: string): Promise<boolean> {
  for (const name of await readdir(database)) {
    if (name.endsWith('.ldb')) return true;
    if (name.endsWith('.log') && (await stat(path.join(database, name))).size > 0) return true;
  }
  return false;
}

/** Keeps the database's files as they are now, unless those of an earlier start are still kept. */
export async function keepAsFound(folder: EmbeddedFolder): Promise<void> {
  const names = (await readdir(folder.database)).filter((name) => name !== 'LOCK' && !name.startsWith('LOG'));
  if (names.length === 0 || (await stat(folder.asFound).catch(ignoreMissing))) return;
  const unfinished = `${folder.asFound}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  for (const name of names) {
    // A server that uses the folder removes files while we look; opening the database will say so.
    await link(path.join(folder.database, name), path.join(unfinished, name)).catch(ignoreMissing);
  }
  await rename(unfinished, folder.asFound);
}

export async function forgetAsFound(folder: EmbeddedFolder): Promise<void> {
  await rm(folder.asFound, { recursive: true, force: true });
}

/**
 * Remembers what was acknowledged in a file that is written after the log and not waited for. It survives the death of
 * the process; after a loss of power it may be older than the log, never newer.
 */
export interface Witness {
  readonly acknowledged: number;
  /** Returns at once; several calls may be written as one. */
  remember(sequence: number): void;
  close(): Promise<void>;
}

const witnessDigits = 16;

async function openWitness(file: string): Promise<Witness> {
  const handle = await openForUpdate(file);
  let acknowledged = await readWitness(handle);
  let writing: Promise<void> | undefined;

  const write = async () => {
    let written = -1;
    while (written !== acknowledged) {
      written = acknowledged;
      await handle.write(`${String(acknowledged).padStart(witnessDigits, '0')}\n`, 0);
    }
  };
  const start = () => {
    // A witness that cannot write knows less than it could, which is allowed.
    writing ??= write()
      .catch(() => undefined)
      .finally(() => (writing = undefined));
  };

  return {
    get acknowledged() {
      return acknowledged;
    },
    remember(sequence) {
      acknowledged = sequence;
      start();
    },
    async close() {
      while (writing) await writing;
      await handle.sync().catch(() => undefined);
      await handle.close();
    },
  };
}

async function openForUpdate(file: string): Promise<FileHandle> {
  return open(file, 'r+').catch((error: unknown) => {
    ignoreMissing(error);
    return open(file, 'w+', 0o600);
  });
}

/** A loss of power can leave the file empty or filled with zeros: then nothing is known. */
async function readWitness(handle: FileHandle): Promise<number> {
  return numberIn((await handle.read(Buffer.alloc(witnessDigits), 0, witnessDigits, 0)).buffer.toString('latin1'));
}

const numberIn = (text: string) => (/^\d+$/.test(text) ? Number(text) : 0);

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync();
  await handle.close();
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

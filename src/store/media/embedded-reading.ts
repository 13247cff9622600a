// The embedded journal for those who only look. LevelDB has no way to open a database without changing it: so what is
// opened is a second folder of hard links to its files, in which LevelDB may tidy up as it likes. It never changes a file
// of an earlier start in place, so the journal stays as it is, byte for byte.
import { copyFile, link, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';
import { JournalDamaged, JournalUnavailable, type JournalPlace } from '../journal-errors.ts';
import type { MediumReader } from '../medium.ts';
import { acknowledgedIn, embeddedName, hasFormat } from './embedded-folder.ts';
import { snapshotHeads, snapshotPieces } from './embedded-snapshots.ts';
import { end, logKey, pages, type Database } from './embedded-tables.ts';

export interface EmbeddedReader extends MediumReader {
  /** False when a server wrote meanwhile: then what was read is of no moment in particular, and damage may be none. */
  isUnchanged(): Promise<boolean>;
}

/** Rejects with JournalUnavailable when no journal is there, and with JournalDamaged when its database cannot be read. */
export async function openEmbeddedForReading(directory: string): Promise<EmbeddedReader> {
  const original = path.join(directory, 'entries');
  if (!(await isThere(directory, original))) {
    throw new JournalUnavailable(`expected an embedded journal in ${directory}, found none: is this the right home?`);
  }
  const place: JournalPlace = {
    description: embeddedName(directory),
    remedy: 'Put back a copy of this folder, or restore a backup: tepui restore FILE --home DIR --force.',
  };
  const found = await stateOf(original);
  const links = await makeFolder(directory);
  try {
    await linkFiles(original, links);
    const database: Database = new ClassicLevel(links, { keyEncoding: 'utf8', valueEncoding: 'view' });
    await database.open({ createIfMissing: false }).catch((error: unknown) => {
      throw new JournalDamaged(place, original, rootMessage(error), { cause: error });
    });
    return createReader(database, place, directory, links, async () => (await stateOf(original)) === found);
  } catch (error) {
    await rm(links, { recursive: true, force: true });
    throw error;
  }
}

const prefix = 'reading-';

/** Named by our process id, so that what an interrupted reader left behind is recognised, here, by the next one. */
async function makeFolder(directory: string): Promise<string> {
  try {
    for (const name of await readdir(directory)) {
      const pid = Number(name.startsWith(prefix) ? name.split('-')[1] : process.pid);
      if (!isRunning(pid)) await rm(path.join(directory, name), { recursive: true, force: true });
    }
    return await mkdtemp(path.join(directory, `${prefix}${process.pid}-`));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const advice = 'reading it needs a folder for links to its files beside them: use an account that may write there';
    throw new JournalUnavailable(`cannot read ${embeddedName(directory)} (${why}): ${advice}`, { cause: error });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isThere(directory: string, original: string): Promise<boolean> {
  try {
    return (await hasFormat(directory)) && (await stat(original)).isDirectory();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    if (error instanceof JournalUnavailable) throw error;
    throw new JournalUnavailable(`cannot read ${embeddedName(directory)}: ${message}`, { cause: error });
  }
}

/** Names, sizes and times: different when somebody wrote. */
async function stateOf(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter(isContent).sort();
  const stats = await Promise.all(names.map((name) => stat(path.join(folder, name)).catch(() => undefined)));
  return JSON.stringify(names.map((name, at) => [name, stats[at]?.size, stats[at]?.mtimeMs]));
}

const isContent = (name: string) => name !== 'LOCK' && !name.startsWith('LOG');

async function linkFiles(from: string, to: string): Promise<void> {
  for (const name of (await readdir(from)).filter(isContent)) {
    const [source, target] = [path.join(from, name), path.join(to, name)];
    // Some file systems know no links. What a server removed meanwhile shows in `isUnchanged`.
    await link(source, target).catch(() => copyFile(source, target).catch(() => undefined));
  }
}

function rootMessage(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

function createReader(
  database: Database,
  place: JournalPlace,
  directory: string,
  links: string,
  isUnchanged: () => Promise<boolean>,
): EmbeddedReader {
  return {
    ...place,
    acknowledged: () => acknowledgedIn(directory),
    read: (from) => pages(database, place, logKey(from), end('log')),
    snapshots: () => snapshotHeads(database),
    readPieces: (snapshot) => snapshotPieces(database, place, snapshot),
    isUnchanged,
    async close() {
      await database.close();
      await rm(links, { recursive: true, force: true });
    },
  };
}

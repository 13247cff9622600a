// The medium in a local folder, for one server: classic-level (LevelDB), one synced write per append.
import { ClassicLevel } from 'classic-level';
import {
  JournalDamaged,
  JournalDropped,
  JournalFenced,
  JournalUnavailable,
  type JournalPlace,
} from '../journal-errors.ts';
import type { Entry, Medium } from '../medium.ts';
import {
  embeddedName,
  forgetAsFound,
  keepAsFound,
  openEmbeddedFolder,
  type EmbeddedFolder,
} from './embedded-folder.ts';
import { createEmbeddedSnapshots } from './embedded-snapshots.ts';
import { end, logKey, numberOf, pages, synced, type Database } from './embedded-tables.ts';
import { announceAppend, followLog, type Followed } from './follow.ts';

export interface EmbeddedOptions {
  /** Made when it does not exist. Used by one server at a time. */
  readonly directory: string;
  /** Default 1 MiB. */
  readonly maxEntryBytes?: number;
}

const defaultMaxEntryBytes = 1024 * 1024;

/**
 * Rejects with JournalUnavailable when another process uses the folder or another version of tepui wrote it, and with
 * JournalDamaged when the database in it cannot be read.
 */
export async function openEmbeddedMedium(options: EmbeddedOptions): Promise<Medium> {
  const folder = await openEmbeddedFolder(options.directory);
  const place: JournalPlace = {
    description: embeddedName(options.directory),
    remedy:
      'Put back a copy of this folder from a backup; or, to begin with an empty cluster, move it away and start again. ' +
      `The database's files as they were found are in ${folder.asFound}.`,
  };
  try {
    await keepAsFound(folder);
    const database = await openDatabase(folder, place);
    return createMedium(database, folder, place, options.maxEntryBytes ?? defaultMaxEntryBytes, await lastOf(database));
  } catch (error) {
    await folder.witness.close();
    throw error;
  }
}

async function openDatabase(folder: EmbeddedFolder, place: JournalPlace): Promise<Database> {
  const database: Database = new ClassicLevel(folder.database, { keyEncoding: 'utf8', valueEncoding: 'view' });
  try {
    // Creating a database where there was one would be to lose it.
    await database.open({ createIfMissing: folder.isFresh, errorIfExists: false, cacheSize: 1024 * 1024 });
    return database;
  } catch (error) {
    throw openingFailed(error, folder, place);
  }
}

function openingFailed(error: unknown, folder: EmbeddedFolder, place: JournalPlace): Error {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'LEVEL_LOCKED') {
    return new JournalUnavailable(
      `another tepui server uses ${place.description}: stop it, or start this one with a folder of its own`,
      { cause },
    );
  }
  if (code === 'LEVEL_IO_ERROR' && /permission denied/i.test(message)) {
    return new JournalUnavailable(`expected to be able to write ${place.description}: ${message}`, { cause });
  }
  return new JournalDamaged(place, folder.database, message, { cause });
}

async function lastOf(database: Database): Promise<number> {
  let last = 0;
  for (const prefix of ['log', 'seal']) {
    const keys = database.keys({ gt: `${prefix}/`, lt: end(prefix), reverse: true, limit: 1 });
    for await (const key of keys) last = Math.max(last, numberOf(key));
  }
  return last;
}

function createMedium(
  database: Database,
  folder: EmbeddedFolder,
  place: JournalPlace,
  maxEntryBytes: number,
  last: number,
): Medium {
  const followed: Followed = { last, listeners: new Set() };
  let newest = 0;
  let proved = false;
  let held: number | undefined;

  const fence = (epoch: number) => {
    if (epoch !== newest) throw new JournalFenced(place, epoch, newest);
  };
  const snapshots = createEmbeddedSnapshots(database, place, fence, () => held);
  const read = (from: number) => readLog(database, place, snapshots, from);

  return {
    ...place,
    maxEntryBytes,
    depth: 1,
    deflateFromBytes: Number.POSITIVE_INFINITY,
    maxLogEntries: Number.POSITIVE_INFINITY,
    hold: (sequence) => void (held = sequence),
    async claim(above = 0) {
      const epoch = await database.get('epoch');
      newest = Math.max(newest, above, Number(epoch ? Buffer.from(epoch).toString('latin1') : 0)) + 1;
      await database.put('epoch', Buffer.from(String(newest)), synced);
      return newest;
    },
    async append(epoch, entries) {
      fence(epoch);
      const first = entries[0]?.sequence;
      if (first !== followed.last + 1)
        throw new Error(`expected entry ${followed.last + 1} next, got ${first ?? 'none'}`);
      await database.batch(
        entries.map(({ sequence, bytes }) => ({ type: 'put', key: logKey(sequence), value: bytes })),
        synced,
      );
      followed.last += entries.length;
      folder.witness.remember(followed.last);
      announceAppend(followed);
      // What was kept is of no use any more; that it cannot be removed must not fail a write.
      if (!proved) await forgetAsFound(folder).catch(() => undefined);
      proved = true;
    },
    read,
    follow: (from, signal) => followLog(followed, read, from, signal),
    reachable: () => Promise.resolve(),
    copies: 1,
    elsewhere: () => Promise.resolve(),
    acknowledged: () => Promise.resolve(folder.witness.acknowledged),
    ...snapshots,
    async close() {
      await database.close();
      await folder.witness.close();
    },
  };
}

async function* readLog(
  database: Database,
  place: JournalPlace,
  { snapshots }: Pick<Medium, 'snapshots'>,
  from: number,
): AsyncGenerator<readonly Entry[]> {
  const isCovered = (await snapshots()).some(({ sequence, seal }) => seal && sequence >= from);
  if (isCovered && !(await database.has(logKey(from)))) throw new JournalDropped(place, from);
  yield* pages(database, place, logKey(from), end('log'));
}

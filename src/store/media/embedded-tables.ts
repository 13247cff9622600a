// How the embedded medium lays out its database: keys, ranges, and reading them in pages.
import type { ClassicLevel } from 'classic-level';
import { JournalDamaged, type JournalPlace } from '../journal-errors.ts';
import type { Entry } from '../medium.ts';

export type Database = ClassicLevel<string, Uint8Array>;

export const synced = { sync: true };

// Numbers are padded, so that keys sort as numbers do.
export const padded = (number: number) => String(number).padStart(16, '0');
export const logKey = (sequence: number) => `log/${padded(sequence)}`;
export const pieceKey = (snapshot: number, index: number) => `piece/${padded(snapshot)}/${padded(index)}`;
/** There from the first piece on, so that an interrupted snapshot is found without reading pieces. */
export const begunKey = (snapshot: number) => `begun/${padded(snapshot)}`;
export const sealKey = (snapshot: number) => `seal/${padded(snapshot)}`;
export const numberOf = (key: string) => Number(key.slice(key.lastIndexOf('/') + 1));
/** After every number under the same prefix. */
export const end = (prefix: string) => `${prefix}/~`;

/** LevelDB gives space back only where it compacts. */
export async function dropRange(database: Database, gte: string, lte: string): Promise<void> {
  await database.clear({ gte, lte });
  await database.compactRange(gte, lte);
}

const pageLength = 1000;
const pageBytes = 4 * 1024 * 1024;

/** Entries or pieces of a range of keys, in order. */
export async function* pages(
  database: Database,
  place: JournalPlace,
  gte: string,
  lt: string,
): AsyncGenerator<readonly Entry[]> {
  const iterator = database.iterator({ gte, lt, highWaterMarkBytes: pageBytes, fillCache: false });
  try {
    // The next page is read while the reader is busy with this one.
    for (let next = iterator.nextv(pageLength); ;) {
      const page = await next;
      if (page.length === 0) return;
      next = iterator.nextv(pageLength);
      next.catch(() => undefined);
      yield page.map(([key, bytes]) => ({ sequence: numberOf(key), bytes }));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'LEVEL_CORRUPTION') throw error;
    throw new JournalDamaged(place, gte, (error as Error).message, { cause: error });
  } finally {
    await iterator.close();
  }
}

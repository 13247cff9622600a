// The snapshots of the embedded medium.
import type { JournalPlace } from '../journal-errors.ts';
import type { Medium, SnapshotHead } from '../medium.ts';
import {
  begunKey,
  dropRange,
  end,
  logKey,
  numberOf,
  padded,
  pages,
  pieceKey,
  sealKey,
  synced,
  type Database,
} from './embedded-tables.ts';

type Snapshots = Pick<Medium, 'putPiece' | 'sealSnapshot' | 'snapshots' | 'readPieces' | 'dropBelow'>;

const nothing = new Uint8Array();

/**
 * @param fence throws when the epoch is not the newest
 * @param held what the reader still needs
 */
export function createEmbeddedSnapshots(
  database: Database,
  place: JournalPlace,
  fence: (epoch: number) => void,
  held: () => number | undefined,
): Snapshots {
  const heads = () => snapshotHeads(database);

  return {
    async putPiece(epoch, snapshot, index, bytes) {
      fence(epoch);
      const begun = { type: 'put', key: begunKey(snapshot), value: nothing } as const;
      // Every piece is synced: LevelDB may have changed files by the time the seal is, and syncs only the newest.
      await database.batch([begun, { type: 'put', key: pieceKey(snapshot, index), value: bytes }], synced);
    },
    async sealSnapshot(epoch, snapshot, seal) {
      fence(epoch);
      await database.put(sealKey(snapshot), seal, synced);
    },
    snapshots: heads,
    readPieces: (snapshot) => snapshotPieces(database, place, snapshot),
    async dropBelow(epoch, snapshot) {
      const needed = held() ?? snapshot;
      for (const { sequence } of await heads()) {
        fence(epoch);
        if (sequence !== snapshot && sequence !== needed) await dropSnapshot(database, sequence);
      }
      fence(epoch);
      await dropRange(database, logKey(0), logKey(Math.min(snapshot, needed)));
    },
  };
}

export function snapshotPieces(database: Database, place: JournalPlace, snapshot: number) {
  return pages(database, place, pieceKey(snapshot, 0), end(`piece/${padded(snapshot)}`));
}

export async function snapshotHeads(database: Database): Promise<SnapshotHead[]> {
  const seals = new Map<number, Uint8Array | undefined>();
  for await (const key of database.keys({ gt: 'begun/', lt: end('begun') })) seals.set(numberOf(key), undefined);
  for await (const [key, seal] of database.iterator({ gt: 'seal/', lt: end('seal') })) seals.set(numberOf(key), seal);
  return [...seals].map(([sequence, seal]) => ({ sequence, seal })).sort((a, b) => a.sequence - b.sequence);
}

/** Seal first: half of a snapshot must not look like one. */
async function dropSnapshot(database: Database, snapshot: number): Promise<void> {
  await database.del(sealKey(snapshot), synced);
  await dropRange(database, pieceKey(snapshot, 0), end(`piece/${padded(snapshot)}`));
  await database.del(begunKey(snapshot), synced);
}

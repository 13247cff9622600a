// The snapshots of the ZooKeeper medium: pieces and a seal below a znode each.
import type { WriteOp, Zookeeper } from '../../zookeeper/zookeeper.ts';
import { createLimiter } from '../../lib/limiter.ts';
import { JournalDropped, type JournalPlace } from '../journal-errors.ts';
import type { Medium, SnapshotHead } from '../medium.ts';
import { dense, readAhead } from './zookeeper-ahead.ts';
import { refusal, type Claim, type Fence } from './zookeeper-epoch.ts';
import type { Holds } from './zookeeper-holds.ts';
import { noBytes, numbersOf, piecePath, sealPath, snapshotPath, snapshotsPath } from './zookeeper-layout.ts';
import type { Patience } from './zookeeper-patience.ts';

export interface SnapshotsContext {
  readonly zookeeper: Zookeeper;
  readonly place: JournalPlace;
  readonly patience: Patience;
  readonly fence: Fence;
  readonly holds: Holds;
  readonly maxEntryBytes: number;
  /** The claim of an epoch. Rejects with JournalFenced when it is not the newest here. */
  readonly claimOf: (epoch: number) => Promise<Claim>;
}

type Snapshots = Pick<Medium, 'putPiece' | 'sealSnapshot' | 'snapshots' | 'readPieces'>;

/** Pieces on their way at a time: they are large, and appends wait behind them. */
const atOnce = 2;

export function createZookeeperSnapshots(context: SnapshotsContext): Snapshots {
  const { zookeeper, place, patience, fence, holds, claimOf } = context;
  const limiter = createLimiter(atOnce);

  /** Creates or replaces a znode below that of the snapshot, which is made with it. */
  const put = async (epoch: number, snapshot: number, path: string, data: Uint8Array) => {
    const claim = await claimOf(epoch);
    const isThere = async () => {
      const found = await zookeeper.get(path);
      return found !== undefined && Buffer.compare(found.data, data) === 0;
    };
    const create: WriteOp = { kind: 'create', path, data };
    const parent: WriteOp = { kind: 'create', path: snapshotPath(snapshot), data: noBytes };
    let refused = await fence.write(claim, [create], isThere);
    if (refused?.code === 'no-node') refused = await fence.write(claim, [parent, create], isThere);
    if (refused?.code === 'node-exists' && refused.op === 1) refused = await fence.write(claim, [create], isThere);
    if (refused?.code === 'node-exists') refused = await fence.write(claim, [{ kind: 'set', path, data }], isThere);
    if (refused) throw refusal(place, path, refused);
  };

  const headOf = async (sequence: number): Promise<SnapshotHead> => {
    return { sequence, seal: (await zookeeper.get(sealPath(sequence)))?.data };
  };

  return {
    putPiece: (epoch, snapshot, index, bytes) =>
      limiter.run(() => put(epoch, snapshot, piecePath(snapshot, index), bytes)),
    sealSnapshot: (epoch, snapshot, seal) => put(epoch, snapshot, sealPath(snapshot), seal),
    snapshots: () =>
      patience.read(async () => {
        await zookeeper.settle();
        return Promise.all(numbersOf(await zookeeper.children(snapshotsPath)).map(headOf));
      }),
    async *readPieces(snapshot) {
      const { session } = zookeeper;
      const patiently = <T>(work: () => Promise<T>) => patience.read(work, session);
      // From here on the writer knows what we need; what it removed before shows by the seal, which goes first.
      if (holds.wanted !== undefined) {
        await patiently(() => holds.settled());
        if (!(await patiently(() => zookeeper.exists(sealPath(snapshot))))) throw new JournalDropped(place, snapshot);
      }
      const indexes = numbersOf(await patiently(() => zookeeper.children(snapshotPath(snapshot))));
      const end = indexes.at(-1) ?? -1;
      const get = async (index: number) => (await patiently(() => zookeeper.get(piecePath(snapshot, index))))?.data;
      let next = 0;
      for await (const pieces of dense(readAhead(0, end, context.maxEntryBytes, get))) {
        next += pieces.length;
        yield pieces;
      }
      if (next <= end && !(await patiently(() => zookeeper.exists(sealPath(snapshot))))) {
        throw new JournalDropped(place, snapshot);
      }
    },
  };
}

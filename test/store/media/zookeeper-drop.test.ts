import { expect } from 'chai';
import { JournalDropped, JournalFenced, JournalUnavailable } from '../../../src/store/journal-errors.ts';
import type { WriteOp } from '../../../src/zookeeper/zookeeper.ts';
import { createFakeEnsemble, type FakeEnsemble, type Fault } from '../../support/fake-zookeeper.ts';
import { rejection } from '../../support/store-objects.ts';
import { compact, entriesOf, entry, openServer, sequences, texts, type Server } from '../../support/zookeeper-media.ts';

describe('ZooKeeper medium: compaction', () => {
  let ensemble: FakeEnsemble;
  let writer: Server;
  let reader: Server;
  let epoch: number;

  beforeEach(async () => {
    ensemble = createFakeEnsemble();
    writer = await openServer(ensemble, { maxLogEntries: 100, maxHeldBytes: 20_000 });
    reader = await openServer(ensemble);
    epoch = await writer.medium.claim();
  });
  afterEach(async () => {
    await reader.medium.close();
    await writer.medium.close();
  });

  const append = (from: number, to: number, bytes = 10) =>
    writer.medium.append(
      epoch,
      sequences(from, to).map((sequence) => ({ sequence, bytes: Buffer.alloc(bytes) })),
    );
  const snapshots = async () => (await writer.medium.snapshots()).map(({ sequence }) => sequence);
  const under = (path: string) => [...ensemble.nodes.keys()].filter((each) => each.startsWith(path));
  const isDeletion = (ops: readonly WriteOp[]) => ops.some(({ kind }) => kind === 'delete');

  it('removes buckets when nothing of them is left, and no other', async () => {
    await append(1, 2500);
    await compact(writer.medium, epoch, 1999);
    expect(entriesOf(ensemble)).to.deep.equal(sequences(2000, 2500));
    const buckets = under('/log/').filter((path) => path.split('/').length === 3);
    expect(buckets).to.deep.equal(['/log/0000002000']);
  });

  it('removes interrupted snapshots, whatever is in them', async () => {
    await append(1, 10);
    for (const index of sequences(0, 450)) await writer.medium.putPiece(epoch, 5, index, Buffer.from('piece'));
    await writer.medium.putPiece(epoch, 12, 3, Buffer.from('piece'));
    await compact(writer.medium, epoch, 9);
    expect(await snapshots()).to.deep.equal([9]);
    expect(under('/snapshots/').length).to.equal(3);
  });

  it('takes the seal away first', async () => {
    await append(1, 10);
    for (const index of sequences(0, 250)) await writer.medium.putPiece(epoch, 5, index, Buffer.from('piece'));
    await writer.medium.sealSnapshot(epoch, 5, Buffer.from('seal'));
    let first: readonly WriteOp[] | undefined;
    writer.zookeeper.fault = (ops) => {
      if (isDeletion(ops)) first ??= ops;
      return undefined;
    };
    await compact(writer.medium, epoch, 9);
    expect(first?.find(({ kind }) => kind === 'delete')?.path).to.match(/seal$/);
  });

  for (const fault of ['unknown-done', 'unknown-lost', 'unsent'] as Fault[]) {
    it(`is complete, whatever becomes of the answers: ${fault}`, async () => {
      await append(1, 1200);
      await compact(writer.medium, epoch, 100);
      let writes = 0;
      writer.zookeeper.fault = () => (writes++ % 2 === 0 ? fault : undefined);
      await compact(writer.medium, epoch, 1100);
      expect(entriesOf(ensemble)).to.deep.equal(sequences(1101, 1200));
      expect(await snapshots()).to.deep.equal([1100]);
      expect(await texts(writer.medium.readPieces(1100))).to.deep.equal(['piece']);
    });
  }

  it('is stopped by another claim', async () => {
    await append(1, 1200);
    writer.zookeeper.fault = (ops) => {
      if (isDeletion(ops))
        void reader.zookeeper.write([{ kind: 'set', path: '/epoch', data: Buffer.from('{"epoch":2}') }]);
      return undefined;
    };
    expect(await rejection(compact(writer.medium, epoch, 1200))).to.be.instanceOf(JournalFenced);
    expect(entriesOf(ensemble).length).to.equal(1200);
  });

  describe('and readers', () => {
    const held = () => under('/readers/').map((path) => Buffer.from(ensemble.nodes.get(path)!.data).toString());
    /** Resolves when the ensemble shows this. */
    const shows = async (expected: readonly string[]) => {
      while (held().join() !== expected.join()) await new Promise((resolve) => setImmediate(resolve));
    };

    it('leaves what another server holds, snapshot and entries, until it lets go', async () => {
      await append(1, 50);
      await compact(writer.medium, epoch, 10);
      reader.medium.hold(10);
      expect(await texts(reader.medium.readPieces(10))).to.deep.equal(['piece']);
      await compact(writer.medium, epoch, 40);
      expect(await snapshots()).to.deep.equal([10, 40]);
      expect((await texts(reader.medium.read(11))).length).to.equal(40);
      reader.medium.hold(undefined);
      await shows([]);
      await writer.medium.dropBelow(epoch, 40);
      expect(await snapshots()).to.deep.equal([40]);
      expect(await rejection(texts(reader.medium.read(11)))).to.be.instanceOf(JournalDropped);
    });

    it('forgets a server that ended or lost its session, and remembers one that came back', async () => {
      await append(1, 50);
      reader.medium.hold(10);
      await shows(['{"sequence":10}']);
      reader.zookeeper.expire();
      await shows([]);
      reader.zookeeper.reconnect();
      await shows(['{"sequence":10}']);
      await reader.medium.close();
      expect(held()).to.deep.equal([]);
    });

    for (const fault of ['unknown-done', 'unknown-lost', 'unsent'] as Fault[]) {
      it(`makes known what it holds, whatever becomes of the answer: ${fault}`, async () => {
        let writes = 0;
        reader.zookeeper.fault = () => (writes++ % 2 === 0 ? fault : undefined);
        reader.medium.hold(10);
        await shows(['{"sequence":10}']);
        reader.medium.hold(2000);
        await shows(['{"sequence":2000}']);
        reader.medium.hold(5);
        await shows(['{"sequence":5}']);
        reader.medium.hold(undefined);
        await shows([]);
      });
    }

    it('does not write for every entry that it has read', async () => {
      reader.medium.hold(0);
      await shows(['{"sequence":0}']);
      const before = reader.zookeeper.writes.length;
      for (let sequence = 1; sequence <= 1000; sequence++) {
        reader.medium.hold(sequence);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await shows(['{"sequence":1000}']);
      expect(reader.zookeeper.writes.length - before).to.be.at.most(2);
    });

    it('does not wait for one that is too many entries behind', async () => {
      await append(1, 1000);
      reader.medium.hold(599);
      await shows(['{"sequence":599}']);
      await compact(writer.medium, epoch, 1000);
      expect(entriesOf(ensemble)).to.deep.equal([]);
    });

    it('does not wait for one that is too many bytes behind', async () => {
      await append(1, 100, 1000);
      reader.medium.hold(85);
      await shows(['{"sequence":85}']);
      await compact(writer.medium, epoch, 100);
      expect(entriesOf(ensemble)).to.deep.equal(sequences(86, 100));
      reader.medium.hold(70);
      await shows(['{"sequence":70}']);
      await writer.medium.dropBelow(epoch, 100);
      expect(entriesOf(ensemble)).to.deep.equal(sequences(86, 100));
      await append(101, 150, 1000);
      await compact(writer.medium, epoch, 150);
      expect(entriesOf(ensemble)).to.deep.equal([]);
    });

    it('is given up with the session, although what this server itself holds is not known yet', async () => {
      await append(1, 10);
      writer.zookeeper.disconnect();
      writer.medium.hold(3);
      const dropped = writer.medium.dropBelow(epoch, 5);
      await new Promise((resolve) => setImmediate(resolve));
      writer.zookeeper.expire();
      expect(await rejection(dropped)).to.be.instanceOf(JournalUnavailable);
    });

    it('sees one that comes while it removes', async () => {
      await append(1, 60);
      let isDue = true;
      writer.zookeeper.fault = (ops) => {
        if (isDue && isDeletion(ops)) {
          isDue = false;
          reader.medium.hold(20);
        }
        return undefined;
      };
      await compact(writer.medium, epoch, 60);
      expect(isDue).to.equal(false);
      expect(entriesOf(ensemble)).to.deep.equal(sequences(21, 60));
    });

    it('says to one that comes too late that the snapshot is gone', async () => {
      await append(1, 60);
      await compact(writer.medium, epoch, 20);
      await compact(writer.medium, epoch, 60);
      reader.medium.hold(20);
      expect(await rejection(texts(reader.medium.readPieces(20)))).to.be.instanceOf(JournalDropped);
    });
  });

  it('goes on after entries that were all dropped', async () => {
    await append(1, 1000);
    await compact(writer.medium, epoch, 1000);
    const next = await reader.medium.claim();
    await reader.medium.append(next, [entry(1001)]);
    expect(entriesOf(ensemble)).to.deep.equal([1001]);
  });
});

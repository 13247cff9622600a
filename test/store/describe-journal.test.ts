import { expect } from 'chai';
import { describeJournal } from '../../src/store/describe-journal.ts';
import { createMemoryMedium, createMemoryStorage } from '../../src/store/media/memory.ts';
import { openStore, pod, podKey } from '../support/store-objects.ts';

describe('journal: description', () => {
  const written = async (snapshotFromBytes: number) => {
    const storage = createMemoryStorage();
    const store = await openStore(createMemoryMedium(storage), { snapshotFromBytes });
    const isSealed = () => [...storage.snapshots.values()].some(({ seal }) => seal);
    for (let round = 0; round < 3 || (snapshotFromBytes === 1 && !isSealed()); round++) {
      await store.transact((draft) => {
        draft.put(podKey('a'), pod('a'));
        draft.put(podKey('b'), pod('b'));
      });
    }
    const { revision } = store;
    await store.close();
    return { storage, revision };
  };

  it('counts what is there', async () => {
    const { storage } = await written(1_000_000);
    storage.snapshots.set(2, { pieces: new Map(), seal: undefined });
    const { log, ...rest } = await describeJournal(createMemoryMedium(storage));
    expect(rest).to.deep.equal({
      medium: 'the journal in memory',
      revision: 6,
      snapshot: undefined,
      interruptedSnapshots: [2],
      damage: undefined,
    });
    const bytes = [...storage.entries.values()].reduce((sum, entry) => sum + entry.length, 0);
    const [epoch] = log.epochs;
    expect(epoch).to.deep.equal({
      ...{ epoch: 1, firstSequence: 1, lastSequence: 3, firstRevision: 1, lastRevision: 6 },
      ...{ entries: 3, bytes, batches: 3 },
    });
    expect(log).to.deep.equal({
      ...{ entries: 3, bytes, batches: 3, writes: 6, lastSequence: 3, torn: 0, acknowledged: 3 },
      epochs: [epoch],
    });
  });

  it('tells the writers apart, also one that completed nothing', async () => {
    const { storage } = await written(1_000_000);
    const store = await openStore(createMemoryMedium(storage, 600));
    await store.transact((draft) => draft.put(podKey('big'), pod('big', { note: 'x'.repeat(1000) })));
    await store.close();
    storage.entries.delete(storage.last--);
    storage.acknowledged--;
    const again = await openStore(createMemoryMedium(storage));
    await again.transact((draft) => draft.put(podKey('c'), pod('c')));
    await again.close();
    const { log, damage } = await describeJournal(createMemoryMedium(storage));
    expect(damage).to.equal(undefined);
    expect(
      log.epochs.map(({ epoch, firstRevision, lastRevision, batches }) => [
        epoch,
        firstRevision,
        lastRevision,
        batches,
      ]),
    ).to.deep.equal([
      [1, 1, 6, 3],
      [2, 7, 6, 0],
      [3, 7, 7, 1],
    ]);
  });

  it('continues from the snapshot', async () => {
    const { storage, revision } = await written(1);
    const described = await describeJournal(createMemoryMedium(storage));
    expect([described.revision, described.damage, described.snapshot?.objects]).to.deep.equal([revision, undefined, 2]);
    expect(described.snapshot?.bytes).to.be.greaterThan(100);
  });

  it('names the first damage, and what was good before it', async () => {
    const { storage } = await written(1_000_000);
    storage.entries.set(2, Buffer.from('nonsense'));
    const { damage, revision, log } = await describeJournal(createMemoryMedium(storage));
    expect(damage).to.contain('entry 2');
    expect([revision, log.entries]).to.deep.equal([2, 1]);
    storage.entries.delete(2);
    storage.entries.delete(3);
    expect((await describeJournal(createMemoryMedium(storage))).damage).to.contain('the log ends at 1');
  });
});

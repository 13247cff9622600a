import { expect } from 'chai';
import fc from 'fast-check';
import { backupSource, BackupRefused } from '../../src/store/backup.ts';
import { describeJournal } from '../../src/store/describe-journal.ts';
import { openEmbeddedMedium } from '../../src/store/media/embedded.ts';
import { createMemoryMedium, createMemoryStorage } from '../../src/store/media/memory.ts';
import type { Medium } from '../../src/store/medium.ts';
import { checkBackup, journalContents, restoreJournal, revisionAfterRestore } from '../../src/store/restore-backup.ts';
import type { Store } from '../../src/store/store.ts';
import { perform, steps } from '../support/store-model.ts';
import { contents, openReplica, openStore, pod, podKey, refusedWith, rejection } from '../support/store-objects.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const origin = {
  ...{ clusterId: 'c1', epoch: 7, created: '2026-01-31T12:00:00Z', program: '1.2.3', fieldsVersion: 'test' },
  identity: { secret: 'key' },
};

async function backupOf(store: Store): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of backupSource(store, origin)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

async function restore(medium: Medium, bytes: Uint8Array) {
  const open = () => stream(bytes);
  return restoreJournal(medium, open, await checkBackup(open));
}

describe('restore', () => {
  it('gives the same objects, after whatever was written, in a journal of small entries', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (work) => {
        const store = await openStore();
        const transactions = work.flatMap((step) => (step === 'restart' ? [] : step.group));
        for (const each of transactions) await store.transact((draft) => perform(draft, each)).catch(() => undefined);
        const storage = createMemoryStorage();
        const { revision } = await restore(createMemoryMedium(storage, 700), await backupOf(store));
        const again = await openStore(createMemoryMedium(storage, 700));
        expect(contents(again)).to.deep.equal(contents(store));
        expect(again.list({ resource: 'pods', labels: { app: 'web' } }).length).to.equal(
          store.list({ resource: 'pods', labels: { app: 'web' } }).length,
        );
        expect(again.revision).to.equal(revision);
        await again.transact((draft) => draft.put(podKey('new'), pod('new')));
        expect(again.revision).to.equal(revision + 1);
        await again.close();
        const { damage, log } = await describeJournal(createMemoryMedium(storage));
        expect([damage, log.writes]).to.deep.equal([undefined, 1]);
      }),
      { numRuns: 50 },
    );
  });

  it('never hands out a revision again that was handed out after the backup', async () => {
    expect([0, 1, 999_999_999, 1e9, 1.5e9].map(revisionAfterRestore)).to.deep.equal([2e9, 2e9, 2e9, 3e9, 3e9]);
    const store = await openStore();
    await store.transact((draft) => draft.put(podKey('a'), pod('a')));
    const bytes = await backupOf(store);
    await store.transact((draft) => draft.put(podKey('a'), pod('a', { note: 'lost' })));
    const storage = createMemoryStorage();
    await restore(createMemoryMedium(storage), bytes);
    const again = await openStore(createMemoryMedium(storage));
    // A client that saw the lost write goes on watching from it, and has to list again.
    const watched = again.watch({ resource: 'pods', fromRevision: store.revision }, new AbortController().signal);
    expect((await refusedWith(watched[Symbol.asyncIterator]().next())).reason).to.equal('Expired');
    expect(again.get(podKey('a'))?.revision).to.equal(1);
  });

  it('continues with an epoch that no agent has seen', async () => {
    const storage = createMemoryStorage();
    const { epoch } = await restore(createMemoryMedium(storage), await backupOf(await openStore()));
    expect(epoch).to.be.greaterThan(origin.epoch + 1000);
    expect(await openReplica(createMemoryMedium(storage)).lead()).to.equal(epoch + 1);
  });

  it('replaces what was there, snapshots and log, and fences who wrote it', async () => {
    const storage = createMemoryStorage();
    const old = await openStore(createMemoryMedium(storage));
    await old.transact((draft) => draft.put(podKey('old'), pod('old')));
    storage.snapshots.set(9, { pieces: new Map(), seal: undefined });
    expect(await journalContents(createMemoryMedium(storage))).to.deep.equal({ isEmpty: false, lastSequence: 9 });
    const source = await openStore();
    await source.transact((draft) => draft.put(podKey('new'), pod('new')));
    await restore(createMemoryMedium(storage), await backupOf(source));
    await rejection(old.transact((draft) => draft.put(podKey('old'), pod('old'))));
    storage.last = 10;
    const again = await openStore(createMemoryMedium(storage));
    expect(contents(again).map(([name]) => name)).to.deep.equal(['default/new']);
  });

  it('changes nothing before the backup has proved whole', async () => {
    const bytes = await backupOf(await openStore());
    const storage = createMemoryStorage();
    const error = await rejection(restore(createMemoryMedium(storage), bytes.subarray(0, -1)));
    expect(error).to.be.instanceOf(BackupRefused);
    expect([storage.epoch, storage.snapshots.size]).to.deep.equal([0, 0]);
  });

  it('works in a folder, empty or not', async () => {
    const folder = await createTempFolder();
    const source = await openStore();
    for (const name of ['a', 'b']) await source.transact((draft) => draft.put(podKey(name), pod(name)));
    const bytes = await backupOf(source);
    for (const round of [1, 2]) {
      const medium = await openEmbeddedMedium({ directory: folder.path });
      expect((await journalContents(medium)).isEmpty).to.equal(round === 1);
      const { revision } = await restore(medium, bytes);
      await medium.close();
      const store = await openStore(await openEmbeddedMedium({ directory: folder.path }));
      await store.transact((draft) => draft.put(podKey('c'), pod('c')));
      expect([contents(store).length, store.revision]).to.deep.equal([3, revision + 1]);
      await store.close();
    }
    await folder.remove();
  });
});

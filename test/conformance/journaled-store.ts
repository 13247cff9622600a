// What a store must keep over every medium: the same state, revisions and past after a restart as before it.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Medium } from '../../src/store/medium.ts';
import type { Store, StoreEvent } from '../../src/store/store.ts';
import {
  createModel,
  listByFilter,
  modelEvent,
  perform,
  queries,
  replayed,
  steps,
  type Model,
  type Step,
  type Transaction,
} from '../support/store-model.ts';
import { contents, openStore, pod, podKey } from '../support/store-objects.ts';

export interface StorePlace {
  open(maxEntryBytes?: number): Promise<Medium>;
  remove(): Promise<void>;
}

export function describeJournaledStore(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`store over a journal: ${name}`, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await createPlace();
      store = await openStore(await place.open());
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });
    const restart = async (options: Parameters<typeof openStore>[1] = {}, maxEntryBytes?: number) => {
      await store.close();
      store = await openStore(await place.open(maxEntryBytes), options);
    };

    it('starts empty', () => {
      expect([store.revision, store.oldestWatchableRevision]).to.deep.equal([0, 0]);
      expect(contents(store)).to.deep.equal([]);
    });

    it('has everything after a restart, deletions included', async () => {
      await store.transact((draft) => {
        for (const name of ['a', 'b', 'c']) draft.put(podKey(name), pod(name));
      });
      await store.transact((draft) => draft.delete(podKey('b')));
      const before = contents(store);
      await restart();
      expect(contents(store)).to.deep.equal(before);
      expect(store.revision).to.equal(4);
    });

    it('keeps a transaction larger than an entry whole', async () => {
      await restart({}, 2000);
      const note = 'x'.repeat(7000);
      await store.transact((draft) => {
        draft.put(podKey('large'), pod('large', { note }));
        draft.put(podKey('small'), pod('small'));
      });
      await restart({}, 2000);
      expect(contents(store).map(([key]) => key)).to.deep.equal(['default/large', 'default/small']);
      expect(store.get(podKey('large'))?.object()['note']).to.equal(note);
    });

    it('watches across a restart', async () => {
      await store.transact((draft) => draft.put(podKey('a'), pod('a')));
      await store.transact((draft) => draft.delete(podKey('a')));
      await restart();
      const [put, deletion] = await replayed(store, 0);
      expect([put?.revision, put?.deleted, deletion?.revision, deletion?.deleted]).to.deep.equal([1, false, 2, true]);
      expect(deletion?.object.metadata.resourceVersion).to.equal('2');
    });

    it('replaces the log by snapshots, and says what is too old to watch', async () => {
      await store.close();
      const medium = await place.open();
      store = await openStore(medium, { snapshotFromBytes: 1 });
      const isSealed = async () => (await medium.snapshots()).some(({ seal }) => seal);
      for (let round = 0; round < 20 || !(await isSealed()); round++) {
        const podName = `pod-${round % 3}`;
        await store.transact((draft) => draft.put(podKey(podName), pod(podName, { note: `${round}` })));
      }
      const [before, revision] = [contents(store), store.revision];
      await restart();
      expect(contents(store)).to.deep.equal(before);
      expect(store.revision).to.equal(revision);
      expect(store.oldestWatchableRevision).to.be.greaterThan(0);
    });

    it('derives the fields again when they mean something else', async () => {
      await store.transact((draft) => draft.put(podKey('a'), pod('a')));
      await restart({ fieldsVersion: 'another', fieldsOf: () => ({ flavour: 'new' }) });
      expect(store.get(podKey('a'))?.fields).to.deep.equal({ flavour: 'new' });
    });

    it('equals a model: random transactions, failures, restarts and snapshots', async function () {
      this.timeout(60_000);
      const runs = name === 'memory' ? 150 : 25;
      await fc.assert(
        fc.asyncProperty(steps, fc.constantFrom(1, 3000, 1_000_000), queries, runAgainstModel(createPlace)),
        {
          numRuns: runs,
        },
      );
    });
  });
}

function runAgainstModel(createPlace: () => Promise<StorePlace>) {
  return async (work: Step[], snapshotFromBytes: number, query: Parameters<typeof listByFilter>[1]) => {
    const place = await createPlace();
    const open = async () => openStore(await place.open(1500), { snapshotFromBytes });
    const model = createModel();
    let store = await open();
    let live = record(store);
    const restart = async () => {
      expect(await live.stop(store)).to.deep.equal(model.events.slice(live.from));
      await store.close();
      store = await open();
      live = record(store);
    };
    try {
      for (const step of work) {
        if (step === 'restart') await restart();
        else await both(store, model, step.group);
        await expectEqual(store, model);
        expect(store.list(query)).to.deep.equal(listByFilter(store, query));
      }
    } finally {
      await store.close();
      await place.remove();
    }
  };
}

async function both(store: Store, model: Model, group: readonly Transaction[]): Promise<void> {
  for (const transaction of group) model.apply(transaction);
  await Promise.allSettled(group.map((transaction) => store.transact((draft) => perform(draft, transaction))));
}

async function expectEqual(store: Store, model: Model): Promise<void> {
  expect(store.revision).to.equal(model.events.length);
  expect(new Map(contents(store).map(([key, , object]) => [key, object]))).to.deep.equal(model.objects);
  expect(owned(store)).to.deep.equal(ownedByFilter(store));
  const oldest = store.oldestWatchableRevision;
  expect(await replayed(store, oldest)).to.deep.equal(model.events.slice(oldest));
}

/** Listens from the beginning, as an informer does. */
function record(store: Store) {
  const from = store.revision;
  const controller = new AbortController();
  const events: StoreEvent[] = [];
  let target = -1;
  const done = (async () => {
    for await (const batch of store.watch({ resource: 'pods', fromRevision: from }, controller.signal)) {
      events.push(...batch);
      if (events.at(-1)?.revision === target) controller.abort();
    }
  })();
  return {
    from,
    async stop(of: Store) {
      target = of.revision;
      if ((events.at(-1)?.revision ?? from) === target) controller.abort();
      await done;
      return events.map(modelEvent);
    },
  };
}

const keyOf = ({ key }: { key: { namespace: string; name: string } }) => `${key.namespace}/${key.name}`;

function owned(store: Store): string[] {
  return store.dependents('uid-a').map(keyOf).sort();
}

function ownedByFilter(store: Store): string[] {
  return store
    .list({ resource: 'pods', filter: ({ owners }) => owners.includes('uid-a') })
    .map(keyOf)
    .sort();
}

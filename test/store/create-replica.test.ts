import { expect } from 'chai';
import { StatusError } from '../../src/api/status-error.ts';
import { createMemoryMedium, createMemoryStorage } from '../../src/store/media/memory.ts';
import type { Draft, Store } from '../../src/store/store.ts';
import { createGatedMedium, type GatedMedium } from '../support/gated-medium.ts';
import { contents, openStore, pod, podKey, refusedWith, rejection } from '../support/store-objects.ts';

const names = (store: Pick<Store, 'list'>) => store.list({ resource: 'pods' }).map(({ key }) => key.name);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('store: transactions', () => {
  let store: Store;
  const put = (name: string, note = '') => store.transact((draft) => draft.put(podKey(name), pod(name, { note })));

  beforeEach(async () => (store = await openStore()));
  afterEach(() => store.close());

  it('answers with what was written, stamped with its revision', async () => {
    const stored = await put('a', 'one');
    expect([stored.revision, store.revision]).to.deep.equal([1, 1]);
    expect(stored.object()).to.deep.equal(
      pod('a', { note: 'one', metadata: { ...pod('a').metadata, resourceVersion: '1' } }),
    );
    expect(JSON.parse(Buffer.from(stored.bytes).toString())).to.deep.equal(stored.object());
    expect([stored.uid, stored.key, stored.fields]).to.deep.equal(['uid-a', podKey('a'), { 'metadata.name': 'a' }]);
    expect(store.get(podKey('a'))).to.equal(stored);
  });

  it('gives every write a revision of its own, even of the same key', async () => {
    await store.transact((draft) => {
      draft.put(podKey('a'), pod('a'));
      draft.put(podKey('b'), pod('b'));
      expect(draft.put(podKey('a'), pod('a')).revision).to.equal(3);
      expect(draft.delete(podKey('b')).revision).to.equal(4);
    });
    expect([store.revision, names(store)]).to.deep.equal([4, ['a']]);
  });

  it('hands out frozen objects, and none that the caller can change', async () => {
    const object = pod('a', { metadata: { name: 'a', labels: { app: 'web' } } });
    const stored = await store.transact((draft) => draft.put(podKey('a'), object));
    (object.metadata.labels as Record<string, string>)['app'] = 'changed';
    expect(stored.labels).to.deep.equal({ app: 'web' });
    expect(stored.object().metadata.labels).to.deep.equal({ app: 'web' });
    expect(Object.isFrozen(stored.object().metadata.labels)).to.equal(true);
    expect(stored.object()).to.equal(stored.object());
  });

  it('answers a deletion with the last state, stamped with the revision of the deletion', async () => {
    await put('a', 'last');
    const deleted = await store.transact((draft) => draft.delete(podKey('a')));
    expect([deleted.revision, deleted.object().metadata.resourceVersion]).to.deep.equal([2, '2']);
    expect([deleted.object()['note'], deleted.uid, deleted.key]).to.deep.equal(['last', 'uid-a', podKey('a')]);
    expect(store.get(podKey('a'))).to.equal(undefined);
  });

  it('refuses to delete what is not there', async () => {
    const error = await rejection(
      store.transact((draft) => draft.delete({ resource: 'deployments.apps', namespace: 'n', name: 'x' })),
    );
    expect(error).to.be.instanceOf(StatusError);
    expect(error.message).to.equal('deployments.apps "x" not found');
  });

  it('keeps nothing of a body that throws, and the error is the caller’s', async () => {
    await put('a', 'before');
    const broken = new Error('no');
    const failing = store.transact((draft) => {
      draft.put(podKey('a'), pod('a', { note: 'after' }));
      draft.put(podKey('b'), pod('b'));
      draft.delete(podKey('a'));
      throw broken;
    });
    const next = put('c');
    expect(await rejection(failing)).to.equal(broken);
    expect((await next).revision).to.equal(2);
    expect([names(store), store.get(podKey('a'))?.object()['note']]).to.deep.equal([['a', 'c'], 'before']);
  });

  it('refuses bodies that wait, drafts that outlive them, and transactions within', async () => {
    expect((await rejection(store.transact(() => Promise.resolve()))).message).to.contain('synchronous');
    let kept: Draft | undefined;
    await store.transact((draft) => void (kept = draft));
    expect(() => kept?.put(podKey('a'), pod('a'))).to.throw('after its transaction ended');
    let inner: Promise<unknown> | undefined;
    await store.transact(() => void (inner = put('a')));
    expect((await rejection(inner!)).message).to.contain('inside a transaction');
    expect(store.revision).to.equal(0);
  });

  it('finds dependents of any resource', async () => {
    const owned = (name: string, uid: string) =>
      pod(name, { metadata: { name, ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'o', uid }] } });
    await store.transact((draft) => {
      draft.put(podKey('a'), owned('a', 'u1'));
      draft.put({ resource: 'configmaps', namespace: 'x', name: 'b' }, owned('b', 'u1'));
      draft.put(podKey('c'), owned('c', 'u2'));
      expect(draft.dependents('u1').map(({ key }) => key.name)).to.deep.equal(['a', 'b']);
      draft.put(podKey('a'), owned('a', 'u2'));
      expect(draft.dependents('u1').map(({ key }) => key.name)).to.deep.equal(['b']);
    });
    expect(store.dependents('u2').map(({ key }) => key.name)).to.have.members(['a', 'c']);
    expect(store.dependents('none')).to.deep.equal([]);
  });
});

describe('store: group commit', () => {
  let medium: GatedMedium;
  let store: Store;
  const put = (name: string) => store.transact((draft) => draft.put(podKey(name), pod(name)));
  const settled = async (promise: Promise<unknown>) => {
    let done = false;
    promise.then(
      () => (done = true),
      () => (done = true),
    );
    for (let turns = 0; turns < 5; turns++) await turn();
    return done;
  };

  beforeEach(async () => {
    medium = createGatedMedium();
    store = await openStore(medium);
  });

  it('journals one batch at a time; what arrives meanwhile is the next one', async () => {
    const first = [put('a'), put('b')];
    await turn();
    await turn();
    const second = [put('c'), put('d'), put('e')];
    await turn();
    await turn();
    expect(medium.appends).to.deep.equal([1]);
    await medium.release();
    expect((await Promise.all(first)).map(({ revision }) => revision)).to.deep.equal([1, 2]);
    await medium.release();
    expect((await Promise.all(second)).map(({ revision }) => revision)).to.deep.equal([3, 4, 5]);
    expect(medium.appends).to.deep.equal([1, 1]);
    await store.close();
  });

  it('shows readers and watchers only what is durable, transactions everything', async () => {
    const seen: string[] = [];
    const controller = new AbortController();
    const watching = (async () => {
      for await (const events of store.watch({ resource: 'pods', fromRevision: 0 }, controller.signal)) {
        seen.push(...events.map(({ current }) => current.key.name));
        if (seen.length === 2) controller.abort();
      }
    })();
    const first = put('a');
    const staged = store.transact((draft) => {
      expect(names(draft)).to.deep.equal(['a']);
      return draft.put(podKey('b'), pod('b'));
    });
    await turn();
    expect([names(store), store.revision, seen]).to.deep.equal([[], 0, []]);
    await medium.release();
    await Promise.all([first, staged, watching]);
    expect([names(store), store.revision, seen]).to.deep.equal([['a', 'b'], 2, ['a', 'b']]);
    await store.close();
  });

  it('shows transactions the newest write of a key, and only that, while older ones become durable', async () => {
    const write = (note: string) => store.transact((draft) => draft.put(podKey('a'), pod('a', { note })));
    const look = () =>
      store.transact((draft) => {
        const listed = draft.list({ resource: 'pods' });
        expect(listed).to.deep.equal([draft.get(podKey('a'))]);
        return [listed[0]?.object()['note'], store.get(podKey('a'))?.object()['note']];
      });
    const first = write('one');
    await turn();
    await turn();
    const second = write('two');
    const looks = [look()];
    await medium.release();
    await first;
    looks.push(look());
    await medium.release();
    await second;
    looks.push(look());
    expect(await Promise.all(looks)).to.deep.equal([
      ['two', undefined],
      ['two', 'one'],
      ['two', 'two'],
    ]);
    const deletion = store.transact((draft) => draft.delete(podKey('a')));
    const after = store.transact((draft) => [draft.list({ resource: 'pods' }), draft.dependents('x')]);
    await medium.release();
    await deletion;
    expect(await after).to.deep.equal([[], []]);
    await store.close();
  });

  it('tells watchers before the caller', async () => {
    const order: string[] = [];
    const watch = store.watch({ resource: 'pods', fromRevision: 0 }, new AbortController().signal);
    const events = watch[Symbol.asyncIterator]();
    const watched = events.next().then(() => order.push('watcher'));
    const answered = put('a').then(() => order.push('caller'));
    await medium.release();
    await Promise.all([watched, answered]);
    expect(order).to.deep.equal(['watcher', 'caller']);
    await store.close();
  });

  it('lets a transaction that only read, or failed, wait for what it saw', async () => {
    const write = put('a');
    const read = store.transact((draft) => names(draft));
    const failed = store.transact((draft) => {
      throw new Error(`saw ${names(draft).join()}`);
    });
    failed.catch(() => undefined);
    expect([await settled(read), await settled(failed)]).to.deep.equal([false, false]);
    await medium.release();
    expect(await read).to.deep.equal(['a']);
    expect((await rejection(failed)).message).to.equal('saw a');
    await write;
    expect(await store.transact((draft) => names(draft))).to.deep.equal(['a']);
    expect(medium.appends).to.deep.equal([1]);
    await store.close();
  });

  it('undoes only the body that threw, among others of its group', async () => {
    const writes = [
      put('a'),
      store.transact((draft) => {
        draft.delete(podKey('a'));
        draft.put(podKey('b'), pod('b'));
        throw new Error('no');
      }),
      put('c'),
    ];
    const results = Promise.allSettled(writes);
    await medium.release();
    expect((await results).map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
    expect([names(store), store.revision]).to.deep.equal([['a', 'c'], 2]);
    await store.close();
  });

  it('ends when the journal refuses: nobody is told a lie', async () => {
    const sent = [put('a'), put('b')].map((write) => refusedWith(write));
    await turn();
    await turn();
    const waiting = refusedWith(put('c'));
    medium.fail(new Error('disk gone'));
    for (const error of await Promise.all(sent)) {
      expect([error.reason, error.details]).to.deep.equal(['Timeout', undefined]);
      expect(error.message).to.contain('whether this write was kept is not known').and.to.contain('disk gone');
    }
    for (const error of [await waiting, await refusedWith(put('d'))]) {
      expect([error.reason, error.details]).to.deep.equal(['ServiceUnavailable', { retryAfterSeconds: 1 }]);
      expect(error.message).to.contain('nothing of this write was kept').and.to.contain('disk gone');
    }
    expect([names(store), store.revision]).to.deep.equal([[], 0]);
    await store.close();
  });

  it('closes when everything that was accepted is durable', async () => {
    const write = put('a');
    const closed = store.close();
    expect((await rejection(put('b'))).message).to.contain('closing');
    expect(await settled(closed)).to.equal(false);
    await medium.release();
    await closed;
    expect((await write).revision).to.equal(1);
  });

  it('does not put more than about a quarter of a megabyte into one batch', async () => {
    const storage = createMemoryStorage();
    const large = await openStore(createMemoryMedium(storage, 10_000_000));
    const note = 'x'.repeat(100_000);
    const writes = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      large.transact((draft) => draft.put(podKey(name), pod(name, { note }))),
    );
    await Promise.all(writes);
    expect(storage.entries.size).to.equal(2);
    await large.close();
  });
});

describe('store: opening', () => {
  it('serves lists from the indexes as from a scan, whatever changed', async () => {
    const store = await openStore();
    await store.transact((draft) => {
      for (let at = 0; at < 60; at++) {
        const metadata = { name: `p${at}`, labels: { parity: at % 2 ? 'odd' : 'even', app: 'web' } };
        draft.put(podKey(`p${at}`, `ns${at % 3}`), pod(`p${at}`, { metadata, spec: { nodeName: `n${at % 5}` } }));
      }
    });
    await store.transact((draft) => {
      draft.delete(podKey('p0', 'ns0'));
      draft.put(podKey('p15', 'ns0'), pod('p15', { spec: { nodeName: 'n1' } }));
    });
    const namesOf = (query: object) => store.list({ resource: 'pods', ...query }).map(({ key }) => key.name);
    expect(namesOf({ labels: { parity: 'even' }, fields: { 'spec.nodeName': 'n0' } })).to.deep.equal([
      'p30',
      'p10',
      'p40',
      'p20',
      'p50',
    ]);
    expect(namesOf({ namespace: 'ns0', fields: { 'spec.nodeName': 'n1' } })).to.deep.equal([
      'p15',
      'p21',
      'p36',
      'p51',
      'p6',
    ]);
    expect(namesOf({ name: 'p7' })).to.deep.equal(['p7']);
    expect(namesOf({ labels: { parity: 'neither' } })).to.deep.equal([]);
    expect(namesOf({ filter: ({ key }: { key: { name: string } }) => key.name === 'p9' })).to.deep.equal(['p9']);
    await store.close();
  });

  it('does not touch the medium when nothing is written', async () => {
    const medium = createGatedMedium();
    const store = await openStore(medium);
    for (let turns = 0; turns < 10; turns++) await turn();
    expect([medium.appends, contents(store)]).to.deep.equal([[], []]);
    await store.close();
  });
});

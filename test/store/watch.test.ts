import { expect } from 'chai';
import type { Store, StoreEvent, WatchQuery } from '../../src/store/store.ts';
import { openStore, pod, podKey, refusedWith } from '../support/store-objects.ts';

const text = ({ revision, current, previous, deleted }: StoreEvent) =>
  `${revision} ${previous ? (deleted ? 'deleted' : 'modified') : 'added'} ${current.key.namespace}/${current.key.name}`;

describe('store: watches', () => {
  let store: Store;
  let controller: AbortController;
  const put = (name: string, namespace?: string) =>
    store.transact((draft) => draft.put(podKey(name, namespace), pod(name)));
  const watch = (query: Partial<WatchQuery> = {}) =>
    store.watch({ resource: 'pods', fromRevision: 0, ...query }, controller.signal)[Symbol.asyncIterator]();
  const next = async (watching: AsyncIterator<readonly StoreEvent[]>) => {
    const result = (await watching.next()) as IteratorResult<readonly StoreEvent[], undefined>;
    return result.done ? 'end' : result.value.map(text);
  };
  const limited = async (events: number) => {
    await store.close();
    store = await openStore(undefined, { history: { events, bytes: 1_000_000 } });
  };

  beforeEach(async () => {
    store = await openStore();
    controller = new AbortController();
  });
  afterEach(async () => {
    controller.abort();
    await store.close();
  });

  it('replays from any revision, then goes on', async () => {
    await put('a');
    await put('a');
    await store.transact((draft) => draft.delete(podKey('a')));
    const [all, rest] = [watch(), watch({ fromRevision: 2 })];
    expect(await next(all)).to.deep.equal(['1 added default/a', '2 modified default/a', '3 deleted default/a']);
    expect(await next(rest)).to.deep.equal(['3 deleted default/a']);
    const [one, other] = [next(all), next(rest)];
    await put('b');
    expect([await one, await other]).to.deep.equal([['4 added default/b'], ['4 added default/b']]);
  });

  it('delivers the writes of one batch as one array, and shares the events', async () => {
    const [one, other] = [watch(), watch()];
    const waiting = [one.next(), other.next()];
    await Promise.all([put('a'), put('b'), put('c')]);
    const [first, second] = (await Promise.all(waiting)).map(({ value }) => value as readonly StoreEvent[]);
    expect(first?.map(text)).to.deep.equal(['1 added default/a', '2 added default/b', '3 added default/c']);
    expect(first?.every((event, at) => event === second?.[at])).to.equal(true);
  });

  it('delivers only what was asked for', async () => {
    const inProd = watch({ namespace: 'prod' });
    const oneName = watch({ namespace: 'prod', name: 'b' });
    const anyNamespace = watch({ name: 'b' });
    await put('a', 'prod');
    await put('b');
    await put('b', 'prod');
    await store.transact((draft) => draft.put({ resource: 'nodes', namespace: 'prod', name: 'b' }, pod('b')));
    expect(await next(inProd)).to.deep.equal(['1 added prod/a', '3 added prod/b']);
    expect(await next(oneName)).to.deep.equal(['3 added prod/b']);
    expect(await next(anyNamespace)).to.deep.equal(['2 added default/b', '3 added prod/b']);
    const waiting = next(oneName);
    await put('c', 'prod');
    await put('b', 'prod');
    expect(await waiting).to.deep.equal(['6 modified prod/b']);
  });

  it('keeps a quiet watch alive however far the others run', async () => {
    await limited(5);
    const quiet = watch({ namespace: 'prod', name: 'b' });
    const waiting = next(quiet);
    for (let round = 0; round < 20; round++) await put(`p${round}`);
    await put('b', 'prod');
    expect(await waiting).to.deep.equal(['21 added prod/b']);
  });

  it('cuts off who falls behind the history, instead of waiting or remembering', async () => {
    await limited(5);
    const slow = watch();
    await put('a');
    expect(await next(slow)).to.deep.equal(['1 added default/a']);
    for (let round = 0; round < 7; round++) await put(`p${round}`);
    expect((await refusedWith(slow.next())).reason).to.equal('Expired');
    expect(await next(slow)).to.equal('end');
  });

  it('refuses to begin below the history, and says where one can', async () => {
    await limited(3);
    for (let round = 0; round < 10; round++) await put(`p${round}`);
    expect(store.oldestWatchableRevision).to.equal(7);
    const { code, message } = await refusedWith(watch({ fromRevision: 6 }).next());
    expect([code, message]).to.deep.equal([410, 'too old resource version: 6 (7)']);
    expect(await next(watch({ fromRevision: 7 }))).to.have.length(3);
  });

  it('bounds the history by bytes', async () => {
    await store.close();
    store = await openStore(undefined, { history: { events: 1000, bytes: 4000 } });
    for (let round = 0; round < 20; round++) await put(`p${round}`);
    expect(store.revision - store.oldestWatchableRevision).to.be.within(1, 5);
  });

  it('refuses a revision from the future: the state was put back', async () => {
    await put('a');
    const { code, message } = await refusedWith(watch({ fromRevision: 2 }).next());
    expect(code).to.equal(410);
    expect(message).to.contain('list again');
  });

  it('replays long histories in pages, complete and in order', async () => {
    await store.transact((draft) => {
      for (let round = 0; round < 2500; round++) draft.put(podKey(`p${round % 10}`, `ns${round % 2}`), pod('p'));
    });
    const watching = watch({ namespace: 'ns1' });
    const sizes: number[] = [];
    const revisions: number[] = [];
    while (revisions.length < 1250) {
      const { value } = (await watching.next()) as IteratorYieldResult<readonly StoreEvent[]>;
      sizes.push(value.length);
      revisions.push(...value.map(({ revision }) => revision));
    }
    expect(Math.max(...sizes)).to.be.at.most(1000);
    expect(revisions).to.deep.equal(Array.from({ length: 1250 }, (_, at) => 2 * at + 2));
  });

  it('ends when its signal aborts, waiting or not, and when the store closes', async () => {
    const [waiting, closing] = [
      watch(),
      store.watch({ resource: 'pods', fromRevision: 0 }, new AbortController().signal)[Symbol.asyncIterator](),
    ];
    const [aborted, closed] = [next(waiting), next(closing)];
    controller.abort();
    expect(await aborted).to.equal('end');
    expect(await next(watch())).to.equal('end');
    await store.close();
    expect(await closed).to.equal('end');
    const left = watch({ fromRevision: 0 });
    await left.return?.();
    expect(await next(left)).to.equal('end');
    store = await openStore();
  });
});

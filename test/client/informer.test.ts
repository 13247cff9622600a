import { expect } from 'chai';
import type { Pod } from '../../src/api/types.gen.ts';
import { StatusError } from '../../src/api/status-error.ts';
import { createInformer, type Informer } from '../../src/client/informer.ts';
import { createInformers } from '../../src/client/informers.ts';
import { createConsistentClient } from '../../src/client/consistent-client.ts';
import { refOf } from '../../src/client/paths.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createMemoryApi, type MemoryApi } from '../support/memory-api.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';

const pods = { group: '', version: 'v1', plural: 'pods' };
const pod = (name: string, labels: Record<string, string> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels },
});

describe('client/informer', () => {
  let clock: FakeClock;
  let api: MemoryApi;
  let informer: Informer<Pod>;
  let stopping: AbortController;
  let running: Promise<void>;
  let told: string[];

  const subscribe = () =>
    informer.subscribe({
      added: (object) => told.push(`+${object.metadata.name}`),
      updated: (object, previous) =>
        told.push(`~${previous.metadata.resourceVersion}>${object.metadata.resourceVersion}`),
      deleted: (object) => told.push(`-${object.metadata.name}`),
    });
  beforeEach(() => {
    clock = createFakeClock();
    api = createMemoryApi(clock);
    stopping = new AbortController();
    told = [];
    const byApp = (object: Pod) => Object.values(object.metadata.labels ?? {});
    informer = createInformer<Pod>(api, pods, { clock, log: silentLog, indexers: { label: byApp } });
  });
  const start = async () => {
    running = informer.run(stopping.signal);
    await clock.advance(0);
  };
  afterEach(async () => {
    stopping.abort();
    await running;
  });
  const names = () =>
    informer
      .list()
      .map((object) => object.metadata.name)
      .sort();

  it('lists, then follows, in order', async () => {
    await api.create(pods, pod('a'));
    subscribe();
    await start();
    await informer.synced;
    const b = await api.create(pods, pod('b'));
    await api.update(pods, { ...b, metadata: { ...b.metadata, labels: { app: 'x' } } });
    await api.delete(refOf(pods, b));
    await clock.advance(0);
    expect(told).to.deep.equal(['+a', '+b', '~2>3', '-b']);
    expect(informer.size).to.equal(1);
    expect(informer.revision).to.equal(api.revision);
  });

  it('tells a late subscriber of what is there, and nobody who has left', async () => {
    await api.create(pods, pod('a'));
    await start();
    const leave = subscribe();
    expect(told).to.deep.equal(['+a']);
    leave();
    await api.create(pods, pod('b'));
    await clock.advance(0);
    expect(told).to.deep.equal(['+a']);
  });

  it('keeps its indexes in step', async () => {
    await start();
    const a = await api.create(pods, pod('a', { app: 'web' }));
    await clock.advance(0);
    expect(informer.byIndex('label', 'web')).to.have.length(1);
    await api.update(pods, { ...a, metadata: { ...a.metadata, labels: { app: 'db' } } });
    await clock.advance(0);
    expect(informer.countByIndex('label', 'web')).to.equal(0);
    expect(informer.byIndex('label', 'db').map((object) => object.metadata.name)).to.deep.equal(['a']);
    informer.addIndex('late', (object) => [object.metadata.name ?? '']);
    expect(informer.byIndex('late', 'a')).to.have.length(1);
    expect(informer.list('shop')).to.have.length(1);
    expect(informer.list('other')).to.have.length(0);
    expect(() => informer.byIndex('none', 'x')).to.throw('no index "none"');
  });

  it('resumes after a broken watch from where it was, without a list', async () => {
    await api.create(pods, pod('a'));
    subscribe();
    await start();
    let lists = 0;
    api.intercept = ({ verb }) => void (lists += verb === 'list' ? 1 : 0);
    api.dropWatches(new StatusError('ServiceUnavailable', 'going down'));
    await api.create(pods, pod('b'));
    await clock.advance(60_000);
    expect(told).to.deep.equal(['+a', '+b']);
    expect(lists).to.equal(0);
  });

  it('lists again when the past is gone, and tells the difference', async () => {
    const a = await api.create(pods, pod('a'));
    await api.create(pods, pod('b'));
    await api.create(pods, pod('same'));
    subscribe();
    await start();
    const same = informer.get('shop', 'same');
    told = [];
    api.dropWatches(new StatusError('ServiceUnavailable', 'going down'));
    await api.delete(refOf(pods, a));
    const b = api.peek<Pod>(pods, 'shop', 'b')!;
    await api.delete(refOf(pods, b));
    await api.create(pods, pod('b'));
    await api.create(pods, pod('c'));
    api.compact();
    await clock.advance(60_000);
    expect(told).to.have.members(['-a', '-b', '+b', '+c']);
    expect(names()).to.deep.equal(['b', 'c', 'same']);
    expect(informer.get('shop', 'same'), 'what has not changed is kept').to.equal(same);
  });

  it('spares a list after a bookmark, though the history before it is gone', async () => {
    await api.create(pods, pod('a'));
    await start();
    await api.create({ group: '', version: 'v1', plural: 'configmaps' }, { ...pod('x'), kind: 'ConfigMap' });
    api.bookmark();
    await clock.advance(0);
    api.compact();
    let lists = 0;
    api.intercept = ({ verb }) => void (lists += verb === 'list' ? 1 : 0);
    api.dropWatches();
    await clock.advance(60_000);
    expect(lists).to.equal(0);
    await api.create(pods, pod('b'));
    await clock.advance(0);
    expect(names()).to.deep.equal(['a', 'b']);
  });

  it('backs off while the server fails, and recovers', async () => {
    let attempts = 0;
    api.intercept = ({ verb }) => {
      if (verb === 'list' && ++attempts <= 5) throw new StatusError('InternalError', 'broken');
    };
    await api.create(pods, pod('a'));
    await start();
    expect(attempts).to.equal(1);
    await clock.advance(1_000);
    expect(attempts, 'not a busy loop').to.be.lessThan(5);
    await clock.advance(60_000);
    expect(names()).to.deep.equal(['a']);
  });

  it('does not ask in a busy loop when watches end at once', async () => {
    await start();
    let watches = 0;
    api.intercept = ({ verb }) => {
      if (verb !== 'watch') return;
      watches += 1;
      throw new StatusError('InternalError', 'broken');
    };
    api.dropWatches();
    await clock.advance(10_000);
    expect(watches).to.be.within(2, 10);
  });

  it('survives a subscriber that throws', async () => {
    informer.subscribe({
      added: () => {
        throw new Error('mine');
      },
    });
    subscribe();
    await start();
    await api.create(pods, pod('a'));
    await clock.advance(0);
    expect(told).to.deep.equal(['+a']);
  });

  it('keeps less when told to', async () => {
    const slim = createInformer<Pod>(api, pods, {
      clock,
      log: silentLog,
      project: ({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata }),
    });
    await api.create(pods, { ...pod('a'), spec: { containers: [] } });
    running = slim.run(stopping.signal);
    await clock.advance(0);
    expect(slim.get('shop', 'a')).to.not.have.property('spec');
  });

  it('lets callers wait for what it will show', async () => {
    await start();
    let done = false;
    const waiting = informer
      .until(() => informer.get('shop', 'a') !== undefined, stopping.signal)
      .then(() => (done = true));
    await clock.advance(0);
    expect(done).to.equal(false);
    await api.create(pods, pod('a'));
    await waiting;
    const hopeless = informer.until(() => false, stopping.signal).catch((error: unknown) => error);
    stopping.abort(new Error('stopped'));
    expect(await hopeless)
      .to.be.an('error')
      .with.property('message', 'stopped');
    const late = informer.until(() => false, stopping.signal).catch((error: unknown) => error);
    expect(await late).to.be.an('error');
  });
});

describe('client/consistent-client', () => {
  it('resolves writes only when the cache shows them', async () => {
    const clock = createFakeClock();
    const api = createMemoryApi(clock);
    const informers = createInformers(api, { clock, log: silentLog });
    const cache = informers.of<Pod>(pods);
    expect(informers.of(pods)).to.equal(cache);
    const stopping = new AbortController();
    const running = informers.run(stopping.signal);
    await informers.synced();
    const client = createConsistentClient(api, informers, stopping.signal);
    const created = await client.create(pods, pod('a'));
    expect(cache.get('shop', 'a')).to.deep.equal(created);
    const updated = await client.update(pods, { ...created, spec: { nodeName: 'n', containers: [] } });
    expect(cache.get('shop', 'a')).to.deep.equal(updated);
    const patched = await client.patch(refOf(pods, created), { metadata: { labels: { x: 'y' } } }, { type: 'merge' });
    expect(cache.get('shop', 'a')).to.deep.equal(patched);
    await client.delete(refOf(pods, created));
    expect(cache.get('shop', 'a')?.metadata.deletionTimestamp, 'on its way out').to.be.a('string');
    await client.delete(refOf(pods, created), { gracePeriodSeconds: 0 });
    await client.create({ ...pods, plural: 'secrets' }, { ...pod('s'), kind: 'Secret' });
    const late = informers.of({ ...pods, plural: 'secrets' });
    await late.synced;
    expect(late.size, 'an informer asked for late is started at once').to.equal(1);
    stopping.abort();
    await running;
  });
});

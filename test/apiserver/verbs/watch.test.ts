import { expect } from 'chai';
import { StatusError } from '../../../src/api/status-error.ts';
import type { Store } from '../../../src/store/store.ts';
import { configMap, createApi, pod, watchEvents } from '../api-fixture.ts';
import type { Api, Body, Json } from '../api-fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const brief = (event: Json | undefined): string =>
  event === undefined ? 'end' : `${event['type'] as string} ${event['object'].metadata.name}`;

describe('watch', () => {
  let api: Api;
  beforeEach(async () => {
    api = await createApi();
  });
  afterEach(() => api.close());

  const put = (name: string, labels: Body = {}, data: Record<string, string> = {}) =>
    api.call(`POST ${maps}`, { body: configMap(name, data, { labels }) });
  const label = (name: string, value: string | null) =>
    api.call(`PATCH ${maps}/${name}`, {
      body: { metadata: { labels: { app: value } } },
      type: 'application/merge-patch+json',
    });

  it('announces what is there, then every change in order', async () => {
    await put('a');
    const stream = watchEvents(await api.open(`GET ${maps}?watch=true`));
    expect(brief(await stream.next())).to.equal('ADDED a');
    await put('b');
    await label('a', 'x');
    await api.call(`DELETE ${maps}/b`);
    expect(brief(await stream.next())).to.equal('ADDED b');
    expect(brief(await stream.next())).to.equal('MODIFIED a');
    const gone = await stream.next();
    expect(brief(gone)).to.equal('DELETED b');
    expect(gone?.['object'].metadata.resourceVersion).to.equal(String(api.store.revision));
    await stream.stop();
  });

  it('goes on after a revision without announcing', async () => {
    await put('a');
    const from = api.store.revision;
    await put('b');
    const stream = watchEvents(await api.open(`GET ${maps}?watch=1&resourceVersion=${from}`));
    expect(brief(await stream.next())).to.equal('ADDED b');
    await stream.stop();
  });

  it('adds what enters the selection and deletes what leaves it, in its last selected state', async () => {
    await put('a', { app: 'web' });
    const stream = watchEvents(
      await api.open(`GET ${maps}?watch=true&labelSelector=app%3Dweb&resourceVersion=${api.store.revision}`),
    );
    await put('b', { app: 'other' });
    await label('b', 'web');
    await label('a', 'other');
    expect(brief(await stream.next())).to.equal('ADDED b');
    const left = await stream.next();
    expect(brief(left)).to.equal('DELETED a');
    expect(left?.['object'].metadata.labels).to.deep.equal({ app: 'web' });
    expect(left?.['object'].metadata.resourceVersion).to.equal(String(api.store.revision));
    await api.call(`DELETE ${maps}/a`);
    await api.call(`DELETE ${maps}/b`);
    expect(brief(await stream.next())).to.equal('DELETED b');
    await stream.stop();
  });

  it('watches one object as kubectl does', async () => {
    await put('a');
    await put('b');
    const stream = watchEvents(
      await api.open(`GET ${maps}?fieldSelector=metadata.name%3Db&resourceVersion=0&watch=true`),
    );
    expect(brief(await stream.next())).to.equal('ADDED b');
    await label('a', 'x');
    await label('b', 'x');
    expect(brief(await stream.next())).to.equal('MODIFIED b');
    await stream.stop();
  });

  it('marks the end of the initial events', async () => {
    await put('a');
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const stream = watchEvents(await api.open(`GET ${maps}?${query}`));
    expect(brief(await stream.next())).to.equal('ADDED a');
    expect(await stream.next()).to.deep.equal({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: {
          resourceVersion: String(api.store.revision),
          creationTimestamp: null,
          annotations: { 'k8s.io/initial-events-end': 'true' },
        },
      },
    });
    await stream.stop();
  });

  it('sends bookmarks when others write, ends in time, and refuses impossible wishes', async () => {
    const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=200&resourceVersion=${api.store.revision}`;
    const stream = watchEvents(await api.open(`GET ${maps}?${query}`));
    const first = stream.next();
    await api.call('POST /api/v1/namespaces/default/secrets', { body: { metadata: { name: 's' } } });
    await api.clock.advance(60_000);
    await api.clock.advance(60_000);
    expect(await first).to.include({ type: 'BOOKMARK' });
    const end = stream.next();
    await api.clock.advance(100_000);
    expect(brief(await end)).to.equal('end');
    const cases: [string, number][] = [
      ['watch=true&sendInitialEvents=true', 422],
      ['watch=true&resourceVersionMatch=NotOlderThan&resourceVersion=1', 422],
      ['watch=true&resourceVersion=99999', 504],
    ];
    for (const [wish, status] of cases) expect((await api.call(`GET ${maps}?${wish}`)).status, wish).to.equal(status);
  });

  it('ends when the caller goes away', async () => {
    const controller = new AbortController();
    const stream = watchEvents(await api.open(`GET ${maps}?watch=true`, { signal: controller.signal }));
    const next = stream.next();
    controller.abort();
    expect(await next).to.equal(undefined);
  });

  it('shows tables, the columns once, and metadata only', async () => {
    await api.call('POST /api/v1/namespaces/default/pods', { body: pod('a') });
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const stream = watchEvents(await api.open('GET /api/v1/namespaces/default/pods?watch=true', { accept }));
    const first = await stream.next();
    expect(first?.['object'].kind).to.equal('Table');
    expect(first?.['object'].columnDefinitions[0]!.name).to.equal('Name');
    expect(first?.['object'].rows[0]!.cells.slice(0, 4)).to.deep.equal(['a', '0/1', 'Pending', '0']);
    await api.call('POST /api/v1/namespaces/default/pods', { body: pod('b') });
    expect((await stream.next())?.['object'].columnDefinitions).to.equal(null);
    await stream.stop();
    const partial = watchEvents(
      await api.open('GET /api/v1/namespaces/default/pods?watch=true', {
        accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
      }),
    );
    expect((await partial.next())?.['object']).to.have.all.keys('kind', 'apiVersion', 'metadata');
    await partial.stop();
  });

  it('ends with an ERROR event when the store cuts it off, and answers 410 before it begins', async () => {
    const cutOff = {
      // eslint-disable-next-line require-yield -- it fails before it has anything to give
      watch: async function* (): AsyncGenerator<never> {
        throw await Promise.resolve(new StatusError('Expired', 'too old'));
      },
      oldestWatchableRevision: 2,
    };
    const store = Object.create(api.store) as Store;
    Object.defineProperties(store, Object.getOwnPropertyDescriptors(cutOff));
    const other = await createApi({ store });
    const stream = watchEvents(await other.open(`GET ${maps}?watch=true`));
    expect((await stream.next())?.object).to.include({ code: 410, reason: 'Expired', message: 'too old' });
    expect(await stream.next()).to.equal(undefined);
    const late = await other.call(`GET ${maps}?watch=true&resourceVersion=1`);
    expect([late.status, late.json.message]).to.deep.equal([410, 'too old resource version: 1 (2)']);
    await other.close();
  });

  it('marks the end of the initial events in tables too', async () => {
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const stream = watchEvents(await api.open(`GET ${maps}?${query}`, { accept }));
    const bookmark = await stream.next();
    expect(bookmark).to.include({ type: 'BOOKMARK' });
    const row = bookmark?.object.rows[0]?.object as Json;
    expect(row.metadata['annotations']).to.deep.equal({ 'k8s.io/initial-events-end': 'true' });
    await stream.stop();
  });

  it('watches one object by its own path', async () => {
    await put('a');
    await put('b');
    const stream = watchEvents(await api.open(`GET ${maps}/b?watch=true`));
    expect(brief(await stream.next())).to.equal('ADDED b');
    await stream.stop();
  });
});

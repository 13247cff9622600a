import { expect } from 'chai';
import { configMap, createApi, pod } from '../api-fixture.ts';
import type { Api, Json } from '../api-fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const names = (list: Json): string[] => (list['items'] as Json[]).map((item) => item['metadata'].name);

describe('list', () => {
  let api: Api;
  beforeEach(async () => {
    api = await createApi();
  });
  afterEach(() => api.close());

  const fill = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      const labels = { parity: index % 2 === 0 ? 'even' : 'odd' };
      await api.call(`POST ${maps}`, { body: configMap(`m${index}`, {}, { labels }) });
    }
  };

  it('has items even when there are none', async () => {
    const { json } = await api.call(`GET ${maps}`);
    expect(json).to.deep.equal({
      kind: 'ConfigMapList',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(api.store.revision) },
      items: [],
    });
  });

  it('selects by labels and fields', async () => {
    await fill(5);
    expect(names((await api.call(`GET ${maps}?labelSelector=parity%3Dodd`)).json)).to.deep.equal(['m1', 'm3']);
    expect(names((await api.call(`GET ${maps}?labelSelector=parity+notin+(odd)`)).json)).to.have.length(3);
    expect(names((await api.call(`GET ${maps}?fieldSelector=metadata.name%3Dm2`)).json)).to.deep.equal(['m2']);
    expect(names((await api.call(`GET ${maps}?fieldSelector=metadata.name!%3Dm2`)).json)).to.have.length(4);
    const unknown = await api.call(`GET ${maps}?fieldSelector=spec.colour%3Dred`);
    expect(unknown.status).to.equal(400);
    expect(unknown.json['message']).to.match(/^field label not supported: spec.colour/);
  });

  it('finds pods by node and phase, and events by an empty field', async () => {
    await api.call('POST /api/v1/namespaces/default/pods', { body: pod('a', { spec: { nodeName: 'n1' } }) });
    await api.call('POST /api/v1/namespaces/other/pods', { body: pod('b') });
    const query = 'fieldSelector=spec.nodeName%3Dn1,status.phase!%3DSucceeded,status.phase!%3DFailed';
    expect(names((await api.call(`GET /api/v1/pods?${query}`)).json)).to.deep.equal(['a']);
    const events = await api.call(
      'GET /api/v1/events?fieldSelector=involvedObject.namespace%3D,involvedObject.name%3Dx',
    );
    expect(events.json['items']).to.deep.equal([]);
  });

  it('shows one revision on all pages', async () => {
    await fill(5);
    const first = (await api.call(`GET ${maps}?limit=2`)).json;
    expect(names(first)).to.deep.equal(['m0', 'm1']);
    expect(first['metadata'].remainingItemCount).to.equal(3);
    await api.call(`DELETE ${maps}/m3`);
    await api.call(`POST ${maps}`, { body: configMap('m2b') });
    const token = first['metadata'].continue;
    const second = (await api.call(`GET ${maps}?limit=2&continue=${token}`)).json;
    expect(names(second)).to.deep.equal(['m2', 'm3']);
    expect(second['metadata'].resourceVersion).to.equal(first['metadata'].resourceVersion);
    const third = (await api.call(`GET ${maps}?limit=2&continue=${second['metadata'].continue}`)).json;
    expect(names(third)).to.deep.equal(['m4']);
    expect(third['metadata']).to.have.all.keys('resourceVersion');
  });

  it('counts what remains only without selectors', async () => {
    await fill(5);
    const { metadata } = (await api.call(`GET ${maps}?limit=1&labelSelector=parity%3Deven`)).json as {
      metadata: Json;
    };
    expect(metadata).to.have.property('continue');
    expect(metadata).not.to.have.property('remainingItemCount');
  });

  it('answers 410 for a page that is kept no longer, with a token for the rest as it is', async () => {
    await fill(4);
    const token = (await api.call(`GET ${maps}?limit=2`)).json['metadata'].continue;
    await api.clock.advance(6 * 60_000);
    const gone = await api.call(`GET ${maps}?limit=2&continue=${token}`);
    expect([gone.status, gone.json['reason']]).to.deep.equal([410, 'Expired']);
    await api.call(`DELETE ${maps}/m2`);
    const rest = await api.call(`GET ${maps}?limit=2&continue=${gone.json['metadata'].continue}`);
    expect(names(rest.json)).to.deep.equal(['m3']);
  });

  it('refuses tokens that are not its own or belong to another list', async () => {
    await fill(3);
    const token = (await api.call(`GET ${maps}?limit=1`)).json['metadata'].continue;
    expect((await api.call(`GET ${maps}?limit=1&continue=abc`)).status).to.equal(400);
    const other = await api.call(`GET /api/v1/configmaps?limit=1&continue=${token}`);
    expect(other.json['message']).to.equal('continue key is not valid: it belongs to a list with other parameters');
  });

  it('keeps the rules about resourceVersion and resourceVersionMatch', async () => {
    const cases: [string, number][] = [
      ['resourceVersion=0', 200],
      ['resourceVersion=1', 200],
      ['resourceVersion=abc', 400],
      ['resourceVersionMatch=Exact', 422],
      ['resourceVersionMatch=Exact&resourceVersion=0', 422],
      ['resourceVersionMatch=NotOlderThan&resourceVersion=0', 200],
      ['resourceVersionMatch=NotOlderThan&continue=x&resourceVersion=1', 422],
      ['resourceVersionMatch=Sometimes&resourceVersion=1', 422],
      ['resourceVersionMatch=Exact&resourceVersion=1', 410],
      ['sendInitialEvents=true', 422],
      ['limit=-1', 400],
    ];
    for (const [query, expected] of cases) {
      expect((await api.call(`GET ${maps}?${query}`)).status, query).to.equal(expected);
    }
    const future = await api.call(`GET ${maps}?resourceVersion=999999`);
    expect(future.status).to.equal(504);
    expect(future.json['details']).to.deep.equal({
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    });
    expect(future.headers['retry-after']).to.equal('1');
  });

  it('streams long lists in pieces', async () => {
    await fill(3);
    const response = await api.open(`GET ${maps}`);
    const sizes: number[] = [];
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) sizes.push(chunk.length);
    expect(sizes.length).to.be.greaterThan(2);
  });
});

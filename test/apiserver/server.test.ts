import { expect } from 'chai';
import { StatusError } from '../../src/api/status-error.ts';
import type { Store } from '../../src/store/store.ts';
import { createBootstrapObjects } from '../../src/apiserver/bootstrap.ts';
import { configMap, createApi } from './api-fixture.ts';
import type { Api } from './api-fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';

describe('createApiHandler', () => {
  let api: Api;
  beforeEach(async () => {
    api = await createApi();
  });
  afterEach(() => api.close());

  it('answers unknown paths in plain text and missing objects with a Status', async () => {
    for (const path of [
      '/foo',
      '/apis/nosuch/v1/things',
      '/api/v1/things',
      '/api/v1/namespaces/a//pods',
      '/api/v1/pods/x',
    ]) {
      const { status, text, headers } = await api.call(`GET ${path}`);
      expect([status, text], path).to.deep.equal([404, '404 page not found\n']);
      expect(headers['content-type']).to.match(/^text\/plain/);
    }
    const { json } = await api.call(`GET ${maps}/none`);
    expect(json).to.deep.include({ kind: 'Status', code: 404, message: 'configmaps "none" not found' });
    expect(json['details']).to.deep.equal({ name: 'none', kind: 'configmaps' });
  });

  it('refuses methods that a path does not have', async () => {
    for (const where of [`PUT ${maps}`, `PATCH ${maps}`, `POST ${maps}/a`, `BREW ${maps}/a`]) {
      expect((await api.call(where, { body: configMap('a') })).status, where).to.equal(405);
    }
  });

  it('lets nobody in without a credential, except to what is open', async () => {
    const { status, json } = await api.call(`GET ${maps}`, { anonymous: true });
    expect([status, json['message']]).to.deep.equal([401, 'Unauthorized']);
    await api.close();
    api = await createApi({ fixed: [() => ({ status: 200, headers: {}, body: Buffer.from('fixed') })] });
    expect((await api.call('GET /version', { anonymous: true })).text).to.equal('fixed');
    expect((await api.call('POST /version', { anonymous: true })).status).to.equal(401);
    expect((await api.call('GET /apis', { anonymous: true })).status).to.equal(401);
  });

  it('asks the authoriser before anything happens', async () => {
    await api.close();
    api = await createApi({
      authorize: (user, access) => {
        throw new StatusError('Forbidden', `${user.username} may not ${access.verb} ${access.resource}`);
      },
    });
    const { status, json } = await api.call(`POST ${maps}`, { body: configMap('a') });
    expect([status, json['message']]).to.deep.equal([403, 'tester may not create configmaps']);
  });

  it('turns a fault of its own into an internal error', async () => {
    const failing: Partial<Store> = {
      get: () => {
        throw new Error('out of order');
      },
    };
    await api.close();
    api = await createApi({ store: { ...api.store, ...failing } });
    const { status, json } = await api.call(`GET ${maps}/a`);
    expect([status, json['message']]).to.deep.equal([500, 'Internal error occurred: out of order']);
  });

  it('gives up after a minute', async () => {
    await api.close();
    api = await createApi({ fixed: [() => new Promise<undefined>(() => undefined)] });
    const answer = api.call('GET /slow');
    await api.clock.advance(60_000);
    expect((await answer).json).to.include({ code: 504, reason: 'Timeout' });
  });

  it('answers in YAML, in tables and with metadata only, as asked', async () => {
    await api.call(`POST ${maps}`, { body: configMap('m', { a: '1' }) });
    const yaml = await api.call(`GET ${maps}/m`, { accept: 'application/yaml' });
    expect(yaml.text).to.contain('kind: ConfigMap\n');
    expect(yaml.headers['content-type']).to.equal('application/yaml');
    expect((await api.call(`GET ${maps}`, { accept: 'application/yaml' })).text).to.contain('items:\n');
    const protobufFirst = 'application/vnd.kubernetes.protobuf,application/json';
    expect((await api.call(`GET ${maps}/m`, { accept: protobufFirst })).json['kind']).to.equal('ConfigMap');
    const none = await api.call(`GET ${maps}/m`, { accept: 'application/json;as=Table;v=v2;g=meta.k8s.io' });
    expect(none.status).to.equal(406);
    const metadata = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const partial = await api.call(`GET ${maps}`, { accept: metadata });
    expect(partial.json).to.deep.include({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
    expect(partial.json['items'][0]).to.have.all.keys('kind', 'apiVersion', 'metadata');
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const rows = await api.call(`GET ${maps}/m`, { accept: table });
    expect(rows.json['columnDefinitions'].map((column: { name: string }) => column.name)).to.deep.equal([
      'Name',
      'Data',
      'Age',
    ]);
    expect(rows.json['rows'][0]!.cells).to.deep.equal(['m', 1, '0s']);
    expect(rows.json['rows'][0]!.object.kind).to.equal('PartialObjectMetadata');
    const whole = await api.call(`GET ${maps}?includeObject=Object`, { accept: table });
    expect(whole.json['rows'][0]!.object.data).to.deep.equal({ a: '1' });
    const bare = await api.call(`GET ${maps}?includeObject=None`, { accept: table });
    expect(bare.json['rows'][0]).to.have.all.keys('cells');
    expect((await api.call(`GET ${maps}?includeObject=Some`, { accept: table })).status).to.equal(400);
  });

  it('makes what every cluster has, once', async () => {
    await createBootstrapObjects(api.handle, 6443);
    const { revision } = api.store;
    await createBootstrapObjects(api.handle, 6443);
    expect(api.store.revision).to.equal(revision);
    const { json } = await api.call('GET /api/v1/namespaces/kube-system');
    expect(json['metadata'].labels).to.deep.equal({ 'kubernetes.io/metadata.name': 'kube-system' });
    expect((await api.call('GET /api/v1/namespaces/default/services/kubernetes')).json['spec']).to.include({
      clusterIP: '10.96.0.1',
      type: 'ClusterIP',
    });
  });
});

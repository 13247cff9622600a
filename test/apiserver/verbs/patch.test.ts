import { expect } from 'chai';
import { configMap, createApi, deployment } from '../api-fixture.ts';
import type { Api, Body, Json } from '../api-fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const web = '/apis/apps/v1/namespaces/default/deployments/web';
const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const json = 'application/json-patch+json';
const apply = 'application/apply-patch+yaml';

describe('patch', () => {
  let api: Api;
  beforeEach(async () => {
    api = await createApi();
    await api.call('POST /apis/apps/v1/namespaces/default/deployments', { body: deployment('web') });
    await api.call(`POST ${maps}`, { body: configMap('m', { a: '1', b: '2' }) });
  });
  afterEach(() => api.close());

  it('merges, strategically or not, and takes JSON patches', async () => {
    const merged = await api.call(`PATCH ${maps}/m`, { type: merge, body: { data: { a: null, c: '3' } } });
    expect([merged.status, merged.json['data']]).to.deep.equal([200, { b: '2', c: '3' }]);
    const sidecar = { spec: { template: { spec: { containers: [{ name: 'side', image: 'busybox:1' }] } } } };
    const two = await api.call(`PATCH ${web}`, { type: strategic, body: sidecar });
    expect(two.json['spec'].template.spec.containers.map((container: Json) => container['name'])).to.have.members([
      'main',
      'side',
    ]);
    const replicas = [{ op: 'replace', path: '/spec/replicas', value: 4 }];
    expect((await api.call(`PATCH ${web}`, { type: json, body: replicas })).json['spec'].replicas).to.equal(4);
  });

  it('refuses other formats and what it cannot carry out', async () => {
    const type = await api.call(`PATCH ${web}`, { type: 'application/json', body: {} });
    expect(type.status).to.equal(415);
    expect(type.json['message']).to.equal(
      `the body of the request was in an unknown format - accepted media types include: ${json}, ${merge}, ${strategic}, ${apply}`,
    );
    const failed = [{ op: 'test', path: '/spec/replicas', value: 9 }];
    expect((await api.call(`PATCH ${web}`, { type: json, body: failed })).status).to.equal(422);
    expect((await api.call(`PATCH ${maps}/none`, { type: merge, body: {} })).status).to.equal(404);
  });

  it('keeps the resourceVersion when nothing changes', async () => {
    const before = api.store.revision;
    await api.call(`PATCH ${maps}/m`, { type: merge, body: { data: { a: '1' } } });
    expect(api.store.revision).to.equal(before);
  });

  it('uses a resourceVersion in the patch as a lock', async () => {
    const body = { metadata: { resourceVersion: '1' }, data: { a: '9' } };
    expect((await api.call(`PATCH ${maps}/m`, { type: merge, body })).status).to.equal(409);
  });

  it('tells of unknown fields in the result', async () => {
    const body = { spec: { replica: 3 } };
    const strict = await api.call(`PATCH ${web}?fieldValidation=Strict`, { type: merge, body });
    expect(strict.status).to.equal(400);
    expect(strict.json['message']).to.contain('unknown field "spec.replica", did you mean "replicas"?');
    const warned = await api.call(`PATCH ${web}`, { type: merge, body });
    expect(warned.warnings).to.have.length(1);
  });

  it('patches the status alone through its subresource', async () => {
    const body = { spec: { replicas: 7 }, status: { replicas: 2 } };
    const { json: object } = await api.call(`PATCH ${web}/status`, { type: merge, body });
    expect([object['spec'].replicas, object['status'].replicas]).to.deep.equal([1, 2]);
  });

  describe('apply', () => {
    const config = (name: string, data: Body): Body => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      data,
    });

    it('creates with 201, changes with 200, and owns what it applies', async () => {
      const created = await api.call(`PATCH ${maps}/new?fieldManager=kubectl`, {
        type: apply,
        body: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: new\ndata:\n  a: "1"\n',
      });
      expect([created.status, created.json['data']]).to.deep.equal([201, { a: '1' }]);
      expect(created.json['metadata'].managedFields[0]).to.deep.include({
        manager: 'kubectl',
        operation: 'Apply',
        fieldsV1: { 'f:data': { 'f:a': {} } },
      });
      const dropped = await api.call(`PATCH ${maps}/new?fieldManager=kubectl`, {
        type: apply,
        body: config('new', { b: '2' }),
      });
      expect([dropped.status, dropped.json['data']]).to.deep.equal([200, { b: '2' }]);
      const before = api.store.revision;
      await api.call(`PATCH ${maps}/new?fieldManager=kubectl`, { type: apply, body: config('new', { b: '2' }) });
      expect(api.store.revision).to.equal(before);
    });

    it('names the conflicts, and takes over by force', async () => {
      const body = config('m', { a: 'other' });
      const refused = await api.call(`PATCH ${maps}/m?fieldManager=kubectl`, { type: apply, body });
      expect(refused.status).to.equal(409);
      expect(refused.json['message']).to.match(/^Apply failed with 1 conflict: conflict with "tester"/);
      expect(refused.json['details'].causes[0]).to.include({ reason: 'FieldManagerConflict', field: '.data.a' });
      const forced = await api.call(`PATCH ${maps}/m?fieldManager=kubectl&force=true`, { type: apply, body });
      expect([forced.status, forced.json['data']['a']]).to.deep.equal([200, 'other']);
    });

    it('needs a manager, and takes no managedFields', async () => {
      const nobody = await api.call(`PATCH ${maps}/m`, { type: apply, body: config('m', {}) });
      expect(nobody.status).to.equal(422);
      expect(nobody.json['message']).to.equal(
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      );
      const managed = { ...config('m', {}), metadata: { name: 'm', managedFields: [{ manager: 'x' }] } };
      const { status } = await api.call(`PATCH ${maps}/m?fieldManager=k`, { type: apply, body: managed });
      expect(status).to.equal(400);
    });

    it('refuses unknown fields strictly, and defaults nothing into ownership', async () => {
      const app = {
        apiVersion: 'tepui.dev/v1',
        kind: 'App',
        metadata: { name: 'web' },
        spec: { image: 'nginx:1', replica: 2 },
      };
      const path = '/apis/tepui.dev/v1/namespaces/default/apps/web?fieldManager=k';
      const strict = await api.call(`PATCH ${path}&fieldValidation=Strict`, { type: apply, body: app });
      expect(strict.json['message']).to.contain('unknown field "spec.replica", did you mean "replicas"?');
      const { json: made } = await api.call(`PATCH ${path}`, {
        type: apply,
        body: { ...app, spec: { image: 'nginx:1' } },
      });
      expect(made['spec'].replicas).to.equal(1);
      expect(made['metadata'].managedFields[0]!.fieldsV1).to.deep.equal({ 'f:spec': { 'f:image': {} } });
    });

    it('stores nothing in a dry run', async () => {
      const before = api.store.revision;
      const made = await api.call(`PATCH ${maps}/dry?fieldManager=k&dryRun=All`, {
        type: apply,
        body: config('dry', { a: '1' }),
      });
      expect([made.status, made.json['data']]).to.deep.equal([201, { a: '1' }]);
      expect(api.store.revision).to.equal(before);
    });
  });
});

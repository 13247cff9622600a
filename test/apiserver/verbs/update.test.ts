import { expect } from 'chai';
import { configMap, createApi, deployment, pod } from '../api-fixture.ts';
import type { Api, Json } from '../api-fixture.ts';

const base = '/api/v1/namespaces/default';
const web = '/apis/apps/v1/namespaces/default/deployments/web';

describe('update', () => {
  let api: Api;
  beforeEach(async () => {
    api = await createApi();
  });
  afterEach(() => api.close());

  const made = async (): Promise<Json> =>
    (await api.call('POST /apis/apps/v1/namespaces/default/deployments', { body: deployment('web') })).json;

  it('bumps the generation when the spec changes, and only then', async () => {
    const object = await made();
    const scaled = await api.call(`PUT ${web}`, { body: { ...object, spec: { ...object['spec'], replicas: 5 } } });
    expect(scaled.status).to.equal(200);
    expect(scaled.json['metadata'].generation).to.equal(2);
    const labelled = { ...scaled.json, metadata: { ...scaled.json['metadata'], labels: { a: 'b' } } };
    expect((await api.call(`PUT ${web}`, { body: labelled })).json['metadata'].generation).to.equal(2);
  });

  it('keeps the resourceVersion when nothing changes', async () => {
    const object = await made();
    const again = await api.call(`PUT ${web}`, { body: object });
    expect(again.json['metadata'].resourceVersion).to.equal(object['metadata'].resourceVersion);
    expect(String(api.store.revision)).to.equal(object['metadata'].resourceVersion);
  });

  it('refuses a stale resourceVersion and a wrong uid', async () => {
    const object = await made();
    await api.call(`PUT ${web}`, { body: { ...object, spec: { ...object['spec'], replicas: 5 } } });
    const stale = await api.call(`PUT ${web}`, { body: { ...object, spec: { ...object['spec'], replicas: 6 } } });
    expect(stale.status).to.equal(409);
    expect(stale.json['reason']).to.equal('Conflict');
    expect(stale.json['message']).to.equal(
      'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; ' +
        'please apply your changes to the latest version and try again',
    );
    const { resourceVersion, ...metadata } = object['metadata'];
    resourceVersion;
    const other = await api.call(`PUT ${web}`, { body: { ...object, metadata: { ...metadata, uid: 'other' } } });
    expect(other.status).to.equal(409);
    expect(other.json['message']).to.contain(
      `Precondition failed: UID in precondition: other, UID in object meta: ${metadata.uid}`,
    );
  });

  it('keeps status and spec apart', async () => {
    const object = await made();
    const viaMain = await api.call(`PUT ${web}`, { body: { ...object, status: { replicas: 9 } } });
    expect(viaMain.json['status']).to.deep.equal({});
    const body = { ...object, spec: { ...object['spec'], replicas: 8 }, status: { replicas: 4 } };
    const viaStatus = await api.call(`PUT ${web}/status`, { body });
    expect(viaStatus.json['status']).to.deep.equal({ replicas: 4 });
    expect(viaStatus.json['spec'].replicas).to.equal(1);
    expect(viaStatus.json['metadata'].generation).to.equal(1);
    const entry = viaStatus.json['metadata'].managedFields.find((found: Json) => found['subresource'] === 'status');
    expect(entry).to.include({ manager: 'tester', operation: 'Update' });
    expect((await api.call(`GET ${web}/status`)).json['status']).to.deep.equal({ replicas: 4 });
  });

  it('refuses another name than the path, and what is not there', async () => {
    const object = await made();
    const renamed = { ...object, metadata: { ...object['metadata'], name: 'shop' } };
    expect((await api.call(`PUT ${web}`, { body: renamed })).json['message']).to.equal(
      'the name of the object (shop) does not match the name on the URL (web)',
    );
    const absent = await api.call(`PUT ${base}/configmaps/none`, { body: configMap('none') });
    expect([absent.status, absent.json['message']]).to.deep.equal([404, 'configmaps "none" not found']);
  });

  it('creates leases and events by PUT', async () => {
    const lease = { metadata: { name: 'n1' }, spec: { holderIdentity: 'n1' } };
    const path = '/apis/coordination.k8s.io/v1/namespaces/default/leases/n1';
    expect((await api.call(`PUT ${path}`, { body: lease })).status).to.equal(201);
    expect((await api.call(`PUT ${path}`, { body: lease })).status).to.equal(200);
  });

  it('says what of a pod may change, in the words of Kubernetes', async () => {
    const object = (await api.call(`POST ${base}/pods`, { body: pod('a') })).json;
    const body = { ...object, spec: { ...object['spec'], hostNetwork: true } };
    const { status, json } = await api.call(`PUT ${base}/pods/a`, { body });
    expect(status).to.equal(422);
    expect(json['message']).to.equal(
      'Pod "a" is invalid: spec: Forbidden: pod updates may not change fields other than ' +
        '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` ' +
        '(only additions to existing tolerations),`spec.terminationGracePeriodSeconds` ' +
        '(allow it to be set to 1 if it was previously negative)',
    );
    expect(json['details']).to.include({ name: 'a', kind: 'Pod' });
    const [container] = object['spec'].containers;
    const image = { ...object, spec: { ...object['spec'], containers: [{ ...container, image: 'nginx:2' }] } };
    expect((await api.call(`PUT ${base}/pods/a`, { body: image })).status).to.equal(200);
  });

  it('does not let a selector change', async () => {
    const object = await made();
    const spec = {
      ...object['spec'],
      selector: { matchLabels: { app: 'x' } },
      template: { ...object['spec'].template, metadata: { labels: { app: 'x' } } },
    };
    const { json } = await api.call(`PUT ${web}`, { body: { ...object, spec } });
    expect(json['message']).to.equal(
      'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: field is immutable',
    );
  });

  it('removes a deleted object when its last finalizer goes, and takes no new ones', async () => {
    const path = `${base}/configmaps/held`;
    await api.call(`POST ${base}/configmaps`, { body: configMap('held', {}, { finalizers: ['a.dev/x', 'a.dev/y'] }) });
    const deleted = await api.call(`DELETE ${path}`);
    expect(deleted.json['metadata']).to.have.property('deletionTimestamp');
    const more = { ...deleted.json, metadata: { ...deleted.json['metadata'], finalizers: ['a.dev/x', 'a.dev/z'] } };
    expect((await api.call(`PUT ${path}`, { body: more })).json['message']).to.contain(
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, ' +
        'found new finalizers []string{"a.dev/z"}',
    );
    const fewer = { ...deleted.json, metadata: { ...deleted.json['metadata'], finalizers: ['a.dev/y'] } };
    expect((await api.call(`PUT ${path}`, { body: fewer })).status).to.equal(200);
    const { resourceVersion, ...metadata } = fewer.metadata;
    resourceVersion;
    const none = { ...fewer, metadata: { ...metadata, finalizers: [] } };
    expect((await api.call(`PUT ${path}`, { body: none })).status).to.equal(200);
    expect((await api.call(`GET ${path}`)).status).to.equal(404);
  });

  it('shows a dry run at the revision that is', async () => {
    const object = await made();
    const body = { ...object, spec: { ...object['spec'], replicas: 5 } };
    const { json } = await api.call(`PUT ${web}?dryRun=All`, { body });
    expect(json['spec'].replicas).to.equal(5);
    expect(json['metadata'].resourceVersion).to.equal(object['metadata'].resourceVersion);
    expect((await api.call(`GET ${web}`)).json['spec'].replicas).to.equal(1);
  });
});

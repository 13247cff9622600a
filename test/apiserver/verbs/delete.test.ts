import { expect } from 'chai';
import { configMap, createApi, pod } from '../api-fixture.ts';
import type { Api } from '../api-fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';

describe('delete', () => {
  let api: Api;
  beforeEach(async () => {
    api = await createApi();
  });
  afterEach(() => api.close());

  it('answers Success with details when the object is gone', async () => {
    const made = await api.call(`POST ${maps}`, { body: configMap('m') });
    const { status, json } = await api.call(`DELETE ${maps}/m`, { body: { propagationPolicy: 'Background' } });
    expect(status).to.equal(200);
    expect(json).to.deep.equal({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'm', kind: 'configmaps', uid: made.json['metadata'].uid },
    });
    const again = await api.call(`DELETE ${maps}/m`);
    expect([again.status, again.json['message']]).to.deep.equal([404, 'configmaps "m" not found']);
  });

  it('keeps to preconditions', async () => {
    const { json } = await api.call(`POST ${maps}`, { body: configMap('m') });
    const { uid, resourceVersion } = json['metadata'];
    const wrong = await api.call(`DELETE ${maps}/m`, { body: { preconditions: { uid: 'x' } } });
    expect([wrong.status, wrong.json['message']]).to.deep.equal([
      409,
      'Operation cannot be fulfilled on configmaps "m": Precondition failed: UID in precondition: x, ' +
        `UID in object meta: ${uid}`,
    ]);
    const stale = await api.call(`DELETE ${maps}/m`, { body: { preconditions: { resourceVersion: '1' } } });
    expect(stale.status).to.equal(409);
    const right = await api.call(`DELETE ${maps}/m`, { body: { preconditions: { uid, resourceVersion } } });
    expect(right.status).to.equal(200);
  });

  it('leaves finalizers for the garbage collector, as the policy says', async () => {
    await api.call(`POST ${maps}`, { body: configMap('m') });
    const held = await api.call(`DELETE ${maps}/m?propagationPolicy=Foreground`);
    expect(held.json['metadata'].finalizers).to.deep.equal(['foregroundDeletion']);
    const orphan = await api.call(`DELETE ${maps}/m`, { body: { propagationPolicy: 'Orphan' } });
    expect(orphan.json['metadata'].finalizers).to.deep.equal(['orphan']);
    expect((await api.call(`DELETE ${maps}/m`, { body: { propagationPolicy: 'Background' } })).json['kind']).to.equal(
      'Status',
    );
    const odd = await api.call(`DELETE ${maps}/m?propagationPolicy=Sideways`);
    expect(odd.status).to.equal(422);
  });

  it('gives a bound pod its time, which a second wish can only shorten', async () => {
    await api.call(`POST ${pods}`, { body: pod('a', { spec: { nodeName: 'n1' } }) });
    const first = await api.call(`DELETE ${pods}/a`);
    expect(first.json['metadata']).to.include({
      deletionGracePeriodSeconds: 30,
      deletionTimestamp: '2023-11-14T22:13:50Z',
    });
    const longer = await api.call(`DELETE ${pods}/a`, { body: { gracePeriodSeconds: 60 } });
    expect(longer.json['metadata'].resourceVersion).to.equal(first.json['metadata'].resourceVersion);
    const shorter = await api.call(`DELETE ${pods}/a?gracePeriodSeconds=1`);
    expect(shorter.json['metadata'].deletionGracePeriodSeconds).to.equal(1);
    const uid = first.json['metadata'].uid;
    const confirmed = await api.call(`DELETE ${pods}/a`, { body: { gracePeriodSeconds: 0, preconditions: { uid } } });
    expect(confirmed.json['status']).to.equal('Success');
    expect((await api.call(`GET ${pods}/a`)).status).to.equal(404);
  });

  it('removes unbound and finished pods at once', async () => {
    await api.call(`POST ${pods}`, { body: pod('free') });
    expect((await api.call(`DELETE ${pods}/free`)).json['status']).to.equal('Success');
    await api.call(`POST ${pods}`, { body: pod('done', { spec: { nodeName: 'n1' } }) });
    const body = { status: { phase: 'Succeeded' } };
    await api.call(`PATCH ${pods}/done/status`, { type: 'application/merge-patch+json', body });
    expect((await api.call(`DELETE ${pods}/done`)).json['status']).to.equal('Success');
  });

  it('empties a namespace before it goes', async () => {
    const deleted = await api.call('DELETE /api/v1/namespaces/other');
    expect(deleted.json['status'].phase).to.equal('Terminating');
    const path = '/api/v1/namespaces/other/finalize';
    const kept = await api.call(`PUT ${path}`, {
      body: { metadata: { name: 'other' }, spec: { finalizers: ['kubernetes'] } },
    });
    expect(kept.status).to.equal(200);
    expect((await api.call('GET /api/v1/namespaces/other')).status).to.equal(200);
    await api.call(`PUT ${path}`, { body: { metadata: { name: 'other' }, spec: { finalizers: [] } } });
    expect((await api.call('GET /api/v1/namespaces/other')).status).to.equal(404);
    expect((await api.call('DELETE /api/v1/namespaces/default')).status).to.equal(403);
  });

  it('does nothing in a dry run', async () => {
    await api.call(`POST ${maps}`, { body: configMap('m') });
    expect((await api.call(`DELETE ${maps}/m?dryRun=All`)).json['status']).to.equal('Success');
    expect((await api.call(`DELETE ${maps}/m`, { body: { dryRun: ['All'] } })).status).to.equal(200);
    expect((await api.call(`GET ${maps}/m`)).status).to.equal(200);
  });

  it('deletes collections by selector', async () => {
    for (let index = 0; index < 120; index++) {
      const labels = { half: index % 2 === 0 ? 'a' : 'b' };
      await api.call(`POST ${maps}`, { body: configMap(`m${index}`, {}, { labels }) });
    }
    const { status, json } = await api.call(`DELETE ${maps}?labelSelector=half%3Da`);
    expect([status, json['kind'], json['items'].length]).to.deep.equal([200, 'ConfigMapList', 60]);
    expect((await api.call(`GET ${maps}`)).json['items']).to.have.length(60);
    expect((await api.call(`DELETE ${maps}?dryRun=All`)).json['items']).to.have.length(60);
    expect((await api.call(`GET ${maps}`)).json['items']).to.have.length(60);
    expect((await api.call('DELETE /api/v1/namespaces')).status).to.equal(405);
  });

  it('refuses a body of another kind', async () => {
    const { status } = await api.call(`DELETE ${maps}/m`, { body: { kind: 'Pod' } });
    expect(status).to.equal(400);
    expect((await api.call(`DELETE ${maps}/m?gracePeriodSeconds=soon`)).status).to.equal(400);
  });
});

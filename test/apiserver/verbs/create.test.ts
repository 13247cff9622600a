import { expect } from 'chai';
import { configMap, createApi, deployment, pod } from '../api-fixture.ts';
import type { Api } from '../api-fixture.ts';

const pods = 'POST /api/v1/namespaces/default/pods';
const maps = 'POST /api/v1/namespaces/default/configmaps';
const deployments = 'POST /apis/apps/v1/namespaces/default/deployments';

describe('create', () => {
  let api: Api;
  beforeEach(async () => {
    api = await createApi();
  });
  afterEach(() => api.close());

  it('answers 201 with what the server filled in', async () => {
    const { status, json } = await api.call(deployments, { body: deployment('web', 3), agent: 'kubectl/v1.35 (x)' });
    expect(status).to.equal(201);
    expect(json['metadata']).to.include({ name: 'web', namespace: 'default', generation: 1 });
    expect(json['metadata'].uid).to.match(/^0000/);
    expect(json['metadata'].creationTimestamp).to.equal('2023-11-14T22:13:20Z');
    expect(json['metadata'].resourceVersion).to.equal(String(api.store.revision));
    expect(json['spec'].strategy).to.deep.equal({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
    });
    expect(json['spec']).to.include({ replicas: 3, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
    const [container] = json['spec'].template.spec.containers;
    expect(container).to.include({ imagePullPolicy: 'IfNotPresent', terminationMessagePath: '/dev/termination-log' });
    expect(container?.['resources']).to.deep.equal({});
    expect(json['metadata'].managedFields[0]).to.include({ manager: 'kubectl', operation: 'Update' });
  });

  it('drops a status that the caller brings, except for nodes', async () => {
    const body = { ...deployment('web'), status: { replicas: 7 } };
    expect((await api.call(deployments, { body })).json['status']).to.deep.equal({});
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, status: { capacity: { cpu: '4' } } };
    const made = await api.call('POST /api/v1/nodes', { body: node });
    expect(made.json['status'].capacity).to.deep.equal({ cpu: '4' });
  });

  it('makes a name from generateName, and another one when that is taken', async () => {
    const suffixes = ['aaaaa', 'aaaaa', 'bbbbb'];
    await api.close();
    api = await createApi({ ids: { uid: () => 'u', nameSuffix: () => suffixes.shift() ?? 'zzzzz' } });
    const body = { ...pod(''), metadata: { generateName: 'web-' } };
    expect((await api.call(pods, { body })).json['metadata'].name).to.equal('web-aaaaa');
    expect((await api.call(pods, { body })).json['metadata'].name).to.equal('web-bbbbb');
  });

  it('refuses names, labels and annotations that are not well-formed', async () => {
    const refusal = async (metadata: object) => {
      const { status, json } = await api.call(maps, { body: { ...configMap(''), metadata } });
      expect(status).to.equal(422);
      return json['message'];
    };
    expect(await refusal({ name: 'Bad_Name' }))
      .to.contain('metadata.name: Invalid value: "Bad_Name"')
      .and.contain('(try "bad-name")');
    expect(await refusal({ name: '../etc' })).to.contain('metadata.name');
    expect(await refusal({ generateName: 'Bad-' })).to.contain('metadata.name');
    expect(await refusal({ name: 'a', labels: { 'bad key': '1' } })).to.contain(
      'metadata.labels: Invalid value: "bad key"',
    );
    expect(await refusal({ name: 'a', labels: { good: 'a b' } })).to.contain('metadata.labels: Invalid value: "a b"');
    expect(await refusal({ name: 'a', annotations: { 'a/b/c': '' } })).to.contain('metadata.annotations');
    const good = { name: 'a.b-c', labels: { 'x.io/Y_z': '' }, annotations: { 'X.io/y': 'any thing' } };
    expect((await api.call(maps, { body: { ...configMap('a'), metadata: good } })).status).to.equal(201);
    const space = await api.call('POST /api/v1/namespaces', { body: { metadata: { name: 'a.b' } } });
    expect(space.json['message']).to.contain('metadata.name');
  });

  it('refuses what exists', async () => {
    await api.call(deployments, { body: deployment('web') });
    const { status, json } = await api.call(deployments, { body: deployment('web') });
    expect(status).to.equal(409);
    expect(json).to.deep.equal({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'deployments.apps "web" already exists',
      reason: 'AlreadyExists',
      details: { name: 'web', group: 'apps', kind: 'deployments' },
      code: 409,
    });
  });

  it('refuses a namespace that does not exist, and another one than the path names', async () => {
    const absent = await api.call('POST /api/v1/namespaces/nowhere/pods', { body: pod('a') });
    expect(absent.status).to.equal(404);
    expect(absent.json['message']).to.equal('namespaces "nowhere" not found');
    const other = await api.call(pods, { body: pod('a', { metadata: { namespace: 'other' } }) });
    expect(other.status).to.equal(400);
    expect(other.json['message']).to.equal(
      'the namespace of the provided object does not match the namespace sent on the request (object: other, request: default)',
    );
  });

  it('refuses to create in a namespace that is going away', async () => {
    await api.call('DELETE /api/v1/namespaces/other');
    const { status, json } = await api.call('POST /api/v1/namespaces/other/pods', { body: pod('a') });
    expect(status).to.equal(403);
    expect(json['message']).to.equal(
      'pods "a" is forbidden: unable to create new content in namespace other because it is being terminated',
    );
    expect(json['details'].causes[0]!.reason).to.equal('NamespaceTerminating');
  });

  it('refuses a resourceVersion, a missing name, another kind and another version', async () => {
    const versioned = await api.call(maps, { body: configMap('a', {}, { resourceVersion: '5' }) });
    expect([versioned.status, versioned.json['message']]).to.deep.equal([
      400,
      'resourceVersion should not be set on objects to be created',
    ]);
    const nameless = await api.call(maps, { body: { data: {} } });
    expect(nameless.status).to.equal(422);
    expect(nameless.json['message']).to.contain('metadata.name: Required value: name or generateName is required');
    const kind = await api.call(maps, { body: pod('a') });
    expect(kind.json['message']).to.equal('Pod in version "v1" cannot be handled as a ConfigMap');
    const version = await api.call(maps, { body: { ...configMap('a'), apiVersion: 'v2' } });
    expect(version.json['message']).to.equal(
      'the API version in the data (v2) does not match the expected API version (v1)',
    );
  });

  it('tells of unknown and repeated fields as the caller wishes', async () => {
    const wrong = pod('a', { spec: { containers: [{ name: 'main', imagee: 'x', image: 'nginx:1' }] } });
    const strict = await api.call(`${pods}?fieldValidation=Strict`, { body: wrong });
    expect(strict.status).to.equal(400);
    expect(strict.json['message']).to.equal(
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: ' +
        'unknown field "spec.containers[0].imagee", did you mean "image"?',
    );
    const twice = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"1","k":"2"}}';
    const repeated = await api.call(`${maps}?fieldValidation=Strict`, { body: twice });
    expect(repeated.json['message']).to.equal(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.k"',
    );
    const warned = await api.call(pods, { body: wrong });
    expect(warned.status).to.equal(201);
    expect(warned.warnings[0]).to.equal(
      '299 - "unknown field \\"spec.containers[0].imagee\\", did you mean \\"image\\"?"',
    );
    expect(warned.json['spec'].containers[0]).not.to.have.property('imagee');
    const ignored = await api.call(`${pods}?fieldValidation=Ignore`, { body: { ...wrong, metadata: { name: 'b' } } });
    expect([ignored.status, ignored.warnings]).to.deep.equal([201, []]);
  });

  it('stores nothing in a dry run', async () => {
    const before = api.store.revision;
    const { status, json } = await api.call(`${deployments}?dryRun=All`, { body: deployment('web') });
    expect(status).to.equal(201);
    expect(json['metadata']).to.have.property('uid');
    expect(json['metadata']).not.to.have.property('resourceVersion');
    expect(json['spec'].revisionHistoryLimit).to.equal(10);
    expect(api.store.revision).to.equal(before);
    expect((await api.call('GET /apis/apps/v1/namespaces/default/deployments/web')).status).to.equal(404);
    const wrong = await api.call(`${deployments}?dryRun=Some`, { body: deployment('web') });
    expect(wrong.json['message']).to.equal(
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: "Some": supported values: "All"',
    );
  });

  it('reads YAML and a body without a type, and lists the types it reads', async () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: y\ndata:\n  a: "1"\n';
    const made = await api.call(maps, { body: yaml, type: 'application/yaml' });
    expect(made.json['data']).to.deep.equal({ a: '1' });
    expect((await api.call(maps, { body: configMap('untyped') })).status).to.equal(201);
    const text = await api.call(maps, { body: 'x', type: 'text/plain' });
    expect(text.status).to.equal(415);
    expect(text.json['message']).to.equal(
      'the body of the request was in an unknown format - accepted media types include: ' +
        'application/json, application/yaml, application/vnd.kubernetes.protobuf',
    );
    const broken = await api.call(maps, { body: '{"a":' });
    expect(broken.status).to.equal(400);
    expect(broken.json['message']).to.match(/^the body of the request is no valid JSON: /);
  });

  it('says how large a body may be', async () => {
    const body = JSON.stringify(configMap('big', { a: 'x'.repeat(1_600_000) }));
    const object = await api.call(maps, { body });
    expect(object.status).to.equal(413);
    expect(object.json['message']).to.match(
      /has 1600\d+ bytes as it would be stored, at most 1572864 \(1.5 MiB\) are kept for one object$/,
    );
    const request = await api.call(maps, { body: JSON.stringify(configMap('big', { a: 'x'.repeat(3_200_000) })) });
    expect(request.status).to.equal(413);
    expect(request.json['message']).to.match(/the body has 3200\d+ bytes, the limit is 3145728$/);
    expect((await api.call('GET /api/v1/namespaces/default/configmaps/big')).status).to.equal(404);
  });

  it('decodes protobuf through what it is given', async () => {
    await api.close();
    api = await createApi({
      decodeProtobuf: (bytes) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: Buffer.from(bytes).toString() },
      }),
    });
    const { json } = await api.call(maps, { body: 'from-bytes', type: 'application/vnd.kubernetes.protobuf' });
    expect(json['metadata'].name).to.equal('from-bytes');
  });
});

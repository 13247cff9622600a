import { expect } from 'chai';
import { readAll } from '../../../src/client/streams.ts';
import { createApi, deployment, pod } from '../api-fixture.ts';
import type { Api, Body } from '../api-fixture.ts';
import type { LogRequest } from '../../../src/rpc/agent-protocol.ts';

const pods = '/api/v1/namespaces/default/pods';
const web = '/apis/apps/v1/namespaces/default/deployments/web';
const merge = 'application/merge-patch+json';

const node = (name: string, cpu = '1'): Body => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  status: {
    capacity: { cpu, memory: '1Gi', pods: '110' },
    allocatable: { cpu, memory: '1Gi', pods: '110' },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});

describe('subresources', () => {
  let api: Api;
  const asked: LogRequest[] = [];
  beforeEach(async () => {
    asked.length = 0;
    api = await createApi({
      podLogs: {
        readLog: (_node, request) => {
          asked.push(request);
          return Promise.resolve(
            (async function* () {
              yield { data: await Promise.resolve(Buffer.from('one\n')) };
              yield { data: Buffer.from('two\n') };
            })(),
          );
        },
      },
    });
  });
  afterEach(() => api.close());

  it('refuses by name what is not served', async () => {
    const exec = await api.call(`POST ${pods}/a/exec`);
    expect(exec.status).to.equal(404);
    expect(exec.json['message']).to.match(/^the server does not serve the subresource "exec" of pods: it has status, /);
    const put = await api.call(`PUT ${pods}/a/log`);
    expect([put.status, put.json['message']]).to.deep.equal([
      405,
      'the server does not allow this method on the requested resource: PUT on pods/log',
    ]);
  });

  describe('scale', () => {
    beforeEach(() => api.call('POST /apis/apps/v1/namespaces/default/deployments', { body: deployment('web', 2) }));

    it('shows replicas and the selector as text', async () => {
      const { json } = await api.call(`GET ${web}/scale`);
      expect(json).to.deep.include({ kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 2 } });
      expect(json['status']).to.deep.equal({ replicas: 0, selector: 'app=web' });
    });

    it('changes replicas by PUT without a type and by patch', async () => {
      const { json: scale } = await api.call(`GET ${web}/scale`);
      const put = await api.call(`PUT ${web}/scale`, { body: { ...scale, spec: { replicas: 0 } } });
      expect([put.status, put.json['spec'].replicas]).to.deep.equal([200, 0]);
      const stale = await api.call(`PUT ${web}/scale`, { body: { ...scale, spec: { replicas: 9 } } });
      expect(stale.status).to.equal(409);
      await api.call(`PATCH ${web}/scale`, { type: merge, body: { spec: { replicas: 5 } } });
      const { json } = await api.call(`GET ${web}`);
      expect([json['spec'].replicas, json['metadata'].generation]).to.deep.equal([5, 3]);
      expect(
        (await api.call(`PATCH ${web}/scale`, { type: merge, body: { spec: { replicas: -1 } } })).status,
      ).not.to.equal(200);
    });

    it('works for apps, whose selector stands in the status', async () => {
      const path = '/apis/tepui.dev/v1/namespaces/default/apps';
      await api.call(`POST ${path}`, { body: { metadata: { name: 'a' }, spec: { image: 'nginx:1', replicas: 2 } } });
      const body = { status: { selector: 'app=a', replicas: { desired: 2, ready: 1 } } };
      await api.call(`PATCH ${path}/a/status`, { type: merge, body });
      const { json } = await api.call(`GET ${path}/a/scale`);
      expect([json['spec'].replicas, json['status'].selector]).to.deep.equal([2, 'app=a']);
    });
  });

  describe('binding', () => {
    const bind = (name: string, target: string, metadata: Body = {}) =>
      api.call(`POST ${pods}/${name}/binding`, {
        body: { metadata: { name, ...metadata }, target: { kind: 'Node', name: target } },
      });
    const asking = (cpu: string): Body => ({
      spec: { containers: [{ name: 'main', image: 'nginx:1', resources: { requests: { cpu } } }] },
    });

    beforeEach(async () => {
      await api.call('POST /api/v1/nodes', { body: node('n1') });
      await api.call(`POST ${pods}`, { body: pod('a', asking('600m')) });
    });

    it('puts a pod on a node and says that it is scheduled', async () => {
      expect((await bind('a', 'n1')).status).to.equal(201);
      const { json } = await api.call(`GET ${pods}/a`);
      expect(json['spec'].nodeName).to.equal('n1');
      expect(json['status'].conditions).to.deep.equal([
        { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: '2023-11-14T22:13:20Z' },
      ]);
    });

    it('binds once, and only what fits', async () => {
      await bind('a', 'n1');
      const twice = await bind('a', 'n1');
      expect([twice.status, twice.json['message']]).to.deep.equal([
        409,
        'Operation cannot be fulfilled on pods "a": pod a is already assigned to node "n1"',
      ]);
      await api.call(`POST ${pods}`, { body: pod('b', asking('600m')) });
      const full = await bind('b', 'n1');
      expect(full.status).to.equal(409);
      expect(full.json['message']).to.match(/pod b does not fit on node "n1": .*cpu/);
      expect((await bind('b', 'nowhere')).status).to.equal(404);
      expect((await bind('b', 'n1', { uid: 'other' })).status).to.equal(409);
    });

    it('makes room again when a pod ends', async () => {
      await bind('a', 'n1');
      await api.call(`PATCH ${pods}/a/status`, { type: merge, body: { status: { phase: 'Succeeded' } } });
      await api.call(`POST ${pods}`, { body: pod('b', asking('600m')) });
      expect((await bind('b', 'n1')).status).to.equal(201);
    });
  });

  it('evicts by deleting', async () => {
    await api.call(`POST ${pods}`, { body: pod('a') });
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a' } };
    expect((await api.call(`POST ${pods}/a/eviction`, { body })).status).to.equal(201);
    expect((await api.call(`GET ${pods}/a`)).status).to.equal(404);
  });

  describe('log', () => {
    const running = async (name: string, changes: Body): Promise<void> => {
      await api.call(`POST ${pods}`, { body: pod(name, { spec: { nodeName: 'n1', ...changes } }) });
      const containerStatuses = [
        { name: 'main', image: 'nginx:1', imageID: '', ready: true, restartCount: 0, state: { running: {} } },
      ];
      await api.call(`PATCH ${pods}/${name}/status`, { type: merge, body: { status: { containerStatuses } } });
    };
    const said = async (query: string): Promise<[number, string]> => {
      const { status, json } = await api.call(`GET ${pods}/a/log${query}`);
      return [status, json['message']];
    };

    it('streams text', async () => {
      await running('a', {});
      const answer = await api.call(`GET ${pods}/a/log?follow=true&tailLines=5&sinceSeconds=60&timestamps=true`);
      expect([answer.status, answer.text, answer.headers['content-type']]).to.deep.equal([
        200,
        'one\ntwo\n',
        'text/plain',
      ]);
      expect(asked[0]).to.deep.include({
        pod_name: 'a',
        container: 'main',
        follow: true,
        previous: false,
        timestamps: true,
        tail_lines: 5,
        since_time_ms: api.clock.now() - 60_000,
      });
    });

    it('breaks off, rather than to end, what is cut short because the server stops', async () => {
      await running('a', {});
      const stopping = new AbortController();
      const { body } = await api.open(`GET ${pods}/a/log?follow=true`, { signal: stopping.signal });
      stopping.abort(new Error('this server is stopping'));
      const error = await readAll(body).catch((thrown: unknown) => thrown);
      expect(error).to.have.property('message', 'this server is stopping');
    });

    it('says which container, and why there is no text', async () => {
      const containers = [
        { name: 'main', image: 'nginx:1' },
        { name: 'side', image: 'nginx:1' },
      ];
      await running('a', { containers, initContainers: [{ name: 'init', image: 'nginx:1' }] });
      expect(await said('')).to.deep.equal([
        400,
        'a container name must be specified for pod a, choose one of: [main side] or one of the init containers: [init]',
      ]);
      expect(await said('?container=none')).to.deep.equal([400, 'container none is not valid for pod a']);
      expect(await said('?container=side')).to.deep.equal([
        400,
        'container "side" in pod "a" is waiting to start: ContainerCreating',
      ]);
      expect(await said('?container=main&previous=true')).to.deep.equal([
        400,
        'previous terminated container "main" in pod "a" not found',
      ]);
      expect((await said('?container=main&tailLines=x'))[0]).to.equal(400);
      expect((await said('?container=main&sinceSeconds=1&sinceTime=2024-01-01T00:00:00Z'))[0]).to.equal(400);
      expect((await said('?container=main&sinceTime=soon'))[0]).to.equal(400);
    });

    it('needs a node', async () => {
      await api.call(`POST ${pods}`, { body: pod('a') });
      expect(await said('')).to.deep.equal([400, 'pod a does not have a host assigned']);
    });
  });
});

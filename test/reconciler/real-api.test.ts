// The controllers against the real API server, in process: what the fake API cannot vouch for.
import { expect } from 'chai';
import type { App, Deployment, Namespace, Pod, ReplicaSet } from '../../src/api/types.gen.ts';
import type { Client } from '../../src/client/client.ts';
import { createInformers, type Informers } from '../../src/client/informers.ts';
import { createLocalClient } from '../../src/client/local-client.ts';
import { refOf } from '../../src/client/paths.ts';
import { silentLog } from '../../src/lib/log.ts';
import { runReconciler } from '../../src/reconciler/manager.ts';
import { isActive } from '../../src/reconciler/pods.ts';
import { deployments, namespaces, nodes, pods, replicaSets, tepuiApps } from '../../src/reconciler/resources.ts';
import { createApi, type Api } from '../apiserver/api-fixture.ts';
import { createFakeKubelet } from '../support/fake-kubelet.ts';

const user = { username: 'system:controller:reconciler', groups: ['system:masters'] };
const namespace = 'default';

describe('reconciler on the real API server', () => {
  let api: Api;
  let client: Client;
  let informers: Informers;
  let stopping: AbortController;
  let running: Promise<unknown>;

  beforeEach(async () => {
    api = await createApi();
    client = createLocalClient(api.handle, user);
    informers = createInformers(client, { clock: api.clock, log: silentLog });
    stopping = new AbortController();
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec: {} };
    const created = await client.create(nodes, node);
    const allocatable = { cpu: '8', memory: '16Gi', pods: '100' };
    const conditions = [{ type: 'Ready', status: 'True' }];
    await client.update(nodes, { ...created, status: { allocatable, capacity: allocatable, conditions } }, 'status');
    const { signal } = stopping;
    running = Promise.all([
      runReconciler({ client, informers, clock: api.clock, log: silentLog, clusterCa: 'PEM' }, signal),
      informers.run(signal),
      createFakeKubelet(client, api.clock).run(signal),
    ]);
    await informers.synced();
  });
  afterEach(async () => {
    stopping.abort();
    await api.clock.advance(0);
    await running;
    await api.close();
  });

  const until = async (holds: () => boolean) => {
    for (let step = 0; step < 3000; step++) {
      if (holds()) return;
      await api.clock.advance(100);
    }
    throw new Error(`did not happen: ${holds.toString()}`);
  };
  const app = () => informers.of<App>(tepuiApps).get(namespace, 'web');
  const deployment = () => informers.of<Deployment>(deployments).get(namespace, 'web');
  const active = () => informers.of<Pod>(pods).list(namespace).filter(isActive);
  const images = () => [...new Set(active().map((pod) => pod.spec!.containers[0]!.image))].join();
  const isRolledOut = (replicas: number) => {
    const { metadata, status } = deployment() ?? { metadata: {} };
    if (!status || status.observedGeneration !== metadata.generation) return false;
    return [status.updatedReplicas, status.replicas, status.availableReplicas].every((count) => count === replicas);
  };
  const apply = (spec: App['spec']) =>
    client.patch(
      { ...tepuiApps, namespace, name: 'web' },
      { apiVersion: 'tepui.dev/v1', kind: 'App', metadata: { name: 'web', namespace }, spec },
      { type: 'apply', fieldManager: 'kubectl', force: true },
    );

  it('runs, rolls, undoes, scales and deletes an App', async () => {
    const env = { GREETING: 'hello', NODE: { fieldRef: { fieldPath: 'spec.nodeName' } } };
    await apply({ image: 'web:1', replicas: 2, env, ports: [{ containerPort: 8080 }] });
    await until(() => isRolledOut(2));
    await apply({ image: 'web:2', replicas: 2, env, ports: [{ containerPort: 8080 }] });
    await until(() => images() === 'web:2' && isRolledOut(2));

    const key = 'deployment.kubernetes.io/revision';
    const first = informers
      .of<ReplicaSet>(replicaSets)
      .list()
      .find((one) => one.metadata.annotations![key] === '1')!;
    const template = JSON.parse(JSON.stringify(first.spec!.template)) as {
      metadata: { labels: Record<string, string> };
    };
    delete template.metadata.labels['pod-template-hash'];
    await client.patch(
      refOf(deployments, deployment()!),
      [
        { op: 'replace', path: '/spec/template', value: template },
        { op: 'replace', path: '/metadata/annotations', value: { [key]: '2' } },
      ],
      { type: 'json', fieldManager: 'kubectl-rollout' },
    );
    await until(() => images() === 'web:1' && isRolledOut(2));
    expect(informers.of(replicaSets).size, 'the earlier ReplicaSet is used again').to.equal(2);
    await until(() => app()!.status!.conditions!.some(({ reason }) => reason === 'Drifted'));

    await client.patch(
      { ...tepuiApps, namespace, name: 'web' },
      { spec: { replicas: 4 } },
      { type: 'merge', subresource: 'scale' },
    );
    await until(() => isRolledOut(4));
    expect(images()).to.equal('web:1');

    await client.delete({ ...tepuiApps, namespace, name: 'web' }, { propagationPolicy: 'Background' });
    await until(() =>
      [tepuiApps, deployments, replicaSets, pods].every((resource) => informers.of(resource).size === 0),
    );
  });

  it('writes nothing once all is as it should be, and nothing for the same file again', async () => {
    await apply({ image: 'web:1', replicas: 2 });
    await until(() => isRolledOut(2));
    await api.clock.advance(20_000);
    const { revision } = api.store;
    await apply({ image: 'web:1', replicas: 2 });
    await api.clock.advance(600_000);
    expect(api.store.revision).to.equal(revision);
  });

  it('deletes in the foreground, and a namespace with all that is in it', async () => {
    const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'web:1' }] } };
    const spec = { replicas: 2, selector: { matchLabels: { app: 'x' } }, template };
    const made = (name: string, where: string): Deployment => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: where },
      spec,
    });
    await client.create(deployments, made('web', namespace));
    await client.create(deployments, made('elsewhere', 'other'));
    await until(() => isRolledOut(2) && informers.of<Pod>(pods).list('other').length === 2);
    await client.delete(refOf(deployments, deployment()!), { propagationPolicy: 'Foreground' });
    await until(() => deployment() === undefined && active().length === 0);
    await client.delete({ ...namespaces, namespace: '', name: 'other' });
    await until(() => informers.of<Namespace>(namespaces).get('', 'other') === undefined);
    expect(informers.of<Pod>(pods).list('other')).to.deep.equal([]);
  });
});

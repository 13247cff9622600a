// Controllers that look after nodes, namespaces, services and leftovers, on the fake cluster.
import { expect } from 'chai';
import type { ConfigMap, Endpoints, EndpointSlice, Namespace, Node, Pod } from '../../src/api/types.gen.ts';
import type { ApiObject } from '../../src/api/object.ts';
import { refOf } from '../../src/client/paths.ts';
import { isReady } from '../../src/reconciler/pods.ts';
import {
  configMaps,
  endpoints,
  endpointSlices,
  namespaces,
  nodes,
  pods,
  serviceAccounts,
  services,
} from '../../src/reconciler/resources.ts';
import { startFakeCluster, type FakeCluster } from '../support/fake-cluster.ts';

describe('reconciler: care-taking', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await startFakeCluster();
  });
  afterEach(() => cluster.stop());

  const pod = (name: string, over: Partial<Pod> = {}): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', resources: { requests: { cpu: '500m' } } }] },
    ...over,
  });
  const live = (name: string) => cluster.api.peek<Pod>(pods, 'shop', name);
  const node = () => cluster.api.peek<Node>(nodes, '', 'node-1')!;
  const report = (status: string) =>
    cluster.api.update(nodes, { ...node(), status: { conditions: [{ type: 'Ready', status }] } }, 'status');
  const namespace: Namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop' },
    spec: { finalizers: ['kubernetes'] },
  };

  it('moves pods away from a node that stays unreachable, not from one that comes back', async () => {
    await cluster.api.create(pods, pod('a'));
    await cluster.until(() => isReady(live('a')!));
    cluster.kubelet.isHealthy = () => false;
    await report('Unknown');
    await cluster.until(() => node().spec?.taints?.length === 2);
    await cluster.until(() => !isReady(live('a')!));
    await cluster.clock.advance(200_000);
    cluster.kubelet.isHealthy = () => true;
    await report('True');
    await cluster.until(() => node().spec?.taints?.length === 0);
    await cluster.clock.advance(400_000);
    expect(live('a')).not.to.equal(undefined);

    await report('Unknown');
    await cluster.clock.advance(290_000);
    expect(live('a')).not.to.equal(undefined);
    await cluster.until(() => live('a') === undefined);
  });

  it('removes pods whose node stays away, not of one that registers again', async () => {
    await cluster.api.create(pods, pod('a'));
    await cluster.until(() => isReady(live('a')!));
    await cluster.clock.advance(60_000);
    const before = node();
    await cluster.api.delete(refOf(nodes, before));
    await cluster.clock.advance(30_000);
    await cluster.api.create(nodes, { ...before, metadata: { name: 'node-1' } });
    await cluster.clock.advance(60_000);
    expect(live('a')).not.to.equal(undefined);
    await cluster.api.delete(refOf(nodes, node()));
    await cluster.clock.advance(39_000);
    expect(live('a')).not.to.equal(undefined);
    await cluster.until(() => live('a') === undefined);
  });

  it('gives a namespace its defaults, and again when they are deleted or spoilt', async () => {
    await cluster.api.create(namespaces, namespace);
    const account = () => cluster.api.peek(serviceAccounts, 'shop', 'default');
    const map = () => cluster.api.peek<ConfigMap>(configMaps, 'shop', 'kube-root-ca.crt');
    await cluster.until(() => account() !== undefined && map()?.data?.['ca.crt'] === 'PEM');
    await cluster.api.delete(refOf(serviceAccounts, account()!));
    await cluster.api.update(configMaps, { ...map()!, data: { 'ca.crt': 'false' } });
    await cluster.until(() => account() !== undefined && map()?.data?.['ca.crt'] === 'PEM');
  });

  it('deletes a namespace with all that is in it, and waits for what takes its time', async () => {
    await cluster.api.create(namespaces, namespace);
    await cluster.api.create(pods, pod('a'));
    const held = { name: 'held', namespace: 'shop', finalizers: ['example.com/hold'] };
    await cluster.api.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: held });
    await cluster.until(() => isReady(live('a')!));
    await cluster.api.delete({ ...namespaces, namespace: '', name: 'shop' });
    const ending = () => cluster.api.peek<Namespace>(namespaces, '', 'shop');
    await cluster.until(() => live('a') === undefined);
    await cluster.clock.advance(5_000);
    expect(ending()?.status?.phase).to.equal('Terminating');
    expect(ending()?.status?.conditions?.[0]?.message).to.contain('ConfigMap 1');
    const map = cluster.api.peek<ConfigMap>(configMaps, 'shop', 'held')!;
    await cluster.api.update(configMaps, { ...map, metadata: { ...map.metadata, finalizers: [] } });
    await cluster.until(() => ending() === undefined);
    expect(
      cluster.api.all<ApiObject>(serviceAccounts).filter(({ metadata }) => metadata.namespace === 'shop'),
    ).to.deep.equal([]);
  });

  it('collects what names an owner that never existed, and keeps what has another owner', async () => {
    const reference = (uid: string, name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid });
    const owner = await cluster.api.create<ConfigMap>(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'owner', namespace: 'shop' },
    });
    const config = (name: string, ...ownerReferences: object[]) =>
      cluster.api.create(configMaps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: 'shop', ownerReferences },
      } as ConfigMap);
    await config('ghost', reference('nobody', 'nobody'));
    await config('half', reference('nobody', 'nobody'), reference(owner.metadata.uid!, 'owner'));
    await config('namesake', reference('another uid', 'owner'));
    await config('foreign', { apiVersion: 'example.com/v1', kind: 'Unknown', name: 'x', uid: 'x' });
    const names = () => cluster.api.all<ConfigMap>(configMaps).map(({ metadata }) => metadata.name);
    await cluster.until(() => !names().includes('ghost') && !names().includes('namesake'));
    await cluster.until(
      () => cluster.api.peek<ConfigMap>(configMaps, 'shop', 'half')?.metadata.ownerReferences?.length === 1,
    );
    expect(names()).to.include('foreign');
  });

  it('keeps the endpoints of a Service in step with its pods', async () => {
    const spec = { selector: { app: 'web' }, ports: [{ port: 80 }] };
    await cluster.api.create(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec,
    });
    await cluster.api.create(pods, pod('a'));
    const subset = () => cluster.api.peek<Endpoints>(endpoints, 'shop', 'web')?.subsets?.[0];
    const slice = () => cluster.api.all<EndpointSlice>(endpointSlices)[0];
    await cluster.until(() => subset()?.addresses?.length === 1);
    await cluster.until(() => slice()?.endpoints?.[0]?.conditions?.ready === true);
    cluster.kubelet.isHealthy = () => false;
    cluster.kubelet.look();
    await cluster.until(() => subset()?.notReadyAddresses?.length === 1);
    await cluster.until(() => slice()?.endpoints?.[0]?.conditions?.ready === false);
    await cluster.api.delete(refOf(pods, live('a')!));
    await cluster.until(() => subset() === undefined && slice() === undefined);
    await cluster.api.delete({ ...services, namespace: 'shop', name: 'web' });
    await cluster.until(() => cluster.api.all(endpoints).length === 0);
  });
});

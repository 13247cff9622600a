// The state of a cluster in use, written straight into the journal: through the API it would take minutes.
import { randomUUID } from 'node:crypto';
import type { ApiObject, ObjectMeta } from '../../src/api/object.ts';
import { fieldsOf, fieldsVersion } from '../../src/apiserver/selectable-fields.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createReplica } from '../../src/store/create-replica.ts';
import { createJournal } from '../../src/store/journal.ts';
import { openZookeeperMedium } from '../../src/store/media/zookeeper.ts';
import { parseZookeeperUrl } from '../../src/zookeeper/address.ts';
import { createZookeeper } from '../../src/zookeeper/create-zookeeper.ts';

export interface Population {
  readonly objects: number;
  /** Nodes; each has `podsPerNode` of the objects, running. */
  readonly nodes: number;
  readonly podsPerNode: number;
  readonly nodePrefix: string;
}

interface Item {
  readonly resource: string;
  readonly object: ApiObject;
}

const namespace = 'default';
const perTransaction = 200;
const copies = 20;

/** Nodes, pods of ReplicaSets on them, and ConfigMaps for the rest. */
export async function populate(url: string, population: Population): Promise<void> {
  const [clock, log] = [systemClock, silentLog];
  const zookeeper = createZookeeper({ address: parseZookeeperUrl(url), sessionTimeoutMs: 30_000, clock, log });
  await zookeeper.connected(new AbortController().signal);
  const medium = await openZookeeperMedium({ zookeeper, clock, log });
  const journal = createJournal({ medium, clock, log });
  const onDeposed = (error: unknown) => console.error(error);
  const replica = createReplica({ journal, fieldsOf, fieldsVersion, log, onDeposed });
  await replica.lead();
  const items = [...itemsOf(population)];
  for (let at = 0; at < items.length; at += perTransaction) {
    await replica.store.transact((draft) => {
      for (const { resource, object } of items.slice(at, at + perTransaction)) {
        const { name = '', namespace: of = '' } = object.metadata;
        draft.put({ resource, namespace: of, name }, object);
      }
    });
  }
  await replica.close();
  await zookeeper.close();
}

function* itemsOf({ objects, nodes, podsPerNode, nodePrefix }: Population): Generator<Item> {
  const pods = nodes * podsPerNode;
  const sets = Array.from({ length: Math.ceil(pods / copies) }, (_, at) => replicaSet(`set-${at}`));
  for (const object of sets) yield { resource: 'replicasets.apps', object };
  for (let at = 0; at < nodes; at += 1) yield { resource: 'nodes', object: node(`${nodePrefix}-${at}`) };
  for (let at = 0; at < pods; at += 1) {
    const owner = sets[Math.floor(at / copies)];
    if (owner) yield { resource: 'pods', object: pod(`pod-${at}`, `${nodePrefix}-${at % nodes}`, owner) };
  }
  for (let at = sets.length + nodes + pods; at < objects; at += 1) {
    yield { resource: 'configmaps', object: configMap(`settings-${at}`) };
  }
}

const metadata = (name: string): ObjectMeta => ({
  ...{ name, namespace, uid: randomUUID(), generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' },
  managedFields: [
    {
      ...{ manager: 'bench', operation: 'Update', apiVersion: 'v1', time: '2026-01-01T00:00:00Z' },
      ...{ fieldsType: 'FieldsV1', fieldsV1: { 'f:data': { '.': {} }, 'f:spec': { '.': {} } } },
    },
  ],
});

const template = (labels: Readonly<Record<string, string>>) => ({
  metadata: { labels },
  spec: podSpec,
});

const podSpec = {
  ...{ restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', terminationGracePeriodSeconds: 30 },
  ...{ schedulerName: 'default-scheduler', securityContext: {}, enableServiceLinks: true },
  containers: [
    {
      ...{ name: 'main', image: 'registry.example/web:1.2.3', command: ['/bin/serve', '--port', '8080'] },
      ...{ imagePullPolicy: 'IfNotPresent', terminationMessagePath: '/dev/termination-log' },
      terminationMessagePolicy: 'File',
      env: Array.from({ length: 8 }, (_, at) => ({ name: `SETTING_${at}`, value: `value-${at}` })),
      resources: { requests: { cpu: '1m', memory: '1Mi' } },
    },
  ],
  // So that a start that takes its time evicts nobody.
  tolerations: [{ operator: 'Exists' }],
};

function replicaSet(name: string): ApiObject {
  const labels = { app: name };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { ...metadata(name), labels } },
    spec: { replicas: copies, selector: { matchLabels: labels }, template: template(labels) },
    status: { replicas: copies, observedGeneration: 1 },
  };
}

function pod(name: string, nodeName: string, owner: ApiObject): ApiObject {
  const { name: set = '', uid = '' } = owner.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata(name),
      labels: { app: set },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: set, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: { ...podSpec, nodeName },
    status: { phase: 'Pending' },
  };
}

function node(name: string): ApiObject {
  const { uid, creationTimestamp, managedFields } = metadata(name);
  const own = { name, uid, creationTimestamp, managedFields } as ObjectMeta;
  return { apiVersion: 'v1', kind: 'Node', metadata: own, spec: {}, status: {} };
}

/** About 1.4 kB as stored. */
function configMap(name: string): ApiObject {
  // Compresses to about a third, as configuration does.
  const lines = Array.from({ length: 24 }, (_, at) => `service.setting.number-${at}=${randomUUID().slice(0, 10)}`);
  return {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name) },
    data: { 'settings.properties': lines.join('\n') },
  };
}

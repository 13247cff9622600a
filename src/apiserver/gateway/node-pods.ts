// Which pods belong to which node, and which pods use a ConfigMap or Secret: indexes, so that a change finds its agents.
import type { ApiObject } from '../../api/object.ts';
import { podReferences } from '../../api/pod-references.ts';
import type { ConfigMap, Pod, Secret } from '../../api/types.gen.ts';
import type { ObjectSource } from './object-source.ts';

export interface ReferenceName {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly namespace: string;
  readonly name: string;
}

export interface NodeListener {
  /** The pod is new on the node, or something in it changed that its agent has to know. */
  podChanged(uid: string): void;
  podRemoved(uid: string): void;
  referenceChanged(reference: ReferenceName): void;
}

export interface NodePods {
  /** One listener a node: a later one takes the place of an earlier one. Returns the way to stop. */
  listen(nodeName: string, listener: NodeListener): () => void;
  podsOf(nodeName: string): readonly Pod[];
  pod(nodeName: string, uid: string): Pod | undefined;
  /** Undefined when it does not exist. */
  reference(reference: ReferenceName): ConfigMap | Secret | undefined;
}

export interface NodePodsSources {
  readonly pods: ObjectSource<Pod>;
  readonly configMaps: ObjectSource<ConfigMap>;
  readonly secrets: ObjectSource<Secret>;
}

/** Follows the sources until the signal aborts. */
export function createNodePods(sources: NodePodsSources, signal: AbortSignal): NodePods {
  const index = createIndex();
  const stops = [
    sources.pods.subscribe({
      added: (pod) => index.put(pod),
      updated: (pod) => index.put(pod),
      deleted: (pod) => index.remove(pod),
    }),
    sources.configMaps.subscribe(referenceSubscriber('ConfigMap', (reference) => index.referenceChanged(reference))),
    sources.secrets.subscribe(referenceSubscriber('Secret', (reference) => index.referenceChanged(reference))),
  ];
  signal.addEventListener('abort', () => stops.forEach((stop) => stop()), { once: true });
  return {
    listen: (nodeName, listener) => index.listen(nodeName, listener),
    podsOf: (nodeName) => [...(index.pods.get(nodeName)?.values() ?? [])],
    pod: (nodeName, uid) => index.pods.get(nodeName)?.get(uid),
    reference: ({ kind, namespace, name }) =>
      kind === 'ConfigMap' ? sources.configMaps.get(namespace, name) : sources.secrets.get(namespace, name),
  };
}

/** All references of a pod, each once. */
export function referencesOf(pod: Pod): readonly ReferenceName[] {
  const namespace = pod.metadata.namespace ?? '';
  const uses = podReferences(pod);
  return [
    ...uses.configMaps.map((name) => ({ kind: 'ConfigMap' as const, namespace, name })),
    ...uses.secrets.map((name) => ({ kind: 'Secret' as const, namespace, name })),
  ];
}

export const referenceText = ({ kind, namespace, name }: ReferenceName): string => `${kind}/${namespace}/${name}`;

function referenceSubscriber<T extends ApiObject>(
  kind: ReferenceName['kind'],
  changed: (reference: ReferenceName) => void,
) {
  const tell = ({ metadata }: T) => changed({ kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
  return { added: tell, updated: tell, deleted: tell };
}

function createIndex() {
  const pods = new Map<string, Map<string, Pod>>();
  const listeners = new Map<string, NodeListener>();
  /** How many pods of a node use a reference. */
  const users = new Map<string, Map<string, number>>();

  const count = (nodeName: string, pod: Pod, by: 1 | -1) => {
    for (const reference of referencesOf(pod)) {
      const key = referenceText(reference);
      const nodes = users.get(key) ?? new Map<string, number>();
      const uses = (nodes.get(nodeName) ?? 0) + by;
      if (uses > 0) nodes.set(nodeName, uses);
      else nodes.delete(nodeName);
      if (nodes.size > 0) users.set(key, nodes);
      else users.delete(key);
    }
  };
  const take = (nodeName: string, uid: string): Pod | undefined => {
    const ofNode = pods.get(nodeName);
    const pod = ofNode?.get(uid);
    if (!ofNode || !pod) return undefined;
    count(nodeName, pod, -1);
    ofNode.delete(uid);
    if (ofNode.size === 0) pods.delete(nodeName);
    return pod;
  };

  return {
    pods,
    put(pod: Pod) {
      const nodeName = pod.spec?.nodeName ?? '';
      if (nodeName === '') return;
      const uid = pod.metadata.uid ?? '';
      const previous = take(nodeName, uid);
      const ofNode = pods.get(nodeName) ?? new Map<string, Pod>();
      pods.set(nodeName, ofNode.set(uid, pod));
      count(nodeName, pod, 1);
      if (!previous || concernsAgent(pod, previous)) listeners.get(nodeName)?.podChanged(uid);
    },
    remove(pod: Pod) {
      const nodeName = pod.spec?.nodeName ?? '';
      const uid = pod.metadata.uid ?? '';
      if (take(nodeName, uid)) listeners.get(nodeName)?.podRemoved(uid);
    },
    referenceChanged(reference: ReferenceName) {
      for (const nodeName of users.get(referenceText(reference))?.keys() ?? []) {
        listeners.get(nodeName)?.referenceChanged(reference);
      }
    },
    listen(nodeName: string, listener: NodeListener) {
      listeners.set(nodeName, listener);
      return () => {
        if (listeners.get(nodeName) === listener) listeners.delete(nodeName);
      };
    },
  };
}

/** False for what the agent itself reported: its own status must not come back to it. */
function concernsAgent(pod: Pod, previous: Pod): boolean {
  const gates = (pod.spec?.readinessGates ?? []).length > 0;
  return agentsView(pod, gates) !== agentsView(previous, gates) || hasEnded(pod) !== hasEnded(previous);
}

function agentsView(pod: Pod, withStatus: boolean): string {
  const { labels, annotations, deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  const meta = { labels, annotations, deletionTimestamp, deletionGracePeriodSeconds };
  return JSON.stringify([meta, pod.spec, withStatus ? pod.status : undefined]);
}

const hasEnded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

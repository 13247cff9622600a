// A small API for the offer engine's tests: keeps nodes and pods, binds as the API server does, tells the sources.
import { StatusError } from '../../src/api/status-error.ts';
import { podFitsNode } from '../../src/api/placement.ts';
import type { Binding, Container, Node, Pod, PodSpec, ResourceQuota } from '../../src/api/types.gen.ts';
import type { Client } from '../../src/client/client.ts';
import { silentLog } from '../../src/lib/log.ts';
import { feedCluster } from '../../src/offer-engine/cluster-feed.ts';
import { createOfferEngine, type OfferEngine } from '../../src/offer-engine/engine.ts';
import { createPodFramework, type PodFramework } from '../../src/offer-engine/frameworks/pod-framework.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { createFakeSource } from '../support/fake-source.ts';

export interface ClusterWorld {
  readonly clock: FakeClock;
  readonly engine: OfferEngine;
  readonly framework: PodFramework;
  readonly pods: ReadonlyMap<string, Pod>;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly events: readonly string[];
  /** Patches of pods' status so far. */
  readonly patches: number;
  putNode(node: Node): void;
  removeNode(name: string): void;
  putPod(pod: Pod): void;
  removePod(name: string): void;
  putQuota(quota: ResourceQuota): void;
  removeQuota(quota: ResourceQuota): void;
  /** Everything that can happen without time passing has happened. */
  settle(): Promise<void>;
  nodeOf(pod: string): string | undefined;
  /** The message of the PodScheduled condition. */
  messageOf(pod: string): string | undefined;
  /** The next binding of this pod is refused with this error. */
  refuseBinding(pod: string, error: Error): void;
  /** The next patch of this pod's status is refused with this error. */
  refusePatch(pod: string, error: Error): void;
}

/** A cluster whose sources are in step; pass `existing` for what is there before the start. */
export async function createClusterWorld(
  existing: { nodes?: Node[]; pods?: Pod[]; quotas?: ResourceQuota[] } = {},
): Promise<ClusterWorld> {
  const clock = createFakeClock();
  const sources = {
    nodes: createFakeSource<Node>(),
    pods: createFakeSource<Pod>(),
    quotas: createFakeSource<ResourceQuota>(),
  };
  const nodes = new Map<string, Node>();
  const pods = new Map<string, Pod>();
  const events: string[] = [];
  const refusals = new Map<string, Error>();
  const patchRefusals = new Map<string, Error>();
  let patches = 0;

  const store = (pod: Pod) => {
    pods.set(pod.metadata.name ?? '', pod);
    sources.pods.upsert(pod);
  };
  const refuseOnce = (from: Map<string, Error>, name: string) => {
    const refusal = from.get(name);
    from.delete(name);
    if (refusal) throw refusal;
  };
  const bind = (name: string, target: string): Pod => {
    refuseOnce(refusals, name);
    const pod = pods.get(name);
    const node = nodes.get(target);
    if (!pod || !node) throw new StatusError('NotFound', `no pod ${name} or no node ${target}`);
    if (pod.spec?.nodeName) throw new StatusError('Conflict', `pod ${name} is bound already`);
    const others = [...pods.values()].filter((other) => other.spec?.nodeName === target);
    const verdict = podFitsNode(pod, node, others);
    if (!verdict.fits) throw new StatusError('Conflict', verdict.reason);
    return { ...pod, spec: { ...pod.spec!, nodeName: target } };
  };
  const client = {
    createSubresource: async (ref: { name: string }, subresource: string, body: unknown) => {
      await Promise.resolve();
      if (subresource !== 'binding') throw new Error(`unexpected subresource ${subresource}`);
      const bound = bind(ref.name, (body as Binding).target.name ?? '');
      store(bound);
      return bound;
    },
    patch: async (ref: { name: string }, body: { status: Pod['status'] }) => {
      await Promise.resolve();
      const pod = pods.get(ref.name);
      if (!pod) throw new StatusError('NotFound', `no pod ${ref.name}`);
      refuseOnce(patchRefusals, ref.name);
      patches++;
      const patched: Pod = { ...pod, status: { ...pod.status, ...body.status } };
      store(patched);
      return patched;
    },
  } as unknown as Client;

  const engine = createOfferEngine({ clock, log: silentLog });
  feedCluster(engine, sources);
  const framework = createPodFramework({
    engine,
    sources,
    client,
    clock,
    log: silentLog,
    record: (pod, type, reason, message) => events.push(`${pod.metadata.name ?? ''} ${type} ${reason}: ${message}`),
  });
  const world: ClusterWorld = {
    clock,
    engine,
    framework,
    pods,
    nodes,
    events,
    get patches() {
      return patches;
    },
    putNode(node) {
      nodes.set(node.metadata.name ?? '', node);
      sources.nodes.upsert(node);
    },
    removeNode(name) {
      const node = nodes.get(name)!;
      nodes.delete(name);
      sources.nodes.delete(node);
    },
    putPod: store,
    removePod(name) {
      const pod = pods.get(name)!;
      pods.delete(name);
      sources.pods.delete(pod);
    },
    putQuota: (quota) => sources.quotas.upsert(quota),
    removeQuota: (quota) => sources.quotas.delete(quota),
    settle: () => clock.advance(0),
    nodeOf: (name) => pods.get(name)?.spec?.nodeName,
    messageOf: (name) => pods.get(name)?.status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message,
    refuseBinding: (name, error) => void refusals.set(name, error),
    refusePatch: (name, error) => void patchRefusals.set(name, error),
  };
  for (const node of existing.nodes ?? []) world.putNode(node);
  for (const pod of existing.pods ?? []) store(pod);
  for (const quota of existing.quotas ?? []) world.putQuota(quota);
  for (const source of Object.values(sources)) source.sync();
  await framework.start();
  await world.settle();
  return world;
}

export interface NodeTraits {
  readonly cpu?: string;
  readonly memory?: string;
  readonly pods?: string;
  readonly labels?: Record<string, string>;
  readonly ready?: boolean;
  readonly spec?: Node['spec'];
}

export function createNode(
  name: string,
  { cpu = '4', memory = '8Gi', pods = '110', labels = {}, ready = true, spec }: NodeTraits = {},
): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    ...(spec ? { spec } : {}),
    status: { allocatable: { cpu, memory, pods }, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

export interface PodTraits {
  readonly namespace?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly labels?: Record<string, string>;
  readonly spec?: Partial<PodSpec>;
  readonly container?: Partial<Container>;
  readonly created?: string;
  readonly phase?: string;
}

export function createPod(name: string, traits: PodTraits = {}): Pod {
  const {
    namespace = 'default',
    cpu,
    memory,
    labels,
    spec,
    container,
    created = '2026-01-01T00:00:00Z',
    phase = 'Pending',
  } = traits;
  const requests = { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: `uid-${namespace}-${name}`,
      creationTimestamp: created,
      ...(labels ? { labels } : {}),
    },
    spec: { containers: [{ name: 'main', image: 'web', resources: { requests }, ...container }], ...spec },
    status: { phase },
  };
}

// How Kubernetes' objects look to the offer engine: nodes as agents, pods as tasks, quotas as limits. Pure.
import { amountsOf, type Amounts } from '../api/pod-resources.ts';
import { isNodeReady } from '../api/placement.ts';
import type { PodDemand } from '../api/pod-demand.ts';
import { createResources, type Range, type Resources, type Scalars } from '../api/resources.ts';
import { isForbidding } from '../api/taints.ts';
import type { Node, ResourceQuota } from '../api/types.gen.ts';
import type { AgentSpec, Task } from './core/state.ts';

/** The framework that places pods. */
export const podFrameworkId = 'tepui-pods';

/** What every agent offers of its ports, as in Mesos. Other ports can be had as host ports, but are never offered. */
const offeredPorts: Range = { begin: 31_000, end: 32_000 };

/** For nodes that do not say how many pods they take. */
const unlimitedPods = 10_000_000;

/** Mesos' names; any other resource keeps its own. */
const scalarNames: Readonly<Record<string, string>> = {
  cpu: 'cpus',
  memory: 'mem',
  'ephemeral-storage': 'disk',
  'nvidia.com/gpu': 'gpus',
};

/** Whether the engine may offer anything of the node. */
export function isNodeUsable(node: Node): boolean {
  return isNodeReady(node) && node.metadata.deletionTimestamp === undefined;
}

/** Tainted and cordoned nodes are offered to the pod framework alone: nobody else knows of tolerations. */
export function agentOf(node: Node): AgentSpec {
  const isExclusive = node.spec?.unschedulable === true || (node.spec?.taints ?? []).some(isForbidding);
  const labels = node.metadata.labels ?? {};
  return {
    id: node.metadata.name ?? '',
    hostname: labels['kubernetes.io/hostname'] ?? node.metadata.name ?? '',
    attributes: labels,
    total: createResources({
      scalars: { pods: unlimitedPods, ...scalarsOf(amountsOf(node.status?.allocatable)) },
      ranges: { ports: [offeredPorts] },
    }),
    ...(isExclusive ? { offerOnlyTo: [podFrameworkId] } : {}),
  };
}

/** A pod on a node: task group of the role that is its namespace. */
export function taskOf(demand: PodDemand, agent: string): Task {
  return { id: demand.uid, agent, framework: podFrameworkId, role: demand.namespace, resources: resourcesOf(demand) };
}

/** What a pod takes of an offer. */
export function resourcesOf(demand: PodDemand): Resources {
  const ports = demand.hostPorts.filter(({ port }) => port >= offeredPorts.begin && port <= offeredPorts.end);
  return createResources({
    scalars: { ...scalarsOf(demand.requests), pods: 1000 },
    ranges: { ports: ports.map(({ port }) => ({ begin: port, end: port })) },
  });
}

/**
 * Thousandths by Mesos' names; memory and disk in MiB. Rounded down, of nodes and of pods alike: sums of rounded pods never
 * exceed a rounded node, so that the engine refuses nothing that fits. Exact to the byte is the predicate of the binding.
 */
export function scalarsOf(amounts: Amounts): Scalars {
  const scalars: Record<string, number> = {};
  for (const [name, amount] of Object.entries(amounts)) {
    scalars[scalarNames[name] ?? name] = Math.floor(amount * thousandthsPer(name));
  }
  return scalars;
}

/**
 * The limit of a namespace's role: the smallest hard limit on requests per resource. Quotas with scopes are about some pods
 * only and limits on limits are no scalars of agents: both are left to the pod framework and the API server.
 */
export function limitOf(quotas: readonly ResourceQuota[]): Scalars | undefined {
  const limit: Record<string, number> = {};
  for (const quota of quotas.filter(isUnscoped)) {
    for (const [name, amount] of Object.entries(scalarsOf(requestLimits(quota))))
      limit[name] = Math.min(limit[name] ?? Infinity, amount);
  }
  return Object.keys(limit).length === 0 ? undefined : limit;
}

export function isUnscoped(quota: ResourceQuota): boolean {
  return !quota.spec?.scopes?.length && !quota.spec?.scopeSelector;
}

/** `requests.cpu` and its short form `cpu` say the same. Counts of other objects and limits on limits are left out. */
function requestLimits(quota: ResourceQuota): Amounts {
  const hard = Object.entries(quota.spec?.hard ?? {}).flatMap(([key, value]) => {
    const name = key.replace(/^requests\./, '');
    return key.startsWith('requests.') || shortForms.has(key) ? [[name, value] as const] : [];
  });
  return amountsOf(Object.fromEntries(hard));
}

const shortForms: ReadonlySet<string> = new Set(['cpu', 'memory', 'pods', 'ephemeral-storage']);

/** cpu comes in thousandths; memory and disk in bytes become thousandths of a MiB. */
function thousandthsPer(name: string): number {
  if (name === 'cpu') return 1;
  return name === 'memory' || name === 'ephemeral-storage' ? 1000 / 2 ** 20 : 1000;
}

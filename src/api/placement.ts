// May this pod run on this node? The predicates that the offer engine's pod framework and the binding transaction share.
import { matchesLabels } from './selectors.ts';
import { describeMisfit, type Misfit } from './misfit.ts';
import { matchesAnyTerm, matchesNodeLabels, type NodeTraits } from './node-affinity.ts';
import { demandOf, type AffinityTerm, type HostPort, type PodDemand } from './pod-demand.ts';
import { addAmounts, amountsOf, subtractAmounts, type Amounts } from './pod-resources.ts';
import { findUntoleratedTaint, isTolerated } from './taints.ts';
import type { Node, Pod, Taint } from './types.gen.ts';

/** A node with the pods that are on it. Kept up to date in place by `addPod`, `removePod` and `replaceNode`. */
export interface NodeRoom extends NodeTraits {
  node: Node;
  name: string;
  labels: Readonly<Record<string, string>>;
  taints: readonly Taint[];
  /** Same units as `Amounts`; `pods` is the greatest number of pods. */
  allocatable: Amounts;
  used: Amounts;
  readonly pods: Map<string, PodDemand>;
}

/** What lies beyond one node: is there a pod anywhere that this term of pod affinity matches? */
export type AffinityWorld = (term: AffinityTerm) => boolean;

/**
 * For the binding transaction: does `pod` fit on `node` beside the pods that are bound to it? Finished pods among them do not
 * count, nor does `pod` itself. Pod affinity that the pod itself satisfies counts as satisfied.
 */
export function podFitsNode(
  pod: Pod,
  node: Node,
  podsOnNode: readonly Pod[],
): { readonly fits: true } | { readonly fits: false; readonly reason: string } {
  const room = createNodeRoom(node);
  for (const other of podsOnNode) if (isHoldingResources(other)) addPod(room, demandOf(other));
  const demand = demandOf(pod);
  removePod(room, demand.uid);
  const misfits = findMisfits(demand, room);
  return misfits.length === 0
    ? { fits: true }
    : { fits: false, reason: `${room.name}: ${misfits.map(describeMisfit).join(', ')}` };
}

/** Succeeded and failed pods have given back what they had. */
export function isHoldingResources(pod: Pod): boolean {
  return pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';
}

export function createNodeRoom(node: Node): NodeRoom {
  const room: NodeRoom = { node, name: '', labels: {}, taints: [], allocatable: {}, used: {}, pods: new Map() };
  replaceNode(room, node);
  return room;
}

/** Takes over a new version of the node; the pods stay. */
export function replaceNode(room: NodeRoom, node: Node): void {
  room.node = node;
  room.name = node.metadata.name ?? '';
  room.labels = node.metadata.labels ?? {};
  room.taints = node.spec?.taints ?? [];
  room.allocatable = amountsOf(node.status?.allocatable);
}

export function addPod(room: NodeRoom, demand: PodDemand): void {
  removePod(room, demand.uid);
  room.pods.set(demand.uid, demand);
  room.used = addAmounts(room.used, demand.requests);
}

/** Harmless when the pod is not there. */
export function removePod(room: NodeRoom, uid: string): void {
  const demand = room.pods.get(uid);
  if (!demand) return;
  room.pods.delete(uid);
  room.used = subtractAmounts(room.used, demand.requests);
}

/** Ready, and not going away. */
export function isNodeReady(node: Node): boolean {
  return node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** Empty when the pod may run there. A misfit that no free resource could mend comes alone; else every scarce resource. */
export function findMisfits(demand: PodDemand, room: NodeRoom, world?: AffinityWorld): readonly Misfit[] {
  const fixed = findFixedMisfit(demand, room) ?? findNeighbourMisfit(demand, room, world);
  return fixed ? [fixed] : findShortages(demand, room);
}

/** What depends on the node and the pod alone, not on the pods that are there. */
export function findFixedMisfit(demand: PodDemand, room: NodeRoom): Misfit | undefined {
  return findUnsupportedMisfit(demand) ?? findNodeStateMisfit(demand, room) ?? findSelectionMisfit(demand, room);
}

/** What depends on the pods that are there: host ports and (anti-)affinity. */
export function findNeighbourMisfit(demand: PodDemand, room: NodeRoom, world?: AffinityWorld): Misfit | undefined {
  const port = findPortConflict(demand, room);
  if (port) return { kind: 'host-port', port };
  if (!demand.affinity.every((term) => isAffinitySatisfied(term, demand, room, world))) return { kind: 'pod-affinity' };
  return isRepelled(demand, room) ? { kind: 'pod-anti-affinity' } : undefined;
}

/** Every resource of which the node has less free than the pod needs; a full node (`pods`) included. */
export function findShortages(demand: PodDemand, room: NodeRoom): readonly Misfit[] {
  const misfits: Misfit[] = [];
  const most = room.allocatable['pods'];
  if (most !== undefined && room.pods.size >= most)
    misfits.push({ kind: 'insufficient', resource: 'pods', needed: 1, free: most - room.pods.size, allocatable: most });
  for (const resource in demand.requests) {
    const needed = demand.requests[resource] ?? 0;
    const allocatable = room.allocatable[resource] ?? 0;
    const free = allocatable - (room.used[resource] ?? 0);
    if (needed > 0 && needed > free) misfits.push({ kind: 'insufficient', resource, needed, free, allocatable });
  }
  return misfits;
}

/** True when `other` is one of the pods that the term is about. */
export function matchesAffinityTerm(term: AffinityTerm, other: PodDemand): boolean {
  const isThere = term.namespaces === undefined || term.namespaces.includes(other.namespace);
  return isThere && matchesLabels(term.selector, other.labels);
}

function findUnsupportedMisfit(demand: PodDemand): Misfit | undefined {
  const [first] = demand.unsupported;
  return first === undefined ? undefined : { kind: 'unsupported', demand: first };
}

const unschedulableTaint: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

function findNodeStateMisfit(demand: PodDemand, room: NodeRoom): Misfit | undefined {
  const { node } = room;
  if (node.metadata.deletionTimestamp !== undefined) return { kind: 'being-deleted' };
  if (!isNodeReady(node)) return { kind: 'not-ready' };
  if (node.spec?.unschedulable && !isTolerated(unschedulableTaint, demand.tolerations))
    return { kind: 'unschedulable' };
  const taint = findUntoleratedTaint(room.taints, demand.tolerations);
  return taint && { kind: 'taint', taint };
}

function findSelectionMisfit(demand: PodDemand, room: NodeRoom): Misfit | undefined {
  if (demand.nodeName !== undefined && demand.nodeName !== room.name)
    return { kind: 'node-name', wanted: demand.nodeName };
  if (!matchesNodeLabels(demand.nodeSelector, room)) return { kind: 'node-selector' };
  if (demand.requiredTerms && !matchesAnyTerm(demand.requiredTerms, room)) return { kind: 'node-affinity' };
  return undefined;
}

function findPortConflict(demand: PodDemand, room: NodeRoom): HostPort | undefined {
  if (demand.hostPorts.length === 0) return undefined;
  const taken = [...room.pods.values()].flatMap((pod) => pod.hostPorts);
  return demand.hostPorts.find((port) => taken.some((other) => collide(port, other)));
}

function collide(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false;
  return a.address === b.address || a.address === '' || b.address === '';
}

/** A group's first pod may start anywhere: it satisfies its own term as long as nobody else does. */
function isAffinitySatisfied(term: AffinityTerm, demand: PodDemand, room: NodeRoom, world?: AffinityWorld): boolean {
  for (const pod of room.pods.values()) if (matchesAffinityTerm(term, pod)) return true;
  return matchesAffinityTerm(term, demand) && !world?.(term);
}

function isRepelled(demand: PodDemand, room: NodeRoom): boolean {
  for (const pod of room.pods.values()) {
    if (demand.antiAffinity.some((term) => matchesAffinityTerm(term, pod))) return true;
    if (pod.antiAffinity.some((term) => matchesAffinityTerm(term, demand))) return true;
  }
  return false;
}

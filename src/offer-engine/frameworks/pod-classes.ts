// Pending pods, grouped by what placement can tell apart: copies of one template are judged once per node.
import { findMisfits, matchesAffinityTerm, type AffinityWorld, type NodeRoom } from '../../api/placement.ts';
import type { PodDemand } from '../../api/pod-demand.ts';
import type { Amounts } from '../../api/pod-resources.ts';
import type { Pod } from '../../api/types.gen.ts';

export interface PendingPod {
  readonly pod: Pod;
  readonly demand: PodDemand;
  readonly quotaUsage: Amounts;
}

export interface PodClass {
  readonly key: string;
  readonly role: string;
  /** Of any of its pods. */
  readonly demand: PodDemand;
  readonly quotaUsage: Amounts;
  readonly pods: Map<string, PendingPod>;
  /** Nodes on which its pods fit, as far as nodes and pods go. */
  readonly candidates: Set<string>;
  /** The search stopped early, with enough candidates. */
  isTruncated: boolean;
  /** Never searched, or something changed that can open any node. */
  needsSearch: boolean;
  /** Uids of the pods that have not been told anything yet: telling them must not cost a look at all the others. */
  readonly newPods: Set<string>;
  /** The last explanation, and whether something has happened since. */
  explanation: string | undefined;
  isStale: boolean;
}

/** So many candidates are a good enough choice: the rest of a large cluster is looked at only when they run out. */
const enoughCandidates = 128;

export function classKeyOf({ demand, quotaUsage }: PendingPod): string {
  return JSON.stringify([{ ...demand, uid: '', name: '' }, quotaUsage]);
}

export function createPodClass(key: string, { demand, quotaUsage }: PendingPod): PodClass {
  return {
    key,
    role: demand.namespace,
    demand,
    quotaUsage,
    pods: new Map(),
    candidates: new Set(),
    isTruncated: false,
    needsSearch: true,
    newPods: new Set(),
    explanation: undefined,
    isStale: true,
  };
}

/** Looks for candidates over all rooms, from `start` on and round, so that large clusters fill evenly. */
export function findCandidates(
  podClass: PodClass,
  rooms: readonly NodeRoom[],
  world: AffinityWorld,
  start: number,
): void {
  podClass.candidates.clear();
  podClass.isTruncated = false;
  podClass.needsSearch = false;
  for (let index = 0; index < rooms.length; index++) {
    const room = rooms[(start + index) % rooms.length];
    if (!room || findMisfits(podClass.demand, room, world).length > 0) continue;
    podClass.candidates.add(room.name);
    if (podClass.candidates.size < enoughCandidates) continue;
    podClass.isTruncated = index + 1 < rooms.length;
    return;
  }
}

/** Judges one node again. With pod affinity, what is on one node can open or close all the others. */
export function judgeNode(podClass: PodClass, room: NodeRoom, world: AffinityWorld): void {
  podClass.isStale = true;
  if (podClass.demand.affinity.length > 0) podClass.needsSearch = true;
  if (findMisfits(podClass.demand, room, world).length === 0) podClass.candidates.add(room.name);
  else podClass.candidates.delete(room.name);
}

/** Answers for as long as no pod is added or removed; each question is worked out once. */
export function createAffinityWorld(rooms: Iterable<NodeRoom>): AffinityWorld {
  const answers = new Map<unknown, boolean>();
  return (term) => {
    const known = answers.get(term);
    if (known !== undefined) return known;
    let found = false;
    for (const room of rooms) for (const pod of room.pods.values()) found ||= matchesAffinityTerm(term, pod);
    answers.set(term, found);
    return found;
  };
}

/** Higher priority first, then older, then by name. */
export function comparePending(a: PendingPod, b: PendingPod): number {
  return (
    (b.pod.spec?.priority ?? 0) - (a.pod.spec?.priority ?? 0) ||
    compareText(a.pod.metadata.creationTimestamp ?? '', b.pod.metadata.creationTimestamp ?? '') ||
    compareText(a.demand.name, b.demand.name)
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** True for pods that are ours to place: neither bound, finished, gated, going away nor another scheduler's. */
export function isPlaceable(pod: Pod): boolean {
  const { nodeName = '', schedulingGates = [], schedulerName = defaultScheduler } = pod.spec ?? { containers: [] };
  const isOver = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return (
    nodeName === '' &&
    schedulingGates.length === 0 &&
    schedulerName === defaultScheduler &&
    !isOver &&
    pod.metadata.deletionTimestamp === undefined
  );
}

const defaultScheduler = 'default-scheduler';

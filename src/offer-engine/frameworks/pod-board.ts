// What the pod framework knows: nodes with the pods on them (bound or about to be), pending pods by class, use of quotas.
import {
  addPod,
  createNodeRoom,
  isHoldingResources,
  removePod,
  replaceNode,
  type NodeRoom,
} from '../../api/placement.ts';
import { demandOf, type PodDemand } from '../../api/pod-demand.ts';
import type { Amounts } from '../../api/pod-resources.ts';
import type { Node, Pod, ResourceQuota } from '../../api/types.gen.ts';
import { deepEqual } from '../../lib/deep.ts';
import {
  classKeyOf,
  createAffinityWorld,
  createPodClass,
  findCandidates,
  isPlaceable,
  judgeNode,
  type PendingPod,
  type PodClass,
} from './pod-classes.ts';
import { createQuotaLedger, quotaUsageOf } from './quota-ledger.ts';

export interface PodBoard {
  readonly rooms: ReadonlyMap<string, NodeRoom>;
  /** Classes that have pending pods. */
  readonly classes: ReadonlyMap<string, PodClass>;
  /** Namespaces that got a pending pod since this set was last cleared. */
  readonly freshRoles: Set<string>;
  upsertNode(node: Node): void;
  deleteNode(name: string): void;
  upsertPod(pod: Pod): void;
  deletePod(uid: string): void;
  upsertQuota(quota: ResourceQuota): void;
  deleteQuota(quota: ResourceQuota): void;
  /** Counts a pending pod as placed on the node while its binding is under way. */
  assume(pending: PendingPod, node: string): void;
  /** The binding came to nothing: the pod is on no node, and not pending either until `requeue`. False when it was not assumed. */
  unassume(uid: string): boolean;
  requeue(uid: string): void;
  /** Makes sure that the class's candidates are up to date. */
  refreshCandidates(podClass: PodClass): void;
  /** What the pod would exceed of its namespace's quotas. */
  findExcess(podClass: PodClass): string | undefined;
  /** Pods of the same owner on the node. */
  countAlike(pod: Pod, node: string): number;
}

interface Placed {
  readonly pod: Pod;
  readonly demand: PodDemand;
  readonly node: string;
  readonly usage: Amounts;
}

/** @param onChange called after every change that may let a pod run, or that needs a new explanation */
export function createPodBoard(onChange: () => void): PodBoard {
  const rooms = new Map<string, NodeRoom>();
  let roomList: readonly NodeRoom[] | undefined;
  let searchStart = 0;
  const classes = new Map<string, PodClass>();
  const classOfPod = new Map<string, PodClass>();
  const placed = new Map<string, Placed>();
  const placedOn = new Map<string, Map<string, Placed>>();
  const assumed = new Set<string>();
  /** The newest version of pods that are not bound. */
  const unbound = new Map<string, Pod>();
  const alike = new Map<string, number>();
  const freshRoles = new Set<string>();
  const ledger = createQuotaLedger();

  const judgeAll = (room: NodeRoom): void => {
    const world = createAffinityWorld(rooms.values());
    for (const podClass of classes.values()) {
      judgeNode(podClass, room, world);
      if (podClass.demand.affinity.length > 0) podClass.needsSearch = true;
    }
  };

  const countAlike = (pod: Pod, node: string, change: number): void => {
    const key = alikeKey(pod, node);
    const count = (alike.get(key) ?? 0) + change;
    if (count > 0) alike.set(key, count);
    else alike.delete(key);
  };

  const place = (entry: Placed): void => {
    const { demand, node, pod, usage } = entry;
    unplace(demand.uid);
    placed.set(demand.uid, entry);
    placedOn.set(node, (placedOn.get(node) ?? new Map<string, Placed>()).set(demand.uid, entry));
    ledger.charge(demand.uid, demand.namespace, usage);
    countAlike(pod, node, 1);
    const room = rooms.get(node);
    if (!room) return;
    addPod(room, demand);
    judgeAll(room);
  };

  const unplace = (uid: string): void => {
    const entry = placed.get(uid);
    if (!entry) return;
    placed.delete(uid);
    placedOn.get(entry.node)?.delete(uid);
    if (placedOn.get(entry.node)?.size === 0) placedOn.delete(entry.node);
    ledger.release(uid);
    countAlike(entry.pod, entry.node, -1);
    markStale(entry.demand.namespace);
    const room = rooms.get(entry.node);
    if (!room) return;
    removePod(room, uid);
    judgeAll(room);
  };

  const markStale = (role: string): void => {
    for (const podClass of classes.values()) if (podClass.role === role) podClass.isStale = true;
  };

  const addPending = (pod: Pod): void => {
    const demand = demandOf(pod);
    const pending: PendingPod = { pod, demand, quotaUsage: quotaUsageOf(pod, demand) };
    const key = classKeyOf(pending);
    const before = classOfPod.get(demand.uid);
    if (before?.key === key) {
      before.pods.set(demand.uid, pending);
      return;
    }
    removePending(demand.uid);
    const podClass = classes.get(key) ?? createPodClass(key, pending);
    classes.set(key, podClass);
    podClass.pods.set(demand.uid, pending);
    podClass.hasNewPods = true;
    classOfPod.set(demand.uid, podClass);
    freshRoles.add(podClass.role);
    onChange();
  };

  const removePending = (uid: string): void => {
    const podClass = classOfPod.get(uid);
    if (!podClass) return;
    classOfPod.delete(uid);
    podClass.pods.delete(uid);
    if (podClass.pods.size === 0) classes.delete(podClass.key);
  };

  const forget = (uid: string): void => {
    const wasKnown = placed.has(uid) || classOfPod.has(uid);
    removePending(uid);
    unplace(uid);
    assumed.delete(uid);
    unbound.delete(uid);
    if (wasKnown) onChange();
  };

  const settleOn = (pod: Pod, node: string): void => {
    const demand = demandOf(pod);
    removePending(demand.uid);
    assumed.delete(demand.uid);
    unbound.delete(demand.uid);
    const before = placed.get(demand.uid);
    if (before?.node === node && deepEqual({ ...before.demand, nodeName: node }, demand)) return;
    place({ pod, demand, node, usage: quotaUsageOf(pod, demand) });
    onChange();
  };

  const upsertUnbound = (pod: Pod, uid: string): void => {
    const isResting = unbound.has(uid) && !classOfPod.has(uid) && !assumed.has(uid);
    unbound.set(uid, pod);
    if (!isPlaceable(pod)) forget(uid);
    else if (!assumed.has(uid) && !isResting) addPending(pod);
  };

  return {
    rooms,
    classes,
    freshRoles,
    upsertNode(node) {
      const name = node.metadata.name ?? '';
      const known = rooms.get(name);
      if (known && isSameForPlacement(known.node, node)) {
        known.node = node;
        return;
      }
      const room = known ?? createNodeRoom(node);
      if (known) replaceNode(room, node);
      else {
        rooms.set(name, room);
        roomList = undefined;
        for (const entry of placedOn.get(name)?.values() ?? []) addPod(room, entry.demand);
      }
      judgeAll(room);
      onChange();
    },
    deleteNode(name) {
      if (!rooms.delete(name)) return;
      roomList = undefined;
      for (const podClass of classes.values()) {
        podClass.candidates.delete(name);
        podClass.isStale = true;
      }
      onChange();
    },
    upsertPod(pod) {
      const uid = pod.metadata.uid ?? '';
      const node = pod.spec?.nodeName ?? '';
      if (node === '') upsertUnbound(pod, uid);
      else if (isHoldingResources(pod)) settleOn(pod, node);
      else forget(uid);
    },
    deletePod: forget,
    upsertQuota(quota) {
      ledger.setQuota(quota);
      markStale(quota.metadata.namespace ?? '');
      onChange();
    },
    deleteQuota(quota) {
      ledger.deleteQuota(quota);
      markStale(quota.metadata.namespace ?? '');
      onChange();
    },
    assume({ pod, demand, quotaUsage }, node) {
      removePending(demand.uid);
      assumed.add(demand.uid);
      place({ pod, demand, node, usage: quotaUsage });
    },
    unassume(uid) {
      if (!assumed.delete(uid)) return false;
      unplace(uid);
      onChange();
      return true;
    },
    requeue(uid) {
      const pod = unbound.get(uid);
      if (pod && !assumed.has(uid)) addPending(pod);
    },
    refreshCandidates(podClass) {
      const isExhausted = podClass.candidates.size === 0 && podClass.isTruncated;
      if (!podClass.needsSearch && !isExhausted) return;
      roomList ??= [...rooms.values()];
      findCandidates(podClass, roomList, createAffinityWorld(rooms.values()), searchStart);
      searchStart += podClass.candidates.size;
    },
    findExcess: (podClass) => ledger.findExcess(podClass.role, podClass.quotaUsage),
    countAlike: (pod, node) => alike.get(alikeKey(pod, node)) ?? 0,
  };
}

function alikeKey(pod: Pod, node: string): string {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  return `${node} ${owner?.uid ?? pod.metadata.namespace ?? ''}`;
}

/** Heartbeats change conditions' times and images; only these parts decide where pods may run. */
function isSameForPlacement(a: Node, b: Node): boolean {
  return deepEqual(placementPart(a), placementPart(b));
}

function placementPart({ metadata, spec, status }: Node): unknown {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return {
    labels: metadata.labels,
    deleted: metadata.deletionTimestamp,
    taints: spec?.taints,
    cordoned: spec?.unschedulable,
    allocatable: status?.allocatable,
    ready,
  };
}

// What the pod framework knows: nodes with the pods on them (bound or about to be), pending pods by class, use of quotas.
import { isHoldingResources, type NodeRoom } from '../../api/placement.ts';
import { demandOf } from '../../api/pod-demand.ts';
import type { Node, Pod, ResourceQuota } from '../../api/types.gen.ts';
import { deepEqual } from '../../lib/deep.ts';
import { createNodeRooms, type Placed } from './node-rooms.ts';
import { isPlaceable, type PendingPod, type PodClass } from './pod-classes.ts';
import { createPodQueue } from './pod-queue.ts';
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
  /** On a node, or assumed to be. */
  isPlaced(uid: string): boolean;
  /** Makes sure that the class's candidates are up to date. */
  refreshCandidates(podClass: PodClass): void;
  /** What a pod of the class would exceed of its namespace's quotas. */
  findExcess(podClass: PodClass): string | undefined;
  /** Pods of the same owner on the node. */
  countAlike(pod: Pod, node: string): number;
}

/** @param onChange called after every change that may let a pod run, or that needs a new explanation */
export function createPodBoard(onChange: () => void): PodBoard {
  const nodes = createNodeRooms();
  const queue = createPodQueue(nodes);
  const ledger = createQuotaLedger();
  const freshRoles = new Set<string>();
  const places = createPlaces({ nodes, queue, ledger });

  const enqueue = (pod: Pod): void => {
    const podClass = queue.add(pod);
    if (!podClass) return;
    freshRoles.add(podClass.role);
    onChange();
  };

  const changeQuota = (quota: ResourceQuota, change: () => void): void => {
    change();
    queue.markStale(quota.metadata.namespace ?? '');
    onChange();
  };

  return {
    rooms: nodes.rooms,
    classes: queue.classes,
    freshRoles,
    upsertNode(node) {
      const room = nodes.upsertNode(node);
      if (!room) return;
      queue.judge(room);
      onChange();
    },
    deleteNode(name) {
      if (!nodes.deleteNode(name)) return;
      queue.dropNode(name);
      onChange();
    },
    ...createPodTracking({ nodes, queue, places, enqueue, onChange }),
    upsertQuota: (quota) => changeQuota(quota, () => ledger.setQuota(quota)),
    deleteQuota: (quota) => changeQuota(quota, () => ledger.deleteQuota(quota)),
    refreshCandidates: (podClass) => queue.refreshCandidates(podClass),
    findExcess: (podClass) => ledger.findExcess(podClass.role, podClass.quotaUsage),
    isPlaced: (uid) => nodes.find(uid) !== undefined,
    countAlike: (pod, node) => nodes.countAlike(pod, node),
  };
}

interface Places {
  put(placed: Placed): void;
  takeAway(uid: string): boolean;
}

interface Books {
  readonly nodes: ReturnType<typeof createNodeRooms>;
  readonly queue: ReturnType<typeof createPodQueue>;
  readonly ledger: ReturnType<typeof createQuotaLedger>;
}

/** Keeps rooms, quotas and classes in step when pods come and go. */
function createPlaces({ nodes, queue, ledger }: Books): Places {
  const takeAway = (uid: string): boolean => {
    const found = nodes.unplace(uid);
    if (!found) return false;
    ledger.release(uid);
    queue.markStale(found.placed.demand.namespace);
    if (found.room) queue.judge(found.room);
    return true;
  };
  return {
    takeAway,
    put(placed) {
      const { demand, pod } = placed;
      takeAway(demand.uid);
      ledger.charge(demand.uid, demand.namespace, quotaUsageOf(pod, demand));
      queue.markStale(demand.namespace);
      const room = nodes.place(placed);
      if (room) queue.judge(room);
    },
  };
}

type PodTracking = Pick<PodBoard, 'upsertPod' | 'deletePod' | 'assume' | 'unassume' | 'requeue'>;

interface Tracked extends Omit<Books, 'ledger'> {
  readonly places: Places;
  readonly enqueue: (pod: Pod) => void;
  readonly onChange: () => void;
}

/** Where each pod stands: pending, assumed on a node, resting after a refused binding, on a node, or out of sight. */
function createPodTracking({ nodes, queue, places, enqueue, onChange }: Tracked): PodTracking {
  const assumed = new Set<string>();
  /** The newest version of pods that are not bound. */
  const unbound = new Map<string, Pod>();

  const forget = (uid: string): void => {
    assumed.delete(uid);
    unbound.delete(uid);
    const wasPending = queue.remove(uid);
    if (places.takeAway(uid) || wasPending) onChange();
  };

  const settleOn = (pod: Pod, node: string): void => {
    const demand = demandOf(pod);
    assumed.delete(demand.uid);
    unbound.delete(demand.uid);
    queue.remove(demand.uid);
    const before = nodes.find(demand.uid);
    if (before?.node === node && deepEqual({ ...before.demand, nodeName: node }, demand)) return;
    places.put({ pod, demand, node });
    onChange();
  };

  const keepUnbound = (pod: Pod, uid: string): void => {
    const isResting = unbound.has(uid) && !queue.has(uid);
    unbound.set(uid, pod);
    if (!isPlaceable(pod)) forget(uid);
    else if (!isResting) enqueue(pod);
  };

  return {
    upsertPod(pod) {
      const { uid = '' } = pod.metadata;
      const { nodeName = '' } = pod.spec ?? {};
      if (nodeName === '') keepUnbound(pod, uid);
      else if (isHoldingResources(pod)) settleOn(pod, nodeName);
      else forget(uid);
    },
    deletePod: forget,
    assume({ pod, demand }, node) {
      queue.remove(demand.uid);
      assumed.add(demand.uid);
      places.put({ pod, demand, node });
    },
    unassume(uid) {
      if (!assumed.delete(uid)) return false;
      places.takeAway(uid);
      onChange();
      return true;
    },
    requeue(uid) {
      const pod = unbound.get(uid);
      if (pod && !assumed.has(uid)) enqueue(pod);
    },
  };
}

// The pending pods by class, with the nodes on which each class fits.
import type { NodeRoom } from '../../api/placement.ts';
import { demandOf } from '../../api/pod-demand.ts';
import type { Pod } from '../../api/types.gen.ts';
import type { NodeRooms } from './node-rooms.ts';
import {
  classKeyOf,
  createAffinityWorld,
  createPodClass,
  findCandidates,
  judgeNode,
  type PendingPod,
  type PodClass,
} from './pod-classes.ts';
import { quotaUsageOf } from './quota-ledger.ts';

export interface PodQueue {
  /** Classes that have pods. */
  readonly classes: ReadonlyMap<string, PodClass>;
  has(uid: string): boolean;
  /** Adds a pod, or takes over its new version. The class if it is new there. */
  add(pod: Pod): PodClass | undefined;
  remove(uid: string): boolean;
  /** Something on the node changed: every class is judged there again. */
  judge(room: NodeRoom): void;
  dropNode(name: string): void;
  /** What the role's pods were told may no longer be true. */
  markStale(role: string): void;
  /** Makes sure that the class has candidates, if there are any. */
  refreshCandidates(podClass: PodClass): void;
}

export function createPodQueue(nodes: NodeRooms): PodQueue {
  const classes = new Map<string, PodClass>();
  const classOfPod = new Map<string, PodClass>();
  let searchStart = 0;

  const remove = (uid: string): boolean => {
    const podClass = classOfPod.get(uid);
    if (!podClass) return false;
    classOfPod.delete(uid);
    podClass.pods.delete(uid);
    podClass.newPods.delete(uid);
    if (podClass.pods.size === 0) classes.delete(podClass.key);
    return true;
  };

  const add = (pod: Pod): PodClass | undefined => {
    const demand = demandOf(pod);
    const pending: PendingPod = { pod, demand, quotaUsage: quotaUsageOf(pod, demand) };
    const key = classKeyOf(pending);
    const before = classOfPod.get(demand.uid);
    if (before?.key !== key) remove(demand.uid);
    const podClass = classes.get(key) ?? createPodClass(key, pending);
    classes.set(key, podClass);
    podClass.pods.set(demand.uid, pending);
    classOfPod.set(demand.uid, podClass);
    if (before === podClass) return undefined;
    podClass.newPods.add(demand.uid);
    return podClass;
  };

  return {
    classes,
    has: (uid) => classOfPod.has(uid),
    add,
    remove,
    judge(room) {
      const world = createAffinityWorld(nodes.rooms.values());
      for (const podClass of classes.values()) judgeNode(podClass, room, world);
    },
    dropNode(name) {
      for (const podClass of classes.values()) {
        podClass.candidates.delete(name);
        podClass.isStale = true;
      }
    },
    markStale(role) {
      for (const podClass of classes.values()) if (podClass.role === role) podClass.isStale = true;
    },
    refreshCandidates(podClass) {
      const isExhausted = podClass.candidates.size === 0 && podClass.isTruncated;
      if (!podClass.needsSearch && !isExhausted) return;
      findCandidates(podClass, nodes.list(), createAffinityWorld(nodes.rooms.values()), searchStart);
      searchStart += podClass.candidates.size;
    },
  };
}

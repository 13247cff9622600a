// The nodes with the pods that are on them, or about to be.
import { addPod, createNodeRoom, removePod, replaceNode, type NodeRoom } from '../../api/placement.ts';
import type { PodDemand } from '../../api/pod-demand.ts';
import type { Node, Pod } from '../../api/types.gen.ts';
import { deepEqual } from '../../lib/deep.ts';

export interface Placed {
  readonly pod: Pod;
  readonly demand: PodDemand;
  readonly node: string;
}

export interface NodeRooms {
  readonly rooms: ReadonlyMap<string, NodeRoom>;
  /** The same in a fixed order, for searches that begin anywhere. */
  list(): readonly NodeRoom[];
  /** The room if anything that matters for placement changed. */
  upsertNode(node: Node): NodeRoom | undefined;
  /** False when the node was unknown. Its pods are remembered, in case it comes back. */
  deleteNode(name: string): boolean;
  /** Puts a pod on a node, which need not be known yet; the room if it is. */
  place(placed: Placed): NodeRoom | undefined;
  unplace(uid: string): { readonly placed: Placed; readonly room: NodeRoom | undefined } | undefined;
  find(uid: string): Placed | undefined;
  /** Pods of the same owner (or, without one, of the same namespace) on the node. */
  countAlike(pod: Pod, node: string): number;
}

export function createNodeRooms(): NodeRooms {
  const rooms = new Map<string, NodeRoom>();
  const placedPods = createPlacedPods();
  let ordered: readonly NodeRoom[] | undefined;

  const openRoom = (name: string, node: Node): NodeRoom => {
    const room = createNodeRoom(node);
    rooms.set(name, room);
    ordered = undefined;
    for (const { demand } of placedPods.on(name)) addPod(room, demand);
    return room;
  };

  return {
    rooms,
    list: () => (ordered ??= [...rooms.values()]),
    upsertNode(node) {
      const name = node.metadata.name ?? '';
      const known = rooms.get(name);
      if (!known) return openRoom(name, node);
      const isSame = deepEqual(placementPart(known.node), placementPart(node));
      replaceNode(known, node);
      return isSame ? undefined : known;
    },
    deleteNode(name) {
      ordered = undefined;
      return rooms.delete(name);
    },
    place(placed) {
      placedPods.add(placed);
      const room = rooms.get(placed.node);
      if (room) addPod(room, placed.demand);
      return room;
    },
    unplace(uid) {
      const placed = placedPods.remove(uid);
      if (!placed) return undefined;
      const room = rooms.get(placed.node);
      if (room) removePod(room, uid);
      return { placed, room };
    },
    find: placedPods.find,
    countAlike: placedPods.countAlike,
  };
}

interface PlacedPods {
  readonly add: (placed: Placed) => void;
  readonly remove: (uid: string) => Placed | undefined;
  readonly find: (uid: string) => Placed | undefined;
  readonly on: (node: string) => Iterable<Placed>;
  readonly countAlike: (pod: Pod, node: string) => number;
}

function createPlacedPods(): PlacedPods {
  const byUid = new Map<string, Placed>();
  const byNode = new Map<string, Map<string, Placed>>();
  const alike = new Map<string, number>();

  const count = ({ pod, node }: Placed, change: number): void => {
    const key = alikeKey(pod, node);
    const next = (alike.get(key) ?? 0) + change;
    if (next > 0) alike.set(key, next);
    else alike.delete(key);
  };

  return {
    add(placed) {
      byUid.set(placed.demand.uid, placed);
      byNode.set(placed.node, (byNode.get(placed.node) ?? new Map<string, Placed>()).set(placed.demand.uid, placed));
      count(placed, 1);
    },
    remove(uid) {
      const placed = byUid.get(uid);
      if (!placed) return undefined;
      byUid.delete(uid);
      byNode.get(placed.node)?.delete(uid);
      if (byNode.get(placed.node)?.size === 0) byNode.delete(placed.node);
      count(placed, -1);
      return placed;
    },
    find: (uid) => byUid.get(uid),
    on: (node) => byNode.get(node)?.values() ?? [],
    countAlike: (pod, node) => alike.get(alikeKey(pod, node)) ?? 0,
  };
}

function alikeKey(pod: Pod, node: string): string {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  return `${node} ${owner?.uid ?? pod.metadata.namespace ?? ''}`;
}

/** Heartbeats change times, images and addresses; only these parts decide where pods may run. */
function placementPart({ metadata, spec, status }: Node): unknown {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  const { labels, deletionTimestamp } = metadata;
  return {
    labels,
    deletionTimestamp,
    taints: spec?.taints,
    unschedulable: spec?.unschedulable,
    allocatable: status?.allocatable,
    ready,
  };
}

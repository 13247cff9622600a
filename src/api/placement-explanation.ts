// Why a pod is not placed: counts per reason over all nodes, with the nearest miss. For conditions, events and `why`.
import { describeShortage, labelMisfit, type Misfit } from './misfit.ts';
import { demandOf, type PodDemand } from './pod-demand.ts';
import {
  addPod,
  createNodeRoom,
  findMisfits,
  isHoldingResources,
  type AffinityWorld,
  type NodeRoom,
} from './placement.ts';
import type { Node, Pod } from './types.gen.ts';

export interface ReasonCount {
  /** `insufficient cpu`, `had untolerated taint {dedicated: gpu}`, … */
  readonly reason: string;
  readonly nodes: number;
  /** For scarce resources: the node that has most of it free among those that miss nothing but resources. */
  readonly nearestMiss?: { readonly node: string; readonly text: string; readonly free: number };
}

export interface PlacementExplanation {
  readonly nodes: number;
  /** Nodes on which the pod could run now. */
  readonly fitting: readonly string[];
  /** Most frequent first. */
  readonly reasons: readonly ReasonCount[];
  /** One sentence, as it stands in the pod's condition. */
  readonly message: string;
}

/**
 * Judges every node. `pods` are the pods of the cluster; those bound and not finished take room.
 * @param further reasons beyond nodes (quota, offers held by others), put first in the message
 */
export function explainPlacement(
  pod: Pod,
  nodes: readonly Node[],
  pods: readonly Pod[],
  further: readonly string[] = [],
): PlacementExplanation {
  const rooms = new Map(nodes.map((node) => [node.metadata.name ?? '', createNodeRoom(node)]));
  const others = pods
    .filter((other) => other.metadata.uid !== pod.metadata.uid && isHoldingResources(other))
    .map(demandOf);
  for (const other of others) {
    const room = rooms.get(other.nodeName ?? '');
    if (room) addPod(room, other);
  }
  return explainDemand(demandOf(pod), rooms.values(), undefined, further);
}

/** The same over rooms that are kept up to date. */
export function explainDemand(
  demand: PodDemand,
  rooms: Iterable<NodeRoom>,
  world?: AffinityWorld,
  further: readonly string[] = [],
): PlacementExplanation {
  const fitting: string[] = [];
  const counts = new Map<string, ReasonCount>();
  let nodes = 0;
  for (const room of rooms) {
    nodes++;
    const misfits = findMisfits(demand, room, world);
    if (misfits.length === 0) fitting.push(room.name);
    for (const misfit of misfits) count(counts, misfit, room);
  }
  const reasons = [...counts.values()].sort((a, b) => b.nodes - a.nodes || (a.reason < b.reason ? -1 : 1));
  return {
    nodes,
    fitting,
    reasons,
    message: sentence({ nodes, available: further.length > 0 ? 0 : fitting.length, reasons, further }),
  };
}

function count(counts: Map<string, ReasonCount>, misfit: Misfit, room: NodeRoom): void {
  const reason = labelMisfit(misfit);
  const known = counts.get(reason);
  const nearest = nearer(known?.nearestMiss, misfit, room);
  counts.set(reason, { reason, nodes: (known?.nodes ?? 0) + 1, ...(nearest ? { nearestMiss: nearest } : {}) });
}

function nearer(known: ReasonCount['nearestMiss'], misfit: Misfit, room: NodeRoom): ReasonCount['nearestMiss'] {
  if (misfit.kind !== 'insufficient' || (known && known.free >= misfit.free)) return known;
  return { node: room.name, text: `${room.name} has ${describeShortage(misfit)}`, free: misfit.free };
}

interface SentenceParts {
  readonly nodes: number;
  readonly available: number;
  readonly reasons: readonly ReasonCount[];
  readonly further: readonly string[];
}

function sentence({ nodes, available, reasons, further }: SentenceParts): string {
  const empty = nodes === 0 ? ['no node has joined the cluster yet'] : [];
  const counted = reasons.map(({ reason, nodes: number, nearestMiss }) =>
    nearestMiss ? `${number} ${reason} (nearest miss: ${nearestMiss.text})` : `${number} ${reason}`,
  );
  return `${available}/${nodes} nodes are available: ${[...further, ...empty, ...counted].join(', ')}`;
}

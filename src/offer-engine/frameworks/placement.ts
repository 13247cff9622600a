// Which of the nodes that fit is best for a pod: least allocated first, preferences and soft spreading on top. Pure.
import { matchesTerm } from '../../api/node-affinity.ts';
import type { NodeRoom } from '../../api/placement.ts';
import type { PodDemand } from '../../api/pod-demand.ts';
import { countUnwelcomingTaints } from '../../api/taints.ts';

/** Points that one preference can outweigh another by; each part is brought to 0…1 first. */
const weights = { free: 1, spread: 1, preference: 2, taint: 3 };

/** Higher is better. Judges the node as it would be with the pod on it. */
export function scoreNode(demand: PodDemand, room: NodeRoom, alike: number): number {
  return (
    weights.free * freeFraction(demand, room) +
    weights.spread / (1 + alike) +
    weights.preference * preferenceFraction(demand, room) -
    weights.taint * countUnwelcomingTaints(room.taints, demand.tolerations)
  );
}

/** Mean over cpu and memory of what would stay free; a pod that asks for nothing counts as a small one. */
function freeFraction(demand: PodDemand, room: NodeRoom): number {
  return (freeOf('cpu', demand, room) + freeOf('memory', demand, room)) / 2;
}

const nominal: Readonly<Record<string, number>> = { cpu: 100, memory: 200 * 2 ** 20 };

function freeOf(resource: string, demand: PodDemand, room: NodeRoom): number {
  const allocatable = room.allocatable[resource] ?? 0;
  if (allocatable === 0) return 0;
  const used = (room.used[resource] ?? 0) + (demand.requests[resource] ?? nominal[resource] ?? 0);
  return Math.max(0, 1 - used / allocatable);
}

function preferenceFraction(demand: PodDemand, room: NodeRoom): number {
  if (demand.preferredTerms.length === 0) return 0;
  let [reached, possible] = [0, 0];
  for (const { weight, preference } of demand.preferredTerms) {
    possible += weight;
    if (matchesTerm(preference, room)) reached += weight;
  }
  return possible === 0 ? 0 : reached / possible;
}

// Whether a pod that nobody placed, but that names this node itself, still finds room beside the others. Pure.
import { describeMisfit } from '../api/misfit.ts';
import { addPod, createNodeRoom, findShortages } from '../api/placement.ts';
import { demandOf } from '../api/pod-demand.ts';
import type { Node, Pod } from '../api/types.gen.ts';

export interface Crowding {
  /** `OutOfcpu`, `OutOfmemory`, `OutOfpods`: Kubernetes' words. */
  readonly reason: string;
  readonly message: string;
}

/** @param neighbours pods that have resources of the node */
export function crowdingOf(pod: Pod, node: Node, neighbours: Iterable<Pod>): Crowding | undefined {
  const room = createNodeRoom(node);
  for (const neighbour of neighbours) addPod(room, demandOf(neighbour));
  const [shortage] = findShortages(demandOf(pod), room);
  if (shortage?.kind !== 'insufficient') return undefined;
  return {
    reason: `OutOf${shortage.resource}`,
    message: `Node ${room.name} refused the pod: ${describeMisfit(shortage)}`,
  };
}

// What a pod that waits is told: reasons per node, and those beyond nodes (quota, offers that others hold). Pure.
import { explainDemand } from '../../api/placement-explanation.ts';
import type { AffinityWorld, NodeRoom } from '../../api/placement.ts';
import type { PodDemand } from '../../api/pod-demand.ts';
import type { Holder } from '../engine.ts';

export interface Circumstances {
  readonly rooms: Iterable<NodeRoom>;
  readonly world: AffinityWorld;
  /** From the quota ledger. */
  readonly quotaExcess: string | undefined;
  /** Of nodes on which the pod would fit, as far as pods go. */
  readonly holdersOf: (node: string) => readonly Holder[];
}

/** One sentence for the condition and the event. */
export function explainUnschedulable(
  demand: PodDemand,
  { rooms, world, quotaExcess, holdersOf }: Circumstances,
): string {
  const all = [...rooms];
  if (quotaExcess !== undefined) {
    return explainDemand(demand, all, world, [`quota of role ${demand.namespace} exhausted (${quotaExcess})`]).message;
  }
  const { fitting, message } = explainDemand(demand, all, world);
  return fitting.length === 0
    ? message
    : explainDemand(demand, all, world, describeHolders(fitting, holdersOf)).message;
}

function describeHolders(nodes: readonly string[], holdersOf: Circumstances['holdersOf']): readonly string[] {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const [holder] = holdersOf(node);
    const reason = holder ? describeHolder(holder) : 'waiting for an offer';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `${count} ${reason}`);
}

function describeHolder({ framework, by }: Holder): string {
  return by === 'offer' ? `offer held by framework ${framework}` : `in use by tasks of framework ${framework}`;
}

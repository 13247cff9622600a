// Which pods go first when there are too many. Order as in Kubernetes' controller utilities. Pure.
import type { Pod } from '../../../api/types.gen.ts';
import { isActive, isReady, readySinceMs } from '../../pods.ts';

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** The first `count` of `pods` to give up: the least useful first, ties broken by name so that the choice is stable. */
export function chooseVictims(pods: readonly Pod[], count: number): readonly Pod[] {
  const perNode = new Map<string, number>();
  for (const pod of pods.filter(isActive)) {
    const node = pod.spec?.nodeName ?? '';
    perNode.set(node, (perNode.get(node) ?? 0) + 1);
  }
  const ranked = pods.map((pod) => ({ pod, rank: rankOf(pod, perNode) }));
  return ranked
    .sort((a, b) => compareRanks(a.rank, b.rank) || compareText(nameOf(a.pod), nameOf(b.pod)))
    .slice(0, count)
    .map(({ pod }) => pod);
}

/** Compared element by element; smaller goes first. */
function rankOf(pod: Pod, perNode: ReadonlyMap<string, number>): readonly number[] {
  const node = pod.spec?.nodeName ?? '';
  return [
    node === '' ? 0 : 1,
    phaseRank[pod.status?.phase ?? 'Pending'] ?? 0,
    isReady(pod) ? 1 : 0,
    costOf(pod),
    -(perNode.get(node) ?? 0),
    -(readySinceMs(pod) ?? 0),
    -restartsOf(pod),
    -createdMs(pod),
  ];
}

function costOf(pod: Pod): number {
  return Number.parseInt(pod.metadata.annotations?.[deletionCost] ?? '0', 10) || 0;
}

function createdMs(pod: Pod): number {
  return Date.parse(pod.metadata.creationTimestamp ?? '') || 0;
}

function restartsOf(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount));
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function nameOf(pod: Pod): string {
  return pod.metadata.name ?? '';
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

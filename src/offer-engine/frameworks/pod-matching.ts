// Matches pending pods to offers: the most important first, each to the best node of those offered to its namespace.
import { containsResources, subtractResources, type Resources } from '../../api/resources.ts';
import type { Offer } from '../core/state.ts';
import { resourcesOf } from '../registration.ts';
import type { PodBoard } from './pod-board.ts';
import { comparePending, type PendingPod, type PodClass } from './pod-classes.ts';
import { scoreNode } from './placement.ts';

/** An offer in hand, and what of it no pod has taken yet. */
export interface HeldOffer {
  readonly offer: Offer;
  left: Resources;
  readonly taken: Assignment[];
}

export interface Assignment {
  readonly pending: PendingPod;
  readonly node: string;
  readonly resources: Resources;
}

/**
 * Assigns pods to offers, assuming each on the board at once, so that the next sees it.
 * @param budget scores that may be worked out: 10,000 take a few milliseconds
 * @returns false when the budget ended before the pods did
 */
export function matchPods(board: PodBoard, held: Iterable<HeldOffer>, budget: number): boolean {
  const byRole = groupByRole(held);
  const queue = [...board.classes.values()]
    .filter(({ role }) => byRole.has(role))
    .flatMap((podClass) => [...podClass.pods.values()].map((pending) => ({ podClass, pending })))
    .sort((a, b) => comparePending(a.pending, b.pending));
  let left = budget;
  for (const { podClass, pending } of queue) {
    if (left <= 0) return false;
    const offers = byRole.get(podClass.role) ?? [];
    left -= offers.length;
    assign(board, podClass, pending, offers);
  }
  return true;
}

function assign(board: PodBoard, podClass: PodClass, pending: PendingPod, offers: readonly HeldOffer[]): void {
  if (podClass.candidates.size === 0 || board.findExcess(podClass) !== undefined) return;
  const resources = resourcesOf(pending.demand);
  const best = findBest(board, podClass, pending, offers, resources);
  if (!best) return;
  best.left = subtractResources(best.left, resources);
  best.taken.push({ pending, node: best.offer.agent, resources });
  board.assume(pending, best.offer.agent);
}

function findBest(
  board: PodBoard,
  podClass: PodClass,
  { pod, demand }: PendingPod,
  offers: readonly HeldOffer[],
  resources: Resources,
): HeldOffer | undefined {
  let best: HeldOffer | undefined;
  let bestScore = -Infinity;
  for (const held of offers) {
    const node = held.offer.agent;
    const room = board.rooms.get(node);
    if (!room || !podClass.candidates.has(node) || !containsResources(held.left, resources)) continue;
    const score = scoreNode(demand, room, board.countAlike(pod, node));
    if (score <= bestScore) continue;
    best = held;
    bestScore = score;
  }
  return best;
}

function groupByRole(held: Iterable<HeldOffer>): ReadonlyMap<string, HeldOffer[]> {
  const byRole = new Map<string, HeldOffer[]>();
  for (const each of held) {
    const group = byRole.get(each.offer.role);
    if (group) group.push(each);
    else byRole.set(each.offer.role, [each]);
  }
  return byRole;
}

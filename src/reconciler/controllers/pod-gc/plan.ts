// Pods that nobody will tidy up otherwise. Pure.
import type { Pod } from '../../../api/types.gen.ts';
import { isTerminal, isTerminating, nodeOf } from '../../pods.ts';

/** Ended pods that are kept for people to look at, in the whole cluster. */
const keptTerminated = 1000;
/** A pod may name a node that is only about to register, or to register again. */
const graceMs = 40_000;

/** Index with one entry: ended pods that nobody has deleted yet. */
export const byEnd = 'terminated';
export const ended = 'yes';

export function endOf(pod: Pod): readonly string[] {
  return isTerminal(pod) && !isTerminating(pod) ? [ended] : [];
}

export function hasTooManyEnded(count: number): boolean {
  return count > keptTerminated;
}

/** The oldest ended pods beyond what is kept. */
export function planEnded(pods: readonly Pod[]): readonly Pod[] {
  return [...pods].sort((a, b) => createdMs(a) - createdMs(b)).slice(0, Math.max(0, pods.length - keptTerminated));
}

export interface OrphanPlan {
  readonly remove: readonly Pod[];
  readonly requeueAfterMs: number | undefined;
}

/**
 * @param pods those bound to a node that does not exist
 * @param missingSinceMs when the node was first missed
 */
export function planOrphans(pods: readonly Pod[], missingSinceMs: number, nowMs: number): OrphanPlan {
  const waits = pods.map((pod) => ({ pod, leftMs: Math.max(createdMs(pod), missingSinceMs) + graceMs - nowMs }));
  const later = waits.map(({ leftMs }) => leftMs).filter((leftMs) => leftMs > 0);
  return {
    remove: waits.filter(({ leftMs }) => leftMs <= 0).map(({ pod }) => pod),
    requeueAfterMs: later.length === 0 ? undefined : Math.min(...later),
  };
}

/** Told to end before it was placed: there is no agent to confirm it. */
export function isUnplacedEnding(pod: Pod): boolean {
  return isTerminating(pod) && nodeOf(pod).length === 0;
}

function createdMs(pod: Pod): number {
  return Date.parse(pod.metadata.creationTimestamp ?? '') || 0;
}

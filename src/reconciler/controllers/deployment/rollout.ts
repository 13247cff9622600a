// The sizes that a Deployment's ReplicaSets should have next: one step of a rollout, or a change of scale. Pure.
import type { Deployment, ReplicaSet } from '../../../api/types.gen.ts';
import { isRecreate, type RolloutLimits } from './limits.ts';
import { byAge, isScaling, sizedForMax, sizeOf } from './revisions.ts';

/** `others` oldest first. A size is the number of copies to ask for. */
export interface Generations {
  readonly current: ReplicaSet | undefined;
  readonly others: readonly ReplicaSet[];
}

export type Sizes = ReadonlyMap<ReplicaSet, number>;

/** @param oldPodsRunning whether pods of earlier revisions still run, terminating ones included */
export function planSizes(
  deployment: Deployment,
  generations: Generations,
  limits: RolloutLimits,
  oldPodsRunning: boolean,
): Sizes {
  if (deployment.spec?.paused === true || isScaling(allOf(generations), limits)) {
    return planScale(deployment, generations, limits);
  }
  return isRecreate(deployment)
    ? planRecreate(generations, limits, oldPodsRunning)
    : planRollingUpdate(generations, limits);
}

function allOf({ current, others }: Generations): readonly ReplicaSet[] {
  return current ? [...others, current] : others;
}

/** First everything old ends, then the new begins. */
function planRecreate({ current, others }: Generations, limits: RolloutLimits, oldPodsRunning: boolean): Sizes {
  const sizes = new Map<ReplicaSet, number>(others.map((one) => [one, 0]));
  const isClear = others.every((one) => sizeOf(one) === 0) && !oldPodsRunning;
  if (current) sizes.set(current, isClear ? limits.desired : Math.min(sizeOf(current), limits.desired));
  return sizes;
}

/** Grows the new within the surge, and shrinks the old as far as availability allows. */
function planRollingUpdate({ current, others }: Generations, limits: RolloutLimits): Sizes {
  const sizes = new Map<ReplicaSet, number>(others.map((one) => [one, sizeOf(one)]));
  if (!current) return sizes;
  const room = limits.desired + limits.maxSurge - sum(allOf({ current, others }).map(sizeOf));
  const missing = limits.desired - sizeOf(current);
  sizes.set(current, sizeOf(current) + (missing < 0 ? missing : Math.min(missing, Math.max(0, room))));
  shrinkOld(sizes, current, others, limits);
  return sizes;
}

function shrinkOld(
  sizes: Map<ReplicaSet, number>,
  current: ReplicaSet,
  others: readonly ReplicaSet[],
  limits: RolloutLimits,
): void {
  const size = (one: ReplicaSet) => sizes.get(one) ?? 0;
  const available = (one: ReplicaSet) => Math.min(size(one), one.status?.availableReplicas ?? 0);
  const minimum = limits.desired - limits.maxUnavailable;
  const newUnavailable = size(current) - available(current);
  let spare = sum([...sizes.values()]) - minimum - newUnavailable;
  // What is not available helps nobody: it goes first, whatever its age.
  for (const one of others) {
    const useless = Math.min(Math.max(0, spare), size(one) - available(one));
    sizes.set(one, size(one) - useless);
    spare -= useless;
  }
  let dispensable = Math.min(spare, sum([...sizes.keys()].map(available)) - minimum);
  for (const one of others) {
    const given = Math.min(Math.max(0, dispensable), size(one));
    sizes.set(one, size(one) - given);
    dispensable -= given;
  }
}

/** Spreads a change of scale over the ReplicaSets in proportion to their sizes, so that a rollout in progress keeps its shape. */
function planScale(deployment: Deployment, generations: Generations, limits: RolloutLimits): Sizes {
  const all = allOf(generations);
  const sizes = new Map<ReplicaSet, number>(all.map((one) => [one, sizeOf(one)]));
  const active = all.filter((one) => sizeOf(one) > 0);
  const only = active.length > 1 ? undefined : (active[0] ?? generations.current ?? all.at(-1));
  if (only) return sizes.set(only, limits.desired);
  if (isSaturated(generations.current, limits)) {
    for (const one of generations.others) sizes.set(one, 0);
    return sizes;
  }
  if (isRecreate(deployment)) return sizes;
  const allowed = limits.desired > 0 ? limits.desired + limits.maxSurge : 0;
  const total = sum(active.map(sizeOf));
  spread(sizes, active, allowed - total, deployment, limits);
  return sizes;
}

function spread(
  sizes: Map<ReplicaSet, number>,
  active: readonly ReplicaSet[],
  toAdd: number,
  deployment: Deployment,
  limits: RolloutLimits,
): void {
  // The largest first; of equal size the newer grows first and the older shrinks first.
  const order = [...active].sort((a, b) => sizeOf(b) - sizeOf(a) || (toAdd > 0 ? byAge(b, a) : byAge(a, b)));
  let left = toAdd;
  for (const one of order) {
    const share = proportionOf(one, deployment, limits);
    const part = toAdd > 0 ? Math.max(0, Math.min(share, left)) : Math.min(0, Math.max(share, left));
    sizes.set(one, sizeOf(one) + part);
    left -= part;
  }
  const [largest] = order;
  if (largest) sizes.set(largest, Math.max(0, (sizes.get(largest) ?? 0) + left));
}

/** How far a ReplicaSet is from its share of the new total. */
function proportionOf(replicaSet: ReplicaSet, deployment: Deployment, limits: RolloutLimits): number {
  const size = sizeOf(replicaSet);
  if (limits.desired === 0) return -size;
  const before = sizedForMax(replicaSet) ?? deployment.status?.replicas ?? 0;
  return before === 0 ? 0 : Math.round((size * (limits.desired + limits.maxSurge)) / before) - size;
}

/** The new revision is complete: nothing of the old needs to stay. */
function isSaturated(current: ReplicaSet | undefined, limits: RolloutLimits): boolean {
  return (
    current !== undefined &&
    sizeOf(current) === limits.desired &&
    (current.status?.availableReplicas ?? 0) === limits.desired
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

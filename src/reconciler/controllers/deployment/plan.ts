// One turn of a Deployment: from what is there to what to write. Pure; applying a plan and planning again yields nothing.
import type { Deployment, DeploymentStatus, ReplicaSet } from '../../../api/types.gen.ts';
import { deepEqual } from '../../../lib/deep.ts';
import { isRecreate, rolloutLimits } from './limits.ts';
import {
  asCurrent,
  byAge,
  currentRevision,
  findCurrent,
  newReplicaSet,
  resized,
  revisionKey,
  revisionOf,
  sizeOf,
  superfluous,
} from './revisions.ts';
import { planSizes, type Generations } from './rollout.ts';
import { deadlineMs, isComplete, statusOf, type Novelty } from './status.ts';

export interface DeploymentObservation {
  readonly deployment: Deployment;
  /** Those that it controls. */
  readonly replicaSets: readonly ReplicaSet[];
  /** Whether pods of this one that have not ended exist, terminating ones included. */
  readonly hasPods: (replicaSet: ReplicaSet) => boolean;
  readonly nowMs: number;
}

export interface DeploymentPlan {
  readonly create: ReplicaSet | undefined;
  /** Whole desired states of those that differ. */
  readonly update: readonly ReplicaSet[];
  readonly remove: readonly ReplicaSet[];
  /** For the Deployment's annotation, when it differs. */
  readonly revision: string | undefined;
  readonly status: DeploymentStatus;
  readonly requeueAfterMs: number | undefined;
}

export function planDeployment(observation: DeploymentObservation): DeploymentPlan {
  const { deployment, nowMs } = observation;
  const replicaSets = [...observation.replicaSets].sort(byAge);
  const current = findCurrent(deployment, replicaSets);
  const others = replicaSets.filter((one) => one !== current);
  const { generations, novelty, revision } = withCurrent(observation, { current, others });
  const status = statusOf({ deployment, current: generations.current, replicaSets, novelty, nowMs });
  const requeueAfterMs = deadlineMs(deployment, status, nowMs);
  if (deployment.metadata.deletionTimestamp !== undefined) {
    return { create: undefined, update: [], remove: [], revision: undefined, status, requeueAfterMs: undefined };
  }
  const desired = withSizes(observation, generations);
  return {
    create: desired.find((one) => one.metadata.uid === undefined),
    update: desired.filter((one) => one.metadata.uid !== undefined && !deepEqual(one, originOf(one, replicaSets))),
    remove: isComplete(deployment, status) ? superfluous(deployment, others) : [],
    revision: revision === deployment.metadata.annotations?.[revisionKey] ? undefined : revision,
    status,
    requeueAfterMs,
  };
}

/** More than any sequence of steps needs; a bound, not a wish. */
const maxSteps = 10;

interface Current {
  readonly generations: Generations;
  readonly novelty: Novelty;
  readonly revision: string | undefined;
}

/** Makes or renumbers the current revision, unless the rollout is paused or the old must be gone first. */
function withCurrent(observation: DeploymentObservation, { current, others }: Generations): Current {
  const { deployment } = observation;
  const revision = deployment.metadata.annotations?.[revisionKey];
  const isWaiting =
    !current && isRecreate(deployment) && others.some((one) => sizeOf(one) > 0 || observation.hasPods(one));
  if (isWaiting || deployment.spec?.paused === true || deployment.metadata.deletionTimestamp !== undefined) {
    return { generations: { current, others }, novelty: undefined, revision };
  }
  const number = currentRevision(current, others);
  const numbered = current ? asCurrent(current, deployment, number) : newReplicaSet(deployment, number);
  const isSame = current !== undefined && revisionOf(current) === number;
  return {
    generations: { current: numbered, others },
    novelty: isSame ? undefined : current ? 'found' : 'created',
    revision: String(number),
  };
}

/** All ReplicaSets as they should be: steps until none is left, since one makes room for the next (scale, shrink, grow). */
function withSizes({ deployment, hasPods }: DeploymentObservation, generations: Generations): readonly ReplicaSet[] {
  const limits = rolloutLimits(deployment);
  const oldPodsRunning = generations.others.some(hasPods);
  const step = ({ current, others }: Generations): Generations => {
    const sizes = planSizes(deployment, { current, others }, limits, oldPodsRunning);
    const sized = (one: ReplicaSet) => resized(one, sizes.get(one) ?? sizeOf(one), limits);
    return { current: current && sized(current), others: others.map(sized) };
  };
  let reached = generations;
  for (let count = 0; count < maxSteps; count++) {
    const next = step(reached);
    if (deepEqual(next, reached)) break;
    reached = next;
  }
  return reached.current ? [...reached.others, reached.current] : reached.others;
}

function originOf(replicaSet: ReplicaSet, replicaSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return replicaSets.find((one) => one.metadata.uid === replicaSet.metadata.uid);
}

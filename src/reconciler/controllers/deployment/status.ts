// What a Deployment reports: counts, and the conditions that `kubectl rollout status` and helm read. Pure.
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '../../../api/types.gen.ts';
import { formatRfc3339 } from '../../../lib/rfc3339.ts';
import { findCondition, withCondition, withoutCondition } from '../../conditions.ts';
import { rolloutLimits } from './limits.ts';

/** What this turn found or did, as far as it counts as progress. */
export type Novelty = 'created' | 'found' | undefined;

export interface StatusInput {
  readonly deployment: Deployment;
  readonly current: ReplicaSet | undefined;
  readonly replicaSets: readonly ReplicaSet[];
  readonly novelty: Novelty;
  readonly nowMs: number;
}

const never = 2_147_483_647;

export function statusOf(input: StatusInput): DeploymentStatus {
  const { deployment, current, replicaSets } = input;
  const total = (count: (status: NonNullable<ReplicaSet['status']>) => number | undefined) =>
    replicaSets.reduce((sum, one) => sum + (one.status ? (count(one.status) ?? 0) : 0), 0);
  const replicas = total((status) => status.replicas);
  const availableReplicas = total((status) => status.availableReplicas);
  const terminatingReplicas = total((status) => status.terminatingReplicas);
  const counts: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas,
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: total((status) => status.readyReplicas),
    availableReplicas,
    unavailableReplicas: Math.max(0, replicas - availableReplicas),
    ...(terminatingReplicas > 0 ? { terminatingReplicas } : {}),
    ...(deployment.status?.collisionCount === undefined ? {} : { collisionCount: deployment.status.collisionCount }),
  };
  return { ...counts, conditions: conditionsOf(input, counts) };
}

/** All copies are of the current revision and available, and nothing else is left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const desired = deployment.spec?.replicas ?? 1;
  return status.updatedReplicas === desired && status.replicas === desired && status.availableReplicas === desired;
}

/** How long until the deadline of the rollout in progress, in milliseconds; undefined when none is running. */
export function deadlineMs(deployment: Deployment, status: DeploymentStatus, nowMs: number): number | undefined {
  const condition = findCondition(status.conditions, 'Progressing');
  const deadline = deadlineOf(deployment);
  if (!condition || deadline === undefined || !['True', 'Unknown'].includes(condition.status)) return undefined;
  if (condition.reason === 'NewReplicaSetAvailable' || deployment.spec?.paused === true) return undefined;
  // A second more, since the times in conditions are whole seconds.
  return Math.max(0, Date.parse(condition.lastUpdateTime ?? '') + deadline * 1000 - nowMs) + 1000;
}

function deadlineOf(deployment: Deployment): number | undefined {
  const seconds = deployment.spec?.progressDeadlineSeconds ?? 600;
  return seconds === never ? undefined : seconds;
}

function conditionsOf(input: StatusInput, counts: DeploymentStatus): readonly DeploymentCondition[] {
  const { deployment, replicaSets, current, nowMs } = input;
  const known = deployment.status?.conditions ?? [];
  const available = withUpdateTime(known, availability(deployment, counts), nowMs);
  const progressed = progressing(input, counts);
  const conditions =
    deadlineOf(deployment) === undefined
      ? withoutCondition(available, 'Progressing')
      : progressed
        ? withUpdateTime(available, progressed, nowMs, true)
        : available;
  const failure = [current, ...replicaSets]
    .map((one) => findCondition(one?.status?.conditions, 'ReplicaFailure'))
    .find((condition) => condition !== undefined);
  if (!failure) return withoutCondition(conditions, 'ReplicaFailure');
  return withUpdateTime(conditions, { ...failure, type: 'ReplicaFailure' }, nowMs);
}

type Bare = Omit<DeploymentCondition, 'lastTransitionTime' | 'lastUpdateTime'>;

/** @param isProgress the condition says that something moved: its update time is the start of the deadline */
function withUpdateTime(
  conditions: readonly DeploymentCondition[],
  condition: Bare,
  nowMs: number,
  isProgress = false,
): readonly DeploymentCondition[] {
  const known = findCondition(conditions, condition.type);
  const isSame = known?.status === condition.status && known.reason === condition.reason;
  if (isSame && !isProgress) return conditions;
  const { type, status, reason, message } = condition;
  const lastUpdateTime = formatRfc3339(nowMs);
  const fields = {
    type,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
  return withCondition<DeploymentCondition>(conditions, { ...fields, lastUpdateTime }, nowMs);
}

function availability(deployment: Deployment, counts: DeploymentStatus): Bare {
  const { desired, maxUnavailable } = rolloutLimits(deployment);
  return (counts.availableReplicas ?? 0) >= desired - maxUnavailable
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

/** The Progressing condition if it has news; undefined leaves it as it is. */
function progressing(input: StatusInput, counts: DeploymentStatus): Bare | undefined {
  const { deployment, current, novelty } = input;
  const known = findCondition(deployment.status?.conditions, 'Progressing');
  const paused = pausing(deployment, known);
  if (paused !== 'neither') return paused;
  const name = current?.metadata.name ?? '';
  if (novelty === 'created') return progress('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`);
  if (novelty === 'found') return progress('True', 'FoundNewReplicaSet', `Found new replica set "${name}"`);
  const wasComplete = known?.reason === 'NewReplicaSetAvailable' && counts.replicas === counts.updatedReplicas;
  return wasComplete ? undefined : rollingOn(input, counts, known);
}

function rollingOn(
  { deployment, current, nowMs }: StatusInput,
  counts: DeploymentStatus,
  known: DeploymentCondition | undefined,
): Bare | undefined {
  const subject = current ? `ReplicaSet "${current.metadata.name ?? ''}"` : 'The deployment';
  if (isComplete(deployment, counts)) {
    return progress('True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`);
  }
  if (hasMoved(deployment.status ?? {}, counts)) {
    return progress('True', 'ReplicaSetUpdated', `${subject} is progressing.`);
  }
  if (known && isLate(deployment, known, nowMs)) {
    return progress('False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`);
  }
  return undefined;
}

function progress(status: string, reason: string, message: string): Bare {
  return { type: 'Progressing', status, reason, message };
}

function pausing(deployment: Deployment, known: DeploymentCondition | undefined): Bare | undefined | 'neither' {
  const wasPaused = known?.reason === 'DeploymentPaused';
  const isPaused = deployment.spec?.paused === true;
  if (isPaused === wasPaused || (isPaused && known?.reason === 'ProgressDeadlineExceeded')) {
    return isPaused ? undefined : 'neither';
  }
  const [reason, message] = isPaused
    ? ['DeploymentPaused', 'Deployment is paused']
    : ['DeploymentResumed', 'Deployment is resumed'];
  return { type: 'Progressing', status: 'Unknown', reason, message };
}

function hasMoved(before: DeploymentStatus, now: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (now.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(now) < old(before) ||
    (now.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function isLate(deployment: Deployment, known: DeploymentCondition, nowMs: number): boolean {
  const deadline = deadlineOf(deployment);
  if (deadline === undefined || known.reason === 'NewReplicaSetAvailable') return false;
  if (known.reason === 'ProgressDeadlineExceeded') return false;
  return Date.parse(known.lastUpdateTime ?? '') + deadline * 1000 <= nowMs;
}

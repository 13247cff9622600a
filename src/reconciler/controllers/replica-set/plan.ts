// How many pods to make or to give up, and what to report. Pure.
import { matchesLabels, selectorOf } from '../../../api/selectors.ts';
import type { Pod, ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from '../../../api/types.gen.ts';
import { withCondition, withoutCondition } from '../../conditions.ts';
import { availableAtMs, isActive, isReady, isTerminating } from '../../pods.ts';
import { chooseVictims } from './victims.ts';

/** Pods made or deleted in one turn, at most. */
const burst = 500;

export interface ReplicaSetPlan {
  readonly create: number;
  readonly remove: readonly Pod[];
}

/** @param owned the pods that this ReplicaSet controls, in any state */
export function planReplicaSet(replicaSet: ReplicaSet, owned: readonly Pod[]): ReplicaSetPlan {
  if (replicaSet.metadata.deletionTimestamp !== undefined) return { create: 0, remove: [] };
  const active = owned.filter(isActive);
  const missing = (replicaSet.spec?.replicas ?? 1) - active.length;
  return {
    create: Math.min(burst, Math.max(0, missing)),
    remove: chooseVictims(active, Math.min(burst, Math.max(0, -missing))),
  };
}

/** The pod that stands for one copy; the server completes its name. */
export function podFrom(replicaSet: ReplicaSet): Pod {
  const { metadata, spec } = replicaSet.spec?.template ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${replicaSet.metadata.name ?? ''}-`,
      namespace: replicaSet.metadata.namespace ?? '',
      ...(metadata?.labels ? { labels: metadata.labels } : {}),
      ...(metadata?.annotations ? { annotations: metadata.annotations } : {}),
      ...(metadata?.finalizers ? { finalizers: metadata.finalizers } : {}),
    },
    ...(spec ? { spec } : {}),
  };
}

export interface Failure {
  readonly reason: 'FailedCreate' | 'FailedDelete';
  readonly message: string;
}

/** @param failure why pods could not be made or deleted in this turn */
export function statusOf(
  replicaSet: ReplicaSet,
  owned: readonly Pod[],
  nowMs: number,
  failure?: Failure,
): ReplicaSetStatus {
  const active = owned.filter(isActive);
  const count = (holds: (pod: Pod) => boolean) => active.filter(holds).length;
  const labels = Object.entries(replicaSet.spec?.template?.metadata?.labels ?? {});
  const minReadySeconds = replicaSet.spec?.minReadySeconds ?? 0;
  const terminating = owned.filter(isTerminating).length;
  const conditions = conditionsOf(replicaSet, nowMs, failure);
  return {
    replicas: active.length,
    fullyLabeledReplicas: count((pod) => labels.every(([key, value]) => pod.metadata.labels?.[key] === value)),
    readyReplicas: count(isReady),
    availableReplicas: count((pod) => (availableAtMs(pod, minReadySeconds) ?? Number.POSITIVE_INFINITY) <= nowMs),
    ...(terminating > 0 ? { terminatingReplicas: terminating } : {}),
    observedGeneration: replicaSet.metadata.generation ?? 0,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

function conditionsOf(replicaSet: ReplicaSet, nowMs: number, failure?: Failure): readonly ReplicaSetCondition[] {
  const known = replicaSet.status?.conditions ?? [];
  return failure
    ? withCondition<ReplicaSetCondition>(known, { type: 'ReplicaFailure', status: 'True', ...failure }, nowMs)
    : withoutCondition(known, 'ReplicaFailure');
}

/** How long until the next ready pod has been ready for `minReadySeconds`; undefined when none is on its way. */
export function nextAvailableMs(replicaSet: ReplicaSet, owned: readonly Pod[], nowMs: number): number | undefined {
  const times = owned
    .filter(isActive)
    .map((pod) => availableAtMs(pod, replicaSet.spec?.minReadySeconds ?? 0) ?? 0)
    .filter((atMs) => atMs > nowMs);
  return times.length === 0 ? undefined : Math.min(...times) - nowMs;
}

/** Whether an orphan would be selected. */
export function selects(replicaSet: ReplicaSet, pod: Pod): boolean {
  return matchesLabels(selectorOf(replicaSet.spec?.selector), pod.metadata.labels);
}

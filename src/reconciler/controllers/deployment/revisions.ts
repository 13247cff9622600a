// A Deployment's ReplicaSets as revisions: which one is current, numbers, history, and how a new one is made. Pure.
//
// A revision is recognised by its pod template. Going back to an earlier template (`rollout undo`) therefore finds the
// earlier ReplicaSet again, and gives it a new number.
import { hashOf } from '../../hash.ts';
import { deepEqual } from '../../../lib/deep.ts';
import type { Deployment, PodTemplateSpec, ReplicaSet } from '../../../api/types.gen.ts';
import { controllerReference } from '../../owners.ts';
import type { RolloutLimits } from './limits.ts';

export const hashLabel = 'pod-template-hash';
export const revisionKey = 'deployment.kubernetes.io/revision';
const historyKey = 'deployment.kubernetes.io/revision-history';
const desiredKey = 'deployment.kubernetes.io/desired-replicas';
const maxKey = 'deployment.kubernetes.io/max-replicas';

/** Annotations that speak of one object and are not handed on from the Deployment to its ReplicaSets. */
const ownKeys = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  revisionKey,
  historyKey,
  desiredKey,
  maxKey,
]);

/** By age, oldest first; of equal age by name. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const difference = createdMs(a) - createdMs(b);
  if (difference !== 0) return difference;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}

/** A ReplicaSet that is only planned is the youngest. */
function createdMs(replicaSet: ReplicaSet): number {
  const { creationTimestamp } = replicaSet.metadata;
  return creationTimestamp === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(creationTimestamp);
}

/** The ReplicaSet whose template is the Deployment's; the oldest if there are several. */
export function findCurrent(deployment: Deployment, replicaSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const wanted = withoutHash(deployment.spec?.template);
  return [...replicaSets].sort(byAge).find((one) => deepEqual(withoutHash(one.spec?.template), wanted));
}

function withoutHash(template: PodTemplateSpec | undefined): PodTemplateSpec {
  const labels = Object.entries(template?.metadata?.labels ?? {}).filter(([key]) => key !== hashLabel);
  return { ...template, metadata: { ...template?.metadata, labels: Object.fromEntries(labels) } };
}

export function revisionOf(replicaSet: ReplicaSet): number {
  return Number.parseInt(replicaSet.metadata.annotations?.[revisionKey] ?? '0', 10) || 0;
}

/** What the next current ReplicaSet is to be numbered, or is numbered already. */
export function currentRevision(current: ReplicaSet | undefined, others: readonly ReplicaSet[]): number {
  const next = Math.max(0, ...others.map(revisionOf)) + 1;
  return Math.max(next, current ? revisionOf(current) : 0);
}

/** The ReplicaSet for the Deployment's template, with no copies yet. */
export function newReplicaSet(deployment: Deployment, revision: number): ReplicaSet {
  const { name = '', namespace = '' } = deployment.metadata;
  const template = deployment.spec?.template ?? {};
  const hash = hashOf([template, deployment.status?.collisionCount ?? 0]);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const selector = deployment.spec?.selector ?? {};
  const fresh: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: 0,
      ...(deployment.spec?.minReadySeconds === undefined ? {} : { minReadySeconds: deployment.spec.minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  return asCurrent(fresh, deployment, revision);
}

/** The current ReplicaSet brought up to date: number, history of numbers, annotations and minReadySeconds. */
export function asCurrent(replicaSet: ReplicaSet, deployment: Deployment, revision: number): ReplicaSet {
  const previous = replicaSet.metadata.annotations ?? {};
  const handedOn = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !ownKeys.has(key));
  const before = previous[revisionKey];
  const history = [...(previous[historyKey] ?? '').split(','), before].filter((one) => one !== '' && one !== undefined);
  const moved = before !== undefined && before !== String(revision);
  const annotations = {
    ...previous,
    ...Object.fromEntries(handedOn),
    [revisionKey]: String(revision),
    ...(moved ? { [historyKey]: history.join(',') } : {}),
  };
  const minReadySeconds = deployment.spec?.minReadySeconds;
  const spec = replicaSet.spec && { ...replicaSet.spec, ...(minReadySeconds === undefined ? {} : { minReadySeconds }) };
  return { ...replicaSet, metadata: { ...replicaSet.metadata, annotations }, ...(spec ? { spec } : {}) };
}

export function sizeOf(replicaSet: ReplicaSet): number {
  return replicaSet.spec?.replicas ?? 1;
}

/** With a new size. An active ReplicaSet remembers what it was sized for, so that a later change of scale shows. */
export function resized(replicaSet: ReplicaSet, size: number, limits: RolloutLimits): ReplicaSet {
  const annotations =
    size === 0 && sizeOf(replicaSet) === 0
      ? replicaSet.metadata.annotations
      : {
          ...replicaSet.metadata.annotations,
          [desiredKey]: String(limits.desired),
          [maxKey]: String(limits.desired + limits.maxSurge),
        };
  return {
    ...replicaSet,
    metadata: { ...replicaSet.metadata, ...(annotations ? { annotations } : {}) },
    ...(replicaSet.spec ? { spec: { ...replicaSet.spec, replicas: size } } : {}),
  };
}

/** Whether the Deployment's scale has changed since its active ReplicaSets were sized. */
export function isScaling(replicaSets: readonly ReplicaSet[], limits: RolloutLimits): boolean {
  return replicaSets
    .filter((one) => sizeOf(one) > 0)
    .some((one) => {
      const sizedFor = one.metadata.annotations?.[desiredKey];
      return sizedFor !== undefined && sizedFor !== String(limits.desired);
    });
}

/** `desired + maxSurge` when this ReplicaSet was last sized. */
export function sizedForMax(replicaSet: ReplicaSet): number | undefined {
  const text = replicaSet.metadata.annotations?.[maxKey];
  return text === undefined ? undefined : Number.parseInt(text, 10);
}

/** Empty old ReplicaSets beyond `revisionHistoryLimit`, lowest numbers first. */
export function superfluous(deployment: Deployment, others: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const empty = others.filter(
    (one) =>
      sizeOf(one) === 0 &&
      (one.status?.replicas ?? 0) === 0 &&
      (one.status?.observedGeneration ?? 0) >= (one.metadata.generation ?? 0) &&
      one.metadata.deletionTimestamp === undefined,
  );
  const excess = others.length - (deployment.spec?.revisionHistoryLimit ?? 10);
  return empty.sort((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, excess));
}

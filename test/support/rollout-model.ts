// A Deployment, its ReplicaSets and their pods as plain state, moved one step at a time: for properties of rollouts.
import type { Deployment, ReplicaSet } from '../../src/api/types.gen.ts';
import { planDeployment, type DeploymentPlan } from '../../src/reconciler/controllers/deployment/plan.ts';
import { sizeOf } from '../../src/reconciler/controllers/deployment/revisions.ts';

interface ModelPod {
  ready: boolean;
}

export interface Member {
  replicaSet: ReplicaSet;
  pods: ModelPod[];
}

export interface RolloutModel {
  deployment: Deployment;
  readonly members: Member[];
  nowMs: number;
  /** One turn of the Deployment controller. */
  plan(): DeploymentPlan;
  apply(plan: DeploymentPlan): void;
  /** One turn of the ReplicaSet controller. */
  sync(member: Member): void;
  changeSpec(change: Partial<NonNullable<Deployment['spec']>>): void;
  available(): number;
  totalSize(): number;
}

export function template(image: string): NonNullable<Deployment['spec']>['template'] {
  return { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } };
}

export function createRolloutModel(spec: Partial<NonNullable<Deployment['spec']>>): RolloutModel {
  const members: Member[] = [];
  let sequence = 0;

  const model: RolloutModel = {
    deployment: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', uid: 'd', generation: 1 },
      spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: template('web:1'), ...spec },
    },
    members,
    nowMs: Date.parse('2026-01-01T00:00:00Z'),
    plan: () =>
      planDeployment({
        deployment: model.deployment,
        replicaSets: members.map(({ replicaSet }) => replicaSet),
        hasPods: (one) => members.some(({ replicaSet, pods }) => replicaSet === one && pods.length > 0),
        nowMs: model.nowMs,
      }),
    apply(plan) {
      for (const replicaSet of plan.update) {
        const member = members.find((one) => one.replicaSet.metadata.uid === replicaSet.metadata.uid);
        if (member) member.replicaSet = bumped(replicaSet, member.replicaSet);
      }
      const gone = new Set(plan.remove.map(({ metadata }) => metadata.uid));
      members.splice(0, members.length, ...members.filter(({ replicaSet }) => !gone.has(replicaSet.metadata.uid)));
      if (plan.create) members.push({ replicaSet: stamped(plan.create, sequence++), pods: [] });
      const { metadata } = model.deployment;
      const key = 'deployment.kubernetes.io/revision';
      const annotations = { ...metadata.annotations, ...(plan.revision === undefined ? {} : { [key]: plan.revision }) };
      model.deployment = { ...model.deployment, metadata: { ...metadata, annotations }, status: plan.status };
    },
    sync(member) {
      const wanted = sizeOf(member.replicaSet);
      member.pods.sort((a, b) => Number(b.ready) - Number(a.ready));
      member.pods.length = Math.min(member.pods.length, wanted);
      while (member.pods.length < wanted) member.pods.push({ ready: false });
      const ready = member.pods.filter((pod) => pod.ready).length;
      const status = {
        replicas: member.pods.length,
        readyReplicas: ready,
        availableReplicas: ready,
        observedGeneration: member.replicaSet.metadata.generation ?? 0,
      };
      member.replicaSet = { ...member.replicaSet, status };
    },
    changeSpec(change) {
      const { metadata, spec: before } = model.deployment;
      if (!before) return;
      model.deployment = {
        ...model.deployment,
        metadata: { ...metadata, generation: (metadata.generation ?? 0) + 1 },
        spec: { ...before, ...change },
      };
    },
    available: () => members.flatMap(({ pods }) => pods).filter((pod) => pod.ready).length,
    totalSize: () => members.reduce((sum, { replicaSet }) => sum + sizeOf(replicaSet), 0),
  };
  return model;
}

function stamped(replicaSet: ReplicaSet, sequence: number): ReplicaSet {
  const creationTimestamp = new Date(Date.UTC(2026, 0, 1) + sequence * 1000).toISOString();
  return {
    ...replicaSet,
    metadata: { ...replicaSet.metadata, uid: `rs-${sequence}`, creationTimestamp, generation: 1 },
  };
}

function bumped(next: ReplicaSet, before: ReplicaSet): ReplicaSet {
  const generation = (before.metadata.generation ?? 0) + (sizeOf(next) === sizeOf(before) ? 0 : 1);
  const status = before.status;
  return { ...next, metadata: { ...next.metadata, generation }, ...(status ? { status } : {}) };
}

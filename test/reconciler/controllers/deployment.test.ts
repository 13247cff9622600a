import { expect } from 'chai';
import fc from 'fast-check';
import type { Deployment } from '../../../src/api/types.gen.ts';
import { findCondition } from '../../../src/reconciler/conditions.ts';
import { rolloutLimits } from '../../../src/reconciler/controllers/deployment/limits.ts';
import { findCurrent, revisionOf, sizeOf } from '../../../src/reconciler/controllers/deployment/revisions.ts';
import { createRolloutModel, template, type RolloutModel } from '../../support/rollout-model.ts';

type Step =
  | { readonly do: 'plan' }
  | { readonly do: 'sync'; readonly at: number }
  | { readonly do: 'ready' | 'crash' | 'drain'; readonly at: number }
  | { readonly do: 'image'; readonly image: string }
  | { readonly do: 'scale'; readonly replicas: number }
  | { readonly do: 'pause'; readonly paused: boolean };

const at = fc.nat(40);
const life: fc.Arbitrary<Step>[] = [
  fc.constant<Step>({ do: 'plan' }),
  at.map((index): Step => ({ do: 'sync', at: index })),
  at.map((index): Step => ({ do: 'ready', at: index })),
];
const trouble: fc.Arbitrary<Step>[] = [
  fc
    .constantFrom<'crash' | 'drain'>('crash', 'drain')
    .chain((what) => at.map((index): Step => ({ do: what, at: index }))),
];
const wishes: fc.Arbitrary<Step>[] = [
  fc.constantFrom('web:1', 'web:2', 'web:3').map((image): Step => ({ do: 'image', image })),
  fc.nat(8).map((replicas): Step => ({ do: 'scale', replicas })),
  fc.boolean().map((paused): Step => ({ do: 'pause', paused })),
];
const strategies = fc.record({
  maxSurge: fc.constantFrom<number | string>(0, 1, 2, '25%', '100%'),
  maxUnavailable: fc.constantFrom<number | string>(0, 1, '25%', '50%'),
});

function perform(model: RolloutModel, step: Step): void {
  switch (step.do) {
    case 'plan': {
      model.apply(model.plan());
      return;
    }
    case 'image': {
      model.changeSpec({ template: template(step.image) });
      return;
    }
    case 'scale': {
      model.changeSpec({ replicas: step.replicas });
      return;
    }
    case 'pause': {
      model.changeSpec({ paused: step.paused });
      return;
    }
    case 'sync': {
      const member = model.members[step.at % Math.max(1, model.members.length)];
      member && model.sync(member);
      return;
    }
    default: {
      disturb(model, step.do, step.at);
      return;
    }
  }
}

/** Something happens to a pod. Its ReplicaSet hears at once of what is bad, and of what is good when it is synced. */
function disturb(model: RolloutModel, what: 'ready' | 'crash' | 'drain', index: number): void {
  const all = model.members.flatMap((owner) => owner.pods.map((pod) => ({ pod, owner })));
  const chosen = all[index % Math.max(1, all.length)];
  if (!chosen) return;
  if (what === 'drain') chosen.owner.pods.splice(chosen.owner.pods.indexOf(chosen.pod), 1);
  else chosen.pod.ready = what === 'ready';
  if (what !== 'ready') model.sync(chosen.owner);
}

/** Everybody does their part until nothing changes. */
function settle(model: RolloutModel): number {
  for (let turn = 1; turn < 200; turn++) {
    const before = JSON.stringify([model.deployment, model.members]);
    model.apply(model.plan());
    for (const member of model.members) {
      model.sync(member);
      for (const pod of member.pods) pod.ready = true;
      model.sync(member);
    }
    model.apply(model.plan());
    if (JSON.stringify([model.deployment, model.members]) === before) return turn;
  }
  throw new Error('does not settle');
}

function expectRolledOut(model: RolloutModel): void {
  const { deployment, members } = model;
  const replicaSets = members.map(({ replicaSet }) => replicaSet);
  const current = findCurrent(deployment, replicaSets);
  const desired = deployment.spec?.replicas ?? 1;
  expect(current && sizeOf(current)).to.equal(desired);
  expect(model.totalSize()).to.equal(desired);
  expect(deployment.status).to.include({ replicas: desired, updatedReplicas: desired, availableReplicas: desired });
  expect(findCondition(deployment.status?.conditions, 'Progressing')?.reason).to.equal('NewReplicaSetAvailable');
}

function expectNothingToDo(model: RolloutModel): void {
  const { create, update, remove, revision } = model.plan();
  expect({ create, update, remove, revision }).to.deep.equal({
    create: undefined,
    update: [],
    remove: [],
    revision: undefined,
  });
}

function expectQuiet(model: RolloutModel): void {
  expectNothingToDo(model);
  expect(model.plan().status).to.deep.equal(model.deployment.status);
}

describe('reconciler/controllers/deployment: plan', () => {
  it('rounds surge up and unavailability down, and never lets both be 0', () => {
    const limits = (replicas: number, ...given: (number | string)[]) => {
      const [maxSurge = '25%', maxUnavailable = '25%'] = given;
      const strategy = { type: 'RollingUpdate' as const, rollingUpdate: { maxSurge, maxUnavailable } };
      const found = rolloutLimits(createRolloutModel({ replicas, strategy }).deployment);
      return [found.maxSurge, found.maxUnavailable];
    };
    expect(limits(10)).to.deep.equal([3, 2]);
    expect(limits(1)).to.deep.equal([1, 0]);
    expect(limits(3, 0, '25%')).to.deep.equal([0, 1]);
    expect(limits(3, 0, 0)).to.deep.equal([0, 1]);
    expect(limits(2, 1, 5)).to.deep.equal([1, 2]);
    expect(limits(4, '50%', '50%')).to.deep.equal([2, 2]);
    expect(rolloutLimits(createRolloutModel({ strategy: { type: 'Recreate' } }).deployment).maxSurge).to.equal(0);
  });

  it("makes a ReplicaSet that is the Deployment's in every respect", () => {
    const model = createRolloutModel({ minReadySeconds: 7 });
    model.deployment = {
      ...model.deployment,
      metadata: {
        ...model.deployment.metadata,
        annotations: {
          'kubernetes.io/change-cause': 'first',
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
        },
      },
    };
    const { create, revision, status } = model.plan();
    if (!create) throw new Error('nothing to create');
    const hash = create.metadata.labels!['pod-template-hash']!;
    expect(create.metadata.name).to.equal(`web-${hash}`);
    expect(create.spec!.selector.matchLabels).to.deep.equal({ app: 'web', 'pod-template-hash': hash });
    expect(create.spec!.template!.metadata!.labels).to.deep.equal({ app: 'web', 'pod-template-hash': hash });
    expect(create.spec).to.include({ replicas: 3, minReadySeconds: 7 });
    expect(create.metadata.annotations).to.deep.equal({
      'kubernetes.io/change-cause': 'first',
      'deployment.kubernetes.io/revision': '1',
      'deployment.kubernetes.io/desired-replicas': '3',
      'deployment.kubernetes.io/max-replicas': '4',
    });
    expect(create.metadata.ownerReferences![0]).to.include({ kind: 'Deployment', uid: 'd', controller: true });
    expect(revision).to.equal('1');
    expect(findCondition(status.conditions, 'Progressing')?.reason).to.equal('NewReplicaSetCreated');
    expect(findCondition(status.conditions, 'Available')?.status).to.equal('False');
  });

  it('names another ReplicaSet after a collision', () => {
    const model = createRolloutModel({});
    const first = model.plan().create?.metadata.name;
    model.deployment = { ...model.deployment, status: { collisionCount: 1 } };
    expect(model.plan().create?.metadata.name).not.to.equal(first);
    expect(model.plan().status.collisionCount).to.equal(1);
  });

  it('applying a plan and planning again yields nothing', () => {
    fc.assert(
      fc.property(
        strategies,
        fc.array(fc.oneof(...life, ...trouble, ...wishes), { maxLength: 60 }),
        (rollingUpdate, steps) => {
          const model = createRolloutModel({ strategy: { type: 'RollingUpdate', rollingUpdate } });
          for (const step of steps) {
            perform(model, step);
            if (step.do !== 'plan') continue;
            expectNothingToDo(model);
            // What was created with no copies at all is complete in the next report.
            model.apply(model.plan());
            expectQuiet(model);
          }
        },
      ),
    );
  });

  it('never exceeds the surge, and never takes away more than may be unavailable', () => {
    fc.assert(
      fc.property(
        strategies,
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.oneof(...life, ...life, ...trouble, wishes[0]!), { maxLength: 120 }),
        (rollingUpdate, replicas, steps) => {
          const model = createRolloutModel({ replicas, strategy: { type: 'RollingUpdate', rollingUpdate } });
          const { maxSurge, maxUnavailable } = rolloutLimits(model.deployment);
          for (const step of steps) {
            const before = model.available();
            perform(model, step);
            expect(model.totalSize()).to.be.at.most(replicas + maxSurge);
            if (step.do === 'sync') {
              expect(model.available()).to.be.at.least(Math.min(before, replicas - maxUnavailable));
            }
          }
        },
      ),
    );
  });

  it('converges to the last spec, whatever crashes, drains and changes of mind came before', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          strategies.map((rollingUpdate) => ({ type: 'RollingUpdate' as const, rollingUpdate })),
          fc.constant({ type: 'Recreate' as const }),
        ),
        fc.array(fc.oneof(...life, ...trouble, ...wishes), { maxLength: 80 }),
        (strategy, steps) => {
          const model = createRolloutModel({ strategy });
          for (const step of steps) perform(model, step);
          model.changeSpec({ paused: false });
          settle(model);
          expectRolledOut(model);
          expectQuiet(model);
        },
      ),
    );
  });

  it('recreates without ever mixing two revisions', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...life, ...trouble, wishes[0]!), { maxLength: 80 }), (steps) => {
        const model = createRolloutModel({ strategy: { type: 'Recreate' } });
        for (const step of steps) {
          perform(model, step);
          expect(model.members.filter(({ pods }) => pods.length > 0).length).to.be.at.most(1);
        }
      }),
    );
  });

  it('goes back to an earlier revision under a new number, and keeps its history', () => {
    const model = createRolloutModel({});
    settle(model);
    model.changeSpec({ template: template('web:2') });
    settle(model);
    model.changeSpec({ template: template('web:1') });
    const plan = model.plan();
    expect(plan.create).to.equal(undefined);
    expect(plan.revision).to.equal('3');
    expect(findCondition(plan.status.conditions, 'Progressing')?.reason).to.equal('FoundNewReplicaSet');
    settle(model);
    expect(model.members.map(({ replicaSet }) => revisionOf(replicaSet))).to.deep.equal([3, 2]);
    expect(model.members[0]?.replicaSet.metadata.annotations?.['deployment.kubernetes.io/revision-history']).to.equal(
      '1',
    );
    expectRolledOut(model);
  });

  it('scales in proportion in the middle of a rollout', () => {
    const model = createRolloutModel({
      replicas: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
    });
    settle(model);
    model.changeSpec({ template: template('web:2') });
    model.apply(model.plan());
    expect(model.members.map(({ replicaSet }) => sizeOf(replicaSet))).to.deep.equal([8, 5]);
    model.changeSpec({ replicas: 15, paused: true });
    model.apply(model.plan());
    expect(model.members.map(({ replicaSet }) => sizeOf(replicaSet))).to.deep.equal([11, 7]);
    model.changeSpec({ replicas: 0 });
    model.apply(model.plan());
    expect(model.totalSize()).to.equal(0);
  });

  it('reports a missed deadline once, and asks to be called in time for it', () => {
    const model = createRolloutModel({ progressDeadlineSeconds: 60 });
    const first = model.plan();
    expect(first.requeueAfterMs).to.equal(61_000);
    model.apply(first);
    model.nowMs += 61_000;
    const late = model.plan();
    expect(findCondition(late.status.conditions, 'Progressing')).to.include({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
    expect(late.requeueAfterMs).to.equal(undefined);
    model.apply(late);
    model.nowMs += 61_000;
    expectQuiet(model);
    settle(model);
    expectRolledOut(model);
  });

  it('counts progress: the deadline starts again with every pod that becomes ready', () => {
    const model = createRolloutModel({ progressDeadlineSeconds: 60 });
    model.apply(model.plan());
    model.sync(model.members[0]!);
    model.apply(model.plan());
    model.nowMs += 50_000;
    model.members[0]!.pods[0]!.ready = true;
    model.sync(model.members[0]!);
    model.apply(model.plan());
    model.nowMs += 50_000;
    expect(findCondition(model.plan().status.conditions, 'Progressing')?.reason).to.equal('ReplicaSetUpdated');
  });

  it('knows no deadline when none is wanted', () => {
    const model = createRolloutModel({ progressDeadlineSeconds: 2_147_483_647 });
    const plan = model.plan();
    expect(findCondition(plan.status.conditions, 'Progressing')).to.equal(undefined);
    expect(plan.requeueAfterMs).to.equal(undefined);
  });

  it('only scales while paused, and says that it is', () => {
    const model = createRolloutModel({});
    settle(model);
    model.changeSpec({ paused: true, template: template('web:2'), replicas: 5 });
    const plan = model.plan();
    expect(plan.create).to.equal(undefined);
    expect(plan.update.map(sizeOf)).to.deep.equal([5]);
    expect(findCondition(plan.status.conditions, 'Progressing')?.reason).to.equal('DeploymentPaused');
    model.apply(plan);
    model.changeSpec({ paused: false });
    expect(findCondition(model.plan().status.conditions, 'Progressing')?.reason).to.equal('DeploymentResumed');
  });

  it('only reports while it is being deleted', () => {
    const model = createRolloutModel({});
    const { metadata } = model.deployment;
    model.deployment = { ...model.deployment, metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expectQuiet({ ...model, deployment: { ...model.deployment, status: model.plan().status } });
  });

  it('passes on why pods cannot be made', () => {
    const model = createRolloutModel({});
    model.apply(model.plan());
    const failure = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' };
    const [member] = model.members;
    member!.replicaSet = { ...member!.replicaSet, status: { replicas: 0, conditions: [failure] } };
    expect(findCondition(model.plan().status.conditions, 'ReplicaFailure')?.message).to.equal('exceeded quota');
    model.apply(model.plan());
    settle(model);
    expect(findCondition(model.deployment.status?.conditions, 'ReplicaFailure')).to.equal(undefined);
  });

  it('forgets revisions beyond the limit, the oldest first', () => {
    const model = createRolloutModel({ revisionHistoryLimit: 2 });
    for (const image of ['web:1', 'web:2', 'web:3', 'web:4', 'web:5']) {
      model.changeSpec({ template: template(image) });
      settle(model);
    }
    expect(model.members.map(({ replicaSet }) => revisionOf(replicaSet))).to.deep.equal([3, 4, 5]);
  });

  it('defaults what is not said', () => {
    const bare: Deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'x', uid: 'x' },
      spec: { selector: {}, template: {} },
    };
    expect(rolloutLimits(bare)).to.deep.equal({ desired: 1, maxSurge: 1, maxUnavailable: 0 });
  });
});

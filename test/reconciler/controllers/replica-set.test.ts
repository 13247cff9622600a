import { expect } from 'chai';
import type { Pod, ReplicaSet } from '../../../src/api/types.gen.ts';
import { StatusError } from '../../../src/api/status-error.ts';
import { refOf } from '../../../src/client/paths.ts';
import { findCondition } from '../../../src/reconciler/conditions.ts';
import {
  nextAvailableMs,
  planReplicaSet,
  podFrom,
  statusOf,
} from '../../../src/reconciler/controllers/replica-set/plan.ts';
import { chooseVictims } from '../../../src/reconciler/controllers/replica-set/victims.ts';
import { isActive } from '../../../src/reconciler/pods.ts';
import { events, pods, replicaSets, resourceQuotas } from '../../../src/reconciler/resources.ts';
import { slowStart } from '../../../src/reconciler/slow-start.ts';
import { startFakeCluster, type FakeCluster } from '../../support/fake-cluster.ts';

const nowMs = Date.parse('2026-01-01T01:00:00Z');

interface Traits {
  readonly node?: string;
  readonly phase?: string;
  readonly readySince?: string;
  readonly created?: string;
  readonly restarts?: number;
  readonly cost?: string;
  readonly deleted?: boolean;
}

function pod(
  name: string,
  { node, phase = 'Running', readySince, created, restarts, cost, deleted }: Traits = {},
): Pod {
  const ready = { type: 'Ready', status: 'True', lastTransitionTime: readySince ?? '' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      uid: name,
      labels: { app: 'web' },
      creationTimestamp: created ?? '2026-01-01T00:00:00Z',
      ...(cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
      ...(deleted === true ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: { containers: [], ...(node === undefined ? {} : { nodeName: node }) },
    status: {
      phase,
      conditions: readySince === undefined ? [] : [ready],
      containerStatuses: [{ name: 'c', image: '', imageID: '', ready: true, restartCount: restarts ?? 0 }],
    },
  };
}

function replicaSet(replicas: number, over: Partial<ReplicaSet> = {}): ReplicaSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'shop', uid: 'rs', generation: 3 },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [] } },
    },
    ...over,
  };
}

describe('reconciler/controllers/replica-set: plan', () => {
  it('makes what is missing and gives up what is too much, in bounded turns', () => {
    expect(planReplicaSet(replicaSet(3), [pod('a')])).to.deep.equal({ create: 2, remove: [] });
    expect(planReplicaSet(replicaSet(1), [pod('a'), pod('b')]).remove).to.have.length(1);
    expect(planReplicaSet(replicaSet(2000), []).create).to.equal(500);
    const many = Array.from({ length: 800 }, (_, at) => pod(`p${at}`));
    expect(planReplicaSet(replicaSet(0), many).remove).to.have.length(500);
  });

  it('counts neither ended nor terminating pods', () => {
    const owned = [pod('a', { phase: 'Failed' }), pod('b', { phase: 'Succeeded' }), pod('c', { deleted: true })];
    expect(planReplicaSet(replicaSet(1), owned).create).to.equal(1);
  });

  it('does nothing while it is being deleted', () => {
    const deleted = replicaSet(3, { metadata: { name: 'web', uid: 'rs', deletionTimestamp: '2026-01-01T00:00:00Z' } });
    expect(planReplicaSet(deleted, [])).to.deep.equal({ create: 0, remove: [] });
  });

  it('gives up the least useful first', () => {
    const since = '2026-01-01T00:30:00Z';
    const pairs: [string, Traits, Traits][] = [
      ['unplaced before placed', {}, { node: 'n' }],
      ['pending before running', { node: 'n', phase: 'Pending' }, { node: 'n' }],
      ['not ready before ready', { node: 'n' }, { node: 'n', readySince: since }],
      ['cheap before dear', { node: 'n', cost: '-5' }, { node: 'n', cost: '5' }],
      [
        'ready for a short time first',
        { node: 'n', readySince: '2026-01-01T00:50:00Z' },
        { node: 'n', readySince: since },
      ],
      ['often restarted first', { node: 'n', restarts: 4 }, { node: 'n', restarts: 1 }],
      ['young before old', { node: 'n', created: '2026-01-01T00:20:00Z' }, { node: 'n' }],
    ];
    for (const [what, victim, survivor] of pairs) {
      const [a, b] = [pod('z', victim), pod('a', survivor)];
      expect(chooseVictims([b, a], 1)[0]?.metadata.name, what).to.equal('z');
      expect(chooseVictims([a, b], 1)[0]?.metadata.name, what).to.equal('z');
    }
    const crowded = [pod('a', { node: 'n1' }), pod('b', { node: 'n2' }), pod('c', { node: 'n2' })];
    expect(chooseVictims(crowded, 1)[0]?.metadata.name, 'two on one node').to.equal('b');
  });

  it('reports counts, availability after minReadySeconds, and when the next pod gets there', () => {
    const set = replicaSet(4, {});
    const slow = { ...set, spec: { ...set.spec!, minReadySeconds: 60 } };
    const owned = [
      pod('a', { readySince: '2026-01-01T00:00:00Z' }),
      pod('b', { readySince: '2026-01-01T00:59:30Z' }),
      { ...pod('c'), metadata: { name: 'c', uid: 'c', labels: { app: 'other' } } },
      pod('d', { deleted: true }),
    ];
    expect(statusOf(slow, owned, nowMs)).to.deep.equal({
      replicas: 3,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 1,
      terminatingReplicas: 1,
      observedGeneration: 3,
    });
    expect(nextAvailableMs(slow, owned, nowMs)).to.equal(30_000);
    expect(nextAvailableMs(set, owned, nowMs)).to.equal(undefined);
  });

  it('reports a failure until it is over', () => {
    const failed = statusOf(replicaSet(1), [], nowMs, { reason: 'FailedCreate', message: 'no quota' });
    expect(failed.conditions?.[0]).to.include({ type: 'ReplicaFailure', status: 'True', message: 'no quota' });
    expect(statusOf(replicaSet(1, { status: failed }), [], nowMs)).not.to.have.property('conditions');
  });

  it('makes pods from the template', () => {
    const set = replicaSet(1);
    const metadata = { labels: { app: 'web' }, annotations: { a: 'b' }, finalizers: ['x/y'] };
    const template = { metadata, spec: { containers: [{ name: 'c' }] } };
    expect(podFrom({ ...set, spec: { ...set.spec!, template } })).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'web-', namespace: 'shop', ...metadata },
      spec: { containers: [{ name: 'c' }] },
    });
  });
});

describe('reconciler/slow-start', () => {
  it('doubles its batches and stops after the first failure', async () => {
    let calls = 0;
    const all = await slowStart(10, async () => {
      calls += 1;
      await Promise.resolve();
    });
    expect(all).to.deep.equal({ succeeded: 10 });
    calls = 0;
    const stopped = await slowStart(100, () => (++calls === 5 ? Promise.reject(new Error('full')) : Promise.resolve()));
    expect(stopped.succeeded).to.equal(6);
    expect(stopped.error).to.have.property('message', 'full');
    expect(calls, '1 + 2 + 4').to.equal(7);
  });
});

describe('reconciler/controllers/replica-set: in a cluster', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await startFakeCluster();
  });
  afterEach(() => cluster.stop());
  const metadata = { name: 'web', namespace: 'shop' };
  const live = () => cluster.api.peek<ReplicaSet>(replicaSets, 'shop', 'web');
  const active = () => cluster.api.all<Pod>(pods).filter(isActive);

  it('adopts what it selects, and releases what it no longer does', async () => {
    const lonely = { ...pod('lonely'), metadata: { name: 'lonely', namespace: 'shop', labels: { app: 'web' } } };
    await cluster.api.create(pods, lonely);
    await cluster.api.create(replicaSets, replicaSet(2, { metadata }));
    await cluster.until(() => live()?.status?.readyReplicas === 2);
    const adopted = cluster.api.peek<Pod>(pods, 'shop', 'lonely')!;
    expect(adopted.metadata.ownerReferences?.[0]?.uid).to.equal(live()?.metadata.uid);
    expect(active()).to.have.length(2);
    await cluster.api.update(pods, { ...adopted, metadata: { ...adopted.metadata, labels: { app: 'debug' } } });
    await cluster.until(() => active().length === 3);
    expect(cluster.api.peek<Pod>(pods, 'shop', 'lonely')?.metadata.ownerReferences ?? []).to.deep.equal([]);
  });

  it('says why pods cannot be made, and makes them when they can be', async () => {
    cluster.api.intercept = ({ verb, resource }) => {
      if (verb === 'create' && resource === 'pods') throw new StatusError('Forbidden', 'exceeded quota');
    };
    await cluster.api.create(replicaSets, replicaSet(3, { metadata }));
    await cluster.until(() => findCondition(live()?.status?.conditions, 'ReplicaFailure')?.reason === 'FailedCreate');
    expect(cluster.api.all(events).map((event) => event['message'])).to.include('Error creating: exceeded quota');
    cluster.api.intercept = () => undefined;
    await cluster.until(() => live()?.status?.readyReplicas === 3);
    expect(live()?.status?.conditions).to.equal(undefined);
  });

  it('says the same refusal once, and tries again as soon as a quota changes', async () => {
    cluster.api.intercept = ({ verb, resource }) => {
      if (verb !== 'create' || resource !== 'pods') return;
      const name = `web-${String(attempts++).padStart(5, '0')}`;
      throw new StatusError('Forbidden', `pods "${name}" is forbidden: exceeded quota`, { name });
    };
    let attempts = 0;
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'shop' } };
    await cluster.api.create(resourceQuotas, { ...quota, spec: { hard: { pods: '0' } } });
    await cluster.api.create(replicaSets, replicaSet(2, { metadata }));
    await cluster.until(() => attempts > 8);
    const said = cluster.api.all(events).filter(({ reason }) => reason === 'FailedCreate');
    expect(said.map((event) => event['message'])).to.deep.equal([
      'Error creating: pods "web-" is forbidden: exceeded quota',
    ]);
    cluster.api.intercept = () => undefined;
    await cluster.api.patch(
      { ...resourceQuotas, namespace: 'shop', name: 'q' },
      { spec: { hard: { pods: '9' } } },
      { type: 'merge' },
    );
    await cluster.clock.advance(100);
    expect(active()).to.have.length(2);
  });

  it('scales down to nothing', async () => {
    await cluster.api.create(replicaSets, replicaSet(5, { metadata }));
    await cluster.until(() => live()?.status?.readyReplicas === 5);
    await cluster.api.patch(refOf(replicaSets, live()!), { spec: { replicas: 0 } }, { type: 'merge' });
    await cluster.until(() => cluster.api.all(pods).length === 0 && live()?.status?.replicas === 0);
  });

  it('makes exactly as many pods as wanted while requests fail at random and watches break', async () => {
    let sequence = 7;
    const random = () => (sequence = (sequence * 16807) % 2147483647) / 2147483647;
    cluster.api.intercept = ({ verb, resource }) => {
      if (resource === 'pods' && verb !== 'watch' && random() < 0.2) throw new StatusError('InternalError', 'flaky');
    };
    await cluster.api.create(replicaSets, replicaSet(20, { metadata }));
    for (let turn = 0; turn < 20; turn++) {
      await cluster.clock.advance(500);
      cluster.api.dropWatches(new StatusError('ServiceUnavailable', 'broken'));
      if (turn % 3 === 0) cluster.api.compact();
      expect(active().length).to.be.at.most(20);
    }
    cluster.api.intercept = () => undefined;
    await cluster.until(() => active().length === 20);
    await cluster.clock.advance(120_000);
    expect(active()).to.have.length(20);
  });
});

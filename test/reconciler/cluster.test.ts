// The controllers together: what a user does to an App or a Deployment, and what comes of it.
import { expect } from 'chai';
import type { App, Deployment, Pod, ReplicaSet } from '../../src/api/types.gen.ts';
import { StatusError } from '../../src/api/status-error.ts';
import { refOf } from '../../src/client/paths.ts';
import { findCondition } from '../../src/reconciler/conditions.ts';
import { isActive, isReady } from '../../src/reconciler/pods.ts';
import { deployments, events, pods, replicaSets, tepuiApps } from '../../src/reconciler/resources.ts';
import { startFakeCluster, type FakeCluster } from '../support/fake-cluster.ts';

const namespace = 'shop';

function app(spec: App['spec']): App {
  return { apiVersion: 'tepui.dev/v1', kind: 'App', metadata: { name: 'web', namespace }, spec };
}

function deployment(image: string, spec: Partial<Deployment['spec']> = {}): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
      ...spec,
    },
  };
}

describe('reconciler: a simulated cluster', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await startFakeCluster();
  });
  afterEach(() => cluster.stop());

  const live = () => cluster.api.peek<Deployment>(deployments, namespace, 'web');
  const liveApp = () => cluster.api.peek<App>(tepuiApps, namespace, 'web');
  const activePods = () => cluster.api.all<Pod>(pods).filter(isActive);
  const imagesOf = () => [...new Set(activePods().map((pod) => pod.spec?.containers[0]?.image))];
  /** What `kubectl rollout status` waits for. */
  const isRolledOut = (replicas: number) => {
    const { metadata, status } = live() ?? { metadata: {} };
    return (
      status?.observedGeneration === metadata.generation &&
      status?.updatedReplicas === replicas &&
      status.replicas === replicas &&
      status.availableReplicas === replicas
    );
  };
  /** What `kubectl rollout undo` does: the template and annotations of an earlier ReplicaSet. */
  const undo = async (revision: string) => {
    const key = 'deployment.kubernetes.io/revision';
    const earlier = cluster.api
      .all<ReplicaSet>(replicaSets)
      .find((one) => one.metadata.annotations![key] === revision)!;
    const template = JSON.parse(JSON.stringify(earlier.spec!.template)) as {
      metadata: { labels: Record<string, string> };
    };
    delete template.metadata.labels['pod-template-hash'];
    const annotations = { [key]: live()!.metadata.annotations![key]! };
    await cluster.api.patch(
      refOf(deployments, live()!),
      [
        { op: 'replace', path: '/spec/template', value: template },
        { op: 'replace', path: '/metadata/annotations', value: annotations },
      ],
      { type: 'json' },
    );
  };

  it('runs an App: Deployment, ReplicaSet, pods, status', async () => {
    await cluster.api.create(tepuiApps, app({ image: 'web:1', replicas: 2, env: { B: '2', A: '1' } }));
    await cluster.until(() => liveApp()?.status?.replicas?.available === 2);
    expect(isRolledOut(2)).to.equal(true);
    expect(live()!.metadata.ownerReferences![0]!.kind).to.equal('App');
    expect(activePods()[0]!.spec!.containers[0]!.env!.map(({ name }) => name)).to.deep.equal(['A', 'B']);
    const status = liveApp()!.status!;
    expect(status.revision).to.equal(1);
    expect(status.selector).to.equal('app.kubernetes.io/managed-by=app-controller,app.kubernetes.io/name=web');
    const states = status.conditions!.map(({ type, status: state }) => `${type}=${state}`);
    expect(states).to.have.members(['Available=True', 'Progressing=True', 'Synced=True']);
  });

  it('rolls an App, undoes it on the Deployment, scales it, and applies it again', async () => {
    await cluster.api.create(tepuiApps, app({ image: 'web:1', replicas: 2 }));
    await cluster.until(() => isRolledOut(2));
    await cluster.api.update(tepuiApps, { ...liveApp()!, spec: { image: 'web:2', replicas: 2 } });
    await cluster.until(() => live()?.metadata.generation === 2 && isRolledOut(2));
    expect(imagesOf()).to.deep.equal(['web:2']);

    await undo('1');
    await cluster.until(() => live()?.metadata.generation === 3 && isRolledOut(2));
    expect(imagesOf()).to.deep.equal(['web:1']);
    expect(live()?.metadata.annotations?.['deployment.kubernetes.io/revision']).to.equal('3');
    await cluster.until(() => findCondition(liveApp()?.status?.conditions, 'Synced')?.status === 'False');
    expect(findCondition(liveApp()?.status?.conditions, 'Synced')?.message).to.contain('pod template');

    await cluster.api.update(tepuiApps, { ...liveApp()!, spec: { image: 'web:2', replicas: 4 } });
    await cluster.until(() => isRolledOut(4));
    expect(imagesOf(), 'scaling the App does not bring back what was undone').to.deep.equal(['web:1']);

    await cluster.api.update(tepuiApps, { ...liveApp()!, spec: { image: 'web:3', replicas: 4 } });
    await cluster.until(() => imagesOf().join() === 'web:3' && isRolledOut(4));
    await cluster.until(() => findCondition(liveApp()?.status?.conditions, 'Synced')?.status === 'True');
  });

  it('leaves a scaled Deployment alone until the App says another number', async () => {
    await cluster.api.create(tepuiApps, app({ image: 'web:1', replicas: 2 }));
    await cluster.until(() => isRolledOut(2));
    await cluster.api.update(deployments, { ...live()!, spec: { ...live()!.spec!, replicas: 5 } });
    await cluster.until(() => isRolledOut(5));
    await cluster.api.update(tepuiApps, { ...liveApp()!, spec: { image: 'web:2', replicas: 2 } });
    await cluster.until(() => imagesOf().join() === 'web:2' && isRolledOut(5));
    expect(findCondition(liveApp()?.status?.conditions, 'Synced')?.message).to.contain('scaled to 5 instead of 2');
  });

  it('says when the Deployment of an App was refused, and goes on when it no longer is', async () => {
    cluster.api.intercept = ({ resource }) => {
      if (resource === 'deployments') throw new StatusError('Forbidden', 'exceeded quota: apps');
    };
    await cluster.api.create(tepuiApps, app({ image: 'web:1' }));
    const synced = () => findCondition(liveApp()?.status?.conditions, 'Synced');
    await cluster.until(() => synced()?.reason === 'Refused');
    expect(synced()?.message).to.equal('Deployment "web" was refused: exceeded quota: apps');
    cluster.api.intercept = () => undefined;
    await cluster.until(() => synced()?.status === 'True');
  });

  it('does not take over a Deployment that somebody else made', async () => {
    await cluster.api.create(deployments, deployment('other'));
    await cluster.api.create(tepuiApps, app({ image: 'web:1' }));
    await cluster.until(() => findCondition(liveApp()?.status?.conditions, 'Synced')?.reason === 'NameTaken');
    expect(live()?.spec?.template.spec?.containers[0]?.image).to.equal('other');
  });

  it('deletes everything that an App made', async () => {
    await cluster.api.create(tepuiApps, app({ image: 'web:1', replicas: 3 }));
    await cluster.until(() => isRolledOut(3));
    await cluster.api.delete(refOf(tepuiApps, liveApp()!));
    await cluster.until(() =>
      [tepuiApps, deployments, replicaSets, pods].every((resource) => cluster.api.all(resource).length === 0),
    );
  });

  it('deletes in the foreground from the leaves to the root', async () => {
    await cluster.api.create(deployments, deployment('web:1'));
    await cluster.until(() => isRolledOut(3));
    cluster.api.writes.length = 0;
    await cluster.api.delete(refOf(deployments, live()!), { propagationPolicy: 'Foreground' });
    expect(live(), 'it waits for its dependents').not.to.equal(undefined);
    await cluster.until(() => live() === undefined);
    expect(cluster.api.all(pods)).to.deep.equal([]);
    expect(cluster.api.all(replicaSets)).to.deep.equal([]);
  });

  it('orphans dependents on request, and adopts them again', async () => {
    await cluster.api.create(deployments, deployment('web:1'));
    await cluster.until(() => isRolledOut(3));
    const before = activePods().map((pod) => pod.metadata.uid);
    await cluster.api.delete(refOf(deployments, live()!), { propagationPolicy: 'Orphan' });
    await cluster.until(() => live() === undefined);
    await cluster.clock.advance(5_000);
    expect(cluster.api.all(replicaSets)).to.have.length(1);
    await cluster.api.create(deployments, deployment('web:1'));
    await cluster.until(() => isRolledOut(3));
    expect(activePods().map((pod) => pod.metadata.uid)).to.deep.equal(before);
  });

  it('keeps the old pods while the new ones do not become ready, and reports the deadline', async () => {
    await cluster.api.create(deployments, deployment('web:1', { progressDeadlineSeconds: 60 }));
    await cluster.until(() => isRolledOut(3));
    cluster.kubelet.isHealthy = (pod) => pod.spec?.containers[0]?.image !== 'web:bad';
    const spec = deployment('web:bad', { progressDeadlineSeconds: 60 }).spec!;
    await cluster.api.update(deployments, { ...live()!, spec });
    await cluster.until(
      () => findCondition(live()?.status?.conditions, 'Progressing')?.reason === 'ProgressDeadlineExceeded',
    );
    expect(activePods().filter(isReady)).to.have.length(3);
    await undo('1');
    await cluster.until(() => isRolledOut(3));
    expect(imagesOf()).to.deep.equal(['web:1']);
    expect(findCondition(live()?.status?.conditions, 'Progressing')?.reason).to.equal('NewReplicaSetAvailable');
  });

  it('ends at the second of two specs applied within 100 ms', async () => {
    await cluster.api.create(deployments, deployment('web:1'));
    await cluster.until(() => isRolledOut(3));
    await cluster.api.update(deployments, { ...live()!, spec: deployment('web:2').spec! });
    await cluster.clock.advance(100);
    await cluster.api.update(deployments, { ...live()!, spec: deployment('web:3').spec! });
    await cluster.until(() => imagesOf().join() === 'web:3' && isRolledOut(3));
    const sizes = cluster.api.all<ReplicaSet>(replicaSets).map((one) => one.spec?.replicas ?? 1);
    expect(sizes.sort()).to.deep.equal(sizes.length === 3 ? [0, 0, 3] : [0, 3]);
  });

  it('recreates: nothing new runs before everything old is gone', async () => {
    await cluster.api.create(deployments, deployment('web:1', { strategy: { type: 'Recreate' } }));
    await cluster.until(() => isRolledOut(3));
    await cluster.api.update(deployments, {
      ...live()!,
      spec: deployment('web:2', { strategy: { type: 'Recreate' } }).spec!,
    });
    await cluster.until(() => {
      const images = new Set(cluster.api.all<Pod>(pods).map((pod) => pod.spec?.containers[0]?.image));
      expect(images.size).to.be.lessThan(2);
      return images.has('web:2') && isRolledOut(3);
    });
  });

  it('does nothing while a Deployment is paused, but scales it', async () => {
    await cluster.api.create(deployments, deployment('web:1'));
    await cluster.until(() => isRolledOut(3));
    await cluster.api.update(deployments, {
      ...live()!,
      spec: deployment('web:2', { paused: true, replicas: 5 }).spec!,
    });
    await cluster.until(() => activePods().length === 5);
    await cluster.clock.advance(10_000);
    expect(imagesOf()).to.deep.equal(['web:1']);
    expect(findCondition(live()?.status?.conditions, 'Progressing')?.reason).to.equal('DeploymentPaused');
    await cluster.api.update(deployments, { ...live()!, spec: deployment('web:2', { replicas: 5 }).spec! });
    await cluster.until(() => imagesOf().join() === 'web:2' && isRolledOut(5));
  });

  it('takes another name when that of its ReplicaSet belongs to somebody else', async () => {
    await cluster.api.create(deployments, deployment('web:1'));
    await cluster.until(() => isRolledOut(3));
    const [first] = cluster.api.all<ReplicaSet>(replicaSets);
    await cluster.api.delete(refOf(deployments, live()!));
    await cluster.until(() => cluster.api.all(replicaSets).length === 0);
    const { name = '' } = first!.metadata;
    const foreign = { ...first!.spec!, replicas: 0, selector: { matchLabels: { app: 'other' } } };
    await cluster.api.create(replicaSets, { ...first!, metadata: { name, namespace }, spec: foreign });
    await cluster.api.create(deployments, deployment('web:1'));
    await cluster.until(() => isRolledOut(3));
    expect(live()?.status?.collisionCount).to.equal(1);
    expect(cluster.api.all(replicaSets)).to.have.length(2);
  });

  it('keeps only as many old revisions as asked', async () => {
    await cluster.api.create(deployments, deployment('web:0', { revisionHistoryLimit: 1 }));
    for (const image of ['web:1', 'web:2', 'web:3']) {
      await cluster.until(() => isRolledOut(3));
      await cluster.api.update(deployments, { ...live()!, spec: deployment(image, { revisionHistoryLimit: 1 }).spec! });
      await cluster.until(() => imagesOf().join() === image && isRolledOut(3));
    }
    await cluster.until(() => cluster.api.all(replicaSets).length === 2);
  });

  it('replaces pods that vanish, and never makes too many while its cache lags', async () => {
    await cluster.api.create(deployments, deployment('web:1', { replicas: 50 }));
    await cluster.until(() => isRolledOut(50));
    expect(cluster.api.writes.filter(({ verb, resource }) => verb === 'create' && resource === 'pods')).to.have.length(
      50,
    );
    const [victim] = activePods();
    await cluster.api.delete(refOf(pods, victim!), { gracePeriodSeconds: 0 });
    await cluster.until(() => activePods().length === 50 && isRolledOut(50));
    expect(cluster.api.writes.filter(({ verb, resource }) => verb === 'create' && resource === 'pods')).to.have.length(
      51,
    );
  });

  it('writes nothing once all is as it should be', async () => {
    await cluster.api.create(tepuiApps, app({ image: 'web:1', replicas: 3 }));
    await cluster.until(() => isRolledOut(3));
    await cluster.clock.advance(30_000);
    cluster.api.writes.length = 0;
    await cluster.clock.advance(30 * 60_000);
    expect(cluster.api.writes).to.deep.equal([]);
  });

  it('records what it does as events, and lets them expire', async () => {
    await cluster.api.create(deployments, deployment('web:1', { replicas: 1 }));
    await cluster.until(() => isRolledOut(1));
    const reasons = () => cluster.api.all(events).map((event) => event['reason']);
    expect(reasons()).to.include.members(['ScalingReplicaSet', 'SuccessfulCreate']);
    await cluster.clock.advance(61 * 60_000);
    expect(reasons()).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import type { App, Deployment } from '../../../src/api/types.gen.ts';
import { findCondition } from '../../../src/reconciler/conditions.ts';
import { planApp } from '../../../src/reconciler/controllers/app/plan.ts';
import { podTemplateOf } from '../../../src/reconciler/controllers/app/pod-template.ts';

const nowMs = Date.parse('2026-01-01T00:00:00Z');

function app(spec: App['spec'], metadata: Partial<App['metadata']> = {}): App {
  return {
    apiVersion: 'tepui.dev/v1',
    kind: 'App',
    metadata: { name: 'web', namespace: 'shop', uid: 'a1', generation: 4, ...metadata },
    spec,
  };
}

/** The Deployment as the server has it after an apply: with defaults and system fields. */
function served(applied: Deployment | undefined): Deployment {
  const spec = applied!.spec!;
  const [container] = spec.template.spec!.containers;
  const filled = {
    ...container!,
    imagePullPolicy: 'IfNotPresent' as const,
    terminationMessagePath: '/dev/termination-log',
  };
  const template = {
    ...spec.template,
    spec: { ...spec.template.spec!, containers: [filled], restartPolicy: 'Always' as const },
  };
  const metadata = { ...applied!.metadata, uid: 'd1', resourceVersion: '9' };
  return { ...applied!, metadata, spec: { ...spec, template } };
}

describe('reconciler/controllers/app: pod template', () => {
  const containerOf = (spec: App['spec']) => podTemplateOf(app(spec), {}).spec?.containers[0];

  it('spells out the short forms', () => {
    expect(
      containerOf({
        command: 'echo hi',
        args: ['x'],
        env: { B: 'two', A: { secretKeyRef: { name: 's', key: 'k' } } },
        ports: [
          { containerPort: 8080, port: 80, hostPort: 0 },
          { name: 'admin', containerPort: 9, hostPort: 90, protocol: 'UDP' },
        ],
      }),
    ).to.deep.equal({
      name: 'web',
      command: ['/bin/sh', '-c', 'echo hi'],
      args: ['x'],
      env: [
        { name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
        { name: 'B', value: 'two' },
      ],
      ports: [
        { name: 'http', containerPort: 8080, protocol: 'TCP' },
        { name: 'admin', containerPort: 9, hostPort: 90, protocol: 'UDP' },
      ],
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } },
    });
  });

  it('keeps the long forms', () => {
    const probe = { tcpSocket: { port: 1 } };
    const env = [
      { name: 'B', value: '1' },
      { name: 'A', value: '2' },
    ];
    const given = { image: 'i', imagePullPolicy: 'Never', command: ['a', 'b'], env, readinessProbe: probe } as const;
    expect(containerOf({ ...given, livenessProbe: probe, startupProbe: probe })).to.include({
      image: 'i',
      imagePullPolicy: 'Never',
      command: given.command,
      env,
      readinessProbe: probe,
      livenessProbe: probe,
      startupProbe: probe,
    });
    expect(podTemplateOf(app({ terminationGracePeriodSeconds: 5 }), {}).spec?.terminationGracePeriodSeconds).to.equal(
      5,
    );
  });

  it('fills in resources: requests from limits, the memory limit from the request', () => {
    const resources = (given: App['spec']['resources']) => containerOf(given ? { resources: given } : {})?.resources;
    expect(resources({ requests: { memory: '1Gi' } })).to.deep.equal({
      requests: { cpu: '100m', memory: '1Gi' },
      limits: { memory: '1Gi' },
    });
    expect(resources({ limits: { memory: '2Gi', cpu: '1' } })).to.deep.equal({
      requests: { cpu: '1', memory: '2Gi' },
      limits: { memory: '2Gi', cpu: '1' },
    });
  });

  it("does not probe by itself: ports on the host's network prove nothing", () => {
    expect(containerOf({ ports: [{ containerPort: 80 }] })).not.to.have.property('readinessProbe');
  });
});

describe('reconciler/controllers/app: plan', () => {
  const planned = (given: App, live?: Deployment) => planApp(given, live, nowMs);
  const synced = (given: App, live?: Deployment) => findCondition(planned(given, live).status.conditions, 'Synced');
  const first = app(
    { image: 'web:1', replicas: 2 },
    { labels: { team: 'x' }, annotations: { 'kubernetes.io/change-cause': 'one' } },
  );
  const live = served(planned(first).apply);

  it('makes a Deployment with the defaults of an App', () => {
    const { apply, status } = planned(first);
    expect(apply?.metadata.labels).to.include({
      'app.kubernetes.io/name': 'web',
      'app.kubernetes.io/managed-by': 'app-controller',
      team: 'x',
    });
    expect(apply?.metadata.ownerReferences?.[0]).to.include({ kind: 'App', uid: 'a1', controller: true });
    expect(apply?.metadata.annotations).to.deep.equal({ 'kubernetes.io/change-cause': 'one' });
    expect(apply?.spec).to.deep.include({
      replicas: 2,
      minReadySeconds: 10,
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
    });
    expect(apply?.spec?.template.metadata?.labels, 'a new label of the App must not restart it').not.to.have.property(
      'team',
    );
    expect(status.observedGeneration).to.equal(4);
    expect(findCondition(status.conditions, 'Available')?.status).to.equal('Unknown');
  });

  it('leaves a Deployment alone that is as it was applied', () => {
    expect(planned(first, live).apply).to.equal(undefined);
    expect(synced(first, live)?.status).to.equal('True');
  });

  it('applies labels without touching anything else', () => {
    const relabelled = { ...first, metadata: { ...first.metadata, labels: { team: 'y' } } };
    const { apply } = planned(relabelled, live);
    expect(apply?.metadata.labels?.['team']).to.equal('y');
    expect(apply?.spec?.template).to.deep.equal(live.spec?.template);
    expect(apply?.metadata.resourceVersion, 'guards what was kept').to.equal('9');
  });

  it('tells of a template that was changed underneath, and keeps it until the App changes it', () => {
    const undone = { ...live, spec: { ...live.spec!, template: podTemplateOf(app({ image: 'web:0' }), {}) } };
    expect(planned(first, undone).apply).to.equal(undefined);
    expect(synced(first, undone)).to.include({ status: 'False', reason: 'Drifted' });
    const scaled = app({ image: 'web:1', replicas: 5 }, first.metadata);
    expect(planned(scaled, undone).apply?.spec?.template).to.deep.equal(undone.spec.template);
    expect(planned(scaled, undone).apply?.spec?.replicas).to.equal(5);
    const moved = app({ image: 'web:2', replicas: 2 }, first.metadata);
    expect(planned(moved, undone).apply?.spec?.template.spec?.containers[0]?.image).to.equal('web:2');
  });

  it('tells of a scale that was changed underneath, and keeps it until the App changes it', () => {
    const scaled = { ...live, spec: { ...live.spec!, replicas: 7 } };
    expect(planned(first, scaled).apply).to.equal(undefined);
    expect(synced(first, scaled)?.message).to.contain('scaled to 7 instead of 2');
    expect(planned(app({ image: 'web:2', replicas: 2 }, first.metadata), scaled).apply?.spec?.replicas).to.equal(7);
    expect(planned(app({ image: 'web:1', replicas: 3 }, first.metadata), scaled).apply?.spec?.replicas).to.equal(3);
  });

  it('rolls up what the Deployment reports', () => {
    const conditions = [
      { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'ok' },
      { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'late' },
    ];
    const counts = { updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2, unavailableReplicas: 1 };
    const annotations = { ...live.metadata.annotations, 'deployment.kubernetes.io/revision': '6' };
    const reporting = { ...live, metadata: { ...live.metadata, annotations }, status: { ...counts, conditions } };
    const { status } = planned(first, reporting);
    expect(status.revision).to.equal(6);
    expect(status.replicas).to.deep.equal({ desired: 2, updated: 1, ready: 2, available: 2, unavailable: 1 });
    expect(findCondition(status.conditions, 'Progressing')).to.include({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
    expect(planApp({ ...first, status }, reporting, nowMs + 60_000).status, 'equal status is equal').to.deep.equal(
      status,
    );
  });

  it('leaves the Deployment of somebody else alone, and says whose it is', () => {
    const owner = { apiVersion: 'x/v1', kind: 'Thing', name: 't', uid: 'other', controller: true };
    const foreign = { ...live, metadata: { ...live.metadata, ownerReferences: [owner] } };
    expect(planned(first, foreign).apply).to.equal(undefined);
    expect(synced(first, foreign)).to.include({ status: 'False', reason: 'NameTaken' });
    expect(synced(first, foreign)?.message).to.contain('belongs to Thing "t"');
    const orphaned = { ...live.metadata, ownerReferences: [] };
    expect(synced(first, { ...live, metadata: orphaned })?.message).to.contain('was not made for this app');
  });
});

// What of an App goes into its Deployment.
import { expect } from 'chai';
import type { App, AppSpec, Deployment } from '../../../src/api/types.gen.ts';
import { planApp } from '../../../src/reconciler/controllers/app/plan.ts';

const app = (spec: AppSpec): App => ({
  apiVersion: 'tepui.dev/v1',
  kind: 'App',
  metadata: { name: 'web', namespace: 'default', uid: 'u1', generation: 1 },
  spec,
});
const deploymentOf = (spec: AppSpec): Deployment => {
  const { apply } = planApp(app(spec), undefined, 0);
  if (apply === undefined) throw new Error('expected a Deployment to be applied');
  return apply;
};

describe('the Deployment of an App', () => {
  it('gets volumes and their mounts', () => {
    const spec = deploymentOf({
      volumes: [
        { name: 'scratch', mountPath: '/scratch', emptyDir: {} },
        { name: 'settings', mountPath: '/etc/web', readOnly: true, configMap: { name: 'web' } },
      ],
    }).spec?.template.spec;
    expect(spec?.volumes).to.deep.equal([
      { name: 'scratch', emptyDir: {} },
      { name: 'settings', configMap: { name: 'web' } },
    ]);
    expect(spec?.containers[0]?.volumeMounts).to.deep.equal([
      { name: 'scratch', mountPath: '/scratch' },
      { name: 'settings', mountPath: '/etc/web', readOnly: true },
    ]);
  });

  it('gets the placement', () => {
    const tolerations = [{ key: 'gpu', operator: 'Exists' as const }];
    const spec = deploymentOf({ placement: { nodeSelector: { disk: 'ssd' }, tolerations } }).spec?.template.spec;
    expect(spec).to.deep.include({ nodeSelector: { disk: 'ssd' }, tolerations });
  });

  it('is rolled out without a gap unless the App says otherwise', () => {
    expect(deploymentOf({}).spec).to.deep.include({
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
      minReadySeconds: 10,
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
    });
    expect(
      deploymentOf({ strategy: { rollingUpdate: { maxSurge: 1 } }, minReadySeconds: 0, revisionHistoryLimit: 2 }).spec,
    ).to.deep.include({
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      minReadySeconds: 0,
      revisionHistoryLimit: 2,
    });
    expect(deploymentOf({ strategy: { type: 'Recreate' } }).spec?.strategy).to.deep.equal({ type: 'Recreate' });
  });

  it('is written again when only the policy has changed, and then keeps its template', () => {
    const live: Deployment = { ...deploymentOf({}), status: {} };
    expect(planApp(app({}), live, 0).apply).to.equal(undefined);
    const { apply } = planApp(app({ minReadySeconds: 0 }), live, 0);
    expect(apply?.spec?.minReadySeconds).to.equal(0);
    expect(apply?.spec?.template).to.equal(live.spec?.template);
  });
});

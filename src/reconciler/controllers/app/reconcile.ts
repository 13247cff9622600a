// App: keeps the Deployment that runs it, and rolls up its status.
import { StatusError } from '../../../api/status-error.ts';
import type { App, AppStatus, Deployment } from '../../../api/types.gen.ts';
import { refOf } from '../../../client/paths.ts';
import { deepEqual } from '../../../lib/deep.ts';
import { findCondition } from '../../conditions.ts';
import type { ControllerFactory } from '../../context.ts';
import { parseKey } from '../../keys.ts';
import type { Reconcile } from '../../reconciler.ts';
import { deployments, tepuiApps } from '../../resources.ts';
import { itself } from '../../source.ts';
import { planApp, refusedStatus } from './plan.ts';

/** What no further attempt mends by itself. */
const refusals: ReadonlySet<string> = new Set(['BadRequest', 'Forbidden', 'Invalid', 'RequestEntityTooLarge']);

const fieldManager = 'app-controller';

export const createAppController: ControllerFactory = ({ client, informers, recorder, clock }) => {
  const events = recorder(fieldManager);
  const apps = informers.of<App>(tepuiApps);
  const all = informers.of<Deployment>(deployments);

  const reconcile: Reconcile = async (key) => {
    const { namespace, name } = parseKey(key);
    const app = apps.get(namespace, name);
    if (!app || app.metadata.deletionTimestamp !== undefined) return undefined;
    const before = all.get(namespace, name);
    const plan = planApp(app, before, clock.now());
    const applied = plan.apply && (await apply(plan.apply).catch((error: unknown) => refused(app, before, error)));
    if (applied && !before) events.record(app, 'Normal', 'DeploymentCreated', `Created deployment ${name}`);
    await report(app, applied ? planApp(app, applied, clock.now()).status : plan.status);
    return undefined;
  };

  /** Says so where the user looks, before it is tried again. */
  const refused = async (app: App, before: Deployment | undefined, error: unknown): Promise<never> => {
    const { reason, message } = StatusError.from(error);
    if (refusals.has(reason)) await report(app, refusedStatus(app, before, message, clock.now()));
    throw error;
  };

  const report = async (app: App, status: AppStatus) => {
    if (deepEqual(status, app.status)) return;
    const synced = findCondition(status.conditions, 'Synced');
    const known = findCondition(app.status?.conditions, 'Synced');
    if (synced?.status === 'False' && known?.message !== synced.message) {
      events.record(app, 'Warning', synced.reason, synced.message);
    }
    await client.update(tepuiApps, { ...app, status }, 'status');
  };

  const apply = (deployment: Deployment) =>
    client.patch<Deployment>(refOf(deployments, deployment), deployment, { type: 'apply', fieldManager, force: true });

  // The Deployment bears the App's name: its changes lead to the same key, owned or in the way.
  return { name: 'app', sources: [itself(apps), itself(all)], reconcile };
};

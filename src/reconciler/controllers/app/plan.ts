// What an App's Deployment should be, whether it has to be written, and what the App reports. Pure.
//
// A part of the Deployment is written when the part of the App that it comes from has changed since it was last written;
// the labels `tepui.dev/applied-*` on the Deployment remember that, in the same write. So `kubectl rollout undo` and
// `kubectl scale` on the Deployment hold until the App says something new, and the condition Synced tells of them meanwhile
// (docs/decisions: an App and the Deployment under it).
import type {
  App,
  AppReplicaCounts,
  AppStatus,
  Condition,
  Deployment,
  DeploymentSpec,
} from '../../../api/types.gen.ts';
import { formatLabelSelector, selectorOf } from '../../../api/selectors.ts';
import { findCondition, withCondition } from '../../conditions.ts';
import { hashOf } from '../../hash.ts';
import { controllerOf, controllerReference } from '../../owners.ts';
import { revisionKey } from '../deployment/revisions.ts';
import { podTemplateOf } from './pod-template.ts';

const templateLabel = 'tepui.dev/applied-template';
const replicasLabel = 'tepui.dev/applied-replicas';
const policyLabel = 'tepui.dev/applied-policy';
const changeCause = 'kubernetes.io/change-cause';

export interface AppPlan {
  /** The whole configuration to apply; undefined when the Deployment is as this App last wanted it. */
  readonly apply: Deployment | undefined;
  readonly status: AppStatus;
}

/** By which labels the pods of an App are known. */
export function podLabelsOf(app: App): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': app.metadata.name ?? '', 'app.kubernetes.io/managed-by': 'app-controller' };
}

/** @param deployment the one of the App's name, if there is any, and whoever owns it */
export function planApp(app: App, deployment: Deployment | undefined, nowMs: number): AppPlan {
  if (deployment && controllerOf(deployment)?.uid !== app.metadata.uid) return taken(app, deployment, nowMs);
  const wanted = wantedDeployment(app);
  const merged = deployment ? keepUnchangedParts(wanted, deployment) : wanted;
  const isWritten = deployment !== undefined && labelsHold(merged, deployment);
  const synced = syncedOf(app, driftOf(wanted, deployment));
  return {
    apply: isWritten ? undefined : merged,
    status: statusOf(app, deployment, synced, nowMs),
  };
}

/** What the App says, in full. Defaults are the App kind's. */
function wantedDeployment(app: App): Deployment {
  const labels = podLabelsOf(app);
  const template = podTemplateOf(app, labels);
  const policy = policyOf(app);
  const replicas = app.spec.replicas ?? 1;
  const cause = app.metadata.annotations?.[changeCause];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: app.metadata.name ?? '',
      namespace: app.metadata.namespace ?? '',
      labels: {
        ...app.metadata.labels,
        ...labels,
        [templateLabel]: hashOf(template),
        [replicasLabel]: String(replicas),
        [policyLabel]: hashOf(policy),
      },
      ...(cause === undefined ? {} : { annotations: { [changeCause]: cause } }),
      ownerReferences: [controllerReference(app)],
    },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template,
      ...policy,
    },
  };
}

type Policy = Pick<DeploymentSpec, 'strategy' | 'minReadySeconds' | 'progressDeadlineSeconds' | 'revisionHistoryLimit'>;

/** What changes how the App is rolled out, not what runs: new copies come before old ones go, unless it says otherwise. */
function policyOf({ spec }: App): Policy {
  const rollingUpdate = { maxSurge: '25%', maxUnavailable: 0, ...spec.strategy?.rollingUpdate };
  return {
    strategy: spec.strategy?.type === 'Recreate' ? { type: 'Recreate' } : { type: 'RollingUpdate', rollingUpdate },
    minReadySeconds: spec.minReadySeconds ?? 10,
    progressDeadlineSeconds: spec.progressDeadlineSeconds ?? 600,
    revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
  };
}

/** Takes over from the Deployment the parts about which the App has said nothing new. */
function keepUnchangedParts(wanted: Deployment, live: Deployment): Deployment {
  const kept = {
    ...(isSameLabel(wanted, live, templateLabel) && live.spec ? { template: live.spec.template } : {}),
    ...(isSameLabel(wanted, live, replicasLabel) ? { replicas: live.spec?.replicas ?? 1 } : {}),
  };
  // Annotations go with the template: after an undo they tell of the revision that was gone back to.
  const annotations = (kept.template ? live : wanted).metadata.annotations;
  const cause = annotations?.[changeCause];
  return {
    ...wanted,
    metadata: {
      ...wanted.metadata,
      // The kept parts were read at this revision: whoever changes them meanwhile wins.
      resourceVersion: live.metadata.resourceVersion ?? '',
      annotations: cause === undefined ? {} : { [changeCause]: cause },
    },
    ...(wanted.spec ? { spec: { ...wanted.spec, ...kept } } : {}),
  };
}

function isSameLabel(wanted: Deployment, live: Deployment, label: string): boolean {
  return wanted.metadata.labels?.[label] === live.metadata.labels?.[label];
}

function labelsHold(wanted: Deployment, live: Deployment): boolean {
  return Object.keys(wanted.metadata.labels ?? {}).every((label) => isSameLabel(wanted, live, label));
}

/** What somebody else has changed on the Deployment since the App last wrote it, in words; empty when nothing. */
function driftOf(wanted: Deployment, live: Deployment | undefined): readonly string[] {
  if (!live?.spec) return [];
  const drift: string[] = [];
  const isTemplateApplied = isSameLabel(wanted, live, templateLabel);
  if (isTemplateApplied && !isCovered(live.spec.template, wanted.spec?.template)) {
    drift.push('its pod template differs (rollout undo, or an edit)');
  }
  if (isSameLabel(wanted, live, replicasLabel) && live.spec.replicas !== wanted.spec?.replicas) {
    drift.push(`it is scaled to ${live.spec.replicas ?? 1} instead of ${wanted.spec?.replicas ?? 1}`);
  }
  return drift;
}

/** Whether `live` says all that `wanted` says; what the server filled in besides does not count. */
function isCovered(live: unknown, wanted: unknown): boolean {
  if (wanted === undefined || live === wanted) return true;
  if (typeof wanted !== 'object' || wanted === null || typeof live !== 'object' || live === null) return false;
  if (Array.isArray(wanted) || Array.isArray(live)) {
    const [many, few] = [live, wanted] as [readonly unknown[], readonly unknown[]];
    return many.length === few.length && few.every((item, index) => isCovered(many[index], item));
  }
  return Object.entries(wanted).every(([key, value]) => isCovered((live as Record<string, unknown>)[key], value));
}

function statusOf(app: App, live: Deployment | undefined, synced: SyncedCondition, nowMs: number): AppStatus {
  const revision = Number.parseInt(live?.metadata.annotations?.[revisionKey] ?? '', 10);
  return {
    observedGeneration: app.metadata.generation ?? 0,
    ...(Number.isNaN(revision) ? {} : { revision }),
    selector: formatLabelSelector(selectorOf({ matchLabels: podLabelsOf(app) })),
    replicas: countsOf(app, live),
    conditions: conditionsOf(app, live, synced, nowMs),
  };
}

const noCounts = { updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0, unavailableReplicas: 0 };

function countsOf(app: App, live: Deployment | undefined): AppReplicaCounts {
  const counts = { ...noCounts, ...live?.status };
  return {
    desired: live?.spec?.replicas ?? app.spec.replicas ?? 1,
    updated: counts.updatedReplicas,
    ready: counts.readyReplicas,
    available: counts.availableReplicas,
    unavailable: counts.unavailableReplicas,
  };
}

interface SyncedCondition {
  readonly status: 'True' | 'False';
  readonly reason: 'AsApplied' | 'Drifted' | 'NameTaken' | 'Refused';
  readonly message: string;
}

function syncedOf(app: App, drift: readonly string[]): SyncedCondition {
  const name = `Deployment "${app.metadata.name ?? ''}"`;
  if (drift.length === 0) return { status: 'True', reason: 'AsApplied', message: `${name} is as the app says.` };
  const advice = 'This holds until that part of the app is changed and applied.';
  return { status: 'False', reason: 'Drifted', message: `${name} was changed: ${drift.join('; ')}. ${advice}` };
}

const pending = { status: 'Unknown', reason: 'DeploymentPending', message: 'The deployment has not reported yet.' };

function conditionsOf(
  app: App,
  live: Deployment | undefined,
  synced: SyncedCondition,
  nowMs: number,
): readonly Condition[] {
  const observedGeneration = app.metadata.generation ?? 0;
  const news = [
    ...['Available', 'Progressing'].map((type) => {
      const { status, reason = '', message = '' } = findCondition(live?.status?.conditions, type) ?? pending;
      return { type, status, reason, message };
    }),
    { type: 'Synced', ...synced },
  ];
  return news.reduce<readonly Condition[]>(
    (conditions, condition) => withCondition<Condition>(conditions, { ...condition, observedGeneration }, nowMs),
    app.status?.conditions ?? [],
  );
}

/** What the App reports when the server did not take its Deployment. */
export function refusedStatus(app: App, live: Deployment | undefined, why: string, nowMs: number): AppStatus {
  const message = `Deployment "${app.metadata.name ?? ''}" was refused: ${why}`;
  return statusOf(app, live, { status: 'False', reason: 'Refused', message }, nowMs);
}

/** Somebody else's Deployment is in the way: it is left alone, and the App says so. */
function taken(app: App, deployment: Deployment, nowMs: number): AppPlan {
  const owner = controllerOf(deployment);
  const by = owner ? `belongs to ${owner.kind} "${owner.name}"` : 'was not made for this app';
  const message = `A Deployment "${app.metadata.name ?? ''}" exists and ${by}; delete it or name the app differently.`;
  return {
    apply: undefined,
    status: statusOf(app, undefined, { status: 'False', reason: 'NameTaken', message }, nowMs),
  };
}

// Deployment: rolls ReplicaSets from one pod template to the next.
import { selectorOf } from '../../../api/selectors.ts';
import { StatusError } from '../../../api/status-error.ts';
import type { Deployment, Pod, ReplicaSet } from '../../../api/types.gen.ts';
import type { Client } from '../../../client/client.ts';
import type { EventRecorder } from '../../../client/event-recorder.ts';
import { refOf } from '../../../client/paths.ts';
import { deepEqual } from '../../../lib/deep.ts';
import { planClaims } from '../../claims.ts';
import type { ControllerFactory } from '../../context.ts';
import { deleteObject } from '../../delete-object.ts';
import { keyOf, parseKey } from '../../keys.ts';
import { byController, controllerOf, controllerUid } from '../../owners.ts';
import { isTerminal } from '../../pods.ts';
import { TerminalError, type Reconcile } from '../../reconciler.ts';
import { deployments, pods, replicaSets } from '../../resources.ts';
import { settleClaims } from '../../settle-claims.ts';
import { itself, mapped, owner, vanished } from '../../source.ts';
import { isRecreate } from './limits.ts';
import { planDeployment, type DeploymentPlan } from './plan.ts';
import { findCurrent, revisionKey, sizeOf } from './revisions.ts';

const orphans = 'orphanInNamespace';

export const createDeploymentController: ControllerFactory = ({ client, informers, recorder, clock }) => {
  const events = recorder('deployment-controller');
  const all = informers.of<Deployment>(deployments);
  const sets = informers.of<ReplicaSet>(replicaSets);
  const allPods = informers.of<Pod>(pods);
  allPods.addIndex(byController, controllerUid);
  sets.addIndex(byController, controllerUid);
  sets.addIndex(orphans, (one) => (controllerOf(one) ? [] : [one.metadata.namespace ?? '']));

  const reconcile: Reconcile = async (key) => {
    const { namespace, name } = parseKey(key);
    const deployment = all.get(namespace, name);
    if (!deployment) return undefined;
    const selector = selectorOf(deployment.spec?.selector);
    if (selector.length === 0) throw new TerminalError(`${key}: an empty spec.selector would select every pod`);
    const owned = () => sets.byIndex(byController, deployment.metadata.uid ?? '');
    const claims = planClaims(deployment, selector, [...owned(), ...sets.byIndex(orphans, namespace)]);
    await settleClaims(client, replicaSets, deployment, claims);
    const plan = planDeployment({
      deployment,
      replicaSets: owned(),
      hasPods: (one) => allPods.byIndex(byController, one.metadata.uid ?? '').some((pod) => !isTerminal(pod)),
      nowMs: clock.now(),
    });
    await act(client, events, deployment, plan, (one) => sets.get(namespace, one.metadata.name ?? ''));
    return { requeueAfterMs: plan.requeueAfterMs };
  };

  return {
    name: 'deployment',
    sources: [
      itself(all),
      owner(sets, 'Deployment'),
      mapped(sets, (one) => (controllerOf(one) ? [] : all.list(one.metadata.namespace).map(keyOf))),
      // Recreate waits for the last pod of the old revision.
      vanished(allPods, (pod) => recreated(pod, sets.get(pod.metadata.namespace ?? '', controllerOf(pod)?.name ?? ''))),
    ],
    reconcile,
  };

  function recreated(pod: Pod, replicaSet: ReplicaSet | undefined): readonly string[] {
    const reference = replicaSet && controllerOf(replicaSet);
    const deployment = reference && all.get(pod.metadata.namespace ?? '', reference.name);
    return deployment && isRecreate(deployment) ? [keyOf(deployment)] : [];
  }
};

async function act(
  client: Client,
  events: EventRecorder,
  deployment: Deployment,
  plan: DeploymentPlan,
  known: (replicaSet: ReplicaSet) => ReplicaSet | undefined,
): Promise<void> {
  if (plan.create && !(await create(client, events, deployment, plan.create))) return;
  // One after another, the growing first: should one fail, there are rather too many pods than too few.
  const growth = (one: ReplicaSet) => sizeOf(one) - sizeOf(known(one) ?? one);
  for (const replicaSet of [...plan.update].sort((a, b) => growth(b) - growth(a))) {
    const before = sizeOf(known(replicaSet) ?? replicaSet);
    await client.update(replicaSets, replicaSet);
    if (sizeOf(replicaSet) !== before) recordScaling(events, deployment, replicaSet, before);
  }
  await Promise.all(plan.remove.map((replicaSet) => deleteObject(client, replicaSets, replicaSet)));
  await writeBack(client, deployment, plan);
}

async function writeBack(client: Client, deployment: Deployment, plan: DeploymentPlan): Promise<void> {
  const { revision, status } = plan;
  let latest = deployment;
  if (revision !== undefined) {
    const { uid, resourceVersion } = deployment.metadata;
    const metadata = { uid, resourceVersion, annotations: { [revisionKey]: revision } };
    latest = await client.patch<Deployment>(refOf(deployments, deployment), { metadata }, { type: 'merge' });
  }
  if (!deepEqual(status, deployment.status)) await client.update(deployments, { ...latest, status }, 'status');
}

/** False when the name is taken by something else: the count of collisions then changes the next name. */
async function create(
  client: Client,
  events: EventRecorder,
  deployment: Deployment,
  replicaSet: ReplicaSet,
): Promise<boolean> {
  try {
    await client.create(replicaSets, replicaSet);
  } catch (error) {
    if (StatusError.from(error).reason !== 'AlreadyExists') throw error;
    const existing = await client.get<ReplicaSet>(refOf(replicaSets, replicaSet));
    const isOurs = controllerOf(existing)?.uid === deployment.metadata.uid && findCurrent(deployment, [existing]);
    if (isOurs) throw error;
    const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
    await client.update(deployments, { ...deployment, status: { ...deployment.status, collisionCount } }, 'status');
    return false;
  }
  if (sizeOf(replicaSet) > 0) recordScaling(events, deployment, replicaSet, 0);
  return true;
}

function recordScaling(events: EventRecorder, deployment: Deployment, replicaSet: ReplicaSet, from: number): void {
  const to = sizeOf(replicaSet);
  const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${replicaSet.metadata.name ?? ''} from ${from} to ${to}`;
  events.record(deployment, 'Normal', 'ScalingReplicaSet', message);
}

// ReplicaSet: keeps a number of equal pods.
import { selectorOf } from '../../../api/selectors.ts';
import { StatusError } from '../../../api/status-error.ts';
import type { Pod, ReplicaSet, ResourceQuota } from '../../../api/types.gen.ts';
import { deepEqual } from '../../../lib/deep.ts';
import { planClaims } from '../../claims.ts';
import { findCondition } from '../../conditions.ts';
import type { ControllerFactory } from '../../context.ts';
import { deleteObject } from '../../delete-object.ts';
import { keyOf, parseKey } from '../../keys.ts';
import { byController, controllerOf, controllerReference, controllerUid } from '../../owners.ts';
import type { Reconcile } from '../../reconciler.ts';
import { pods, replicaSets, resourceQuotas } from '../../resources.ts';
import { settleClaims } from '../../settle-claims.ts';
import { slowStart } from '../../slow-start.ts';
import { itself, mapped, owner } from '../../source.ts';
import {
  nextAvailableMs,
  planReplicaSet,
  podFrom,
  selects,
  statusOf,
  type Failure,
  type ReplicaSetPlan,
} from './plan.ts';

const orphans = 'orphanInNamespace';

interface Failed extends Failure {
  readonly error: unknown;
}

export const createReplicaSetController: ControllerFactory = ({ client, informers, recorder, clock }) => {
  const events = recorder('replicaset-controller');
  const sets = informers.of<ReplicaSet>(replicaSets);
  const allPods = informers.of<Pod>(pods);
  const quotas = informers.of<ResourceQuota>(resourceQuotas);
  allPods.addIndex(byController, controllerUid);
  allPods.addIndex(orphans, (pod) => (controllerOf(pod) ? [] : [pod.metadata.namespace ?? '']));

  const create = async (replicaSet: ReplicaSet, count: number): Promise<Failed | undefined> => {
    const template = podFrom(replicaSet);
    const pod: Pod = {
      ...template,
      metadata: { ...template.metadata, ownerReferences: [controllerReference(replicaSet)] },
    };
    const { error } = await slowStart(count, async () => {
      const created = await client.create(pods, pod);
      events.record(replicaSet, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name ?? ''}`);
    });
    if (error === undefined) return undefined;
    return failure('FailedCreate', error, withoutMadeUpName(error, template.metadata.generateName ?? ''));
  };
  const remove = async (replicaSet: ReplicaSet, victims: readonly Pod[]): Promise<Failed | undefined> => {
    const outcomes = await Promise.allSettled(
      victims.map(async (pod) => {
        await deleteObject(client, pods, pod);
        events.record(replicaSet, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name ?? ''}`);
      }),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    return failed && failure('FailedDelete', failed.reason);
  };
  const act = async (replicaSet: ReplicaSet, { create: missing, remove: surplus }: ReplicaSetPlan) =>
    missing > 0 ? create(replicaSet, missing) : surplus.length > 0 ? remove(replicaSet, surplus) : undefined;

  const reconcile: Reconcile = async (key) => {
    const { namespace, name } = parseKey(key);
    const replicaSet = sets.get(namespace, name);
    if (!replicaSet) return undefined;
    const owned = () => allPods.byIndex(byController, replicaSet.metadata.uid ?? '');
    const candidates = [...owned(), ...allPods.byIndex(orphans, namespace)];
    const claims = planClaims(replicaSet, selectorOf(replicaSet.spec?.selector), candidates);
    await settleClaims(client, pods, replicaSet, claims);
    const failed = await act(replicaSet, planReplicaSet(replicaSet, owned()));
    if (failed) events.record(replicaSet, 'Warning', failed.reason, failed.message);
    const nowMs = clock.now();
    const status = statusOf(replicaSet, owned(), nowMs, failed && { reason: failed.reason, message: failed.message });
    if (!deepEqual(status, replicaSet.status)) await client.update(replicaSets, { ...replicaSet, status }, 'status');
    if (failed) throw failed.error;
    return { requeueAfterMs: nextAvailableMs(replicaSet, owned(), nowMs) };
  };

  return {
    name: 'replica-set',
    sources: [
      itself(sets),
      owner(allPods, 'ReplicaSet'),
      mapped(allPods, (pod) => (controllerOf(pod) ? [] : selectorsOf(pod, sets.list(pod.metadata.namespace)))),
      // A quota that was raised, or that somebody needs less of, may be what a failed one waits for.
      mapped(quotas, (quota) => sets.list(quota.metadata.namespace).filter(hasFailed).map(keyOf)),
    ],
    reconcile,
  };
};

function hasFailed({ status }: ReplicaSet): boolean {
  return findCondition(status?.conditions, 'ReplicaFailure')?.status === 'True';
}

function selectorsOf(orphan: Pod, sets: readonly ReplicaSet[]): readonly string[] {
  return sets.filter((replicaSet) => selects(replicaSet, orphan)).map(keyOf);
}

function failure(reason: Failure['reason'], error: unknown, message = StatusError.from(error).message): Failed {
  const verb = reason === 'FailedCreate' ? 'creating' : 'deleting';
  return { reason, message: `Error ${verb}: ${message}`, error };
}

/** Every attempt makes up another name: without it the same refusal reads the same, and is written once. */
function withoutMadeUpName(error: unknown, prefix: string): string {
  const { message, details } = StatusError.from(error);
  const name = details?.name ?? '';
  return name.startsWith(prefix) ? message.replaceAll(name, prefix) : message;
}

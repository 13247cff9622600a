// ResourceQuota: keeps count of what its namespace uses.
import type { ApiObject } from '../../../api/object.ts';
import { storageOf } from '../../../api/kinds.ts';
import type { Pod, ResourceQuota } from '../../../api/types.gen.ts';
import { deepEqual } from '../../../lib/deep.ts';
import { storedKinds } from '../../all-kinds.ts';
import type { ControllerFactory } from '../../context.ts';
import { keyOf, parseKey } from '../../keys.ts';
import { isTerminal } from '../../pods.ts';
import type { Reconcile } from '../../reconciler.ts';
import { pods, resourceQuotas } from '../../resources.ts';
import { itself, type Source } from '../../source.ts';
import { quotaStatus } from './plan.ts';

const counted = storedKinds.filter((kind) => kind.namespaced && kind.kind !== 'Event');

export const createResourceQuotaController: ControllerFactory = ({ client, informers }) => {
  const all = informers.of<ResourceQuota>(resourceQuotas);
  const allPods = informers.of<Pod>(pods);
  const caches = new Map(counted.map((kind) => [storageOf(kind), informers.of(kind)]));

  const reconcile: Reconcile = async (key) => {
    const { namespace, name } = parseKey(key);
    const quota = all.get(namespace, name);
    if (!quota) return undefined;
    const countOf = (kind: string) => caches.get(kind)?.countByIndex('namespace', namespace) ?? 0;
    const status = quotaStatus(quota, allPods.list(namespace), countOf);
    if (!deepEqual(status, quota.status)) await client.update(resourceQuotas, { ...quota, status }, 'status');
    return undefined;
  };

  /** Comings and goings, and pods that end: what else changes, changes no sum. */
  const counts: Source = (enqueue) => {
    const changed = (object: ApiObject) =>
      all.list(object.metadata.namespace).forEach((quota) => enqueue(keyOf(quota)));
    const unsubscribes = [...caches.values()].map((cache) => cache.subscribe({ added: changed, deleted: changed }));
    const stopPods = allPods.subscribe({
      updated: (pod, previous) => (isTerminal(pod) === isTerminal(previous) ? undefined : changed(pod)),
    });
    return () => [...unsubscribes, stopPods].forEach((unsubscribe) => unsubscribe());
  };
  return { name: 'resource-quota', sources: [itself(all), counts], reconcile };
};

// What a namespace that is being deleted still waits for. Pure.
import type { ApiObject } from '../../../api/object.ts';
import type { Namespace, NamespaceCondition, NamespaceStatus } from '../../../api/types.gen.ts';
import { withCondition } from '../../conditions.ts';

export type NamespacePlan =
  | { readonly action: 'nothing' }
  | { readonly action: 'finalize'; readonly finalizers: readonly string[] }
  | { readonly action: 'empty'; readonly remove: readonly ApiObject[]; readonly status: NamespaceStatus };

const finalizer = 'kubernetes';

/** @param contents everything in it, of all kinds */
export function planNamespace(namespace: Namespace, contents: readonly ApiObject[], nowMs: number): NamespacePlan {
  const finalizers = namespace.spec?.finalizers ?? [];
  if (namespace.metadata.deletionTimestamp === undefined || !finalizers.includes(finalizer))
    return { action: 'nothing' };
  if (contents.length === 0) return { action: 'finalize', finalizers: finalizers.filter((one) => one !== finalizer) };
  const remove = contents.filter((object) => object.metadata.deletionTimestamp === undefined);
  const remaining: Omit<NamespaceCondition, 'lastTransitionTime'> = {
    type: 'NamespaceContentRemaining',
    status: 'True',
    reason: 'SomeResourcesRemain',
    message: `Some resources are remaining: ${countsByKind(contents)}`,
  };
  const conditions = withCondition<NamespaceCondition>(namespace.status?.conditions, remaining, nowMs);
  return { action: 'empty', remove, status: { ...namespace.status, phase: 'Terminating', conditions } };
}

/** `Pod 3, Secret 1`. */
function countsByKind(objects: readonly ApiObject[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${kind} ${count}`).join(', ');
}

// What owner references demand of one object. Pure; rules as in Kubernetes' garbage collection.
import type { ApiObject, OwnerReference } from '../../../api/object.ts';

export const foreground = 'foregroundDeletion';
export const orphan = 'orphan';

/** `waiting`: the owner is being deleted in the foreground, after its dependents. */
export type OwnerState = 'present' | 'absent' | 'waiting';

export type DependentPlan =
  | { readonly action: 'nothing' }
  | { readonly action: 'delete'; readonly propagationPolicy: 'Background' | 'Foreground' }
  | { readonly action: 'strip'; readonly references: readonly OwnerReference[] };

/**
 * @param states of the owners, in the order of `metadata.ownerReferences`
 * @param isOwner whether the object has dependents of its own, which a deletion in the foreground must wait for as well
 */
export function planDependent(object: ApiObject, states: readonly OwnerState[], isOwner: boolean): DependentPlan {
  const references = object.metadata.ownerReferences ?? [];
  if (references.length === 0 || object.metadata.deletionTimestamp !== undefined) return { action: 'nothing' };
  if (states.includes('present')) {
    const stale = references.filter((_, index) => states[index] !== 'present');
    return stale.length === 0 ? { action: 'nothing' } : { action: 'strip', references: stale };
  }
  const isAwaited = states.includes('waiting');
  return { action: 'delete', propagationPolicy: isAwaited && isOwner ? 'Foreground' : 'Background' };
}

export type OwnerPlan =
  | { readonly action: 'nothing' }
  /** Dependents have to go first; they are looked at themselves. */
  | { readonly action: 'wait' }
  /** Dependents lose their reference to this owner, then `finalizer` is removed. */
  | { readonly action: 'orphan'; readonly dependents: readonly ApiObject[]; readonly finalizer: string }
  | { readonly action: 'release'; readonly finalizer: string };

/** What an object that is being deleted owes to its dependents. */
export function planOwner(object: ApiObject, dependents: readonly ApiObject[]): OwnerPlan {
  const finalizers = object.metadata.finalizers ?? [];
  if (object.metadata.deletionTimestamp === undefined) return { action: 'nothing' };
  if (finalizers.includes(orphan)) return { action: 'orphan', dependents, finalizer: orphan };
  if (!finalizers.includes(foreground)) return { action: 'nothing' };
  const isBlocked = dependents.some((dependent) =>
    dependent.metadata.ownerReferences?.some(
      (reference) => reference.uid === object.metadata.uid && reference.blockOwnerDeletion === true,
    ),
  );
  return isBlocked ? { action: 'wait' } : { action: 'release', finalizer: foreground };
}

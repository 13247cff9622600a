// Who owns an object, and how to say so (owner references). Pure.
import type { ApiObject, OwnerReference } from '../api/object.ts';

/** The one owner that controls an object, if any. */
export function controllerOf(object: ApiObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** The reference by which `owner` controls what it generates. Its deletion in the foreground waits for them. */
export function controllerReference(owner: ApiObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name ?? '',
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Index of objects by the uid of their controller. */
export function controllerUid(object: ApiObject): readonly string[] {
  const reference = controllerOf(object);
  return reference ? [reference.uid] : [];
}

export const byController = 'controllerUid';

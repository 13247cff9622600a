// URLs of the API: how a kind, an object and the options of a call become a path and a query.
import type { ApiObject } from '../api/object.ts';
import type { ListOptions, ObjectRef, PatchOptions, ResourceRef } from './client.ts';

/** `/apis/apps/v1/namespaces/shop/deployments`; without a namespace, all namespaces or a cluster-scoped kind. */
export function collectionPath(resource: ResourceRef, namespace?: string): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope = namespace === undefined || namespace === '' ? '' : `/namespaces/${namespace}`;
  return `${root}${scope}/${resource.plural}`;
}

/** `/api/v1/namespaces/shop/pods/web/log`. */
export function objectPath(ref: ObjectRef, subresource?: string): string {
  const path = `${collectionPath(ref, ref.namespace)}/${ref.name}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** Where an object lives that says its own name. */
export function refOf(resource: ResourceRef, object: ApiObject): ObjectRef {
  const { group, version, plural } = resource;
  return { group, version, plural, namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
}

/** Query of a list; also the selectors of a watch. */
export function listQuery(options: ListOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (options.labelSelector !== undefined) query.set('labelSelector', options.labelSelector);
  if (options.fieldSelector !== undefined) query.set('fieldSelector', options.fieldSelector);
  return query;
}

/** Query of a patch. */
export function patchQuery(options: PatchOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (options.fieldManager !== undefined) query.set('fieldManager', options.fieldManager);
  if (options.force !== undefined) query.set('force', String(options.force));
  if (options.dryRun === true) query.set('dryRun', 'All');
  if (options.fieldValidation !== undefined) query.set('fieldValidation', options.fieldValidation);
  return query;
}

/** The media type that names a kind of patch. */
export const patchMediaTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

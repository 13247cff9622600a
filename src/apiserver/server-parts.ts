// What every verb gets: the dependencies, the registry, and the little state that belongs to the server itself.
import type { ApiObject } from '../api/object.ts';
import type { ApiRequest, UserInfo } from '../api/request.ts';
import { notFound } from '../api/status-error.ts';
import type { Draft, Store, StoredObject } from '../store/store.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { ListSnapshots } from './list-snapshots.ts';
import type { Registry, Resource } from './registry.ts';
import type { RequestInfo } from './router.ts';

export interface ServerParts {
  readonly deps: ApiDependencies;
  readonly registry: Registry;
  readonly snapshots: ListSnapshots;
}

/** One call, routed and authenticated. */
export interface Call {
  readonly parts: ServerParts;
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  /** Texts for the `Warning` header; handlers add to it. */
  readonly warnings: Set<string>;
}

/** The object that a call names. Throws NotFound. */
export function requireStored(reader: Pick<Store | Draft, 'get'>, info: RequestInfo): StoredObject {
  const { resource, namespace, name } = info;
  const stored = reader.get({ resource: resource.storage, namespace, name });
  if (stored === undefined) throw notFound(resource.definition, name);
  return stored;
}

/** A stored object as clients of this group and version see it. */
export function wireObject(resource: Resource, stored: StoredObject): ApiObject {
  const object = stored.object();
  return resource.strategy.shape?.fromStored(object) ?? object;
}

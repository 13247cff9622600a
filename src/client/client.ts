// The API as its callers see it. local-client.ts goes through the server's handlers in process, http-client.ts over TLS.
import type { ApiObject } from '../api/object.ts';

/** Names a kind to a client: enough to build a path. */
export interface ResourceRef {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

export interface ObjectRef extends ResourceRef {
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

export interface ListOptions {
  /** Omitted: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ObjectList<T extends ApiObject = ApiObject> {
  readonly resourceVersion: string;
  readonly items: readonly T[];
}

export interface WatchEvent<T extends ApiObject = ApiObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

export interface WatchOptions extends ListOptions {
  readonly resourceVersion: string;
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface PatchOptions {
  readonly type: PatchType;
  readonly subresource?: string;
  readonly fieldManager?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
}

export interface DeleteOptions {
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** What a caller may do without changing anything. Every method rejects with StatusError. */
export interface Reader {
  get<T extends ApiObject = ApiObject>(ref: ObjectRef, signal?: AbortSignal): Promise<T>;
  list<T extends ApiObject = ApiObject>(
    resource: ResourceRef,
    options?: ListOptions,
    signal?: AbortSignal,
  ): Promise<ObjectList<T>>;
  /** Events after `resourceVersion`, in order. Throws StatusError Expired when that is too old: list again. */
  watch<T extends ApiObject = ApiObject>(
    resource: ResourceRef,
    options: WatchOptions,
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent<T>>;
}

export interface Writer {
  create<T extends ApiObject = ApiObject>(resource: ResourceRef, object: T): Promise<T>;
  /** Replaces the object, or its `status` when that subresource is named; optimistic when resourceVersion is set. */
  update<T extends ApiObject = ApiObject>(resource: ResourceRef, object: T, subresource?: string): Promise<T>;
  patch<T extends ApiObject = ApiObject>(ref: ObjectRef, body: unknown, options: PatchOptions): Promise<T>;
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<void>;
  /** POST to a subresource: `binding`, `eviction`. */
  createSubresource(ref: ObjectRef, subresource: string, body: ApiObject): Promise<ApiObject>;
}

export interface Client extends Reader, Writer {}

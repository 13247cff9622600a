// The contract of the store: the whole state and its history; one writer. create-store.ts implements it.
//
// Laws. (1) A transaction is a synchronous function: it can neither wait nor race. (2) A batch is journaled first, then
// memory, history and watchers are told, then the callers are answered. (3) Every write has a revision of its own, from
// one dense counter over all resources. (4) What the store hands out is never changed afterwards.
import type { ApiObject, ObjectKey } from '../api/object.ts';

/** A committed object: shared bytes, and the few facts that are needed without parsing them. */
export interface StoredObject {
  readonly key: ObjectKey;
  /** Revision of the last write; equals `metadata.resourceVersion`. */
  readonly revision: number;
  /** The object as JSON, UTF-8. */
  readonly bytes: Uint8Array;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Values for field selectors and indexes, as text: `metadata.name`, `spec.nodeName`, … (see `FieldsOf`). */
  readonly fields: Readonly<Record<string, string>>;
  /** Uids in `metadata.ownerReferences`. */
  readonly owners: readonly string[];
  /** Parsed on demand, deeply frozen. */
  object(): ApiObject;
}

/** Which fields of an object can be selected on and indexed, per resource. Pure; injected by the registry of kinds. */
export type FieldsOf = (resource: string, object: ApiObject) => Readonly<Record<string, string>>;

export interface ListQuery {
  readonly resource: string;
  /** Omitted: all namespaces. */
  readonly namespace?: string;
  readonly name?: string;
  /** All of these labels with these values: served from an index when present. */
  readonly labels?: Readonly<Record<string, string>>;
  /** All of these field values; `spec.nodeName` is served from an index. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Any further condition. */
  readonly filter?: (object: StoredObject) => boolean;
}

export interface WatchQuery {
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Events with a greater revision are delivered. Below the ring of history the watch fails with 410 Expired. */
  readonly fromRevision: number;
}

/** One write, as watchers see it. Selectors are the caller's business: `previous` tells what left a selection. */
export interface StoreEvent {
  readonly revision: number;
  /** After the write; for a deletion the last state, stamped with the deletion's revision. */
  readonly current: StoredObject;
  readonly previous: StoredObject | undefined;
  readonly deleted: boolean;
}

/** The copy-on-write view of one transaction: sees its own writes and those staged before it. */
export interface Draft {
  get(key: ObjectKey): StoredObject | undefined;
  list(query: ListQuery): StoredObject[];
  /** Objects of any resource that name this uid as an owner. */
  dependents(ownerUid: string): StoredObject[];
  /** Creates or replaces. Returns the object with `metadata.resourceVersion` set to the new revision. */
  put(key: ObjectKey, object: ApiObject): StoredObject;
  /** Returns the last state, stamped with the deletion's revision. Throws if the key does not exist. */
  delete(key: ObjectKey): StoredObject;
}

export interface Store {
  /** Revision of the last durable write; 0 when nothing was ever written. */
  readonly revision: number;
  /** The smallest `fromRevision` a watch can still start from. */
  readonly oldestWatchableRevision: number;
  get(key: ObjectKey): StoredObject | undefined;
  /** In order of namespace, then name. Read at `revision`. */
  list(query: ListQuery): StoredObject[];
  /** Objects of any resource that name this uid as an owner; from an index. */
  dependents(ownerUid: string): StoredObject[];
  /** Every object of every resource, in no order. Read at `revision`. */
  all(): StoredObject[];
  /**
   * Batches of events in revision order, one array per turn of the event loop. Throws StatusError Expired when
   * `fromRevision` is too old, and when the reader fell so far behind that it was cut off. Ends when `signal` aborts.
   */
  watch(query: WatchQuery, signal: AbortSignal): AsyncIterable<readonly StoreEvent[]>;
  /**
   * A watch of this resource that has delivered this revision has delivered everything. Not smaller than the last write
   * to the resource; not greater than what a watch or a list of it comes to know by itself.
   */
  lastWrite(resource: string): number;
  /**
   * Runs `body` and resolves with its result when everything it wrote is durable. If `body` throws, nothing of it is
   * kept and the promise rejects with that error. A transaction that writes nothing resolves without touching the journal,
   * but only after the writes that it could see are durable.
   */
  transact<T>(body: (draft: Draft) => T): Promise<T>;
  /** Waits for the batch in flight, then releases the medium. */
  close(): Promise<void>;
}

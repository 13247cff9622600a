// What the gateway needs of a cache of objects: an informer of src/client fits as it is.
import type { ApiObject } from '../../api/object.ts';

export interface ObjectSubscriber<T> {
  added(object: T): void;
  updated(object: T, previous: T): void;
  /** The last known state. */
  deleted(object: T): void;
}

export interface ObjectSource<T extends ApiObject> {
  /** Resolves when everything that existed at start is there. */
  readonly synced: Promise<void>;
  get(namespace: string, name: string): T | undefined;
  /** First `added` for what is there, then every change, in order. Returns the way to stop. */
  subscribe(subscriber: ObjectSubscriber<T>): () => void;
}

// The objects of one resource by namespace and name, in order.
import { createBucket, type Bucket } from './bucket.ts';
import type { Slot } from './postings.ts';
import type { StoredObject } from './store.ts';

export interface ByNamespace {
  /** Number of objects in one namespace, or in all. */
  count(namespace: string | undefined): number;
  slot(namespace: string, name: string): Slot | undefined;
  add(namespace: string, slot: Slot): void;
  /** The slot's `current` must be undefined by now. */
  remove(namespace: string, name: string): void;
  /** Visits one namespace, or all, in order of namespace, then name. */
  each(namespace: string | undefined, visit: (object: StoredObject) => void): void;
  /** Visits all, in no order. */
  visit(visitor: (object: StoredObject) => void): void;
}

export function createByNamespace(): ByNamespace {
  const buckets = new Map<string, Bucket>();
  let order: string[] | undefined;
  let size = 0;

  return {
    count: (namespace) => (namespace === undefined ? size : (buckets.get(namespace)?.size ?? 0)),
    slot: (namespace, name) => buckets.get(namespace)?.get(name),
    add(namespace, slot) {
      let bucket = buckets.get(namespace);
      if (!bucket) {
        bucket = createBucket();
        buckets.set(namespace, bucket);
        order = undefined;
      }
      bucket.add(slot);
      size++;
    },
    remove(namespace, name) {
      const bucket = buckets.get(namespace);
      if (!bucket?.get(name)) return;
      bucket.remove(name);
      size--;
      if (bucket.size > 0) return;
      buckets.delete(namespace);
      order = undefined;
    },
    each(namespace, visit) {
      if (namespace !== undefined) {
        buckets.get(namespace)?.each(visit);
        return;
      }
      order ??= [...buckets.keys()].sort();
      for (const each of order) buckets.get(each)?.each(visit);
    },
    visit(visitor) {
      for (const bucket of buckets.values()) bucket.visit(visitor);
    },
  };
}

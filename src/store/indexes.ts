// All objects of all resources, with every index that lists and garbage collection are served from.
import type { ObjectKey } from '../api/object.ts';
import { createPostings, type Slot } from './postings.ts';
import { createResourceIndex, type ResourceIndex } from './resource-index.ts';
import type { ListQuery, StoredObject } from './store.ts';

export interface Indexes {
  /** Number of objects. */
  readonly size: number;
  /** Serialised size of all objects, in bytes. */
  readonly bytes: number;
  get(key: ObjectKey): StoredObject | undefined;
  /** In order of namespace, then name. */
  list(query: ListQuery): StoredObject[];
  dependents(ownerUid: string): StoredObject[];
  /** Adds the object, or replaces the one of the same key. */
  put(object: StoredObject): void;
  /** Harmless when there is no such object. */
  remove(key: ObjectKey): void;
  /** Every object, grouped by resource, in no order, as a list of its own. */
  all(): StoredObject[];
}

export function createIndexes(): Indexes {
  const resources = new Map<string, ResourceIndex>();
  const owned = createPostings();
  let bytes = 0;

  const indexOf = (resource: string): ResourceIndex => {
    const found = resources.get(resource);
    if (found) return found;
    const index = createResourceIndex();
    resources.set(resource, index);
    return index;
  };

  const slotOf = (key: ObjectKey) => resources.get(key.resource)?.slot(key.namespace, key.name);

  return {
    get size() {
      let size = 0;
      for (const index of resources.values()) size += index.size;
      return size;
    },
    get bytes() {
      return bytes;
    },
    get: (key) => slotOf(key)?.current,
    list: (query) => resources.get(query.resource)?.list(query) ?? [],
    dependents: (ownerUid) =>
      Array.from(owned.slots(['', ownerUid]), (slot) => slot.current).filter((o) => o !== undefined),
    put(object) {
      const index = indexOf(object.key.resource);
      const slot = index.slot(object.key.namespace, object.key.name) ?? { name: object.key.name, current: undefined };
      const before = slot.current;
      bytes += object.bytes.length - (before?.bytes.length ?? 0);
      index.file(slot, object);
      refileOwners(owned, slot, before?.owners ?? [], object.owners);
    },
    remove(key) {
      const slot = slotOf(key);
      const before = slot?.current;
      if (!slot || !before) return;
      bytes -= before.bytes.length;
      indexOf(key.resource).clear(slot);
      refileOwners(owned, slot, before.owners, []);
    },
    all() {
      const objects: StoredObject[] = [];
      for (const index of resources.values()) index.visit((object) => objects.push(object));
      return objects;
    },
  };
}

function refileOwners(
  owned: ReturnType<typeof createPostings>,
  slot: Slot,
  before: readonly string[],
  after: readonly string[],
): void {
  before.forEach((uid, at) => {
    if (!after.includes(uid) && before.indexOf(uid) === at) owned.remove('', uid, slot);
  });
  // Nothing keeps an object from naming an owner twice.
  after.forEach((uid, at) => {
    if (!before.includes(uid) && after.indexOf(uid) === at) owned.add('', uid, slot);
  });
}

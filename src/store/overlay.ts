// The newest state of every key: what is durable, with staged writes laid over it. Only the writer looks through it.
import type { ObjectKey } from '../api/object.ts';
import { createIndexes, type Indexes } from './indexes.ts';
import { compareKeys, keyText } from './query.ts';
import type { ListQuery, StoreEvent, StoredObject } from './store.ts';

export interface Overlay {
  /** The staged write that a key shows; undefined where it shows what is durable. */
  staged(key: ObjectKey): StoreEvent | undefined;
  /** Shows this write; undefined: what is durable. */
  lay(key: ObjectKey, event: StoreEvent | undefined): void;
  get(key: ObjectKey): StoredObject | undefined;
  list(query: ListQuery): StoredObject[];
  dependents(ownerUid: string): StoredObject[];
}

export function createOverlay(durable: Indexes): Overlay {
  const latest = new Map<string, StoreEvent>();
  const objects = createIndexes();

  const merge = (base: StoredObject[], staged: StoredObject[]): StoredObject[] => {
    if (latest.size === 0) return base;
    const untouched = base.filter((object) => !latest.has(keyText(object.key)));
    return staged.length === 0 ? untouched : untouched.concat(staged).sort((a, b) => compareKeys(a.key, b.key));
  };

  return {
    staged: (key) => latest.get(keyText(key)),
    lay(key, event) {
      if (event) latest.set(keyText(key), event);
      else latest.delete(keyText(key));
      if (event && !event.deleted) objects.put(event.current);
      else objects.remove(key);
    },
    get(key) {
      const event = latest.get(keyText(key));
      if (!event) return durable.get(key);
      return event.deleted ? undefined : event.current;
    },
    list: (query) => merge(durable.list(query), objects.list(query)),
    dependents: (ownerUid) => merge(durable.dependents(ownerUid), objects.dependents(ownerUid)),
  };
}

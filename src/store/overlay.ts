// The newest state of every key: what is durable, with staged writes laid over it. Only the writer looks through it.
//
// Staged writes are few, a batch or two, and change all the time: lists scan them rather than pay for indexes.
import type { ObjectKey } from '../api/object.ts';
import type { Indexes } from './indexes.ts';
import { compareKeys, isMatch, keyText } from './query.ts';
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

  const overlaid = (base: StoredObject[], isWanted: (object: StoredObject) => boolean): StoredObject[] => {
    if (latest.size === 0) return base;
    const merged = base.filter((object) => !latest.has(keyText(object.key)));
    const untouched = merged.length;
    for (const { current, deleted } of latest.values()) if (!deleted && isWanted(current)) merged.push(current);
    return merged.length === untouched ? merged : merged.sort((a, b) => compareKeys(a.key, b.key));
  };

  return {
    staged: (key) => latest.get(keyText(key)),
    lay(key, event) {
      if (event) latest.set(keyText(key), event);
      else latest.delete(keyText(key));
    },
    get(key) {
      const event = latest.get(keyText(key));
      if (!event) return durable.get(key);
      return event.deleted ? undefined : event.current;
    },
    list: (query) => overlaid(durable.list(query), (object) => isMatch(query, object)),
    dependents: (uid) => overlaid(durable.dependents(uid), (object) => object.owners.includes(uid)),
  };
}

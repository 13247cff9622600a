// An inverted index: text → the slots filed under it.
import type { StoredObject } from './store.ts';

/** The stable place of one object: updates replace `current`, so that indexes change only when a key of theirs does. */
export interface Slot {
  /** Undefined once the object is deleted. */
  current: StoredObject | undefined;
}

export interface Postings {
  add(key: string, slot: Slot): void;
  remove(key: string, slot: Slot): void;
  count(key: string): number;
  slots(key: string): Iterable<Slot>;
}

const nothing: readonly Slot[] = [];

export function createPostings(): Postings {
  // A key with one slot keeps no set: most owners have few dependents, and many label values are unique.
  const filed = new Map<string, Slot | Set<Slot>>();

  return {
    add(key, slot) {
      const found = filed.get(key);
      if (!found) filed.set(key, slot);
      else if (found instanceof Set) found.add(slot);
      else if (found !== slot) filed.set(key, new Set([found, slot]));
    },
    remove(key, slot) {
      const found = filed.get(key);
      if (found === slot) filed.delete(key);
      if (!(found instanceof Set)) return;
      found.delete(slot);
      if (found.size === 0) filed.delete(key);
    },
    count(key) {
      const found = filed.get(key);
      return found instanceof Set ? found.size : found ? 1 : 0;
    },
    slots(key) {
      const found = filed.get(key);
      return found instanceof Set ? found : found ? [found] : nothing;
    },
  };
}

// The objects of one resource in one namespace: by name, and in order of name.
import type { Slot } from './postings.ts';
import type { StoredObject } from './store.ts';

export interface Bucket {
  readonly size: number;
  get(name: string): Slot | undefined;
  add(slot: Slot): void;
  /** The slot's `current` must be undefined by now. */
  remove(name: string): void;
  /** Calls `visit` with every object, in order of name. */
  each(visit: (object: StoredObject) => void): void;
  /** The same in no order, without the price of sorting. */
  visit(visitor: (object: StoredObject) => void): void;
}

export function createBucket(): Bucket {
  const byName = new Map<string, Slot>();
  // Sorting waits until somebody lists: a list costs its length anyway, and a merge costs no more.
  let sorted: Slot[] = [];
  let added: Slot[] = [];
  let removed = false;

  const tidy = () => {
    if (removed) {
      sorted = sorted.filter((slot) => slot.current);
      added = added.filter((slot) => slot.current);
      removed = false;
    }
    if (added.length === 0) return;
    sorted = merge(sorted, added.sort(bySlotName));
    added = [];
  };

  return {
    get size() {
      return byName.size;
    },
    get: (name) => byName.get(name),
    add(slot) {
      byName.set(slot.name, slot);
      added.push(slot);
    },
    remove(name) {
      if (byName.delete(name)) removed = true;
    },
    each(visit) {
      tidy();
      for (const slot of sorted) if (slot.current) visit(slot.current);
    },
    visit(visitor) {
      for (const { current } of byName.values()) if (current) visitor(current);
    },
  };
}

function bySlotName(a: Slot, b: Slot): number {
  return a.name < b.name ? -1 : 1;
}

function merge(a: readonly Slot[], b: readonly Slot[]): Slot[] {
  const merged: Slot[] = [];
  let next = 0;
  for (const slot of a) {
    for (; next < b.length; next++) {
      const candidate = b[next];
      if (!candidate || bySlotName(slot, candidate) < 0) break;
      merged.push(candidate);
    }
    merged.push(slot);
  }
  for (; next < b.length; next++) merged.push(b[next] as Slot);
  return merged;
}

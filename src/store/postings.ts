// An inverted index: name and value → the slots filed under them.
import type { StoredObject } from './store.ts';

/** The stable place of one object: updates replace `current`, so that indexes change only when a key of theirs does. */
export interface Slot {
  readonly name: string;
  /** Undefined once the object is deleted. */
  current: StoredObject | undefined;
}

/** One condition: a label and its value, a field and its value. */
export type Term = readonly [name: string, value: string];

export interface Postings {
  /** The slot must not be filed under this term already. */
  add(name: string, value: string, slot: Slot): void;
  /** The slot must be filed under this term. */
  remove(name: string, value: string, slot: Slot): void;
  count(term: Term): number;
  slots(term: Term): readonly Slot[];
}

/**
 * Slots under one term. A list, because sets cost half a microsecond per slot and term at a start; what is removed is
 * only noted, and taken out when somebody lists or when it is most of the list.
 */
interface Several {
  slots: Slot[];
  readonly removed: Set<Slot>;
}

// A value with one slot keeps no list: most owners have few dependents, and many label values are unique.
type Filed = Slot | Several;

const nothing: readonly Slot[] = [];

export function createPostings(): Postings {
  // Two levels instead of one text per term: making and hashing such texts was the largest cost of a start.
  const names = new Map<string, Map<string, Filed>>();
  const find = ([name, value]: Term) => names.get(name)?.get(value);

  return {
    add(name, value, slot) {
      let values = names.get(name);
      if (!values) names.set(name, (values = new Map<string, Filed>()));
      const found = values.get(value);
      if (!found) values.set(value, slot);
      else if (!isSeveral(found)) values.set(value, { slots: [found, slot], removed: new Set() });
      else if (!found.removed.delete(slot)) found.slots.push(slot);
    },
    remove(name, value, slot) {
      const values = names.get(name);
      const found = values?.get(value);
      if (!values || !found) return;
      if (isSeveral(found)) {
        found.removed.add(slot);
        if (2 * found.removed.size > found.slots.length) tidy(found);
      }
      if (isSeveral(found) ? found.slots.length === 0 : found === slot) values.delete(value);
      if (values.size === 0) names.delete(name);
    },
    count(term) {
      const found = find(term);
      if (!found) return 0;
      return isSeveral(found) ? found.slots.length - found.removed.size : 1;
    },
    slots(term) {
      const found = find(term);
      if (!found) return nothing;
      return isSeveral(found) ? tidy(found) : [found];
    },
  };
}

function isSeveral(filed: Filed): filed is Several {
  return 'slots' in filed;
}

function tidy(several: Several): readonly Slot[] {
  const { slots, removed } = several;
  if (removed.size > 0) several.slots = slots.filter((slot) => !removed.has(slot));
  removed.clear();
  return several.slots;
}

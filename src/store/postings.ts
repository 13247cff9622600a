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
  add(name: string, value: string, slot: Slot): void;
  remove(name: string, value: string, slot: Slot): void;
  count(term: Term): number;
  slots(term: Term): Iterable<Slot>;
}

// A value with one slot keeps no set: most owners have few dependents, and many label values are unique.
type Filed = Slot | Set<Slot> | undefined;

const nothing: readonly Slot[] = [];

export function createPostings(): Postings {
  // Two levels instead of one text per term: making and hashing such texts was the largest cost of a start.
  const names = new Map<string, Map<string, Slot | Set<Slot>>>();
  const find = ([name, value]: Term): Filed => names.get(name)?.get(value);

  return {
    add(name, value, slot) {
      let values = names.get(name);
      if (!values) names.set(name, (values = new Map<string, Slot | Set<Slot>>()));
      const found: Filed = values.get(value);
      if (!found) values.set(value, slot);
      else if (found instanceof Set) found.add(slot);
      else if (found !== slot) values.set(value, new Set([found, slot]));
    },
    remove(name, value, slot) {
      const values = names.get(name);
      const found: Filed = values?.get(value);
      if (!values || !found) return;
      if (found instanceof Set) found.delete(slot);
      if (found === slot || (found instanceof Set && found.size === 0)) values.delete(value);
      if (values.size === 0) names.delete(name);
    },
    count(term) {
      const found = find(term);
      return found instanceof Set ? found.size : found ? 1 : 0;
    },
    slots(term) {
      const found = find(term);
      return found instanceof Set ? found : found ? [found] : nothing;
    },
  };
}

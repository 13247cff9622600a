// The objects of one resource, filed by namespace and name, by label, and by the fields worth an index.
import { createByNamespace } from './by-namespace.ts';
import { createPostings, type Postings, type Slot } from './postings.ts';
import { compareKeys, isMatch } from './query.ts';
import type { ListQuery, StoredObject } from './store.ts';

/** Fields with an index of their own: who runs on a node is asked all the time. */
const indexedFields: readonly string[] = ['spec.nodeName'];

export interface ResourceIndex {
  readonly size: number;
  slot(namespace: string, name: string): Slot | undefined;
  /** Files `object` in place of `slot.current`, if any. */
  file(slot: Slot, object: StoredObject): void;
  /** Takes the slot's object out and leaves the slot empty. */
  clear(slot: Slot): void;
  /** In order of namespace, then name. */
  list(query: ListQuery): StoredObject[];
  each(visit: (object: StoredObject) => void): void;
}

export function createResourceIndex(): ResourceIndex {
  const objects = createByNamespace();
  const terms = createPostings();

  return {
    get size() {
      return objects.count(undefined);
    },
    slot: (namespace, name) => objects.slot(namespace, name),
    each: (visit) => objects.each(undefined, visit),
    file(slot, object) {
      const before = slot.current;
      slot.current = object;
      if (!before) objects.add(object.key.namespace, object.key.name, slot);
      refile(terms, slot, before, object);
    },
    clear(slot) {
      const before = slot.current;
      if (!before) return;
      slot.current = undefined;
      objects.remove(before.key.namespace, before.key.name);
      refile(terms, slot, before, undefined);
    },
    list(query) {
      const { namespace, name } = query;
      if (namespace !== undefined && name !== undefined) return matches(query, [objects.slot(namespace, name)]);
      const term = narrowest(terms, query);
      if (term !== undefined && terms.count(term) < objects.count(namespace)) {
        return matches(query, terms.slots(term)).sort((a, b) => compareKeys(a.key, b.key));
      }
      const found: StoredObject[] = [];
      objects.each(namespace, (object) => {
        if (isMatch(query, object)) found.push(object);
      });
      return found;
    },
  };
}

function matches(query: ListQuery, slots: Iterable<Slot | undefined>): StoredObject[] {
  const found: StoredObject[] = [];
  for (const slot of slots) if (slot?.current && isMatch(query, slot.current)) found.push(slot.current);
  return found;
}

// Label keys and field names contain no `=`; the prefixes keep the two apart.
const labelTerm = (key: string, value: string) => `l:${key}=${value}`;
const fieldTerm = (key: string, value: string) => `f:${key}=${value}`;

/** The indexed condition of the query that fewest objects meet. */
function narrowest(terms: Postings, query: ListQuery): string | undefined {
  const candidates = Object.entries(query.labels ?? {}).map(([key, value]) => labelTerm(key, value));
  for (const field of indexedFields) {
    const value = query.fields?.[field];
    if (value) candidates.push(fieldTerm(field, value));
  }
  let best: string | undefined;
  for (const term of candidates) if (best === undefined || terms.count(term) < terms.count(best)) best = term;
  return best;
}

function refile(terms: Postings, slot: Slot, before: StoredObject | undefined, after: StoredObject | undefined): void {
  refileLabels(terms, slot, before?.labels ?? {}, after?.labels ?? {});
  for (const field of indexedFields) {
    const old = before?.fields[field];
    const now = after?.fields[field];
    if (old === now) continue;
    if (old) terms.remove(fieldTerm(field, old), slot);
    if (now) terms.add(fieldTerm(field, now), slot);
  }
}

type Labels = Readonly<Record<string, string>>;

function refileLabels(terms: Postings, slot: Slot, before: Labels, after: Labels): void {
  for (const key in before) if (after[key] !== before[key]) terms.remove(labelTerm(key, before[key] ?? ''), slot);
  for (const key in after) if (before[key] !== after[key]) terms.add(labelTerm(key, after[key] ?? ''), slot);
}

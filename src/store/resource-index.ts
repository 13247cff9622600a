// The objects of one resource, filed by namespace and name, by label, and by the fields worth an index.
import { createByNamespace } from './by-namespace.ts';
import { createPostings, type Postings, type Slot, type Term } from './postings.ts';
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
  /** In no order. */
  visit(visitor: (object: StoredObject) => void): void;
}

export function createResourceIndex(): ResourceIndex {
  const objects = createByNamespace();
  const labels = createPostings();
  const fields = createPostings();

  const refile = (slot: Slot, before: StoredObject | undefined, after: StoredObject | undefined) => {
    refileTexts(labels, slot, before?.labels ?? nothing, after?.labels ?? nothing);
    for (const field of indexedFields) {
      const old = before?.fields[field];
      const now = after?.fields[field];
      if (old === now) continue;
      if (old) fields.remove(field, old, slot);
      if (now) fields.add(field, now, slot);
    }
  };

  return {
    get size() {
      return objects.count(undefined);
    },
    slot: (namespace, name) => objects.slot(namespace, name),
    visit: (visitor) => objects.visit(visitor),
    file(slot, object) {
      const before = slot.current;
      slot.current = object;
      if (!before) objects.add(object.key.namespace, slot);
      refile(slot, before, object);
    },
    clear(slot) {
      const before = slot.current;
      if (!before) return;
      slot.current = undefined;
      objects.remove(before.key.namespace, before.key.name);
      refile(slot, before, undefined);
    },
    list(query) {
      const { namespace, name } = query;
      if (namespace !== undefined && name !== undefined) return matches(query, [objects.slot(namespace, name)]);
      const narrow = narrowest([labels, Object.entries(query.labels ?? {})], [fields, indexed(query.fields)]);
      if (narrow.count < objects.count(namespace)) {
        return matches(query, narrow.slots()).sort((a, b) => compareKeys(a.key, b.key));
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

type Texts = Readonly<Record<string, string>>;

const nothing: Texts = {};

/** The conditions on fields that an index answers; objects without a value are not filed. */
function indexed(fields: Texts | undefined): Term[] {
  return indexedFields.flatMap((field): Term[] => (fields?.[field] ? [[field, fields[field]]] : []));
}

/** The condition that fewest objects meet. */
function narrowest(...conditions: [Postings, Term[]][]): { count: number; slots: () => Iterable<Slot> } {
  let best = { count: Number.POSITIVE_INFINITY, slots: (): Iterable<Slot> => [] };
  for (const [postings, terms] of conditions) {
    for (const term of terms) {
      const count = postings.count(term);
      if (count < best.count) best = { count, slots: () => postings.slots(term) };
    }
  }
  return best;
}

function refileTexts(postings: Postings, slot: Slot, before: Texts, after: Texts): void {
  if (before === after) return;
  for (const key in before) if (after[key] !== before[key]) postings.remove(key, before[key] ?? '', slot);
  for (const key in after) if (before[key] !== after[key]) postings.add(key, after[key] ?? '', slot);
}

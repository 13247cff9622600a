// Which objects a query means, and the order that lists come in. No index knowledge.
import type { ObjectKey } from '../api/object.ts';
import type { ListQuery, StoredObject } from './store.ts';

/** By namespace, then name, in code-unit order. */
export function compareKeys(a: ObjectKey, b: ObjectKey): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return 0;
}

/** One text per key: neither resources nor namespaces nor names contain a slash. */
export function keyText(key: ObjectKey): string {
  return `${key.resource}/${key.namespace}/${key.name}`;
}

/** Every condition of the query, tested on the object alone. */
export function isMatch(query: ListQuery, object: StoredObject): boolean {
  return (
    object.key.resource === query.resource &&
    (query.namespace === undefined || object.key.namespace === query.namespace) &&
    (query.name === undefined || object.key.name === query.name) &&
    hasAll(object.labels, query.labels) &&
    hasAll(object.fields, query.fields) &&
    (query.filter === undefined || query.filter(object))
  );
}

function hasAll(
  actual: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>> | undefined,
): boolean {
  for (const key in wanted) if (!Object.hasOwn(actual, key) || actual[key] !== wanted[key]) return false;
  return true;
}

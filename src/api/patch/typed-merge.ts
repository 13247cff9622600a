// Merges an applied configuration into a live object, and removes a set of fields from one.
import type { SchemaDefinitions, SchemaNode } from '../schema.ts';
import type { FieldSet } from './field-set.ts';
import { isJsonObject, withoutNulls, type JsonObject } from './json-object.ts';
import { fieldNode } from './schema-walk.ts';
import { fieldElements, listElements, nodeBelow, shapeOf, type TypedElement } from './typed-shape.ts';

/**
 * Merges `applied` over `live`: maps by key, lists with named elements by name, all else replaced. A null removes.
 * Shared and new elements come in the order of `applied`; those that only `live` has keep their place among them.
 */
export function mergeTyped(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  live: unknown,
  applied: unknown,
): unknown {
  if (applied === undefined) return live;
  const shape = shapeOf(node, applied);
  if (shape !== shapeOf(node, live)) return withoutNulls(applied);
  if (shape === 'map') return mergeMaps(definitions, node, live as JsonObject, applied as JsonObject);
  const [left, right] = [listElements(definitions, node, live), listElements(definitions, node, applied)];
  if (shape === 'leaf' || typeof left === 'string' || typeof right === 'string') return withoutNulls(applied);
  return mergeLists(left, right, (element, before, after) =>
    mergeTyped(definitions, nodeBelow(definitions, node, element), before, after),
  );
}

function mergeMaps(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  live: JsonObject,
  applied: JsonObject,
): JsonObject {
  const merged = new Map(Object.entries(live));
  for (const [name, value] of Object.entries(applied)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergeTyped(definitions, fieldNode(definitions, node, name), merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

function mergeLists(
  live: readonly TypedElement[],
  applied: readonly TypedElement[],
  merge: (element: string, before: unknown, after: unknown) => unknown,
): unknown[] {
  const isApplied = new Set(applied.map(({ element }) => element));
  const before = uniqueValues(live);
  const shared = applied.filter(({ element }) => before.has(element));
  const merged: unknown[] = [];
  let at = 0;
  /** Up to the next element that both have; what only the live list has goes first. */
  const advanceTo = (next: string | undefined): void => {
    for (; at < live.length && live[at]?.element !== next; at++) {
      const item = live[at];
      if (item !== undefined && !isApplied.has(item.element)) merged.push(item.value);
    }
  };
  let sharedAt = 0;
  for (const { element, value } of applied) {
    advanceTo(shared[sharedAt]?.element);
    merged.push(merge(element, before.get(element), value));
    if (shared[sharedAt]?.element === element) sharedAt++;
  }
  advanceTo(undefined);
  return merged;
}

/** Elements that occur more than once are replaced rather than merged: their value here is undefined. */
function uniqueValues(elements: readonly TypedElement[]): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const { element, value } of elements) found.set(element, found.has(element) ? undefined : value);
  return found;
}

/** A copy without these fields and elements. An object or a list that this empties goes too; leaves are not looked into. */
export function removeTyped(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  value: unknown,
  gone: FieldSet,
): unknown {
  const shape = shapeOf(node, value);
  const elements = shape === 'list' ? listElements(definitions, node, value) : fieldElements(value);
  if (shape === 'leaf' || typeof elements === 'string') return value;
  const kept = elements.flatMap(({ element, value: child }) => {
    const below = gone.children.get(element);
    if (below === undefined) return [{ element, value: child }];
    const rest = below.owned
      ? undefined
      : removeTyped(definitions, nodeBelow(definitions, node, element), child, below);
    return rest === undefined ? [] : [{ element, value: rest }];
  });
  if (kept.length === 0 && elements.length > 0) return undefined;
  return isJsonObject(value)
    ? Object.fromEntries(kept.map(({ element, value: child }) => [element.slice(2), child]))
    : kept.map(({ value: child }) => child);
}

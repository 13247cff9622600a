// Merges an applied configuration into a live object, and removes a set of fields from one.
import type { SchemaDefinitions, SchemaNode } from '../schema.ts';
import { emptyFieldSet, type FieldSet } from './field-set.ts';
import { isJsonObject, withoutNulls, type JsonObject } from './json-object.ts';
import { fieldNode, itemNode } from './schema-walk.ts';
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
  const shape = shapeOf(node, applied);
  const isAlike = shape === shapeOf(node, live);
  if (shape === 'map') return mergeMaps(definitions, node, isAlike ? (live as JsonObject) : {}, applied as JsonObject);
  const [left, right] = [listElements(definitions, node, live), listElements(definitions, node, applied)];
  if (shape === 'leaf' || typeof right === 'string') return withoutNulls(applied);
  return mergeLists(isAlike && typeof left !== 'string' ? left : [], right, (element, before, after) =>
    mergeTyped(definitions, nodeBelow(definitions, node, element), before, after),
  );
}

/** A copy without empty lists whose elements have names: they add nothing, and nobody owns them. */
export function withoutEmptyLists(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  value: unknown,
): unknown {
  if (shapeOf(node, value) === 'leaf') return value;
  if (Array.isArray(value)) {
    const item = itemNode(definitions, node);
    return value.length === 0 ? undefined : value.map((element) => withoutEmptyLists(definitions, item, element));
  }
  const fields = Object.entries(value as JsonObject).map(
    ([name, child]) => [name, withoutEmptyLists(definitions, fieldNode(definitions, node, name), child)] as const,
  );
  return Object.fromEntries(fields.filter(([, child]) => child !== undefined));
}

function mergeMaps(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  live: JsonObject,
  applied: JsonObject,
): JsonObject {
  const merged = new Map(Object.entries(live));
  for (const [name, value] of Object.entries(applied)) {
    const after =
      value === null ? undefined : mergeTyped(definitions, fieldNode(definitions, node, name), merged.get(name), value);
    if (after === undefined) merged.delete(name);
    else merged.set(name, after);
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

/**
 * A copy without these fields and elements; leaves are not looked into. An object or a list that this empties goes too,
 * unless it is one of the `kept`.
 */
export function removeTyped(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  value: unknown,
  gone: FieldSet,
  kept: FieldSet = emptyFieldSet,
): unknown {
  const shape = shapeOf(node, value);
  const elements = shape === 'list' ? listElements(definitions, node, value) : fieldElements(value);
  if (shape === 'leaf' || typeof elements === 'string') return value;
  const left = elements.flatMap(({ element, value: child }) => {
    const below = gone.children.get(element);
    if (below === undefined) return [{ element, value: child }];
    if (below.owned) return [];
    const keptBelow = kept.children.get(element);
    const rest = removeTyped(definitions, nodeBelow(definitions, node, element), child, below, keptBelow);
    return rest === undefined ? [] : [{ element, value: rest }];
  });
  if (left.length === 0 && elements.length > 0 && !kept.owned) return undefined;
  return isJsonObject(value)
    ? Object.fromEntries(left.map(({ element, value: child }) => [element.slice(2), child]))
    : left.map(({ value: child }) => child);
}

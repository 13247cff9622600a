// Strategic merge patch: like a JSON merge patch, but lists with a merge key are merged element by element, and
// directives (`$patch`, `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`) steer the merge.
// Behaves as `kubectl patch --local --type strategic` does.
import type { ApiObject } from '../object.ts';
import type { SchemaDefinitions, SchemaNode } from '../schema.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { definitionNode, fieldNode, itemNode } from './schema-walk.ts';
import {
  badPatch,
  checkOrder,
  isDirective,
  mergeListItems,
  orderItems,
  placesAfter,
  withoutDirectives,
} from './strategic-list.ts';

const setOrder = '$setElementOrder/';
const deleteFrom = '$deleteFromPrimitiveList/';

/**
 * Returns the patched copy; the inputs stay as they are.
 * @param definitionName the OpenAPI name of the object's definition; merge keys and strategies come from there.
 * Throws BadRequest when the patch or one of its directives is malformed.
 */
export function applyStrategicMergePatch(
  definitions: SchemaDefinitions,
  definitionName: string,
  object: ApiObject,
  patch: unknown,
): ApiObject {
  if (!isJsonObject(patch)) throw badPatch('a strategic merge patch must be a JSON object');
  return mergeObjects(definitions, definitionNode(definitions, definitionName), object, patch) as ApiObject;
}

function mergeObjects(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  original: JsonObject,
  patch: JsonObject,
): JsonObject {
  const directive = patch['$patch'];
  if (directive === 'replace') return withoutDirectives(Object.fromEntries(rest(patch, ['$patch']))) as JsonObject;
  if (directive === 'delete') return {};
  if (directive !== undefined)
    throw badPatch(`$patch of an object must be "replace" or "delete", found ${JSON.stringify(directive)}`);

  const merged = new Map(Object.entries(retainKeys(original, patch)));
  const ordered = mergeOrderedLists(definitions, node, merged, patch);
  for (const [key, value] of rest(patch, ['$retainKeys'])) {
    if (key.startsWith(setOrder) || ordered.has(key)) continue;
    if (key.startsWith(deleteFrom)) deleteFromPrimitiveList(merged, key.slice(deleteFrom.length), value);
    else if (value === null) merged.delete(key);
    else mergeField(definitions, fieldNode(definitions, node, key), merged, key, value);
  }
  return Object.fromEntries(merged);
}

function mergeField(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  merged: Map<string, unknown>,
  key: string,
  value: unknown,
): void {
  const before = merged.get(key);
  if (isJsonObject(before) && isJsonObject(value) && strategyOf(node) !== 'replace')
    merged.set(key, mergeObjects(definitions, node, before, value));
  else if (Array.isArray(before) && Array.isArray(value) && strategyOf(node) === 'merge')
    merged.set(key, mergeList(definitions, node, key, before, value));
  else setCleaned(merged, key, value);
}

/** An object that is itself a directive (`{"$patch":"replace",…}`) has nothing to act upon where nothing was. */
function setCleaned(merged: Map<string, unknown>, key: string, value: unknown): void {
  if (isDirective(value)) merged.delete(key);
  else merged.set(key, withoutDirectives(value));
}

function mergeList(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  field: string,
  before: readonly unknown[],
  patch: readonly unknown[],
): readonly unknown[] {
  const item = itemNode(definitions, node);
  return mergeListItems(field, node?.['x-kubernetes-patch-merge-key'], before, patch, (original, change) =>
    mergeObjects(definitions, item, original, change),
  );
}

/** Merges the lists that have a `$setElementOrder` beside them. Returns their keys. */
function mergeOrderedLists(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  merged: Map<string, unknown>,
  patch: JsonObject,
): ReadonlySet<string> {
  const handled = new Set<string>();
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(setOrder)) continue;
    const field = directive.slice(setOrder.length);
    const [before, change] = [merged.get(field), patch[field]];
    if (before === undefined && change === undefined) continue;
    const listNode = fieldNode(definitions, node, field);
    const lists = [asList(directive, order), asList(field, before ?? []), asList(field, change ?? [])] as const;
    merged.set(field, mergeInOrder(definitions, listNode, field, lists));
    handled.add(field);
  }
  return handled;
}

function mergeInOrder(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  field: string,
  [order, before, change]: readonly [readonly unknown[], readonly unknown[], readonly unknown[]],
): readonly unknown[] {
  const mergeKey = node?.['x-kubernetes-patch-merge-key'];
  checkOrder(field, mergeKey, change, order);
  const isMerged = strategyOf(node) === 'merge' && before.length > 0;
  const contents =
    change.length === 0
      ? before
      : isMerged
        ? mergeList(definitions, node, field, before, change)
        : (withoutDirectives(change) as unknown[]);
  const places = mergeKey === undefined ? before : placesAfter(field, mergeKey, before, change);
  return orderItems(field, mergeKey, contents, { order, before: places });
}

function retainKeys(original: JsonObject, patch: JsonObject): JsonObject {
  const retained = patch['$retainKeys'];
  if (retained === undefined) return original;
  const keys = new Set(asList('$retainKeys', retained));
  for (const [key, value] of Object.entries(patch))
    if (value !== null && !key.startsWith('$') && !keys.has(key))
      throw badPatch(`"${key}" is set but not listed in $retainKeys (${[...keys].join(', ')})`);
  return Object.fromEntries(Object.entries(original).filter(([key]) => keys.has(key)));
}

function deleteFromPrimitiveList(merged: Map<string, unknown>, field: string, gone: unknown): void {
  const before = merged.get(field);
  if (gone === null) merged.delete(field);
  else if (Array.isArray(before)) {
    const removed = new Set(asList(deleteFrom + field, gone));
    merged.set(
      field,
      before.filter((item) => !removed.has(item)),
    );
  }
}

/** `merge`, `replace` or neither. `retainKeys` tells whoever makes a patch to send `$retainKeys`; it changes nothing here. */
function strategyOf(node: SchemaNode | undefined): string | undefined {
  return node?.['x-kubernetes-patch-strategy']?.split(',').find((strategy) => strategy !== 'retainKeys');
}

function asList(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw badPatch(`"${name}" must be a list, found ${JSON.stringify(value)}`);
  return value;
}

function rest(patch: JsonObject, without: readonly string[]): [string, unknown][] {
  return Object.entries(patch).filter(([key]) => !without.includes(key));
}

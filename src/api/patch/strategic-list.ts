// How a strategic merge patch merges two lists, and in which order the elements end up.
import { StatusError } from '../status-error.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

type MergeElement = (original: JsonObject, change: JsonObject) => JsonObject;

export function badPatch(problem: string): StatusError {
  return new StatusError('BadRequest', `the strategic merge patch cannot be applied: ${problem}`);
}

/** Whether a value is an instruction (`$patch`) rather than contents. */
export function isDirective(value: unknown): boolean {
  return isJsonObject(value) && value['$patch'] !== undefined;
}

/** A copy as it may be stored: no nulls, no directives, and no elements or fields that are directives as a whole. */
export function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isDirective(item)).map(withoutDirectives);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, child]) => child !== null && !directiveKey.test(key) && !isDirective(child),
  );
  return Object.fromEntries(kept.map(([key, child]) => [key, withoutDirectives(child)]));
}

const directiveKey = /^\$(?:patch$|retainKeys$|setElementOrder\/|deleteFromPrimitiveList\/)/;

/**
 * Merges two lists of scalars, or of objects by their merge key. Elements of the patch come in its order, elements
 * that only the server has keep their place before those that followed them.
 */
export function mergeListItems(
  field: string,
  mergeKey: string | undefined,
  before: readonly unknown[],
  patch: readonly unknown[],
  mergeElement: MergeElement,
): readonly unknown[] {
  if (before.length === 0 && patch.length === 0) return before;
  const kindOfItems = new Set([...before, ...patch].map((item) => (isJsonObject(item) ? 'object' : typeof item)));
  if (kindOfItems.size > 1)
    throw badPatch(`the elements of "${field}" must be of one type, found ${[...kindOfItems].join(' and ')}`);
  if (!kindOfItems.has('object'))
    return orderItems(field, undefined, [...new Set([...before, ...patch])], { order: patch, before });
  if (mergeKey === undefined) throw badPatch(`the list "${field}" has no merge key`);
  return mergeObjectList(field, mergeKey, before as JsonObject[], patch as JsonObject[], mergeElement);
}

function mergeObjectList(
  field: string,
  mergeKey: string,
  before: readonly JsonObject[],
  patch: readonly JsonObject[],
  mergeElement: MergeElement,
): readonly unknown[] {
  const changes = patch.filter((item) => !isDirective(item));
  const directives = patch.filter(isDirective);
  const deleted = deletedKeys(field, mergeKey, directives);
  if (directives.some((item) => item['$patch'] === 'replace')) return changes.map(withoutDirectives);

  const remaining = before.filter((item) => !deleted.has(item[mergeKey]));
  const merged: unknown[] = [...remaining];
  for (const change of changes) {
    const key = keyOf(field, mergeKey, change);
    const at = merged.findIndex((item) => isJsonObject(item) && item[mergeKey] === key);
    if (at < 0) merged.push(withoutDirectives(change));
    else merged[at] = mergeElement(merged[at] as JsonObject, change);
  }
  return orderItems(field, mergeKey, merged, { order: changes, before: remaining });
}

function deletedKeys(field: string, mergeKey: string, directives: readonly JsonObject[]): ReadonlySet<unknown> {
  const deleted = new Set<unknown>();
  for (const item of directives) {
    if (item['$patch'] === 'delete') deleted.add(keyOf(field, mergeKey, item));
    else if (item['$patch'] !== 'replace')
      throw badPatch(
        `$patch of an element of "${field}" must be "delete" or "replace", found ${JSON.stringify(item['$patch'])}`,
      );
  }
  return deleted;
}

/** The list as it was, where new elements of the patch have taken the places that deleted ones left at the end. */
export function placesAfter(
  field: string,
  mergeKey: string,
  before: readonly unknown[],
  patch: readonly unknown[],
): readonly unknown[] {
  const deleted = deletedKeys(field, mergeKey, patch.filter(isDirective) as JsonObject[]);
  const remaining = before.filter((item) => !deleted.has(keyOf(field, mergeKey, item)));
  const kept = new Set(remaining.map((item) => keyOf(field, mergeKey, item)));
  const added = patch.filter((item) => !isDirective(item) && !kept.has(keyOf(field, mergeKey, item)));
  return [...remaining, ...added].slice(0, before.length);
}

interface Orders {
  /** What comes in this order. */
  readonly order: readonly unknown[];
  /** The list as it was: the order of everything else. */
  readonly before: readonly unknown[];
}

/** Puts merged elements in order; objects are told apart by their merge key, scalars by their value. */
export function orderItems(
  field: string,
  mergeKey: string | undefined,
  items: readonly unknown[],
  orders: Orders,
): readonly unknown[] {
  const identity = (item: unknown): unknown => (mergeKey === undefined ? item : keyOf(field, mergeKey, item));
  const order = ranks(orders.order.map(identity));
  const place = ranks(orders.before.map(identity));
  const rank = (of: ReadonlyMap<unknown, number>, item: unknown): number => of.get(identity(item)) ?? Infinity;
  const compare = (of: ReadonlyMap<unknown, number>) => (a: unknown, b: unknown) => {
    const [left, right] = [rank(of, a), rank(of, b)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
  const listed = items.filter((item) => order.has(identity(item))).sort(compare(order));
  const others = items.filter((item) => !order.has(identity(item))).sort(compare(place));
  return interleave(others, listed, (other, item) => {
    const [before, after] = [place.get(identity(other)), place.get(identity(item))];
    return before !== undefined && after !== undefined && before < after;
  });
}

/** Throws unless all elements of `patch` are in `order` (a `$setElementOrder`), in the same order. */
export function checkOrder(
  field: string,
  mergeKey: string | undefined,
  patch: readonly unknown[],
  order: readonly unknown[],
): void {
  if (order.length === 0) return;
  const identity = (item: unknown): unknown => (mergeKey === undefined ? item : keyOf(field, mergeKey, item));
  const places = ranks(order.map(identity));
  let last = -1;
  for (const item of patch.filter((change) => !isDirective(change))) {
    const at = places.get(identity(item)) ?? -1;
    if (at <= last)
      throw badPatch(`the order of the elements of "${field}" differs from the one in "$setElementOrder/${field}"`);
    last = at;
  }
}

function interleave(
  left: readonly unknown[],
  right: readonly unknown[],
  comesFirst: (left: unknown, right: unknown) => boolean,
): unknown[] {
  const result: unknown[] = [];
  let next = 0;
  for (const item of right) {
    while (next < left.length && comesFirst(left[next], item)) result.push(left[next++]);
    result.push(item);
  }
  return [...result, ...left.slice(next)];
}

/** The first place of each key. */
function ranks(keys: readonly unknown[]): ReadonlyMap<unknown, number> {
  const found = new Map<unknown, number>();
  for (const [index, key] of keys.entries()) if (!found.has(key)) found.set(key, index);
  return found;
}

function keyOf(field: string, mergeKey: string, item: unknown): unknown {
  const key = isJsonObject(item) ? item[mergeKey] : undefined;
  if (key === undefined) throw badPatch(`an element of "${field}" lacks its merge key "${mergeKey}"`);
  return key;
}

// What a value is to a typed merge: a leaf that is replaced as a whole, a map, or a list whose elements have names.
// Rules: x-kubernetes-list-type, -list-map-keys and -map-type; a patch merge key where these are missing.
import type { SchemaDefinitions, SchemaNode } from '../schema.ts';
import { fieldElement, keyElement, valueElement } from './field-set.ts';
import { isJsonObject } from './json-object.ts';
import { fieldNode, itemNode } from './schema-walk.ts';

export type Shape = 'leaf' | 'map' | 'list';

/** An element of a map or of a list with named elements. */
export interface TypedElement {
  /** Its path element: `f:image`, `k:{"name":"web"}`, `v:"x"`. */
  readonly element: string;
  readonly value: unknown;
}

/** The shape of a value under a schema node. Without a schema: objects are maps, lists are leaves. */
export function shapeOf(node: SchemaNode | undefined, value: unknown): Shape {
  if (Array.isArray(value)) return isGranularList(node) ? 'list' : 'leaf';
  if (isJsonObject(value)) return node?.['x-kubernetes-map-type'] === 'atomic' ? 'leaf' : 'map';
  return 'leaf';
}

/** The fields of an object. */
export function fieldElements(value: unknown): TypedElement[] {
  if (!isJsonObject(value)) return [];
  return Object.entries(value).map(([name, child]) => ({ element: fieldElement(name), value: child }));
}

/**
 * The elements of a list, each under its name. Key fields that are missing count with their schema default; one that
 * has none is left out of the name.
 * @returns what is wrong, when an element cannot be named.
 */
export function listElements(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  items: unknown,
): TypedElement[] | string {
  const keys = listKeys(node);
  const item = itemNode(definitions, node);
  const elements: TypedElement[] = [];
  for (const value of Array.isArray(items) ? (items as unknown[]) : []) {
    const element = keys.length === 0 ? setElement(value) : mapElement(definitions, item, keys, value);
    if (element === undefined)
      return keys.length === 0
        ? `the elements must be scalars, found ${JSON.stringify(value)}`
        : `each element must be an object with ${keys.join(' or ')}, found ${JSON.stringify(value)}`;
    elements.push({ element, value });
  }
  return elements;
}

/** The schema node below a path element. */
export function nodeBelow(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  element: string,
): SchemaNode | undefined {
  return element.startsWith('f:') ? fieldNode(definitions, node, element.slice(2)) : itemNode(definitions, node);
}

function setElement(value: unknown): string | undefined {
  return typeof value === 'object' || value === undefined ? undefined : valueElement(value);
}

function mapElement(
  definitions: SchemaDefinitions,
  item: SchemaNode | undefined,
  keys: readonly string[],
  value: unknown,
): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const found = keys.flatMap((key) => {
    const keyValue = value[key] ?? fieldNode(definitions, item, key)?.default;
    return keyValue === undefined ? [] : [[key, keyValue] as const];
  });
  return found.length === 0 ? undefined : keyElement(Object.fromEntries(found));
}

function isGranularList(node: SchemaNode | undefined): boolean {
  const listType = node?.['x-kubernetes-list-type'];
  return listType === undefined ? isPatchMerged(node) : listType !== 'atomic';
}

/** Empty for a set. */
function listKeys(node: SchemaNode | undefined): readonly string[] {
  const listType = node?.['x-kubernetes-list-type'];
  if (listType === 'map') return node?.['x-kubernetes-list-map-keys'] ?? [];
  const mergeKey = node?.['x-kubernetes-patch-merge-key'];
  return listType === undefined && mergeKey !== undefined ? [mergeKey] : [];
}

function isPatchMerged(node: SchemaNode | undefined): boolean {
  return node?.['x-kubernetes-patch-strategy']?.split(',').includes('merge') ?? false;
}

// Walking JSON values and schemas side by side: which schema a field has, and whether a value counts as absent.
import type { SchemaDefinitions, SchemaNode } from './schema.ts';
import { resolveSchema } from './schema.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Follows `$ref`s, remembering the answer: a schema is resolved once however many values are checked. */
export type Resolve = (node: SchemaNode) => SchemaNode;

export function createResolve(definitions: SchemaDefinitions): Resolve {
  const known = new WeakMap<SchemaNode, SchemaNode>();
  return (node) => {
    if (node.$ref === undefined) return node;
    const before = known.get(node);
    if (before !== undefined) return before;
    const resolved = resolveSchema(definitions, node);
    known.set(node, resolved);
    return resolved;
  };
}

/** Whether the fields of an object of this schema are unconstrained. */
export function isOpen(node: SchemaNode): boolean {
  return node['x-kubernetes-preserve-unknown-fields'] === true || hasNoShape(node);
}

const hasNoShape = (node: SchemaNode): boolean =>
  node.properties === undefined && (node.additionalProperties === undefined || node.additionalProperties === true);

/**
 * The schema of one member of a value: a field, the value of a map, or an item of a list. `parent` decides between the
 * forms where a schema accepts both a map and a list. Undefined where the schema knows nothing of the member.
 */
export function memberSchema(
  resolve: Resolve,
  node: SchemaNode,
  parent: unknown,
  member: string,
): SchemaNode | undefined {
  if (Array.isArray(parent)) return node.items && resolve(node.items);
  const property = node.properties && Object.hasOwn(node.properties, member) ? node.properties[member] : undefined;
  if (property !== undefined) return resolve(property);
  return typeof node.additionalProperties === 'object' ? resolve(node.additionalProperties) : undefined;
}

/**
 * Whether a field counts as not given. As in Kubernetes, `null` does, and so does the zero value of its Go types where
 * that is not a legal value: the empty text for a closed set of words, and 0 below the minimum of a field with a default.
 */
export function isAbsent(node: SchemaNode, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (value === '') return node.enum !== undefined && !node.enum.includes('');
  return value === 0 && node.default !== undefined && (node.minimum ?? 0) > 0;
}

/** Replaces members of an object or list; the same value when `change` returned every member as it was. */
export function mapMembers(value: unknown, change: (member: unknown, key: string) => unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) => change(item, String(index)));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  const before = Object.entries(value);
  const after = before.map(([key, member]) => [key, change(member, key)] as const);
  if (after.every(([, member], index) => member === before[index]?.[1])) return value;
  return Object.fromEntries(after.filter(([, member]) => member !== undefined));
}

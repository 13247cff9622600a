// Removes from a value what does not count: fields given as absent and, when asked, fields that the schema lacks.
import type { SchemaNode } from './schema.ts';
import type { Resolve } from './schema-tree.ts';
import { isAbsent, isObject, isOpen, mapMembers, memberSchema } from './schema-tree.ts';

/**
 * A copy without absent fields (see `isAbsent`) and, with `dropUnknown`, without fields that the schema does not know.
 * The same value when there was nothing to remove. A `null` in a map of texts becomes the empty text, as in Kubernetes.
 */
export function pruned(resolve: Resolve, node: SchemaNode, value: unknown, dropUnknown: boolean): unknown {
  const schema = resolve(node);
  if (isObject(value) && isOpen(schema)) return value;
  return mapMembers(value, (member, key) => {
    const child = memberSchema(resolve, schema, value, key);
    if (child === undefined) return dropUnknown && isObject(value) ? undefined : member;
    if (Array.isArray(value) || isMapKey(schema, key)) return mapValue(resolve, child, member, dropUnknown);
    return isAbsent(child, member) ? undefined : pruned(resolve, child, member, dropUnknown);
  });
}

const isMapKey = (node: SchemaNode, key: string): boolean =>
  node.properties === undefined || !Object.hasOwn(node.properties, key);

function mapValue(resolve: Resolve, node: SchemaNode, value: unknown, dropUnknown: boolean): unknown {
  if (value === null && node.type === 'string') return '';
  return pruned(resolve, node, value, dropUnknown);
}

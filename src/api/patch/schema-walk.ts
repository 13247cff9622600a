// Steps from a schema node to the node of a field or an item. An undefined node means that nothing is known there.
import { resolveSchema, type SchemaDefinitions, type SchemaNode } from '../schema.ts';

/** The node of a definition. Throws when there is none: a definition is named by us, not by a caller. */
export function definitionNode(definitions: SchemaDefinitions, name: string): SchemaNode {
  const node = definitions[name];
  if (node === undefined) throw new Error(`schema ${name} is asked for but not defined`);
  return resolveSchema(definitions, node);
}

/** The node of a property, or of the values of a map. */
export function fieldNode(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  field: string,
): SchemaNode | undefined {
  if (node === undefined) return undefined;
  const values = typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
  const found = isNamedField(node, field) ? node.properties?.[field] : values;
  return found === undefined ? undefined : resolveSchema(definitions, found);
}

/** The node of a list's items. */
export function itemNode(definitions: SchemaDefinitions, node: SchemaNode | undefined): SchemaNode | undefined {
  return node?.items === undefined ? undefined : resolveSchema(definitions, node.items);
}

/** Whether the schema names this field, rather than allowing any key. */
export function isNamedField(node: SchemaNode | undefined, field: string): boolean {
  return node?.properties !== undefined && Object.hasOwn(node.properties, field);
}

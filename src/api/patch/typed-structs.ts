// Fields that a schema names are not recorded as owned when something below them is. Here they are added back.
import type { SchemaDefinitions, SchemaNode } from '../schema.ts';
import type { FieldSet } from './field-set.ts';
import { isNamedField } from './schema-walk.ts';
import { nodeBelow } from './typed-shape.ts';

/** The set, and with every path also the named fields on the way to it. */
export function withStructs(definitions: SchemaDefinitions, node: SchemaNode | undefined, set: FieldSet): FieldSet {
  const children = [...set.children].map(([element, child]): [string, FieldSet] => {
    const below = withStructs(definitions, nodeBelow(definitions, node, element), child);
    const isNamed = element.startsWith('f:') && isNamedField(node, element.slice(2));
    return [element, { ...below, owned: below.owned || isNamed }];
  });
  return { owned: set.owned, children: new Map(children) };
}

// Fills in the static defaults that schemas name. Defaults that depend on other fields are the API server's.
import type { SchemaNode } from './schema.ts';
import type { JsonObject, Resolve } from './schema-tree.ts';
import { isAbsent, isObject, mapMembers, memberSchema } from './schema-tree.ts';

export type Fill = (node: SchemaNode, value: unknown) => unknown;

/**
 * Returns the filler of one set of schemas. A `default` applies where its field is absent from an object that is there:
 * defaults inside an absent object are not reached unless the object itself has a default.
 */
export function createFill(resolve: Resolve): Fill {
  const carries = createCarriesDefaults(resolve);

  const fill: Fill = (node, value) => {
    const schema = resolve(node);
    if (!carries(schema)) return value;
    const inner = mapMembers(value, (member, key) => {
      const child = memberSchema(resolve, schema, value, key);
      return child === undefined ? member : fill(child, member);
    });
    return isObject(inner) ? withOwnDefaults(schema, inner) : inner;
  };

  const withOwnDefaults = (schema: SchemaNode, value: JsonObject): JsonObject => {
    const added = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
      const child = resolve(property);
      const isMissing = child.default !== undefined && isAbsent(child, value[name]);
      return isMissing ? [[name, fill(child, structuredClone(child.default))] as const] : [];
    });
    return added.length === 0 ? value : { ...value, ...Object.fromEntries(added) };
  };

  return fill;
}

/** Whether a schema or anything below it has a default; most have none, and values under them need no walk. */
function createCarriesDefaults(resolve: Resolve): (node: SchemaNode) => boolean {
  const known = new WeakMap<SchemaNode, boolean>();
  const carries = (node: SchemaNode): boolean => {
    const before = known.get(node);
    if (before !== undefined) return before;
    known.set(node, true); // a schema within itself: assume the worst
    const children = [...Object.values(node.properties ?? {}), node.items, node.additionalProperties];
    const answer = children.some(
      (child) => typeof child === 'object' && (resolve(child).default !== undefined || carries(resolve(child))),
    );
    known.set(node, answer);
    return answer;
  };
  return carries;
}

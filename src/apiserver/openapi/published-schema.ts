// Our schemas as OpenAPI publishes them: keywords that clients know, references into the document.
import type { SchemaNode } from '../../api/schema.ts';
import { refName } from '../../api/schema.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** The two dialects differ in where references point and in how a reference carries keywords of its own. */
export interface Dialect {
  readonly refPrefix: string;
  /** OpenAPI 3.0 forbids keywords beside `$ref`: they go around `allOf`. */
  readonly wrapsReferences: boolean;
  /** Limits, enumerations and defaults; the second version leaves them out, as Kubernetes does. */
  readonly hasLimits: boolean;
}

export const version2: Dialect = { refPrefix: '#/definitions/', wrapsReferences: false, hasLimits: false };
export const version3: Dialect = { refPrefix: '#/components/schemas/', wrapsReferences: true, hasLimits: true };

const plainKeywords = ['description', 'type', 'required'] as const;
const limitKeywords = [
  'enum',
  'default',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'pattern',
] as const;
const publishedFormats = new Set(['int32', 'int64', 'double', 'float', 'byte', 'date-time', 'int-or-string']);

/** One schema in a dialect. Extensions of Kubernetes are kept, ours (`x-tepui-…`) and our text formats are not. */
export function publishedSchema(dialect: Dialect, node: SchemaNode): JsonRecord {
  if (node.$ref !== undefined) return reference(dialect, node, refName(node.$ref));
  if (dialect.hasLimits && isUnion(node)) return union(node);
  return {
    ...keywordsOf(dialect, node),
    ...(node.format !== undefined && publishedFormats.has(node.format) ? { format: node.format } : {}),
    ...childrenOf(dialect, node),
  };
}

function reference(dialect: Dialect, node: SchemaNode, name: string): JsonRecord {
  const target = { $ref: dialect.refPrefix + name };
  const own = keywordsOf(dialect, node);
  if (Object.keys(own).length === 0) return target;
  return dialect.wrapsReferences ? { ...own, allOf: [target] } : { ...own, ...target };
}

function keywordsOf(dialect: Dialect, node: SchemaNode): JsonRecord {
  const names = dialect.hasLimits ? [...plainKeywords, ...limitKeywords] : plainKeywords;
  const extensions = Object.entries(node).filter(([name]) => name.startsWith('x-kubernetes-'));
  return {
    ...Object.fromEntries(names.filter((name) => node[name] !== undefined).map((name) => [name, node[name]])),
    ...Object.fromEntries(extensions.filter(([name]) => name !== 'x-kubernetes-int-or-string')),
  };
}

/** The list form of a field that also accepts a map stays unpublished: no dialect can say it in a way clients follow. */
function childrenOf(dialect: Dialect, node: SchemaNode): JsonRecord {
  const { properties, items, additionalProperties } = node;
  const published = Object.entries(properties ?? {}).map(([name, child]) => [name, publishedSchema(dialect, child)]);
  return {
    ...(properties === undefined ? {} : { properties: Object.fromEntries(published) as unknown }),
    ...(items === undefined || node.type !== 'array' ? {} : { items: publishedSchema(dialect, items) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: publishedSchema(dialect, additionalProperties) }
      : {}),
  };
}

const isUnion = (node: SchemaNode): boolean =>
  node['x-kubernetes-int-or-string'] === true || node.format === 'quantity';

function union(node: SchemaNode): JsonRecord {
  const isQuantity = node.format === 'quantity';
  return {
    ...(node.description === undefined ? {} : { description: node.description }),
    ...(isQuantity ? {} : { format: 'int-or-string' }),
    oneOf: [{ type: isQuantity ? 'number' : 'integer' }, { type: 'string' }],
  };
}

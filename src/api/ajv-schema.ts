// Translates a schema of ours into what ajv compiles: closed objects, unions without anyOf, our own keywords.
import type { SchemaNode } from './schema.ts';
import { isOpen } from './schema-tree.ts';
import type { Resolve } from './schema-tree.ts';
import { refName } from './schema.ts';

export type AjvSchema = Readonly<Record<string, unknown>>;

/** Keywords that mean the same to ajv (the last three through keywords that create-validator.ts adds). */
const taken = [
  'enum',
  'minimum',
  'maximum',
  'pattern',
  'minLength',
  'maxLength',
  'minItems',
  'required',
  'x-tepui-one-of',
  'x-tepui-at-most-one',
  'x-tepui-unique',
] as const;

/** @param resolve follows references; those to objects stay references, so that each is compiled once. */
export function ajvSchema(resolve: Resolve, node: SchemaNode): AjvSchema {
  const target = resolve(node);
  if (node.$ref !== undefined && target.properties !== undefined) return { $ref: refName(node.$ref) };
  return {
    ...typeOf(target),
    ...Object.fromEntries(taken.filter((key) => target[key] !== undefined).map((key) => [key, target[key]])),
    ...(target.format === undefined ? {} : { format: target.format }),
    ...(target.items === undefined ? {} : { items: ajvSchema(resolve, target.items) }),
    ...(target.propertyNames === undefined ? {} : { propertyNames: { type: 'string', ...target.propertyNames } }),
    ...shapeOf(resolve, target),
  };
}

function typeOf(node: SchemaNode): AjvSchema {
  if (node['x-kubernetes-int-or-string']) return { type: ['integer', 'string'] };
  if (node.format === 'quantity') return { type: ['number', 'string'] };
  if (node['x-tepui-string-or-list']) return { type: ['string', 'array'] };
  if (node['x-tepui-map-or-env-list']) return { type: ['object', 'array'] };
  if (node['x-tepui-string-or-source']) return { type: ['string', 'object'] };
  return node.type === undefined ? {} : { type: node.type };
}

function shapeOf(resolve: Resolve, node: SchemaNode): AjvSchema {
  if (node.type !== 'object' || isOpen(node)) return {};
  const properties = Object.entries(node.properties ?? {}).map(([name, child]) => [name, ajvSchema(resolve, child)]);
  return {
    ...(node.properties === undefined ? {} : { properties: Object.fromEntries(properties) as unknown }),
    additionalProperties:
      typeof node.additionalProperties === 'object' ? ajvSchema(resolve, node.additionalProperties) : false,
  };
}

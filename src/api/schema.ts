// The shape of our JSON Schemas (schemas/*.json) in memory: what validation, defaults, patches and OpenAPI read.

/** One node of a JSON Schema (draft 7) with Kubernetes' extensions. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  /** What the keys of a map must look like. */
  readonly propertyNames?: SchemaNode;
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
  readonly 'x-kubernetes-patch-merge-key'?: string;
  /** `merge`, `retainKeys`, `replace`, or two of them joined by a comma. */
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-unions'?: unknown;
  /** Accepts one text in place of the list. */
  readonly 'x-tepui-string-or-list'?: boolean;
  /** Accepts the list of `items` in place of the map. */
  readonly 'x-tepui-map-or-env-list'?: boolean;
  /** Accepts a text in place of the object. */
  readonly 'x-tepui-string-or-source'?: boolean;
  /** Exactly one of these fields must be set. */
  readonly 'x-tepui-one-of'?: readonly string[];
  /** No two of these fields may be set. */
  readonly 'x-tepui-at-most-one'?: readonly string[];
  /** The field whose value must differ between the items of a list. */
  readonly 'x-tepui-unique'?: string;
  /** Values below are never quoted in messages. */
  readonly 'x-tepui-sensitive'?: boolean;
  /** Names that people bring from elsewhere for this field; suggested when one turns up as an unknown field. */
  readonly 'x-tepui-also-called'?: readonly string[];
}

/** All definitions by their OpenAPI name (`io.k8s.api.core.v1.Pod`). */
export type SchemaDefinitions = Readonly<Record<string, SchemaNode>>;

const refPrefix = '#/$defs/';

/** Follows `$ref`. Keywords beside a `$ref` (description, default, patch strategy) win over the target's. */
export function resolveSchema(definitions: SchemaDefinitions, node: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  const name = refName(node.$ref);
  const target = definitions[name];
  if (target === undefined) throw new Error(`schema ${name} is referred to but not defined`);
  const resolved = resolveSchema(definitions, target);
  const siblings = Object.entries(node).filter(([keyword]) => keyword !== '$ref');
  return siblings.length === 0 ? resolved : { ...resolved, ...Object.fromEntries(siblings) };
}

/** `pod.json#/$defs/io.k8s.api.core.v1.PodSpec` or `#/$defs/…` → the definition's name. */
export function refName(ref: string): string {
  const at = ref.indexOf(refPrefix);
  if (at < 0) throw new Error(`schema reference ${ref} does not point into $defs`);
  return ref.slice(at + refPrefix.length);
}

// Turns ajv's JSON pointers into the paths that people read, with the schema that governs the place.
import type { SchemaNode } from './schema.ts';
import type { Resolve } from './schema-tree.ts';
import { memberSchema } from './schema-tree.ts';

export interface ValuePlace {
  /** `spec.containers[0].image`; keys of maps in brackets: `metadata.labels[app]`. Empty for the value itself. */
  readonly path: string;
  readonly schema: SchemaNode;
  readonly value: unknown;
  /** Whether the value, or one around it, must not be quoted. */
  readonly isSensitive: boolean;
}

/** @param pointer RFC 6901; it must lead to a member of `value`, as ajv's do. */
export function placeAt(resolve: Resolve, root: SchemaNode, value: unknown, pointer: string): ValuePlace {
  const segments = pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  let place: ValuePlace = { path: '', schema: resolve(root), value, isSensitive: false };
  for (const segment of segments) place = step(resolve, place, segment);
  return place;
}

function step(resolve: Resolve, { path, schema, value, isSensitive }: ValuePlace, segment: string): ValuePlace {
  const child = memberSchema(resolve, schema, value, segment) ?? {};
  const isField = !Array.isArray(value) && schema.properties !== undefined;
  return {
    path: isField ? fieldPath(path, segment) : `${path}[${segment}]`,
    schema: child,
    value: (value as Readonly<Record<string, unknown>> | undefined)?.[segment],
    isSensitive: isSensitive || child['x-tepui-sensitive'] === true,
  };
}

/** Appends a field to a path. */
export function fieldPath(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

// The keywords that our schemas add to JSON Schema, for ajv: choices between fields and unique items.
import type { FuncKeywordDefinition, SchemaValidateFunction } from 'ajv';

/** A field given as the empty text counts as not given, as in Kubernetes. */
const given = (object: Readonly<Record<string, unknown>>, fields: readonly string[]): readonly string[] =>
  fields.filter((field) => object[field] !== undefined && object[field] !== '');

function choice(keyword: string, isAllowed: (count: number) => boolean): FuncKeywordDefinition {
  const validate: SchemaValidateFunction = (fields: readonly string[], object: Readonly<Record<string, unknown>>) => {
    const found = given(object, fields);
    if (isAllowed(found.length)) return true;
    validate.errors = [{ keyword, params: { fields, given: found } }];
    return false;
  };
  return { keyword, type: 'object', schemaType: 'array', errors: true, validate };
}

const unique: SchemaValidateFunction = (field: string, items: readonly unknown[]) => {
  const seen = new Set<unknown>();
  const repeated = items.flatMap((item, index) => {
    const value = (item as Readonly<Record<string, unknown>> | null)?.[field];
    const isRepeated = value !== undefined && seen.has(value);
    seen.add(value);
    return isRepeated ? [{ keyword: 'x-tepui-unique', params: { index, field, value } }] : [];
  });
  unique.errors = repeated;
  return repeated.length === 0;
};

export const schemaKeywords: readonly FuncKeywordDefinition[] = [
  choice('x-tepui-one-of', (count) => count === 1),
  choice('x-tepui-at-most-one', (count) => count <= 1),
  { keyword: 'x-tepui-unique', type: 'array', schemaType: 'string', errors: true, validate: unique },
];

// Turns ajv's errors into causes as Kubernetes words them, with what was expected and what was found.
import type { ErrorObject } from 'ajv';
import type { SchemaNode } from './schema.ts';
import type { Resolve } from './schema-tree.ts';
import type { CauseReason, StatusCause } from './status-error.ts';
import { closestWord, suggestField } from './suggest-field.ts';
import { formatViolation } from './text-formats.ts';
import type { UnknownField } from './validation.ts';
import type { ValuePlace } from './value-place.ts';
import { fieldPath, placeAt } from './value-place.ts';

type Words = (error: ErrorObject, place: ValuePlace) => readonly [CauseReason, string, field?: string];

const longestQuote = 80;

/** What an error says beyond its place, by ajv keyword. Keywords that only repeat another error are absent. */
const wordsByKeyword: Readonly<Record<string, Words>> = {
  required: (error, { path }) => [
    'FieldValueRequired',
    'Required value',
    fieldPath(path, String(error.params['missingProperty'])),
  ],
  minItems: () => ['FieldValueRequired', 'Required value'],
  minLength: () => ['FieldValueRequired', 'Required value'],
  maxLength: (error) => ['FieldValueTooLong', `Too long: may not be more than ${String(error.params['limit'])} bytes`],
  type: (error, place) => ['FieldValueTypeInvalid', invalid(place, typeMismatch(error, place))],
  enum: (error, place) => ['FieldValueNotSupported', unsupported(error, place)],
  minimum: (error, place) => ['FieldValueInvalid', invalid(place, rangeOf(error))],
  maximum: (error, place) => ['FieldValueInvalid', invalid(place, rangeOf(error))],
  pattern: (error, place) => ['FieldValueInvalid', invalid(place, `must match ${String(error.params['pattern'])}`)],
  format: (error, place) => ['FieldValueInvalid', formatMismatch(error, place)],
  'x-tepui-unique': (error, { path }) => [
    'FieldValueDuplicate',
    `Duplicate value: ${quoted(error.params['value'])}`,
    `${path}[${String(error.params['index'])}].${String(error.params['field'])}`,
  ],
  'x-tepui-one-of': choice,
  'x-tepui-at-most-one': choice,
};

/** The cause that an error stands for; undefined where another error of the same place says it already. */
export function causeOf(
  resolve: Resolve,
  root: SchemaNode,
  value: unknown,
  error: ErrorObject,
): StatusCause | undefined {
  const words = wordsByKeyword[error.keyword];
  if (words === undefined) return undefined;
  const place = placeAt(resolve, root, value, error.instancePath);
  const [reason, message, field = place.path] = words(error, place);
  return { reason, message, field };
}

/** The unknown field that an error of the keyword `additionalProperties` stands for. */
export function unknownFieldOf(resolve: Resolve, root: SchemaNode, value: unknown, error: ErrorObject): UnknownField {
  const name = String(error.params['additionalProperty']);
  const place = placeAt(resolve, root, value, error.instancePath);
  const suggestion = suggestField(resolve, resolve(root), place.schema, name);
  return { path: fieldPath(place.path, name), ...(suggestion === undefined ? {} : { suggestion }) };
}

/** A value as messages show it: JSON, cut where it is long. */
function quoted(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
}

function invalid(place: ValuePlace, why: string): string {
  return place.isSensitive ? `Invalid value: ${why}` : `Invalid value: ${quoted(place.value)}: ${why}`;
}

function typeMismatch(error: ErrorObject, place: ValuePlace): string {
  const expected = [error.params['type'] as string | readonly string[]].flat().map(typeName);
  const found = typeName(nameOfType(place.value));
  return `expected ${expected.join(' or ')}, found ${found}${quotingHint(expected, found, place)}`;
}

/** YAML decides by the quotes whether something is a text: the commonest reason for a wrong type. */
function quotingHint(expected: readonly string[], found: string, { value, isSensitive }: ValuePlace): string {
  const text = String(value);
  if (expected.includes('string') && (found === 'number' || found === 'boolean'))
    return `; write it in quotes${isSensitive ? '' : `: "${text}"`}`;
  const isWhole = expected.join() === 'integer' && found === 'string' && /^-?\d+$/.test(text);
  return isWhole ? `; write it without quotes: ${text}` : '';
}

function nameOfType(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Words of YAML rather than of JavaScript. */
const typeName = (name: string): string => ({ array: 'list', object: 'map' })[name] ?? name;

function unsupported(error: ErrorObject, place: ValuePlace): string {
  const words = (error.params['allowedValues'] as readonly unknown[]).map(String).filter((word) => word !== '');
  const close = typeof place.value === 'string' ? closestWord(words, place.value) : undefined;
  const supported = [...words].sort().map((word) => JSON.stringify(word));
  const hint = close === undefined ? '' : `; did you mean "${close}"?`;
  return `Unsupported value: ${quoted(place.value)}: supported values: ${supported.join(', ')}${hint}`;
}

function rangeOf(error: ErrorObject): string {
  const { minimum, maximum } = error.parentSchema as { minimum?: number; maximum?: number };
  if (minimum !== undefined && maximum !== undefined) return `must be between ${minimum} and ${maximum}, inclusive`;
  return minimum === undefined
    ? `must be less than or equal to ${String(maximum)}`
    : `must be greater than or equal to ${minimum}`;
}

const standardFormats: Readonly<Record<string, string>> = {
  int32: 'a whole number of 32 bits',
  int64: 'a whole number of 64 bits',
  'date-time': 'a time such as 2026-01-31T12:00:00Z',
  byte: 'base64',
};

function formatMismatch(error: ErrorObject, place: ValuePlace): string {
  const name = String(error.params['format']);
  const text = String(error.data);
  const why = formatViolation(name, text) ?? `must be ${standardFormats[name] ?? name}`;
  return error.propertyName === undefined ? invalid(place, why) : `Invalid value: ${quoted(text)}: ${why}`;
}

function choice(error: ErrorObject, { path }: ValuePlace): readonly [CauseReason, string, field?: string] {
  const fields = error.params['fields'] as readonly string[];
  const given = error.params['given'] as readonly string[];
  const [first, second] = given;
  if (first === undefined || second === undefined)
    return ['FieldValueRequired', `Required value: must specify one of ${fields.join(', ')}`];
  return ['FieldValueForbidden', `Forbidden: may not be specified together with "${first}"`, fieldPath(path, second)];
}

// The way from `kubectl apply` to `kubectl apply --server-side`: the annotation that the former keeps its last
// configuration in counts as consent, and is kept up to date.
import type { ApiObject } from '../object.ts';
import type { SchemaDefinitions, SchemaNode } from '../schema.ts';
import { differenceOf, emptyFieldSet, unionOf, type FieldSet } from './field-set.ts';
import { isJsonObject, omit } from './json-object.ts';
import { compareTyped, fieldSetOf } from './typed-field-set.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** The manager whose applies continue client-side ones. */
const kubectl = 'kubectl';
const maxAnnotationsLength = 256 * 1024;

/** The fields that client-side apply set and that still have the value it gave them; none for other managers. */
export function fieldsUnchangedSinceLastApply(
  definitions: SchemaDefinitions,
  node: SchemaNode,
  live: ApiObject | undefined,
  manager: string,
): FieldSet {
  const text = live?.metadata.annotations?.[annotation];
  if (manager !== kubectl || live === undefined || text === undefined || text === '') return emptyFieldSet;
  const last = parsed(text);
  if (!isJsonObject(last) || last['apiVersion'] !== live.apiVersion) return emptyFieldSet;
  const { added, modified, removed } = compareTyped(definitions, node, last, live);
  return differenceOf(fieldSetOf(definitions, node, last), unionOf(unionOf(added, modified), removed));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object with its annotation, if it has one, telling the configuration that kubectl applied now. */
export function withLastApplied(object: ApiObject, applied: ApiObject, manager: string): ApiObject {
  const annotations = object.metadata.annotations ?? {};
  if (manager !== kubectl || (annotations[annotation] ?? '') === '') return object;
  const others = omit(annotations, annotation);
  const value = `${JSON.stringify(sortedDeep(withoutAnnotation(applied)))}\n`;
  const length = [...Object.entries(others), [annotation, value]].flat().join('').length;
  const updated = length > maxAnnotationsLength ? others : { ...annotations, [annotation]: value };
  return { ...object, metadata: { ...object.metadata, annotations: updated } };
}

function withoutAnnotation(applied: ApiObject): ApiObject {
  const { annotations } = applied.metadata;
  if (annotations === undefined) return applied;
  return { ...applied, metadata: { ...applied.metadata, annotations: omit(annotations, annotation) } };
}

function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedDeep);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, sortedDeep(child)]));
}

// What metadata must look like, and which parts of it belong to the server.
import type { ApiObject, ObjectMeta } from '../api/object.ts';
import type { KindDefinition } from '../api/kinds.ts';
import { dnsLabelProblem, dnsSubdomainProblem, labelKeyProblem, labelValueProblem } from '../api/names.ts';
import type { StatusCause } from '../api/status-error.ts';
import { deepEqual } from '../lib/deep.ts';
import { forbiddenField, immutable, invalidValue, required } from './causes.ts';
import { isRecord, without } from './json-path.ts';

const annotationLimitBytes = 256 * 1024;

/** Kinds whose names become a label of a host name, or a label's value. */
const labelNamed = ['Namespace', 'Service', 'App'];

/** What is wrong with a name that an object is to be created under. */
export function checkName({ kind }: KindDefinition, name: string): readonly StatusCause[] {
  if (name === '') return [required('metadata.name', 'name or generateName is required')];
  const problem = (labelNamed.includes(kind) ? dnsLabelProblem : dnsSubdomainProblem)(name);
  return problem === undefined ? [] : [invalidValue('metadata.name', name, problem)];
}

/** Rules for every object that its schema cannot say. */
export function checkMetadata(object: ApiObject): readonly StatusCause[] {
  const { metadata } = object;
  return [
    ...checkLabels(metadata.labels ?? {}, 'metadata.labels'),
    ...checkAnnotations(metadata.annotations ?? {}),
    ...checkOwners(metadata),
    ...checkFinalizers(metadata.finalizers ?? []),
  ];
}

/** @param path of the labels: `metadata.labels`, `spec.template.metadata.labels` */
export function checkLabels(labels: Readonly<Record<string, string>>, path: string): StatusCause[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const inKey = labelKeyProblem(key);
    if (inKey !== undefined) return [invalidValue(path, key, inKey)];
    const inValue = labelValueProblem(value);
    return inValue === undefined ? [] : [invalidValue(path, value, inValue)];
  });
}

/** Keys are as labels' are, but their case does not matter; values are free. */
function checkAnnotations(annotations: Readonly<Record<string, string>>): StatusCause[] {
  const keys = Object.keys(annotations).flatMap((key) => {
    const problem = labelKeyProblem(key.toLowerCase());
    return problem === undefined ? [] : [invalidValue('metadata.annotations', key, problem)];
  });
  return [...keys, ...checkAnnotationSize(annotations)];
}

function checkAnnotationSize(annotations: Readonly<Record<string, string>>): StatusCause[] {
  const texts = Object.entries(annotations).flat();
  const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (size <= annotationLimitBytes) return [];
  const message = `Too long: may not be more than ${annotationLimitBytes} bytes`;
  return [{ reason: 'FieldValueTooLong', message, field: 'metadata.annotations' }];
}

function checkOwners(metadata: ObjectMeta): StatusCause[] {
  const controllers = (metadata.ownerReferences ?? []).filter((owner) => owner.controller);
  if (controllers.length < 2) return [];
  const names = controllers.map((owner) => owner.name).join(' and ');
  const text = `Only one reference can have Controller set to true. Found "true" in references for ${names}`;
  return [invalidValue('metadata.ownerReferences', null, text)];
}

function checkFinalizers(finalizers: readonly string[]): StatusCause[] {
  const plain = ['orphan', 'foregroundDeletion'];
  const unqualified = finalizers.filter((finalizer) => !finalizer.includes('/') && !plain.includes(finalizer));
  const text = 'name is neither a standard finalizer name nor is it fully qualified';
  return unqualified.map((finalizer) => invalidValue('metadata.finalizers', finalizer, text));
}

/** Finalizers may only go once deletion has begun. */
export function checkMetadataUpdate(next: ApiObject, live: ApiObject): readonly StatusCause[] {
  if (live.metadata.deletionTimestamp === undefined) return [];
  const before = live.metadata.finalizers ?? [];
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer));
  if (added.length === 0) return [];
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  return [
    forbiddenField(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
    ),
  ];
}

/** What the server alone sets. */
interface SystemFields {
  readonly uid?: string;
  readonly creationTimestamp?: string;
  readonly generation?: number;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
}

/** A copy with the server's fields set, and those absent that are `undefined`. */
export function withSystemFields(object: ApiObject, fields: SystemFields): ApiObject {
  const metadata: Record<string, unknown> = { ...object.metadata };
  for (const name of systemFields) {
    if (fields[name] === undefined) delete metadata[name];
    else metadata[name] = fields[name];
  }
  delete metadata['selfLink'];
  return { ...object, metadata };
}

const systemFields = [
  'uid',
  'creationTimestamp',
  'generation',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

/** Says so when a caller tries to change what identifies the object. */
export function checkIdentity(next: ApiObject, live: ApiObject): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  for (const field of ['name', 'namespace'] as const) {
    const value = next.metadata[field];
    if (value !== undefined && value !== '' && value !== live.metadata[field]) {
      causes.push(immutable(`metadata.${field}`, value));
    }
  }
  return causes;
}

/** Whether anything but bookkeeping differs. */
export function isSameObject(next: ApiObject, live: ApiObject): boolean {
  return deepEqual(withoutBookkeeping(next), withoutBookkeeping(live)) && sameManagers(next.metadata, live.metadata);
}

function withoutBookkeeping(object: ApiObject): ApiObject {
  return { ...object, metadata: without(object.metadata, 'managedFields', 'resourceVersion') };
}

function sameManagers(a: ObjectMeta, b: ObjectMeta): boolean {
  const strip = (metadata: ObjectMeta) => (metadata.managedFields ?? []).map((entry) => ({ ...entry, time: '' }));
  return deepEqual(strip(a), strip(b));
}

/** Whether the desired state differs: everything but metadata and status. */
export function isSameSpec(next: ApiObject, live: ApiObject): boolean {
  const names = new Set([...Object.keys(next), ...Object.keys(live)]);
  for (const name of ['metadata', 'status', 'kind', 'apiVersion']) names.delete(name);
  return [...names].every((name) => deepEqual(next[name], live[name]));
}

/** Kinds with a desired state count its changes. */
export function hasGeneration(object: ApiObject): boolean {
  return isRecord(object['spec']);
}

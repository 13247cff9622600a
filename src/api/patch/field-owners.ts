// Who set which fields: `metadata.managedFields` in memory, and the rules that hold for every kind of write.
import type { ApiObject, ManagedFieldsEntry } from '../object.ts';
import type { SchemaNode } from '../schema.ts';
import { StatusError } from '../status-error.ts';
import {
  differenceOf,
  emptyFieldSet,
  fieldElement,
  fieldSetOfPaths,
  formatFieldsV1,
  isEmptyFieldSet,
  parseFieldsV1,
  unionOf,
  type FieldSet,
} from './field-set.ts';
import { omit } from './json-object.ts';
import type { Comparison } from './typed-field-set.ts';

/** One manager's fields. A manager has one entry per operation, subresource and, for updates, version. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** RFC 3339. */
  readonly time?: string;
  readonly fields: FieldSet;
}

/** By `ownerId`. */
export type Owners = ReadonlyMap<string, Owner>;

/** More entries from updates than this are folded together, oldest first (Kubernetes keeps as many). */
const maxUpdateOwners = 10;
const oldUpdates = 'ancient-changes';

/** What nobody can own: the identity of the object and what the server fills in. */
const ownerless = fieldSetOfPaths([
  ...['apiVersion', 'kind', 'metadata'].map((name) => [fieldElement(name)]),
  ...[
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'selfLink',
    'managedFields',
  ].map((name) => [fieldElement('metadata'), fieldElement(name)]),
]);

export function ownerId(owner: Pick<Owner, 'manager' | 'operation' | 'apiVersion' | 'subresource'>): string {
  const version = owner.operation === 'Update' ? owner.apiVersion : '';
  return JSON.stringify([owner.operation, owner.manager, version, owner.subresource]);
}

/** Throws BadRequest when an entry cannot be read. */
export function readOwners(entries: readonly ManagedFieldsEntry[] | undefined): Owners {
  const owners = (entries ?? []).map(readOwner);
  return new Map(owners.map((owner) => [ownerId(owner), owner]));
}

/** An entry as a client sent it may lack anything. */
type SentEntry = { readonly [K in keyof ManagedFieldsEntry]?: ManagedFieldsEntry[K] | string };

function readOwner(entry: SentEntry): Owner {
  const { manager, operation, apiVersion, subresource, time, fieldsType, fieldsV1 } = entry;
  if ((operation !== 'Apply' && operation !== 'Update') || apiVersion === undefined || apiVersion === '')
    throw unreadable('operation must be Apply or Update and apiVersion must be given');
  if (fieldsType !== 'FieldsV1') throw unreadable('fieldsType must be FieldsV1');
  return {
    manager: manager ?? '',
    operation,
    apiVersion,
    subresource: subresource ?? '',
    ...(time === undefined ? {} : { time }),
    fields: parseFieldsV1(fieldsV1 ?? {}),
  };
}

function unreadable(problem: string): StatusError {
  return new StatusError('BadRequest', `metadata.managedFields holds an entry that cannot be read: ${problem}`);
}

/** A copy of the object with these owners, in Kubernetes' order: appliers first, then by time and name. */
export function withOwners(object: ApiObject, owners: Owners): ApiObject {
  const metadata = omit(object.metadata, 'managedFields');
  const entries = [...owners.values()].sort(compareOwners).map(writeOwner);
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}

function writeOwner(owner: Owner): ManagedFieldsEntry {
  return {
    manager: owner.manager,
    operation: owner.operation,
    apiVersion: owner.apiVersion,
    ...(owner.time === undefined ? {} : { time: owner.time }),
    fieldsType: 'FieldsV1',
    fieldsV1: formatFieldsV1(owner.fields),
    ...(owner.subresource === '' ? {} : { subresource: owner.subresource }),
  };
}

function compareOwners(a: Owner, b: Owner): number {
  if (a.operation !== b.operation) return a.operation < b.operation ? -1 : 1;
  if (secondsOf(a) !== secondsOf(b)) return secondsOf(a) - secondsOf(b);
  return ownerId(a) < ownerId(b) ? -1 : 1;
}

function secondsOf({ time }: Owner): number {
  const parsed = time === undefined ? 0 : Date.parse(time);
  return Number.isNaN(parsed) ? 0 : Math.floor(parsed / 1000);
}

/** The fields of a write that count as somebody's. */
export function ownable(fields: FieldSet): FieldSet {
  return differenceOf(fields, ownerless);
}

/** The owners but `except`, each without what a change took away: fields now set by somebody else, and fields now gone. */
export function ownersAfter(owners: Owners, change: Comparison, except?: string): Owners {
  const taken = unionOf(unionOf(change.added, change.modified), change.removed);
  const left = [...owners].map(([id, owner]): [string, Owner] =>
    id === except ? [id, owner] : [id, { ...owner, fields: differenceOf(owner.fields, taken) }],
  );
  return new Map(left.filter(([, owner]) => !isEmptyFieldSet(owner.fields)));
}

/** A comparison without the top-level fields that a write cannot change (`status` in a write of the object itself). */
export function withoutFields(change: Comparison, names: readonly string[]): Comparison {
  const strip = (set: FieldSet): FieldSet => ({
    owned: false,
    children: new Map([...set.children].filter(([element]) => !names.includes(element.slice(2)))),
  });
  return names.length === 0
    ? change
    : { added: strip(change.added), modified: strip(change.modified), removed: strip(change.removed) };
}

/**
 * The top-level fields that a write through this subresource (empty: the object itself) leaves as they are: the status
 * belongs to the status subresource, and nothing else of the object's own fields does.
 */
export function fieldsOutOfReach(node: SchemaNode, subresource: string): readonly string[] {
  const fields = Object.keys(node.properties ?? {});
  if (!fields.includes('status')) return [];
  if (subresource === '') return ['status'];
  const always = ['apiVersion', 'kind', 'metadata', 'status'];
  return subresource === 'status' ? fields.filter((field) => !always.includes(field)) : [];
}

/** Folds the oldest entries from updates together when there are too many of them, one for each version. */
export function capUpdates(owners: Owners): Owners {
  const updates = [...owners.values()].filter(({ operation }) => operation === 'Update').sort(compareOwners);
  const tooMany = updates.length - maxUpdateOwners;
  if (tooMany <= 0) return owners;
  const capped = new Map(owners);
  for (const owner of updates.slice(0, tooMany + 1)) {
    const bucket = { ...owner, manager: oldUpdates, subresource: '' };
    const fields = unionOf(capped.get(ownerId(bucket))?.fields ?? emptyFieldSet, owner.fields);
    capped.delete(ownerId(owner));
    capped.set(ownerId(bucket), { ...bucket, fields });
  }
  return capped;
}

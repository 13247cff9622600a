// managedFields of everything that is not a server-side apply: create, update, and the other patches.
import { deepEqual } from '../../lib/deep.ts';
import type { ApiObject, ManagedFieldsEntry } from '../object.ts';
import type { SchemaDefinitions } from '../schema.ts';
import { emptyFieldSet, isEmptyFieldSet, unionOf } from './field-set.ts';
import {
  capUpdates,
  fieldsOutOfReach,
  ownable,
  ownerId,
  ownersAfter,
  readOwners,
  withoutFields,
  withOwners,
  type Owners,
} from './field-owners.ts';
import { definitionNode } from './schema-walk.ts';
import { compareTyped } from './typed-field-set.ts';

export interface TrackedUpdate {
  readonly definitions: SchemaDefinitions;
  /** Name of the object's definition: `io.k8s.api.apps.v1.Deployment`. */
  readonly definition: string;
  /** Undefined for a create. */
  readonly before: ApiObject | undefined;
  /** The object about to be stored, defaults filled in. Its managedFields are what the client sent. */
  readonly after: ApiObject;
  readonly manager: string;
  readonly subresource?: string | undefined;
  /** RFC 3339. */
  readonly time: string;
}

/**
 * Returns `after` with the managedFields that it is to be stored with: the manager owns what it added or changed, and
 * nobody owns what was changed by it or removed. Clients may rewrite managedFields, and clear them with an empty list;
 * leaving them out keeps them. An object whose managedFields were cleared stays untracked until the next apply.
 */
export function trackUpdate(update: TrackedUpdate): ApiObject {
  const { before, after } = update;
  const owners = ownersBefore(update);
  if (owners.size === 0 && before !== undefined) return withOwners(after, owners);
  const tracked = ownersOfUpdate(update, owners);
  const result = withOwners(after, capUpdates(tracked));
  const unchanged = before?.metadata.managedFields;
  return unchanged !== undefined && deepEqual(result.metadata.managedFields, unchanged)
    ? { ...result, metadata: { ...result.metadata, managedFields: unchanged } }
    : result;
}

/** The owners after `before` became `after` by an update of this manager. */
function ownersOfUpdate(update: TrackedUpdate, owners: Owners): Owners {
  const { definitions, definition, before, after, time } = update;
  const subresource = update.subresource ?? '';
  const node = definitionNode(definitions, definition);
  const change = withoutFields(
    compareTyped(definitions, node, before ?? {}, after),
    fieldsOutOfReach(node, subresource),
  );
  const others = ownersAfter(owners, change);
  const fields = ownable(unionOf(change.added, change.modified));
  if (isEmptyFieldSet(fields)) return others;
  const manager = update.manager === '' ? 'unknown' : update.manager;
  const owner = { manager, operation: 'Update', apiVersion: after.apiVersion, subresource, time } as const;
  const earlier = others.get(ownerId(owner))?.fields ?? emptyFieldSet;
  return new Map(others).set(ownerId(owner), { ...owner, fields: unionOf(earlier, fields) });
}

function ownersBefore({ before, after, subresource }: TrackedUpdate): Owners {
  const live = before?.metadata.managedFields;
  const sent = after.metadata.managedFields;
  if (subresource !== undefined && subresource !== '') return readOwnersOrNone(live);
  if (isReset(sent)) return new Map();
  const owners = readOwnersOrNone(sent);
  return owners.size > 0 ? owners : readOwnersOrNone(live);
}

/** An empty list, or one empty entry. */
function isReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  if (entries === undefined) return false;
  return entries.length === 0 || (entries.length === 1 && Object.keys(entries[0] ?? {}).length === 0);
}

/** Entries that cannot be read count as none: a write must not fail because of the book-keeping. */
function readOwnersOrNone(entries: readonly ManagedFieldsEntry[] | undefined): Owners {
  try {
    return readOwners(entries);
  } catch {
    return new Map();
  }
}

// Change of one object inside a transaction: what may change, rules, admission, generation, storage.
import type { ApiObject } from '../api/object.ts';
import { conflict } from '../api/status-error.ts';
import type { StoredObject } from '../store/store.ts';
import { hasStatus } from './create-object.ts';
import { recordOwner } from './field-owners.ts';
import { without } from './json-path.ts';
import {
  checkIdentity,
  checkMetadata,
  checkMetadataUpdate,
  hasGeneration,
  isSameObject,
  isSameSpec,
  withSystemFields,
} from './metadata-rules.ts';
import { prepareObject, refuse } from './prepare-object.ts';
import type { GivenObject } from './prepare-object.ts';
import type { Resource } from './registry.ts';
import { wireObject } from './server-parts.ts';
import type { Call } from './server-parts.ts';
import type { WriteContext } from './strategy.ts';
import { putObject, removeObject } from './transaction.ts';
import type { WriteOptions } from './write-options.ts';

/** Which part of an object a write is about. */
export type Part = 'object' | 'status';

export interface Outcome {
  readonly stored: StoredObject;
  /** The write took away the last thing that held a deleted object. */
  readonly removed: boolean;
}

/**
 * Replaces `live` by `given`, as far as `part` goes. A write that changes nothing keeps the resourceVersion.
 * Throws Conflict for a stale resourceVersion or a wrong uid, Invalid, and what admission refuses.
 */
export function updateObject(
  call: Call,
  context: WriteContext,
  options: WriteOptions,
  live: StoredObject,
  given: GivenObject,
  part: Part,
): Outcome {
  const { resource } = call.info;
  const before = wireObject(resource, live);
  checkPreconditions(resource, given.object, before);
  const complete = prepareObject(resource, context, options, given);
  const next = part === 'status' ? nextStatus(complete, before) : nextObject(resource, complete, before);
  const prepared =
    (part === 'object' ? resource.strategy.prepareForUpdate?.(next, before, context) : undefined) ?? next;
  refuse(resource, before, changeProblems(resource, given.object, prepared, before, part));
  const admitted = admit(resource, context, prepared, before, part);
  const counted = countGeneration(admitted, before);
  const owned = given.tracked ? counted : recordOwner(call, context, options, before, counted);
  if (isSameObject(owned, before)) return { stored: live, removed: false };
  if (part === 'object') resource.strategy.warnings?.(owned).forEach((text) => context.warn(text));
  return commitUpdate(resource, context, live, owned);
}

function admit(resource: Resource, context: WriteContext, next: ApiObject, live: ApiObject, part: Part): ApiObject {
  const { strategy } = resource;
  const admitted = part === 'status' ? strategy.admitStatus?.(next, context) : strategy.admit?.(next, live, context);
  return admitted ?? next;
}

function commitUpdate(resource: Resource, context: WriteContext, live: StoredObject, next: ApiObject): Outcome {
  const stored = resource.strategy.shape?.toStored(next) ?? next;
  if (isHeld(resource, next)) return { stored: putObject(context, live.key, stored, live.object()), removed: false };
  putObject(context, live.key, stored, live.object());
  return { stored: removeObject(context, live.key, stored), removed: true };
}

/** False once an object is deleted and nothing keeps it any longer. */
function isHeld(resource: Resource, object: ApiObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  if (deletionTimestamp === undefined) return true;
  if ((finalizers?.length ?? 0) > 0 || (deletionGracePeriodSeconds ?? 0) > 0) return true;
  return resource.strategy.holdsDeletion?.(object) ?? false;
}

function checkPreconditions(resource: Resource, given: ApiObject, live: ApiObject): void {
  const { uid, resourceVersion } = given.metadata;
  const name = live.metadata.name ?? '';
  if (uid !== undefined && uid !== '' && uid !== live.metadata.uid) {
    const text = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid ?? ''}`;
    throw conflict(resource.definition, name, text);
  }
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === '0') return;
  if (resourceVersion !== live.metadata.resourceVersion) throw modified(resource, name);
}

/** The lost race that client libraries retry on. */
export function modified(resource: Resource, name: string): Error {
  return conflict(
    resource.definition,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

function nextObject(resource: Resource, given: ApiObject, live: ApiObject): ApiObject {
  const { metadata } = live;
  const kept: ApiObject = withSystemFields(
    { ...given, metadata: { ...given.metadata, ...identityOf(live), ...managersOf(given, live) } },
    metadata,
  );
  if (!hasStatus(resource.definition.subresources)) return kept;
  return live['status'] === undefined ? (without(kept, 'status') as ApiObject) : { ...kept, status: live['status'] };
}

/** A status write may also change annotations, as in Kubernetes; everything else stays. */
function nextStatus(given: ApiObject, live: ApiObject): ApiObject {
  const { annotations } = given.metadata;
  const metadata = { ...live.metadata, ...managersOf(given, live) };
  const next = { ...live, metadata: annotations === undefined ? metadata : { ...metadata, annotations } };
  return given['status'] === undefined ? next : { ...next, status: given['status'] };
}

function identityOf(live: ApiObject): object {
  const { name, namespace, resourceVersion } = live.metadata;
  return { name, ...(namespace === undefined ? {} : { namespace }), resourceVersion };
}

/** An absent list leaves the owners of fields as they are; an empty one clears them. */
function managersOf(given: ApiObject, live: ApiObject): object {
  const managedFields = given.metadata.managedFields ?? live.metadata.managedFields;
  return managedFields === undefined ? {} : { managedFields };
}

function changeProblems(resource: Resource, given: ApiObject, next: ApiObject, live: ApiObject, part: Part) {
  const identity = checkIdentity(given, live);
  if (part === 'status') return identity;
  return [
    ...identity,
    ...checkMetadata(next),
    ...checkMetadataUpdate(next, live),
    ...(resource.strategy.validate?.(next) ?? []),
    ...(resource.strategy.validateUpdate?.(next, live) ?? []),
  ];
}

function countGeneration(next: ApiObject, live: ApiObject): ApiObject {
  if (!hasGeneration(next) || isSameSpec(next, live)) return next;
  return { ...next, metadata: { ...next.metadata, generation: (live.metadata.generation ?? 0) + 1 } };
}

// Deletion of one object inside a transaction: at once, or marked while finalizers or a grace period hold it.
import type { ApiObject } from '../api/object.ts';
import { conflict } from '../api/status-error.ts';
import type { StoredObject } from '../store/store.ts';
import type { DeleteOptions, Propagation } from './delete-options.ts';
import { without } from './json-path.ts';
import { isSameObject } from './metadata-rules.ts';
import type { Resource } from './registry.ts';
import type { WriteContext } from './strategy.ts';
import { putObject, removeObject } from './transaction.ts';
import { formatTime } from './write-context.ts';

export interface Deletion {
  readonly stored: StoredObject;
  /** False while something still holds the object. */
  readonly gone: boolean;
}

/** Throws Conflict for a failed precondition, and what the kind refuses. */
export function deleteObject(
  resource: Resource,
  context: WriteContext,
  options: DeleteOptions,
  live: StoredObject,
): Deletion {
  const object = live.object();
  checkPreconditions(resource, options, live);
  resource.strategy.admitDelete?.(object);
  const marked = mark(resource, context, options, object);
  if (!isHeld(resource, marked)) return { stored: removeObject(context, live.key, object), gone: true };
  if (isSameObject(marked, object)) return { stored: live, gone: false };
  return { stored: putObject(context, live.key, marked, object), gone: false };
}

function checkPreconditions(resource: Resource, options: DeleteOptions, live: StoredObject): void {
  const { name } = live.key;
  if (options.uid !== undefined && options.uid !== live.uid) {
    const text = `Precondition failed: UID in precondition: ${options.uid}, UID in object meta: ${live.uid}`;
    throw conflict(resource.definition, name, text);
  }
  const found = String(live.revision);
  if (options.resourceVersion !== undefined && options.resourceVersion !== found) {
    const text =
      `Precondition failed: ResourceVersion in precondition: ${options.resourceVersion}, ` +
      `ResourceVersion in object meta: ${found}`;
    throw conflict(resource.definition, name, text);
  }
}

function isHeld(resource: Resource, object: ApiObject): boolean {
  const { finalizers, deletionGracePeriodSeconds } = object.metadata;
  if ((finalizers?.length ?? 0) > 0 || (deletionGracePeriodSeconds ?? 0) > 0) return true;
  return resource.strategy.holdsDeletion?.(object) ?? false;
}

/** The object with its deletion written down. A second delete may shorten the grace period, never prolong it. */
function mark(resource: Resource, context: WriteContext, options: DeleteOptions, object: ApiObject): ApiObject {
  const { metadata } = object;
  const seconds = resource.strategy.graceSeconds?.(object, options.gracePeriodSeconds) ?? 0;
  const first = metadata.deletionTimestamp === undefined;
  const before = metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY;
  const finalizers = finalizersFor(options.propagation, metadata.finalizers ?? []);
  const times = {
    deletionTimestamp: formatTime(context.deps.clock.now() + seconds * 1000),
    deletionGracePeriodSeconds: seconds,
  };
  const kept = { ...without(metadata, 'finalizers'), ...(finalizers.length > 0 ? { finalizers } : {}) };
  if (!first) return { ...object, metadata: { ...kept, ...(seconds < before ? times : {}) } };
  return beginDeletion(resource, { ...object, metadata: { ...kept, ...times } });
}

/** The first deletion counts as a change of what is wanted. */
function beginDeletion(resource: Resource, object: ApiObject): ApiObject {
  const { generation } = object.metadata;
  const metadata = generation === undefined ? object.metadata : { ...object.metadata, generation: generation + 1 };
  const begun = { ...object, metadata };
  return resource.strategy.beginDeletion?.(begun) ?? begun;
}

/** The garbage collector acts on these two; the last wish counts. */
function finalizersFor(propagation: Propagation | undefined, finalizers: readonly string[]): readonly string[] {
  if (propagation === undefined) return finalizers;
  const others = finalizers.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion');
  if (propagation === 'Orphan') return [...others, 'orphan'];
  return propagation === 'Foreground' ? [...others, 'foregroundDeletion'] : others;
}

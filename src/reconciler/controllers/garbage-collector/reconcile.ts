// Garbage collection: what has lost its owners goes, and owners that wait for their dependents get their turn.
import type { ApiObject, OwnerReference } from '../../../api/object.ts';
import { StatusError } from '../../../api/status-error.ts';
import type { KindDefinition } from '../../../api/kinds.ts';
import type { Informer } from '../../../client/informer.ts';
import { refOf } from '../../../client/paths.ts';
import { kindOfObject, kindOfOwner, storedKinds } from '../../all-kinds.ts';
import type { ControllerContext, ControllerFactory } from '../../context.ts';
import { deleteObject, ignoreMissing } from '../../delete-object.ts';
import { keyOf } from '../../keys.ts';
import type { Reconcile } from '../../reconciler.ts';
import type { Source } from '../../source.ts';
import { foreground, planDependent, planOwner, type OwnerState } from './plan.ts';

const byOwner = 'ownerUid';

/** Events come and go by themselves, and there are many. */
const collected = storedKinds.filter((kind) => kind.kind !== 'Event');

export const createGarbageCollector: ControllerFactory = (context) => {
  const caches = new Map<KindDefinition, Informer>(collected.map((kind) => [kind, context.informers.of(kind)]));
  for (const cache of caches.values()) {
    cache.addIndex(byOwner, (object) => (object.metadata.ownerReferences ?? []).map((reference) => reference.uid));
  }
  const dependentsOf = (uid: string) => [...caches.values()].flatMap((cache) => cache.byIndex(byOwner, uid));
  const find = (key: string) => {
    const [resource, object] = split(key);
    const kind = collected.find((one) => resourceName(one) === resource);
    const [namespace, name] = split(object);
    return kind && caches.get(kind)?.get(namespace, name);
  };

  const reconcile: Reconcile = async (key) => {
    const object = find(key);
    if (!object) return undefined;
    const dependents = dependentsOf(object.metadata.uid ?? '');
    await serveOwner(context, object, dependents);
    const references = object.metadata.ownerReferences ?? [];
    if (references.length === 0 || object.metadata.deletionTimestamp !== undefined) return undefined;
    const stateOf = (reference: OwnerReference) => ownerState(context, caches, object, reference);
    const states = await Promise.all(references.map(stateOf));
    await serveDependent(context, object, states, dependents.length > 0);
    return undefined;
  };
  const sources = [...caches].map(([kind, cache]) => concerned(kind, cache, caches, dependentsOf));
  return { name: 'garbage-collector', sources, reconcile };
};

/** `pods/shop/web` → `pods`, `shop/web`. */
function split(key: string): [string, string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}

function resourceName(kind: KindDefinition): string {
  return `${kind.plural}.${kind.group}`;
}

function gcKey(kind: KindDefinition, object: ApiObject): string {
  return `${resourceName(kind)}/${keyOf(object)}`;
}

/** Changes that may call for collection: most objects have no owner and are nobody's, and cost nothing. */
function concerned(
  kind: KindDefinition,
  cache: Informer,
  caches: ReadonlyMap<KindDefinition, Informer>,
  dependentsOf: (uid: string) => readonly ApiObject[],
): Source {
  return (enqueue) => {
    const enqueueObject = (object: ApiObject) => {
      const own = kindOfObject(object);
      if (own) enqueue(gcKey(own, object));
    };
    const look = (object: ApiObject) => {
      const { ownerReferences = [], deletionTimestamp, uid = '' } = object.metadata;
      if (ownerReferences.length > 0 || deletionTimestamp !== undefined) enqueue(gcKey(kind, object));
      if (deletionTimestamp !== undefined) dependentsOf(uid).forEach(enqueueObject);
    };
    return cache.subscribe({
      added: look,
      updated: look,
      deleted(object) {
        dependentsOf(object.metadata.uid ?? '').forEach(enqueueObject);
        for (const owner of ownersOf(object, caches)) enqueueObject(owner);
      },
    });
  };
}

function ownersOf(object: ApiObject, caches: ReadonlyMap<KindDefinition, Informer>): readonly ApiObject[] {
  return (object.metadata.ownerReferences ?? [])
    .map((reference) => cachedOwner(object, reference, caches))
    .filter((owner) => owner !== undefined);
}

function cachedOwner(
  object: ApiObject,
  reference: OwnerReference,
  caches: ReadonlyMap<KindDefinition, Informer>,
): ApiObject | undefined {
  const kind = kindOfOwner(reference);
  const namespace = kind?.namespaced === true ? (object.metadata.namespace ?? '') : '';
  const owner = kind && caches.get(kind)?.get(namespace, reference.name);
  return owner?.metadata.uid === reference.uid ? owner : undefined;
}

/** An owner that the cache lacks is asked for: only the server can say that something does not exist. */
async function ownerState(
  { client }: ControllerContext,
  caches: ReadonlyMap<KindDefinition, Informer>,
  object: ApiObject,
  reference: OwnerReference,
): Promise<OwnerState> {
  const kind = kindOfOwner(reference);
  // An owner of a kind that we do not know may well exist.
  if (!kind) return 'present';
  const namespace = kind.namespaced ? (object.metadata.namespace ?? '') : '';
  const ref = { group: kind.group, version: kind.version, plural: kind.plural, namespace, name: reference.name };
  const owner = cachedOwner(object, reference, caches) ?? (await ignoreMissing(client.get(ref)));
  if (owner?.metadata.uid !== reference.uid) return 'absent';
  const isWaiting = owner.metadata.deletionTimestamp !== undefined && owner.metadata.finalizers?.includes(foreground);
  return isWaiting === true ? 'waiting' : 'present';
}

async function serveDependent(
  { client }: ControllerContext,
  object: ApiObject,
  states: readonly OwnerState[],
  isOwner: boolean,
): Promise<void> {
  const kind = kindOfObject(object);
  const plan = planDependent(object, states, isOwner);
  if (!kind || plan.action === 'nothing') return;
  if (plan.action === 'delete') {
    // Should it have got a new owner meanwhile, its revision has changed and the deletion is refused.
    const { resourceVersion } = object.metadata;
    const preconditions = resourceVersion === undefined ? {} : { resourceVersion };
    await deleteObject(client, kind, object, { propagationPolicy: plan.propagationPolicy, preconditions });
    return;
  }
  await stripReferences({ client }, object, plan.references);
}

async function stripReferences(
  { client }: Pick<ControllerContext, 'client'>,
  object: ApiObject,
  references: readonly OwnerReference[],
): Promise<void> {
  const kind = kindOfObject(object);
  if (!kind) return;
  const gone = new Set(references.map((reference) => reference.uid));
  const ownerReferences = object.metadata.ownerReferences?.filter((reference) => !gone.has(reference.uid)) ?? [];
  const { uid, resourceVersion } = object.metadata;
  const body = {
    metadata: { uid, resourceVersion, ownerReferences: ownerReferences.length > 0 ? ownerReferences : null },
  };
  await ignoreMissing(client.patch(refOf(kind, object), body, { type: 'merge' }));
}

async function serveOwner(
  context: ControllerContext,
  object: ApiObject,
  dependents: readonly ApiObject[],
): Promise<void> {
  const plan = planOwner(object, dependents);
  const kind = kindOfObject(object);
  if (!kind || plan.action === 'nothing' || plan.action === 'wait') return;
  if (plan.action === 'orphan') {
    const mine = (one: ApiObject) =>
      (one.metadata.ownerReferences ?? []).filter(({ uid }) => uid === object.metadata.uid);
    await Promise.all(plan.dependents.map((one) => stripReferences(context, one, mine(one))));
  }
  const finalizers = object.metadata.finalizers?.filter((finalizer) => finalizer !== plan.finalizer) ?? [];
  const { uid, resourceVersion } = object.metadata;
  const body = { metadata: { uid, resourceVersion, finalizers } };
  await ignoreConflict(ignoreMissing(context.client.patch(refOf(kind, object), body, { type: 'merge' })));
}

/** Whoever changed the object first causes the next look at it. */
async function ignoreConflict<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (StatusError.from(error).reason === 'Conflict') return undefined;
    throw error;
  }
}

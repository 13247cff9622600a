// An API server in memory, as far as the agent gateway needs one: objects by kind, optimistic writes, ordered watches.
import type { ApiObject } from '../../src/api/object.ts';
import { alreadyExists, conflict, notFound } from '../../src/api/status-error.ts';
import type { Client, ObjectRef, ResourceRef } from '../../src/client/client.ts';
import type { ObjectSource, ObjectSubscriber } from '../../src/apiserver/gateway/object-source.ts';

export interface FakeApi {
  readonly client: Client;
  source<T extends ApiObject>(plural: string): ObjectSource<T>;
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows the kind
  object<T extends ApiObject>(plural: string, name: string): T | undefined;
  /** Creates or replaces, as another client would. */
  put(plural: string, object: ApiObject): void;
  remove(plural: string, name: string): void;
  /** Resolves when `holds` is true; asked after every write. */
  until(holds: () => boolean): Promise<void>;
  /** Writes so far: `update pods/web status`. */
  readonly writes: string[];
}

export function createFakeApi(): FakeApi {
  const objects = new Map<string, Map<string, ApiObject>>();
  const subscribers = new Map<string, Set<ObjectSubscriber<ApiObject>>>();
  const watchers = new Set<() => void>();
  const writes: string[] = [];
  let revision = 0;

  const ofKind = (plural: string) => {
    const found = objects.get(plural) ?? new Map<string, ApiObject>();
    objects.set(plural, found);
    return found;
  };
  const keyOf = (namespace: string | undefined, name: string) => `${namespace ?? ''}/${name}`;
  const told = () => queueMicrotask(() => watchers.forEach((watcher) => watcher()));
  const store = (plural: string, object: ApiObject): ApiObject => {
    revision += 1;
    const { name = '', namespace, uid = `uid-${name}` } = object.metadata;
    const stored = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(revision) } };
    const key = keyOf(namespace, name);
    const previous = ofKind(plural).get(key);
    ofKind(plural).set(key, stored);
    for (const subscriber of subscribers.get(plural) ?? []) {
      if (previous) subscriber.updated(stored, previous);
      else subscriber.added(stored);
    }
    told();
    return stored;
  };
  const drop = (plural: string, key: string) => {
    const previous = ofKind(plural).get(key);
    ofKind(plural).delete(key);
    if (previous) for (const subscriber of subscribers.get(plural) ?? []) subscriber.deleted(previous);
    told();
  };
  const find = (ref: ResourceRef, namespace: string | undefined, name: string) => {
    const found = ofKind(ref.plural).get(keyOf(namespace, name));
    if (!found) throw notFound(ref, name);
    return found;
  };
  const unsupported = () => Promise.reject(new Error('not needed by these tests'));

  const client = {
    get: async (ref: ObjectRef) => Promise.resolve(find(ref, ref.namespace, ref.name)),
    create: async (resource: ResourceRef, object: ApiObject) => {
      const { namespace, name = '' } = object.metadata;
      if (ofKind(resource.plural).has(keyOf(namespace, name))) throw alreadyExists(resource, name);
      writes.push(`create ${resource.plural}/${name}`);
      return Promise.resolve(store(resource.plural, object));
    },
    update: async (resource: ResourceRef, object: ApiObject, subresource?: string) => {
      const { namespace, name = '', resourceVersion } = object.metadata;
      const current = find(resource, namespace, name);
      if (resourceVersion !== undefined && resourceVersion !== current.metadata.resourceVersion) {
        throw conflict(resource, name, 'the object has been modified');
      }
      writes.push(`update ${resource.plural}/${name}${subresource === undefined ? '' : ` ${subresource}`}`);
      const next = subresource === 'status' ? { ...current, status: object['status'] } : object;
      return Promise.resolve(store(resource.plural, next));
    },
    delete: async (ref: ObjectRef, options?: { preconditions?: { uid?: string } }) => {
      const current = find(ref, ref.namespace, ref.name);
      const uid = options?.preconditions?.uid;
      if (uid !== undefined && uid !== current.metadata.uid) throw conflict(ref, ref.name, 'the uid does not match');
      writes.push(`delete ${ref.plural}/${ref.name}`);
      drop(ref.plural, keyOf(ref.namespace, ref.name));
      return Promise.resolve();
    },
    list: unsupported,
    patch: unsupported,
    createSubresource: unsupported,
    watch: () => {
      throw new Error('not needed by these tests');
    },
  };

  return {
    client: client as unknown as Client,
    writes,
    source: <T extends ApiObject>(plural: string): ObjectSource<T> => ({
      synced: Promise.resolve(),
      get: (namespace, name) => ofKind(plural).get(keyOf(namespace, name)) as T | undefined,
      subscribe(subscriber) {
        const known = subscribers.get(plural) ?? new Set();
        subscribers.set(plural, known.add(subscriber));
        for (const object of ofKind(plural).values()) subscriber.added(object as T);
        return () => void known.delete(subscriber);
      },
    }),
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows the kind
    object: <T extends ApiObject>(plural: string, name: string) =>
      [...ofKind(plural).values()].find((object) => object.metadata.name === name) as T | undefined,
    put: (plural, object) => void store(plural, object),
    remove(plural, name) {
      const found = [...ofKind(plural).entries()].find(([, object]) => object.metadata.name === name);
      if (found) drop(plural, found[0]);
    },
    until: (holds) =>
      new Promise((resolve) => {
        const look = () => {
          if (!holds()) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
  };
}

// An API server in memory behind the Client interface: revisions, watches, conflicts, generations, finalizers. Good enough
// for controllers; the real server replaces it in cluster tests.
import jsonPatch from 'fast-json-patch';
import { kinds, storageOf, type KindDefinition } from '../../src/api/kinds.ts';
import { parseApiVersion, type ApiObject, type ObjectMeta } from '../../src/api/object.ts';
import { alreadyExists, conflict, notFound, StatusError } from '../../src/api/status-error.ts';
import type {
  Client,
  DeleteOptions,
  ObjectRef,
  PatchOptions,
  ResourceRef,
  WatchEvent,
} from '../../src/client/client.ts';
import { createAsyncQueue, type AsyncQueue } from '../../src/lib/async-queue.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { deepEqual, deepFreeze } from '../../src/lib/deep.ts';
import { formatRfc3339 } from '../../src/lib/rfc3339.ts';

export interface Call {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
  readonly resource: string;
  readonly name: string;
  readonly subresource?: string | undefined;
}

export interface MemoryApi extends Client {
  /** Every write that changed something. */
  readonly writes: Call[];
  /** Called before every request; what it throws is the answer. */
  intercept: (call: Call) => void | Promise<void>;
  /** Reads without a request. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as Client does: the caller knows the kind
  peek<T extends ApiObject>(resource: ResourceRef, namespace: string, name: string): T | undefined;
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
  all<T extends ApiObject>(resource: ResourceRef): readonly T[];
  /** Forgets the history: watches from before fail with Expired. */
  compact(): void;
  /** Ends all watches, as a server that restarts. */
  dropWatches(error?: Error): void;
  /** Sends a bookmark at the current revision to all watches. */
  bookmark(): void;
  readonly revision: number;
}

interface Change {
  readonly revision: number;
  readonly resource: string;
  readonly event: WatchEvent;
}

type Json = Record<string, unknown>;

export function createMemoryApi(clock: Clock): MemoryApi {
  const objects = new Map<string, Map<string, ApiObject>>();
  const applied = new Map<string, Json>();
  const watches = new Set<{ resource: string; queue: AsyncQueue<WatchEvent> }>();
  const writes: Call[] = [];
  let history: Change[] = [];
  let revision = 0;
  let oldest = 0;
  let sequence = 0;

  const table = (resource: ResourceRef) => {
    const id = idOf(resource);
    const known = objects.get(id) ?? new Map<string, ApiObject>();
    objects.set(id, known);
    return known;
  };
  const key = (namespace = '', name = '') => `${namespace}/${name}`;
  const find = (ref: ObjectRef) => {
    const found = table(ref).get(key(ref.namespace, ref.name));
    if (!found) throw notFound(ref, ref.name);
    return found;
  };
  const emit = (resource: ResourceRef, type: WatchEvent['type'], object: ApiObject) => {
    const event = { type, object };
    history.push({ revision, resource: idOf(resource), event });
    for (const watch of watches) if (watch.resource === idOf(resource)) watch.queue.push(event);
  };
  const put = (resource: ResourceRef, object: ApiObject): ApiObject => {
    const at = key(object.metadata.namespace, object.metadata.name);
    const existed = table(resource).has(at);
    revision += 1;
    const stored = deepFreeze(withMeta(object, { resourceVersion: String(revision) }));
    table(resource).set(at, stored);
    emit(resource, existed ? 'MODIFIED' : 'ADDED', stored);
    return stored;
  };
  const remove = (resource: ResourceRef, object: ApiObject) => {
    table(resource).delete(key(object.metadata.namespace, object.metadata.name));
    revision += 1;
    emit(resource, 'DELETED', deepFreeze(withMeta(object, { resourceVersion: String(revision) })));
  };

  const request = async (call: Call) => {
    await Promise.resolve();
    await api.intercept(call);
  };

  const insert = (resource: ResourceRef, given: ApiObject) => {
    const { generateName, ...metadata } = given.metadata;
    const name = metadata.name ?? `${generateName ?? ''}${(sequence++).toString(36).padStart(5, '0')}`;
    if (table(resource).has(key(metadata.namespace, name))) throw alreadyExists(resource, name);
    writes.push({ verb: 'create', resource: resource.plural, name });
    const initial = resource.plural === 'pods' ? { status: { phase: 'Pending' } } : {};
    return put(resource, {
      ...given,
      ...initial,
      metadata: {
        ...metadata,
        ...(generateName === undefined ? {} : { generateName }),
        name,
        uid: `uid-${sequence++}`,
        generation: 1,
        creationTimestamp: formatRfc3339(clock.now()),
      },
    });
  };

  const replace = (
    resource: ResourceRef,
    live: ApiObject,
    given: ApiObject,
    verb: 'update' | 'patch',
    sub?: string,
  ) => {
    const name = live.metadata.name ?? '';
    const { uid, resourceVersion } = given.metadata;
    if (uid !== undefined && uid !== live.metadata.uid) throw conflict(resource, name, 'Precondition failed: UID');
    if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) {
      throw conflict(resource, name, 'the object has been modified');
    }
    const next = merged(live, given, sub);
    if (deepEqual(next, live)) return live;
    writes.push({ verb, resource: resource.plural, name, subresource: sub });
    const isGone =
      next.metadata.deletionTimestamp !== undefined &&
      (next.metadata.finalizers ?? []).length === 0 &&
      finalizersIn(next).length === 0 &&
      resource.plural !== 'pods';
    if (!isGone) return put(resource, next);
    remove(resource, next);
    return next;
  };

  const drop = (ref: ObjectRef, options: DeleteOptions) => {
    const live = find(ref);
    checkPreconditions(ref, live, options.preconditions ?? {});
    writes.push({ verb: 'delete', resource: ref.plural, name: ref.name });
    const finalizers = [...(live.metadata.finalizers ?? []), ...finalizersFor(options.propagationPolicy)];
    if (finalizers.length === 0 && !isGraceful(live, options) && finalizersIn(live).length === 0) {
      remove(ref, live);
      return;
    }
    const next = marked(live, finalizers, formatRfc3339(clock.now()));
    if (!deepEqual(next, live)) put(ref, next);
  };

  const api: MemoryApi = {
    writes,
    intercept: () => undefined,
    get revision() {
      return revision;
    },
    peek: (resource, namespace, name) => table(resource).get(key(namespace, name)) as never,
    all: (resource) => [...table(resource).values()] as never,
    compact() {
      history = [];
      oldest = revision;
    },
    dropWatches(error) {
      for (const { queue } of watches) {
        if (error) queue.fail(error);
        else queue.close();
      }
      watches.clear();
    },
    bookmark() {
      const object = { apiVersion: 'v1', kind: 'Bookmark', metadata: { resourceVersion: String(revision) } };
      for (const { queue } of watches) queue.push({ type: 'BOOKMARK', object });
    },
    async get(ref: ObjectRef) {
      await request({ verb: 'get', resource: ref.plural, name: ref.name });
      return find(ref) as never;
    },
    async list(resource: ResourceRef, options = {}) {
      await request({ verb: 'list', resource: resource.plural, name: '' });
      const items = [...table(resource).values()].filter(
        ({ metadata }) => options.namespace === undefined || metadata.namespace === options.namespace,
      );
      return { resourceVersion: String(revision), items: items as never };
    },
    async *watch<T extends ApiObject>(...[resource, options, signal]: Parameters<Client['watch']>) {
      await request({ verb: 'watch', resource: resource.plural, name: '' });
      const from = Number(options.resourceVersion);
      if (from < oldest) throw new StatusError('Expired', `too old resource version: ${from} (${oldest})`);
      const queue = createAsyncQueue<WatchEvent>();
      const watch = { resource: idOf(resource), queue };
      for (const change of history) {
        if (change.revision > from && change.resource === watch.resource) queue.push(change.event);
      }
      watches.add(watch);
      signal.addEventListener('abort', () => queue.close(), { once: true });
      if (signal.aborted) queue.close();
      try {
        yield* queue as AsyncIterable<WatchEvent<T>>;
      } finally {
        watches.delete(watch);
      }
    },
    async create<T extends ApiObject>(resource: ResourceRef, object: T) {
      const { name, generateName = '' } = object.metadata;
      await request({ verb: 'create', resource: resource.plural, name: name ?? generateName });
      return insert(resource, object) as T;
    },
    async update<T extends ApiObject>(resource: ResourceRef, object: T, subresource?: string) {
      const { name = '', namespace = '' } = object.metadata;
      await request({ verb: 'update', resource: resource.plural, name, subresource });
      return replace(resource, find({ ...resource, namespace, name }), object, 'update', subresource) as T;
    },
    async patch<T extends ApiObject>(ref: ObjectRef, body: unknown, options: PatchOptions) {
      await request({ verb: 'patch', resource: ref.plural, name: ref.name, subresource: options.subresource });
      const live = table(ref).get(key(ref.namespace, ref.name));
      if (options.type === 'apply') return apply(ref, live, body as Json) as T;
      return replace(ref, find(ref), patched(find(ref), body, options.type), 'patch', options.subresource) as T;
    },
    async delete(ref, options = {}) {
      await request({ verb: 'delete', resource: ref.plural, name: ref.name });
      drop(ref, options);
    },
    async createSubresource(ref, subresource, body) {
      await request({ verb: 'create', resource: ref.plural, name: ref.name, subresource });
      const nodeName = (body['target'] as { name: string }).name;
      const live = find(ref);
      return put(ref, { ...live, spec: { ...(live['spec'] as object), nodeName } });
    },
  };

  /** Server-side apply of one manager that owns whatever it says: what it no longer says goes. */
  function apply(ref: ObjectRef, live: ApiObject | undefined, config: Json): ApiObject {
    const id = `${idOf(ref)}/${key(ref.namespace, ref.name)}`;
    const { resourceVersion, ...metadata } = config['metadata'] as Json;
    const owned = { ...config, metadata };
    const before = applied.get(id) ?? {};
    applied.set(id, owned);
    if (!live) return insert(ref, owned as unknown as ApiObject);
    const without = dropOwned(live, before, owned);
    const next = mergePatch(without, owned) as unknown as ApiObject;
    const lock = resourceVersion === undefined ? {} : { resourceVersion: resourceVersion as string };
    return replace(
      ref,
      live,
      withMeta(next, { resourceVersion: live.metadata.resourceVersion ?? '', ...lock }),
      'patch',
    );
  }
  return api;
}

const byStorage = new Map(kinds.map((kind): [string, KindDefinition] => [`${kind.plural}.${kind.group}`, kind]));

function idOf(resource: ResourceRef): string {
  const kind = byStorage.get(`${resource.plural}.${resource.group}`);
  return kind ? storageOf(kind) : resource.plural;
}

function withMeta(object: ApiObject, metadata: Partial<ObjectMeta>): ApiObject {
  return { ...object, metadata: { ...object.metadata, ...metadata } };
}

function checkPreconditions(ref: ObjectRef, live: ApiObject, { uid, resourceVersion }: Preconditions): void {
  if (uid !== undefined && uid !== live.metadata.uid) throw conflict(ref, ref.name, 'Precondition failed: UID');
  if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) {
    throw conflict(ref, ref.name, 'Precondition failed: ResourceVersion');
  }
}

type Preconditions = NonNullable<DeleteOptions['preconditions']>;

function finalizersFor(policy: DeleteOptions['propagationPolicy']): readonly string[] {
  if (policy === 'Foreground') return ['foregroundDeletion'];
  return policy === 'Orphan' ? ['orphan'] : [];
}

/** A pod that is on a node goes when its kubelet says so. */
function isGraceful(object: ApiObject, { gracePeriodSeconds }: DeleteOptions): boolean {
  const isBound = object.kind === 'Pod' && (object['spec'] as Json | undefined)?.['nodeName'] !== undefined;
  return isBound && gracePeriodSeconds !== 0 && !isTerminal(object);
}

function marked(live: ApiObject, finalizers: readonly string[], now: string): ApiObject {
  const isFirst = live.metadata.deletionTimestamp === undefined;
  const next = withMeta(live, {
    ...(finalizers.length > 0 ? { finalizers } : {}),
    ...(isFirst ? { deletionTimestamp: now, generation: (live.metadata.generation ?? 0) + 1 } : {}),
  });
  return live.kind === 'Namespace'
    ? { ...next, status: { ...(live['status'] as object), phase: 'Terminating' } }
    : next;
}

function isTerminal(object: ApiObject): boolean {
  const phase = (object['status'] as Json | undefined)?.['phase'];
  return phase === 'Succeeded' || phase === 'Failed';
}

function finalizersIn(object: ApiObject): readonly string[] {
  const { group } = parseApiVersion(object.apiVersion);
  if (group !== '' || object.kind !== 'Namespace') return [];
  return ((object['spec'] as Json | undefined)?.['finalizers'] as string[] | undefined) ?? [];
}

function merged(live: ApiObject, given: ApiObject, subresource?: string): ApiObject {
  if (subresource === 'status') return { ...live, status: given['status'] };
  if (subresource === 'finalize') return { ...live, spec: given['spec'] };
  const { uid, resourceVersion, creationTimestamp, generation = 0, deletionTimestamp } = live.metadata;
  const kept = { uid, resourceVersion, creationTimestamp, generation, deletionTimestamp } as ObjectMeta;
  const next = JSON.parse(
    JSON.stringify({ ...given, status: live['status'], metadata: { ...given.metadata, ...kept } }),
  ) as ApiObject;
  if (deepEqual(next['spec'], live['spec'])) return next;
  return withMeta(next, { generation: generation + 1 });
}

function patched(live: ApiObject, body: unknown, type: 'json' | 'merge' | 'strategic'): ApiObject {
  const copy = JSON.parse(JSON.stringify(live)) as ApiObject;
  if (type === 'json') {
    return jsonPatch.applyPatch(copy, body as jsonPatch.Operation[]).newDocument;
  }
  if (type === 'merge') return mergePatch(copy, body as Json) as unknown as ApiObject;
  const given = body as { metadata?: { ownerReferences?: Json[]; uid?: string } };
  const references = [...((copy.metadata.ownerReferences ?? []) as unknown as Json[])];
  for (const reference of given.metadata?.ownerReferences ?? []) {
    const at = references.findIndex((one) => one['uid'] === reference['uid']);
    if (at >= 0) references.splice(at, 1);
    if (reference['$patch'] !== 'delete') references.push(reference);
  }
  const metadata = { ...given.metadata, ownerReferences: references };
  return mergePatch(copy, { ...given, metadata }) as unknown as ApiObject;
}

function mergePatch(target: Json, patch: Json): Json {
  const result: Json = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else if (isRecord(value)) result[name] = mergePatch(isRecord(result[name]) ? result[name] : {}, value);
    else if (value !== undefined) result[name] = value;
  }
  return result;
}

function dropOwned(live: Json, before: Json, now: Json): Json {
  const result: Json = { ...live };
  for (const [name, value] of Object.entries(before)) {
    if (!(name in now)) delete result[name];
    else if (isRecord(value) && isRecord(result[name]) && isRecord(now[name])) {
      result[name] = dropOwned(result[name], value, now[name]);
    }
  }
  return result;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// A read-only cache of one kind, kept by list and watch: indexed, ordered callbacks, relist with a diff on 410.
import type { ApiObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import { backoffMs, type BackoffPolicy } from '../lib/backoff.ts';
import { sleep, type Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { ListOptions, Reader, ResourceRef, WatchEvent } from './client.ts';
import type { Cache, Indexer } from './indexed-cache.ts';
import { createObservedCache, type ObservedCache, type Subscriber } from './observed-cache.ts';
import { createWaiters } from './waiters.ts';

export interface Informer<T extends ApiObject = ApiObject> extends Cache<T> {
  readonly resource: ResourceRef;
  /** Resolves when the first list is in the cache. */
  readonly synced: Promise<void>;
  /** The newest revision that the cache reflects; 0 before the first list. */
  readonly revision: number;
  /** A late subscriber first gets `added` for what is cached. Returns the way to stop. */
  subscribe(subscriber: Subscriber<T>): () => void;
  /** Resolves as soon as `holds` is true; it is asked now and after every change. Rejects when `signal` aborts. */
  until(holds: () => boolean, signal: AbortSignal): Promise<void>;
  /** Keeps the cache fresh until `signal` aborts. To be called once. */
  run(signal: AbortSignal): Promise<void>;
}

export interface InformerOptions<T extends ApiObject> {
  readonly clock: Clock;
  readonly log: Log;
  readonly indexers?: Readonly<Record<string, Indexer<T>>>;
  readonly select?: ListOptions;
  /** Keeps less than the whole object. Must keep kind and metadata. */
  readonly project?: (object: T) => T;
}

const retry: BackoffPolicy = { initialMs: 200, factor: 2, maxMs: 30_000 };

export function createInformer<T extends ApiObject = ApiObject>(
  reader: Reader,
  resource: ResourceRef,
  options: InformerOptions<T>,
): Informer<T> {
  const { clock, select = {}, project = (object: T) => object } = options;
  const log = options.log.child({ informer: resource.plural });
  const cache = createObservedCache<T>(options.indexers ?? {}, log);
  const waiters = createWaiters();
  let markSynced: () => void = () => undefined;
  const synced = new Promise<void>((resolve) => (markSynced = resolve));
  let revision = 0;

  const advance = (to: number) => {
    revision = Math.max(revision, to);
    waiters.changed();
  };
  const feed: Feed<T> = {
    async relist(signal) {
      const list = await reader.list<T>(resource, select, signal);
      replaceAll(cache, list.items, project);
      advance(Number(list.resourceVersion));
      markSynced();
      return list.resourceVersion;
    },
    follow(event) {
      if (event.type === 'DELETED') cache.remove(project(event.object));
      else if (event.type !== 'BOOKMARK') cache.put(project(event.object));
      advance(Number(event.object.metadata.resourceVersion));
    },
  };

  return {
    ...cache,
    resource,
    synced,
    get size() {
      return cache.size;
    },
    get revision() {
      return revision;
    },
    until: (holds, signal) => waiters.until(holds, signal),
    run: (signal) => keepFresh({ reader, resource, select, clock, log }, feed, signal),
  };
}

/** Turns the difference between the cache and a fresh list into additions, updates and deletions. */
function replaceAll<T extends ApiObject>(
  cache: ObservedCache<T>,
  items: readonly T[],
  project: (object: T) => T,
): void {
  const present = new Set<T | undefined>();
  for (const item of items) {
    const known = cache.get(item.metadata.namespace ?? '', item.metadata.name ?? '');
    const same = known !== undefined && known.metadata.resourceVersion === item.metadata.resourceVersion;
    const object = same ? known : project(item);
    present.add(object);
    if (!same) cache.put(object);
  }
  for (const object of cache.list()) if (!present.has(object)) cache.remove(object);
}

interface Feed<T extends ApiObject> {
  relist(signal: AbortSignal): Promise<string>;
  follow(event: WatchEvent<T>): void;
}

interface Origin {
  readonly reader: Reader;
  readonly resource: ResourceRef;
  readonly select: ListOptions;
  readonly clock: Clock;
  readonly log: Log;
}

/** The one place that decides what a failed list or watch leads to: again from where we were, from anew, or later. */
async function keepFresh<T extends ApiObject>(origin: Origin, feed: Feed<T>, signal: AbortSignal): Promise<void> {
  const { reader, resource, select, clock, log } = origin;
  let resumeFrom: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    try {
      resumeFrom ??= await feed.relist(signal);
      if (isAborted(signal)) return;
      const startedMs = clock.monotonicMs();
      for await (const event of reader.watch<T>(resource, { ...select, resourceVersion: resumeFrom }, signal)) {
        feed.follow(event);
        resumeFrom = event.object.metadata.resourceVersion ?? resumeFrom;
        failures = 0;
      }
      // A server that ends watches at once must not be asked in a busy loop.
      if (clock.monotonicMs() - startedMs < retry.initialMs) failures += 1;
    } catch (error) {
      if (isAborted(signal)) return;
      const reason = StatusError.from(error).reason;
      if (reason === 'Expired' || reason === 'Gone') resumeFrom = undefined;
      failures += 1;
      log.warn({ err: error, failures }, 'list or watch failed; trying again');
    }
    if (failures > 0) await sleep(clock, backoffMs(retry, failures), signal).catch(() => undefined);
  }
}

/** A call, so that the compiler does not take the answer from before an await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

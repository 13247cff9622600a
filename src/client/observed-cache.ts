// An indexed cache that tells subscribers of every change, in order.
import type { ApiObject } from '../api/object.ts';
import type { Log } from '../lib/log.ts';
import { createIndexedCache, type IndexedCache, type Indexer } from './indexed-cache.ts';

/** Called in the order of the writes. An object that was replaced by another of its name is deleted, then added. */
export interface Subscriber<T> {
  added?(object: T): void;
  updated?(object: T, previous: T): void;
  /** The last known state. */
  deleted?(object: T): void;
}

export interface ObservedCache<T> extends IndexedCache<T> {
  /** A late subscriber first gets `added` for what is cached. Returns the way to stop. */
  subscribe(subscriber: Subscriber<T>): () => void;
}

/** A subscriber that throws is logged and keeps its subscription: it must not stop the others. */
export function createObservedCache<T extends ApiObject>(
  indexers: Readonly<Record<string, Indexer<T>>>,
  log: Log,
): ObservedCache<T> {
  const cache = createIndexedCache<T>(indexers);
  const subscribers = new Set<Subscriber<T>>();
  const tell = (call: (subscriber: Subscriber<T>) => void) => {
    for (const subscriber of subscribers) {
      try {
        call(subscriber);
      } catch (error) {
        log.error({ err: error }, 'a subscriber failed');
      }
    }
  };

  return {
    ...cache,
    get size() {
      return cache.size;
    },
    put(object) {
      const previous = cache.put(object);
      if (previous !== undefined && previous.metadata.uid === object.metadata.uid) {
        tell((subscriber) => subscriber.updated?.(object, previous));
      } else {
        if (previous !== undefined) tell((subscriber) => subscriber.deleted?.(previous));
        tell((subscriber) => subscriber.added?.(object));
      }
      return previous;
    },
    remove(object) {
      const previous = cache.remove(object);
      if (previous !== undefined) tell((subscriber) => subscriber.deleted?.(object));
      return previous;
    },
    subscribe(subscriber) {
      for (const object of cache.list()) subscriber.added?.(object);
      subscribers.add(subscriber);
      return () => void subscribers.delete(subscriber);
    },
  };
}

// Objects of one kind by name, by namespace and by any named index.
import type { ApiObject } from '../api/object.ts';

/** The index keys of an object. */
export type Indexer<T> = (object: T) => readonly string[];

/** What readers of a cache may do. Lists are in no particular order and are the caller's to keep. */
export interface Cache<T> {
  readonly size: number;
  get(namespace: string, name: string): T | undefined;
  /** Of one namespace, or all. */
  list(namespace?: string): readonly T[];
  /** Throws when no index has that name. */
  byIndex(name: string, key: string): readonly T[];
  /** Objects under one key of an index, without listing them. */
  countByIndex(name: string, key: string): number;
  /** Adds an index over what is cached and what will be; an index of the same name is kept. */
  addIndex(name: string, indexer: Indexer<T>): void;
}

export interface IndexedCache<T> extends Cache<T> {
  /** Returns what was there before. */
  put(object: T): T | undefined;
  /** Returns what was there, if anything. */
  remove(object: T): T | undefined;
}

interface Index<T> {
  readonly keysOf: Indexer<T>;
  readonly entries: Map<string, Set<T>>;
}

const byNamespace = 'namespace';

export function createIndexedCache<T extends ApiObject>(
  indexers: Readonly<Record<string, Indexer<T>>>,
): IndexedCache<T> {
  const objects = new Map<string, T>();
  const indexes = new Map<string, Index<T>>();

  const addIndex = (name: string, keysOf: Indexer<T>) => {
    if (indexes.has(name)) return;
    const index: Index<T> = { keysOf, entries: new Map() };
    indexes.set(name, index);
    for (const object of objects.values()) insert(index, object);
  };
  addIndex(byNamespace, (object) => [object.metadata.namespace ?? '']);
  for (const [name, keysOf] of Object.entries(indexers)) addIndex(name, keysOf);

  const under = (name: string, key: string): ReadonlySet<T> => {
    const index = indexes.get(name);
    if (!index) throw new Error(`no index "${name}": known are ${[...indexes.keys()].join(', ')}`);
    return index.entries.get(key) ?? new Set();
  };
  const take = (key: string) => {
    const previous = objects.get(key);
    if (previous) for (const index of indexes.values()) withdraw(index, previous);
    objects.delete(key);
    return previous;
  };

  return {
    get size() {
      return objects.size;
    },
    get: (namespace, name) => objects.get(`${namespace}/${name}`),
    list: (namespace) => [...(namespace === undefined ? objects.values() : under(byNamespace, namespace))],
    byIndex: (name, key) => [...under(name, key)],
    countByIndex: (name, key) => under(name, key).size,
    addIndex,
    put(object) {
      const previous = take(keyOf(object));
      objects.set(keyOf(object), object);
      for (const index of indexes.values()) insert(index, object);
      return previous;
    },
    remove: (object) => take(keyOf(object)),
  };
}

function keyOf(object: ApiObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
}

function insert<T>(index: Index<T>, object: T): void {
  for (const key of index.keysOf(object)) {
    const entry = index.entries.get(key);
    if (entry) entry.add(object);
    else index.entries.set(key, new Set([object]));
  }
}

function withdraw<T>(index: Index<T>, object: T): void {
  for (const key of index.keysOf(object)) {
    const entry = index.entries.get(key);
    entry?.delete(object);
    if (entry?.size === 0) index.entries.delete(key);
  }
}

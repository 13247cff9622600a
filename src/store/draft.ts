// Staging: runs the bodies of transactions, numbers their writes and undoes those of a body that throws.
import type { ObjectKey } from '../api/object.ts';
import { notFound } from '../api/status-error.ts';
import type { Indexes } from './indexes.ts';
import { createOverlay, type Overlay } from './overlay.ts';
import type { ObjectRecords } from './stored-object.ts';
import type { Draft, StoreEvent } from './store.ts';

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Error };

export interface Staged<T> {
  readonly outcome: Outcome<T>;
  /** In order of revision; none when the body threw. */
  readonly writes: readonly StoreEvent[];
}

export interface Staging {
  /** When the body throws, its writes are undone and its revisions are given out again. */
  run<T>(body: (draft: Draft) => T): Staged<T>;
  /** The writes are durable now: forgets those that were not overwritten since. */
  settle(writes: readonly StoreEvent[]): void;
}

/** @param revision the last durable revision; writes are numbered from the next one */
export function createStaging(durable: Indexes, records: ObjectRecords, revision: number): Staging {
  const overlay = createOverlay(durable);
  let lastRevision = revision;
  let running = false;

  return {
    run(body) {
      if (running) throw new Error('transact was called inside a transaction; pass the draft on instead');
      const transaction = begin(overlay, records, lastRevision);
      running = true;
      try {
        const value = synchronous(body(transaction.draft));
        lastRevision += transaction.writes.length;
        return { outcome: { ok: true, value }, writes: transaction.writes };
      } catch (error) {
        transaction.undo();
        return { outcome: { ok: false, error: asError(error) }, writes: [] };
      } finally {
        running = false;
        transaction.end();
      }
    },
    settle(writes) {
      for (const event of writes) {
        const { key } = event.current;
        if (overlay.staged(key) === event) overlay.lay(key, undefined);
      }
    },
  };
}

interface Transaction {
  readonly draft: Draft;
  readonly writes: readonly StoreEvent[];
  undo(): void;
  /** The draft is of no use afterwards. */
  end(): void;
}

function begin(overlay: Overlay, records: ObjectRecords, revision: number): Transaction {
  const writes: StoreEvent[] = [];
  const before: (StoreEvent | undefined)[] = [];
  let over = false;

  const open = (): Overlay => {
    if (over) throw new Error('the draft was used after its transaction ended');
    return overlay;
  };
  const write = (event: StoreEvent) => {
    const { key } = event.current;
    before.push(overlay.staged(key));
    overlay.lay(key, event);
    writes.push(event);
    return event.current;
  };
  const next = () => revision + writes.length + 1;

  const draft: Draft = {
    get: (key) => open().get(key),
    list: (query) => open().list(query),
    dependents: (ownerUid) => open().dependents(ownerUid),
    put(key, object) {
      const previous = open().get(key);
      const current = records.written(key, object, next());
      return write({ revision: current.revision, current, previous, deleted: false });
    },
    delete(key) {
      const previous = open().get(key);
      if (!previous) throw missing(key);
      const current = records.deleted(previous, next());
      return write({ revision: current.revision, current, previous, deleted: true });
    },
  };
  const undo = () => {
    for (const event of writes.toReversed()) overlay.lay(event.current.key, before.pop());
  };
  return { draft, writes, undo, end: () => (over = true) };
}

function missing(key: ObjectKey): Error {
  const [plural = '', ...group] = key.resource.split('.');
  return notFound({ group: group.join('.'), plural }, key.name);
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** A body that returns a promise would go on after its transaction ended: law 1. */
function synchronous<T>(value: T): T {
  if (value instanceof Promise) throw new Error('a transaction must be synchronous, but its body returned a promise');
  return value;
}

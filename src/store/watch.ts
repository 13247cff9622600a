// Watchers as cursors over the history: they hold no events of their own, so a slow one costs nothing and, once the ring
// has passed it, is cut off with Expired.
import { StatusError } from '../api/status-error.ts';
import { expired, type History } from './history.ts';
import { createWatchScopes, type Watcher } from './watch-scopes.ts';
import type { StoreEvent, WatchQuery } from './store.ts';

export interface WatchHub {
  watch(query: WatchQuery, signal: AbortSignal): AsyncIterable<readonly StoreEvent[]>;
  /** The events are in the history now: wakes those they concern. Costs the events plus the woken, not the watchers. */
  announce(events: readonly StoreEvent[]): void;
  /** The history began anew: every watch fails with Expired. */
  startOver(): void;
  /** Ends every watch. */
  close(): void;
}

/** Events delivered at once, so that a long replay does not hold the event loop. */
const pageEvents = 1000;

/** @param revision the last durable one, asked when a watch starts */
export function createWatchHub(history: History, revision: () => number): WatchHub {
  const scopes = createWatchScopes();
  let closed = false;

  return {
    watch: (query, signal) => ({
      [Symbol.asyncIterator]() {
        const cursor = createCursor(query, history, revision);
        return createIterator(cursor, signal, {
          isClosed: () => closed,
          open: () => scopes.add(cursor.watcher),
          release: () => scopes.remove(cursor.watcher),
        });
      },
    }),
    announce(events) {
      for (const watcher of scopes.touch(events)) watcher.wake?.();
    },
    startOver() {
      const cutOff = [...scopes.all()];
      for (const watcher of cutOff) watcher.isCutOff = true;
      for (const watcher of cutOff) watcher.wake?.();
    },
    close() {
      closed = true;
      for (const watcher of [...scopes.all()]) watcher.wake?.();
    },
  };
}

interface Cursor {
  readonly watcher: Watcher;
  /** Throws StatusError Expired when the watch cannot start from its revision. */
  start(): void;
  /** What is there and was not taken yet; empty: nothing. Throws StatusError Expired when some of it is gone. */
  take(): readonly StoreEvent[];
}

function createCursor(query: WatchQuery, history: History, revision: () => number): Cursor {
  const { resource, fromRevision } = query;
  const watcher: Watcher = { query, pendingFrom: 0, isCutOff: false, wake: undefined };
  return {
    watcher,
    start() {
      if (fromRevision > revision()) throw fromTheFuture(fromRevision, revision());
      history.after(resource, fromRevision, 0);
      if (fromRevision < revision()) watcher.pendingFrom = fromRevision + 1;
    },
    take() {
      if (watcher.isCutOff) throw expired(fromRevision, history.oldest);
      while (watcher.pendingFrom > 0) {
        const page = history.after(resource, watcher.pendingFrom - 1, pageEvents);
        const last = page.at(-1);
        watcher.pendingFrom = page.length === pageEvents && last ? last.revision + 1 : 0;
        const events = page.filter((event) => concerns(query, event));
        if (events.length > 0) return events;
      }
      return [];
    },
  };
}

interface WatchPlace {
  isClosed(): boolean;
  open(): void;
  release(): void;
}

const over = { done: true, value: undefined } as const;

/**
 * Written by hand, not as a generator: an event then reaches a waiting watcher one promise after it is announced, and so
 * before the caller who wrote it is answered.
 */
function createIterator(
  cursor: Cursor,
  signal: AbortSignal,
  place: WatchPlace,
): AsyncIterator<readonly StoreEvent[], undefined> {
  const { watcher } = cursor;
  let state: 'new' | 'open' | 'over' = 'new';
  const onAbort = () => watcher.wake?.();

  const open = () => {
    cursor.start();
    state = 'open';
    place.open();
    signal.addEventListener('abort', onAbort, { once: true });
  };
  const end = () => {
    if (state === 'open') {
      place.release();
      signal.removeEventListener('abort', onAbort);
    }
    state = 'over';
    return over;
  };
  /** Undefined: wait. */
  const step = (): IteratorResult<readonly StoreEvent[], undefined> | undefined => {
    if (state === 'over' || signal.aborted || place.isClosed()) return end();
    if (state === 'new') open();
    const value = cursor.take();
    return value.length > 0 ? { done: false, value } : undefined;
  };

  return {
    next: () =>
      new Promise((resolve, reject) => {
        const attempt = () => {
          try {
            const result = step();
            watcher.wake = result ? undefined : attempt;
            if (result) resolve(result);
          } catch (error) {
            watcher.wake = undefined;
            end();
            reject(StatusError.from(error));
          }
        };
        attempt();
      }),
    return() {
      end();
      watcher.wake?.();
      return Promise.resolve(over);
    },
  };
}

function concerns(query: WatchQuery, event: StoreEvent): boolean {
  const { namespace, name } = event.current.key;
  return (
    event.revision > query.fromRevision &&
    (query.namespace === undefined || query.namespace === namespace) &&
    (query.name === undefined || query.name === name)
  );
}

/** Only a state that was put back to an earlier one meets such a client; a new list is the cure. */
function fromTheFuture(asked: number, newest: number): StatusError {
  return new StatusError(
    'Expired',
    `resource version ${asked} is newer than the newest one here, ${newest}: the state was restored; list again`,
  );
}

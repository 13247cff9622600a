// Watchers as cursors over the history: they hold no events of their own, so a slow one costs nothing and, once the ring
// has passed it, is cut off with Expired.
import { StatusError } from '../api/status-error.ts';
import type { History } from './history.ts';
import { createWatchScopes, type Watcher } from './watch-scopes.ts';
import type { StoreEvent, WatchQuery } from './store.ts';

export interface WatchHub {
  watch(query: WatchQuery, signal: AbortSignal): AsyncIterable<readonly StoreEvent[]>;
  /** The events are in the history now: wakes those they concern. Costs the events plus the woken, not the watchers. */
  announce(events: readonly StoreEvent[]): void;
  /** Ends every watch. */
  close(): void;
}

/** Events delivered at once, so that a long replay does not hold the event loop. */
const pageEvents = 1000;

/** @param revision the last durable one, asked when a watch starts */
export function createWatchHub(history: History, revision: () => number): WatchHub {
  const scopes = createWatchScopes();
  let closed = false;

  const next = (watcher: Watcher): readonly StoreEvent[] => {
    const page = history.after(watcher.query.resource, watcher.pendingFrom - 1, pageEvents);
    const last = page.at(-1);
    watcher.pendingFrom = page.length === pageEvents && last ? last.revision + 1 : 0;
    return page.filter((event) => concerns(watcher.query, event));
  };

  async function* iterate(query: WatchQuery, signal: AbortSignal): AsyncGenerator<readonly StoreEvent[]> {
    const { fromRevision } = query;
    if (fromRevision > revision()) throw fromTheFuture(fromRevision, revision());
    history.after(query.resource, fromRevision, 0);
    const watcher: Watcher = { query, pendingFrom: fromRevision < revision() ? fromRevision + 1 : 0, wake: undefined };
    const onAbort = () => watcher.wake?.();
    signal.addEventListener('abort', onAbort, { once: true });
    scopes.add(watcher);
    try {
      while (!signal.aborted && !closed) {
        if (watcher.pendingFrom === 0) await new Promise<void>((resolve) => (watcher.wake = resolve));
        watcher.wake = undefined;
        const events = watcher.pendingFrom > 0 && !isOver(signal, closed) ? next(watcher) : [];
        if (events.length > 0) yield events;
      }
    } finally {
      scopes.remove(watcher);
      signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    watch: (query, signal) => ({ [Symbol.asyncIterator]: () => iterate(query, signal) }),
    announce(events) {
      const woken = scopes.touch(events);
      for (const watcher of woken) watcher.wake?.();
    },
    close() {
      closed = true;
      for (const watcher of scopes.all()) watcher.wake?.();
    },
  };
}

/** Both can change while the watch waits, which the compiler does not see inside the loop. */
function isOver(signal: AbortSignal, closed: boolean): boolean {
  return signal.aborted || closed;
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

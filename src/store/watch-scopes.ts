// Who wants to hear of what: watchers filed by resource, namespace and name, so that an event finds its own.
import type { ObjectKey } from '../api/object.ts';
import type { StoreEvent, WatchQuery } from './store.ts';

export interface Watcher {
  readonly query: WatchQuery;
  /** Revision of the first event that may concern it and is not delivered yet; 0: none. */
  pendingFrom: number;
  /** What it would have been told is not known: it must end. */
  isCutOff: boolean;
  /** Set while the watcher waits. */
  wake: (() => void) | undefined;
}

export interface WatchScopes {
  add(watcher: Watcher): void;
  remove(watcher: Watcher): void;
  all(): Iterable<Watcher>;
  /** Sets `pendingFrom` of all that the events concern; returns those that had nothing pending before. */
  touch(events: readonly StoreEvent[]): Watcher[];
}

export function createWatchScopes(): WatchScopes {
  const watchers = new Set<Watcher>();
  const scopes = new Map<string, Set<Watcher>>();

  const touchScope = (scope: string, revision: number, woken: Watcher[]) => {
    for (const watcher of scopes.get(scope) ?? []) {
      if (watcher.pendingFrom > 0) continue;
      watcher.pendingFrom = revision;
      woken.push(watcher);
    }
  };

  return {
    all: () => watchers,
    add(watcher) {
      watchers.add(watcher);
      const scope = scopeOf(watcher.query);
      const found = scopes.get(scope);
      if (found) found.add(watcher);
      else scopes.set(scope, new Set([watcher]));
    },
    remove(watcher) {
      watchers.delete(watcher);
      const scope = scopeOf(watcher.query);
      const found = scopes.get(scope);
      found?.delete(watcher);
      if (found?.size === 0) scopes.delete(scope);
    },
    touch(events) {
      const woken: Watcher[] = [];
      if (watchers.size === 0) return woken;
      // Only the first event of a batch matters to a scope: the rest is behind it in the history.
      const touched = new Set<string>();
      for (const event of events) {
        for (const scope of scopesOf(event.current.key)) {
          if (touched.has(scope)) continue;
          touched.add(scope);
          touchScope(scope, event.revision, woken);
        }
      }
      return woken;
    },
  };
}

// `*` stands for a condition that was not given; it is no valid namespace or name.
function scopeOf({ resource, namespace = '*', name = '*' }: WatchQuery): string {
  return `${resource}/${namespace}/${name}`;
}

function scopesOf({ resource, namespace, name }: ObjectKey): string[] {
  return [`${resource}/*/*`, `${resource}/${namespace}/*`, `${resource}/*/${name}`, `${resource}/${namespace}/${name}`];
}

// The recent past: a ring of events, bounded by count and bytes, that watches are served from.
import { StatusError } from '../api/status-error.ts';
import { createDeque, type Deque } from '../lib/deque.ts';
import type { StoreEvent } from './store.ts';

export interface HistoryLimits {
  readonly events: number;
  /** Serialised objects and an allowance for what is around them. */
  readonly bytes: number;
}

export interface History {
  /** The smallest revision that one can still continue from. */
  readonly oldest: number;
  /** Revisions must ascend without gaps. */
  push(event: StoreEvent): void;
  /** Forgets everything and starts over after `revision`. */
  reset(revision: number): void;
  /**
   * Up to `limit` events of a resource with a revision greater than `revision`, in order.
   * Throws StatusError Expired when some of them are no longer there.
   */
  after(resource: string, revision: number, limit: number): StoreEvent[];
  /** Revision of the last write to a resource, or, if that was before the history began, where it began. */
  lastOf(resource: string): number;
}

/** What an event costs beside its object's bytes: records, labels, fields, index entries. */
const overheadBytes = 700;

export function createHistory(limits: HistoryLimits): History {
  let ring = createDeque<{ event: StoreEvent; cost: number }>();
  let resources = new Map<string, Deque<StoreEvent>>();
  const last = new Map<string, number>();
  let start = 0;
  let bytes = 0;
  let oldest = 0;

  const evict = () => {
    const gone = ring.shift();
    if (!gone) return;
    bytes -= gone.cost;
    oldest = gone.event.revision;
    resources.get(gone.event.current.key.resource)?.shift();
  };

  const eventsOf = (resource: string): Deque<StoreEvent> => {
    const found = resources.get(resource);
    if (found) return found;
    const events = createDeque<StoreEvent>();
    resources.set(resource, events);
    return events;
  };

  return {
    get oldest() {
      return oldest;
    },
    push(event) {
      // A deletion's own bytes are made only when somebody looks; they are as long as its last state's.
      const object = event.deleted && event.previous ? event.previous : event.current;
      const cost = object.bytes.length + overheadBytes;
      ring.push({ event, cost });
      last.set(event.current.key.resource, event.revision);
      bytes += cost;
      eventsOf(event.current.key.resource).push(event);
      while (ring.length > limits.events || (bytes > limits.bytes && ring.length > 1)) evict();
    },
    reset(revision) {
      ring = createDeque();
      resources = new Map();
      last.clear();
      bytes = 0;
      oldest = start = revision;
    },
    after(resource, revision, limit) {
      if (revision < oldest) throw expired(revision, oldest);
      const events = resources.get(resource);
      if (!events) return [];
      const first = firstAfter(events, revision);
      return events.slice(first, Math.min(events.length, first + limit));
    },
    lastOf: (resource) => last.get(resource) ?? start,
  };
}

/** The words that Kubernetes' clients know from etcd; they answer with a new list. */
export function expired(revision: number, oldest: number): StatusError {
  return new StatusError('Expired', `too old resource version: ${revision} (${oldest})`);
}

function firstAfter(events: Deque<StoreEvent>, revision: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events.at(middle)?.revision ?? 0) > revision) high = middle;
    else low = middle + 1;
  }
  return low;
}

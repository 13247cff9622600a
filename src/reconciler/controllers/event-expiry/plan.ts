// How long Events are kept. Pure.
import type { Event } from '../../../api/types.gen.ts';

const lifetimeMs = 3_600_000;

/** Milliseconds until an Event has gone unrepeated for an hour; 0 or less when it has. */
export function remainingMs(event: Event, nowMs: number): number {
  return (Date.parse(lastSeen(event)) || 0) + lifetimeMs - nowMs;
}

/** What the cache keeps of an Event: enough to know when it ends. */
export function slimEvent(event: Event): Event {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = event.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace, uid, resourceVersion },
    involvedObject: {},
    lastTimestamp: lastSeen(event),
  };
}

function lastSeen({ series, lastTimestamp, eventTime, metadata }: Event): string {
  return series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '';
}

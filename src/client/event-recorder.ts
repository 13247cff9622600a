// Events about objects, for people: repeats are counted on one Event instead of written again, and one noisy object
// cannot flood the store. Recording never fails and never waits.
import type { ApiObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import type { Event, ObjectReference } from '../api/types.gen.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { formatRfc3339 } from '../lib/rfc3339.ts';
import type { ObjectRef, Writer } from './client.ts';

export type EventType = 'Normal' | 'Warning';

export interface EventRecorder {
  /** @param fieldPath the part of the object that is meant: `spec.containers{web}` */
  record(about: ApiObject, type: EventType, reason: string, message: string, fieldPath?: string): void;
  /** Resolves when everything recorded so far is written or given up. */
  flushed(): Promise<void>;
}

export interface EventRecorderOptions {
  /** Who says it: `deployment-controller`. */
  readonly component: string;
  /** The machine it was said on, if that matters. */
  readonly host?: string;
  readonly clock: Clock;
  readonly log: Log;
}

const events = { group: '', version: 'v1', plural: 'events' };
/** Per object: this many at once, then one per refill. As in Kubernetes' event spam filter. */
const burst = 25;
const refillMs = 300_000;
/** What is remembered to recognise repeats; the least recently used goes first. */
const rememberedEntries = 4096;

interface Entry {
  readonly first: Event;
  count: number;
  lastMs: number;
  /** The count that the store has; 0 before the Event exists. */
  written: number;
  writing: boolean;
}

export function createEventRecorder(client: Writer, options: EventRecorderOptions): EventRecorder {
  const { clock, log } = options;
  const entries = new Map<string, Entry>();
  const allow = createSpamFilter(clock);
  const writes = new Set<Promise<void>>();
  let sequence = 0;

  const write = async (key: string, entry: Entry) => {
    if (entry.writing) return;
    entry.writing = true;
    try {
      while (entry.written < entry.count) {
        const count = entry.count;
        await store(client, entry, count);
        entry.written = count;
      }
    } catch (error) {
      entries.delete(key);
      log.debug({ err: error, event: entry.first.reason }, 'an event was not written');
    } finally {
      entry.writing = false;
    }
  };

  return {
    record(about, type, reason, message, fieldPath) {
      const involved = referenceTo(about, fieldPath);
      if (!allow(`${involved.kind ?? ''}/${involved.namespace ?? ''}/${involved.name ?? ''}`)) return;
      const key = JSON.stringify([involved.uid, involved.name, fieldPath, type, reason, message]);
      const entry = entries.get(key) ?? newEntry(describe(involved, type, reason, message, options, sequence++));
      entry.count += 1;
      entry.lastMs = clock.now();
      remember(entries, key, entry);
      const writing = write(key, entry).finally(() => writes.delete(writing));
      writes.add(writing);
    },
    async flushed() {
      await Promise.all(writes);
    },
  };
}

/** Creates the Event, or counts up; one that has expired meanwhile is created again. */
async function store(client: Writer, entry: Entry, count: number): Promise<void> {
  const lastTimestamp = formatRfc3339(entry.lastMs);
  if (entry.written > 0) {
    try {
      await client.patch(refTo(entry.first), { count, lastTimestamp }, { type: 'merge' });
      return;
    } catch (error) {
      if (StatusError.from(error).reason !== 'NotFound') throw error;
      entry.count = 1;
    }
  }
  await client.create(events, { ...entry.first, count: entry.written > 0 ? 1 : count, lastTimestamp });
}

function refTo(event: Event): ObjectRef {
  return { ...events, namespace: event.metadata.namespace ?? '', name: event.metadata.name ?? '' };
}

function newEntry(first: Event): Entry {
  return { first, count: 0, lastMs: 0, written: 0, writing: false };
}

function remember(entries: Map<string, Entry>, key: string, entry: Entry): void {
  entries.delete(key);
  entries.set(key, entry);
  if (entries.size <= rememberedEntries) return;
  const [oldest] = entries.keys();
  if (oldest !== undefined) entries.delete(oldest);
}

function referenceTo(about: ApiObject, fieldPath?: string): ObjectReference {
  const { namespace, name, uid, resourceVersion } = about.metadata;
  return {
    apiVersion: about.apiVersion,
    kind: about.kind,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    // kubectl describe looks for a node's events by its name in place of the uid.
    ...(about.kind === 'Node' ? { uid: name ?? '' } : uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(fieldPath === undefined ? {} : { fieldPath }),
  };
}

function describe(
  involved: ObjectReference,
  type: EventType,
  reason: string,
  message: string,
  { component, host, clock }: EventRecorderOptions,
  sequence: number,
): Event {
  const nowMs = clock.now();
  const suffix = (BigInt(nowMs) * 1_000_000n + BigInt(sequence % 1_000_000)).toString(16);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${involved.name ?? 'unknown'}.${suffix}`, namespace: involved.namespace ?? 'default' },
    involvedObject: involved,
    type,
    reason,
    message,
    source: { component, ...(host === undefined ? {} : { host }) },
    reportingComponent: component,
    reportingInstance: host ?? '',
    firstTimestamp: formatRfc3339(nowMs),
    lastTimestamp: formatRfc3339(nowMs),
    count: 1,
  };
}

/** A token bucket per object. */
function createSpamFilter(clock: Clock): (key: string) => boolean {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (key) => {
    const nowMs = clock.monotonicMs();
    const known = buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    const tokens = Math.min(burst, known.tokens + (nowMs - known.atMs) / refillMs);
    buckets.delete(key);
    buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
    if (buckets.size > rememberedEntries) {
      const [oldest] = buckets.keys();
      if (oldest !== undefined) buckets.delete(oldest);
    }
    return tokens >= 1;
  };
}

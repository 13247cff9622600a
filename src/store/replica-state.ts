// What a replica holds in every role: objects, history and watchers. Written by what the journal says, and by nothing else.
import { putRecord, type Batch, type JournalRecord } from './batch.ts';
import { createHistory, type HistoryLimits } from './history.ts';
import { createIndexes, type Indexes } from './indexes.ts';
import { keyText } from './query.ts';
import type { ReplayTarget } from './replay.ts';
import type { ObjectRecords } from './stored-object.ts';
import type { Store, StoreEvent, StoredObject } from './store.ts';
import { createWatchHub } from './watch.ts';

export interface ReplicaState extends ReplayTarget, Pick<Store, 'watch' | 'lastWrite'> {
  /** Of the last write. */
  readonly revision: number;
  readonly oldestWatchableRevision: number;
  /** Another one after the state began anew. */
  readonly objects: Indexes;
  /** Shows writes of this server that are durable by now. */
  publish(writes: readonly StoreEvent[]): void;
  /** Ends every watch. */
  close(): void;
}

export interface ReplicaStateOptions {
  readonly records: ObjectRecords;
  readonly fieldsVersion: string;
  readonly history: HistoryLimits;
  /** Called after every change of `revision`. */
  readonly onAdvance: () => void;
}

export function createReplicaState(options: ReplicaStateOptions): ReplicaState {
  const decoder = createDecoder(options);
  const history = createHistory(options.history);
  let revision = 0;
  const hub = createWatchHub(history, () => revision);
  let objects = createIndexes();
  let next = createIndexes();

  const publish = (writes: readonly StoreEvent[]) => {
    for (const event of writes) {
      if (event.deleted) objects.remove(event.current.key);
      else objects.put(event.current);
      history.push(event);
    }
    revision = writes.at(-1)?.revision ?? revision;
    hub.announce(writes);
    options.onAdvance();
  };

  return {
    get revision() {
      return revision;
    },
    get oldestWatchableRevision() {
      return history.oldest;
    },
    get objects() {
      return objects;
    },
    watch: (query, signal) => hub.watch(query, signal),
    lastWrite: (resource) => history.lastOf(resource),
    publish,
    close: () => hub.close(),
    reset: () => void (next = createIndexes()),
    snapshot(batch) {
      for (const record of batch.records) if (record.kind === 'put') next.put(decoder.restored(record, batch));
    },
    continueFrom(start) {
      // An empty journal, read for the first time: there is nothing that anybody could have missed.
      if (start === 0 && revision === 0) return;
      objects = next;
      next = createIndexes();
      revision = start;
      history.reset(start);
      hub.startOver();
      options.onAdvance();
    },
    log: (batch) => publish(decoder.events(batch, objects)),
  };
}

type Put = JournalRecord & { readonly kind: 'put' };

/** Makes objects and events of what is journaled. */
function createDecoder({ records, fieldsVersion }: ReplicaStateOptions) {
  const restored = (record: Put, batch: Batch): StoredObject => {
    const facts = batch.fieldsVersion === fieldsVersion ? record.facts : undefined;
    return records.restored(record.key, record.bytes, record.revision, facts);
  };

  const eventOf = (record: JournalRecord, previous: StoredObject | undefined, batch: Batch): StoreEvent => {
    const { revision, key } = record;
    if (record.kind === 'put') return { revision, current: restored(record, batch), previous, deleted: false };
    if (!previous) throw new Error(`it deletes ${key.resource} ${key.name}, which does not exist`);
    return { revision, current: records.deleted(previous, revision), previous, deleted: true };
  };

  return {
    restored,
    /** All of a batch before any of it is applied: one that does not fit must change nothing. */
    events(batch: Batch, objects: Indexes): StoreEvent[] {
      const latest = new Map<string, StoreEvent>();
      return batch.records.map((record) => {
        const text = keyText(record.key);
        const before = latest.get(text);
        const previous = before ? (before.deleted ? undefined : before.current) : objects.get(record.key);
        const event = eventOf(record, previous, batch);
        latest.set(text, event);
        return event;
      });
    },
  };
}

export function recordOf(event: StoreEvent): JournalRecord {
  if (!event.deleted) return putRecord(event.current);
  return { kind: 'delete', revision: event.revision, key: event.current.key };
}

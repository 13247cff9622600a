// What a replica holds in every role: objects, history and watchers. Written by what the journal says, and by nothing else.
import { putRecord, type Batch, type JournalRecord } from './batch.ts';
import { createHistory, type HistoryLimits } from './history.ts';
import { createIndexes, type Indexes } from './indexes.ts';
import { keyText } from './query.ts';
import type { ReplayTarget } from './replay.ts';
import type { ObjectRecords } from './stored-object.ts';
import type { Store, StoreEvent, StoredObject } from './store.ts';
import { createWatchHub } from './watch.ts';

export interface ReplicaState extends ReplayTarget, Pick<Store, 'watch'> {
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
}

export function createReplicaState(options: ReplicaStateOptions): ReplicaState {
  const { records, fieldsVersion } = options;
  const history = createHistory(options.history);
  let revision = 0;
  const hub = createWatchHub(history, () => revision);
  let objects = createIndexes();
  let next = createIndexes();

  const restored = (record: JournalRecord & { kind: 'put' }, batch: Batch) => {
    const facts = batch.fieldsVersion === fieldsVersion ? record.facts : undefined;
    return records.restored(record.key, record.bytes, record.revision, facts);
  };

  const publish = (writes: readonly StoreEvent[]) => {
    for (const event of writes) {
      if (event.deleted) objects.remove(event.current.key);
      else objects.put(event.current);
      history.push(event);
    }
    revision = writes.at(-1)?.revision ?? revision;
    hub.announce(writes);
  };

  /** All events of a batch before any of them is applied: a batch that does not fit must change nothing. */
  const eventsOf = (batch: Batch): StoreEvent[] => {
    const within = new Map<string, StoredObject | undefined>();
    return batch.records.map((record) => {
      const text = keyText(record.key);
      const previous = within.has(text) ? within.get(text) : objects.get(record.key);
      if (record.kind === 'delete' && !previous)
        throw new Error(`it deletes ${record.key.resource} ${record.key.name}, which does not exist`);
      const event = { revision: record.revision, previous, deleted: record.kind === 'delete' };
      const current =
        record.kind === 'put' ? restored(record, batch) : records.deleted(previous as StoredObject, record.revision);
      within.set(text, event.deleted ? undefined : current);
      return { ...event, current };
    });
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
    publish,
    close: () => hub.close(),
    reset: () => void (next = createIndexes()),
    snapshot(batch) {
      for (const record of batch.records) if (record.kind === 'put') next.put(restored(record, batch));
    },
    continueFrom(start) {
      // An empty journal, read for the first time: there is nothing that anybody could have missed.
      if (start === 0 && revision === 0) return;
      objects = next;
      next = createIndexes();
      revision = start;
      history.reset(start);
      hub.startOver();
    },
    log: (batch) => publish(eventsOf(batch)),
  };
}

export function recordOf(event: StoreEvent): JournalRecord {
  if (!event.deleted) return putRecord(event.current);
  return { kind: 'delete', revision: event.revision, key: event.current.key };
}

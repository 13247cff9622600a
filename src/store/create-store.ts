// The store: puts staging, group commit, journal, history and watches together. See store.ts for the laws.
import type { Log } from '../lib/log.ts';
import { putRecord, type Batch, type JournalRecord } from './batch.ts';
import { createCommitQueue } from './commit-queue.ts';
import { createStaging } from './draft.ts';
import { createHistory, type History, type HistoryLimits } from './history.ts';
import { createIndexes, type Indexes } from './indexes.ts';
import type { Journal, ReplayTarget } from './journal.ts';
import { createObjectRecords, type ObjectRecords } from './stored-object.ts';
import type { FieldsOf, Store, StoreEvent } from './store.ts';
import { createWatchHub } from './watch.ts';

export interface StoreOptions {
  /** Not started yet; the store owns it from here on. */
  readonly journal: Journal;
  readonly fieldsOf: FieldsOf;
  /** Changes whenever `fieldsOf` means something else: what was journaled under another one is derived again. */
  readonly fieldsVersion: string;
  readonly log: Log;
  /** The journal refused a write: end the process, it has nothing to write any more. Called once. */
  readonly onFailed: (error: unknown) => void;
  /** How much of the past can be watched. */
  readonly history?: HistoryLimits;
  /** Serialised size of the objects that are kept parsed, in bytes. */
  readonly parsedBytes?: number;
}

const defaultHistory: HistoryLimits = { events: 100_000, bytes: 64 * 1024 * 1024 };
const defaultParsedBytes = 16 * 1024 * 1024;

/** Replays the journal, becomes its writer, and opens. Rejects with JournalDamaged or with what the medium says. */
export async function createStore(options: StoreOptions): Promise<Store> {
  const { journal, fieldsVersion, log } = options;
  const records = createObjectRecords(options.fieldsOf, options.parsedBytes ?? defaultParsedBytes);
  const durable = createIndexes();
  const history = createHistory(options.history ?? defaultHistory);
  const replay = createReplay(durable, history, records, fieldsVersion);
  try {
    await journal.start(replay.target);
  } catch (error) {
    await journal.close();
    throw error;
  }
  let revision = replay.revision();
  log.info({ revision, objects: durable.size }, 'the store is open');

  const staging = createStaging(durable, records, revision);
  const hub = createWatchHub(history, () => revision);
  const queue = createCommitQueue({
    append: (writes) => journal.append({ fieldsVersion, records: writes.map(recordOf) }),
    publish(writes) {
      for (const event of writes) {
        apply(durable, event);
        history.push(event);
      }
      revision = writes.at(-1)?.revision ?? revision;
      staging.settle(writes);
      hub.announce(writes);
      journal.compactIfDue(durable.bytes, () => ({ objects: durable.all(), fieldsVersion }));
    },
    failed(error) {
      log.error({ err: error, revision }, 'the journal refused a write');
      options.onFailed(error);
    },
  });

  return {
    get revision() {
      return revision;
    },
    get oldestWatchableRevision() {
      return history.oldest;
    },
    ...readsOf(durable),
    watch: (query, signal) => hub.watch(query, signal),
    transact: (body) =>
      new Promise((resolve, reject) => {
        if (queue.shut) throw queue.shut;
        const { outcome, writes } = staging.run(body);
        queue.add(writes, {
          settle: () => (outcome.ok ? resolve(outcome.value) : reject(outcome.error)),
          fail: reject,
        });
      }),
    async close() {
      await queue.drain();
      hub.close();
      await journal.close();
    },
  };
}

function readsOf(durable: Indexes): Pick<Store, 'get' | 'list' | 'dependents' | 'all'> {
  return {
    get: (key) => durable.get(key),
    list: (query) => durable.list(query),
    dependents: (ownerUid) => durable.dependents(ownerUid),
    all: () => durable.all(),
  };
}

function recordOf(event: StoreEvent): JournalRecord {
  if (!event.deleted) return putRecord(event.current);
  return { kind: 'delete', revision: event.revision, key: event.current.key };
}

function apply(durable: Indexes, event: StoreEvent): void {
  if (event.deleted) durable.remove(event.current.key);
  else durable.put(event.current);
}

/** Rebuilds state and history from what the journal holds. */
function createReplay(durable: Indexes, history: History, records: ObjectRecords, fieldsVersion: string) {
  let revision = 0;

  const restored = (record: JournalRecord & { kind: 'put' }, batch: Batch) => {
    const facts = batch.fieldsVersion === fieldsVersion ? record.facts : undefined;
    return records.restored(record.key, record.bytes, record.revision, facts);
  };

  const eventOf = (record: JournalRecord, batch: Batch): StoreEvent => {
    const previous = durable.get(record.key);
    if (record.kind === 'put')
      return { revision: record.revision, current: restored(record, batch), previous, deleted: false };
    if (!previous) throw new Error(`it deletes ${record.key.resource} ${record.key.name}, which does not exist`);
    return { revision: record.revision, current: records.deleted(previous, record.revision), previous, deleted: true };
  };

  const target: ReplayTarget = {
    snapshot(batch) {
      for (const record of batch.records) if (record.kind === 'put') durable.put(restored(record, batch));
    },
    continueFrom(start) {
      revision = start;
      history.reset(start);
    },
    log(batch) {
      for (const record of batch.records) {
        const event = eventOf(record, batch);
        apply(durable, event);
        history.push(event);
        revision = event.revision;
      }
    },
  };
  return { target, revision: () => revision };
}

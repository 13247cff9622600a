// The replica: one state, and on top of it the turns in which this server writes. See replica.ts for the contract, store.ts
// for the laws.
import type { Log } from '../lib/log.ts';
import { createCommitQueue, type CommitQueue } from './commit-queue.ts';
import { createStaging, type Staging } from './draft.ts';
import type { HistoryLimits } from './history.ts';
import type { Journal } from './journal.ts';
import { nothingKept } from './refusals.ts';
import { createReplicaState, recordOf, type ReplicaState } from './replica-state.ts';
import type { Replica } from './replica.ts';
import { createObjectRecords, type ObjectRecords } from './stored-object.ts';
import type { FieldsOf, Store } from './store.ts';

export interface ReplicaOptions {
  /** Untouched so far; the replica owns it from here on. */
  readonly journal: Journal;
  readonly fieldsOf: FieldsOf;
  /** Changes whenever `fieldsOf` means something else: what was journaled under another one is derived again. */
  readonly fieldsVersion: string;
  readonly log: Log;
  /**
   * The journal refused a write, because another server leads or for any other reason: step down. Called once a turn;
   * nothing is written any more by then.
   */
  readonly onDeposed: (error: unknown) => void;
  /** Memory reflects more of the log than before. Called often. */
  readonly onAdvance?: () => void;
  /** How much of the past can be watched. */
  readonly history?: HistoryLimits;
  /** Serialised size of the objects that are kept parsed, in bytes. */
  readonly parsedBytes?: number;
}

const defaultHistory: HistoryLimits = { events: 100_000, bytes: 64 * 1024 * 1024 };
const defaultParsedBytes = 16 * 1024 * 1024;

/** A time in which this server writes: what is staged, and what is on its way. */
interface Writing {
  readonly staging: Staging;
  readonly queue: CommitQueue;
}

/** Does nothing yet: begin with `follow` or `lead`. */
export function createReplica(options: ReplicaOptions): Replica {
  const { journal, fieldsVersion, log } = options;
  const records = createObjectRecords(options.fieldsOf, options.parsedBytes ?? defaultParsedBytes);
  const state = createReplicaState({
    ...{ records, fieldsVersion },
    history: options.history ?? defaultHistory,
    onAdvance: () => options.onAdvance?.(),
  });
  const caughtUp = createOnce();
  let writing: Writing | undefined;
  let idle = 'this server does not lead';
  let suspended: string | undefined;
  let turn = 0;

  const isCaughtUp = () => {
    if (!caughtUp.isDone) log.info({ revision: state.revision, objects: state.objects.size }, 'the state is read');
    caughtUp.done();
  };

  const stepDown = async (reason: string) => {
    const ended = writing;
    turn++;
    [writing, suspended, idle] = [undefined, undefined, reason];
    ended?.queue.abandon(reason);
    await ended?.queue.drained();
    await journal.stepDown();
  };

  const mustWrite = () => expectWriting(writing, idle, suspended);

  return {
    store: createStore(state, mustWrite, close),
    get sequence() {
      return journal.position.sequence;
    },
    caughtUp: caughtUp.promise,
    follow: (signal) => journal.follow(state, signal, isCaughtUp),
    async lead() {
      const mine = ++turn;
      const epoch = await journal.lead(state);
      isCaughtUp();
      if (mine !== turn) {
        await journal.stepDown();
        throw nothingKept(idle);
      }
      writing = beginWriting(options, state, records);
      // The log may end with more than its last batch: with entries of one that was never completed.
      options.onAdvance?.();
      log.info({ epoch, revision: state.revision }, 'this server writes the journal');
      return epoch;
    },
    suspend: (reason) => void (suspended = reason),
    resume: () => void (suspended = undefined),
    drained: () => writing?.queue.drained() ?? Promise.resolve(),
    stepDown,
    close,
  };

  async function close(): Promise<void> {
    writing?.queue.close(nothingKept('the store is closing'));
    await writing?.queue.drained();
    [writing, idle] = [undefined, 'the store is closed'];
    state.close();
    await journal.close();
  }
}

/** Throws when nothing can be written now. */
function expectWriting(writing: Writing | undefined, idle: string, suspended: string | undefined): Writing {
  if (!writing) throw nothingKept(idle);
  if (suspended !== undefined) throw nothingKept(suspended);
  if (writing.queue.shut) throw writing.queue.shut;
  return writing;
}

function beginWriting(options: ReplicaOptions, state: ReplicaState, records: ObjectRecords): Writing {
  const { journal, fieldsVersion, log } = options;
  const { objects } = state;
  const staging = createStaging(objects, records, state.revision);
  const queue = createCommitQueue({
    depth: journal.depth,
    commit: (writes) =>
      journal.append({ fieldsVersion, records: writes.map(recordOf) }, () => {
        state.publish(writes);
        staging.settle(writes);
        journal.compactIfDue(objects.bytes, () => ({ objects: objects.all(), fieldsVersion }));
      }),
    failed(error) {
      log.warn({ err: error, revision: state.revision }, 'the journal refused a write');
      options.onDeposed(error);
    },
  });
  return { staging, queue };
}

function createStore(state: ReplicaState, mustWrite: () => Writing, close: () => Promise<void>): Store {
  return {
    get revision() {
      return state.revision;
    },
    get oldestWatchableRevision() {
      return state.oldestWatchableRevision;
    },
    get: (key) => state.objects.get(key),
    list: (query) => state.objects.list(query),
    dependents: (ownerUid) => state.objects.dependents(ownerUid),
    all: () => state.objects.all(),
    watch: (query, signal) => state.watch(query, signal),
    lastWrite: (resource) => state.lastWrite(resource),
    transact: (body) =>
      new Promise((resolve, reject) => {
        const { staging, queue } = mustWrite();
        const { outcome, writes } = staging.run(body);
        queue.add(writes, {
          settle: () => (outcome.ok ? resolve(outcome.value) : reject(outcome.error)),
          fail: reject,
        });
      }),
    close,
  };
}

function createOnce() {
  let done: () => void = () => undefined;
  let isDone = false;
  const promise = new Promise<void>((resolve) => (done = resolve));
  return {
    promise,
    get isDone() {
      return isDone;
    },
    done() {
      isDone = true;
      done();
    },
  };
}

// Group commit: some batches on their way to the journal, the transactions that arrive meanwhile form the next.
import type { StatusError } from '../api/status-error.ts';
import { JournalFenced } from './journal-errors.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import type { StoreEvent } from './store.ts';

/** How a caller learns that what it saw and wrote is durable, or that this will never be known. */
export interface Waiter {
  settle(): void;
  fail(error: Error): void;
}

export interface CommitQueue {
  /** Why nothing more is taken: the journal refused a write, or the queue was ended. Ask before each transaction. */
  readonly shut: StatusError | undefined;
  /**
   * Queues a transaction's writes. The waiter is called when they, and all writes queued before, are durable; at once
   * when there are none. Transactions are settled in the order in which they were added.
   */
  add(writes: readonly StoreEvent[], waiter: Waiter): void;
  /** Takes no more, for this reason; what was added goes on. */
  close(why: StatusError): void;
  /** Takes no more, and answers everybody at once: nothing was kept of what was not sent; of the rest it is not known. */
  abandon(why: string): void;
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>;
}

export interface CommitSteps {
  /** Calls of `commit` that may be under way at the same time. */
  readonly depth: number;
  /** Makes a batch durable and then shows it; resolves in the order of the calls. The first rejection is final. */
  commit(writes: readonly StoreEvent[]): Promise<void>;
  /** The journal refused: nothing will be written any more. Called once. */
  failed(error: unknown): void;
}

interface Group {
  readonly writes: StoreEvent[];
  readonly waiters: Waiter[];
  bytes: number;
}

/**
 * A group that has this much takes no further transaction: encoding, publishing and answering one batch must hold the
 * event loop for a few milliseconds only.
 */
const groupBytes = 256 * 1024;

export function createCommitQueue(steps: CommitSteps): CommitQueue {
  const forming: Group[] = [];
  const underWay: Group[] = [];
  const drained = createDrained(() => underWay.length === 0 && forming.length === 0);
  let scheduled = false;
  let failed = false;
  let shut: StatusError | undefined;

  const schedule = () => {
    if (scheduled || underWay.length >= steps.depth || forming.length === 0) return;
    scheduled = true;
    // At the end of this turn of the loop: everybody who was just answered gets to join the next batch.
    setImmediate(flush);
  };

  const end = (cause: unknown, sentIs: keyof Refusals) => {
    const refusals = createRefusals(cause);
    shut = refusals.nothingKept;
    refuse(underWay, refusals[sentIs]);
    refuse(forming.splice(0), refusals.nothingKept);
  };

  const refused = (error: unknown) => {
    if (failed) return;
    failed = true;
    // A fenced writer's batch is not in the log, nor is any after it.
    end(error, error instanceof JournalFenced ? 'nothingKept' : 'notKnown');
    steps.failed(error);
  };

  const send = async (group: Group) => {
    underWay.push(group);
    try {
      await steps.commit(group.writes);
      for (const waiter of group.waiters) waiter.settle();
    } catch (error) {
      refused(error);
    }
    underWay.splice(underWay.indexOf(group), 1);
    schedule();
    drained.look();
  };

  const flush = () => {
    scheduled = false;
    for (const group of forming.splice(0, steps.depth - underWay.length)) void send(group);
  };

  return {
    get shut() {
      return shut;
    },
    add(writes, waiter) {
      const group = writes.length > 0 ? openGroup(forming) : (forming.at(-1) ?? underWay.at(-1));
      if (!group) {
        waiter.settle();
        return;
      }
      join(group, writes);
      group.waiters.push(waiter);
      schedule();
    },
    close: (why) => void (shut ??= why),
    abandon: (why) => end(why, 'notKnown'),
    drained: () => drained.wait(),
  };
}

function refuse(groups: readonly Group[], error: StatusError): void {
  for (const group of groups) for (const waiter of group.waiters.splice(0)) waiter.fail(error);
}

function createDrained(isDrained: () => boolean) {
  const waiting: (() => void)[] = [];
  const look = () => {
    if (isDrained()) for (const resolve of waiting.splice(0)) resolve();
  };
  return {
    look,
    wait: () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        look();
      }),
  };
}

/** The group that still takes writes. */
function openGroup(forming: Group[]): Group {
  const last = forming.at(-1);
  if (last && last.bytes < groupBytes) return last;
  const group = { writes: [], waiters: [], bytes: 0 };
  forming.push(group);
  return group;
}

function join(group: Group, writes: readonly StoreEvent[]): void {
  for (const event of writes) {
    group.writes.push(event);
    // A deletion is journaled without its bytes, and asking for them would make them.
    if (!event.deleted) group.bytes += event.current.bytes.length;
  }
}

// Group commit: one batch on its way to the journal, the transactions that arrive meanwhile form the next.
import { StatusError } from '../api/status-error.ts';
import type { StoreEvent } from './store.ts';

/** How a caller learns that what it saw and wrote is durable, or that this will never be known. */
export interface Waiter {
  settle(): void;
  fail(error: Error): void;
}

export interface CommitQueue {
  /** Why nothing more is taken: the journal refused a write, or the queue is draining. Ask before each transaction. */
  readonly shut: StatusError | undefined;
  /**
   * Queues a transaction's writes. The waiter is called when they, and all writes queued before, are durable; at once
   * when there are none. Transactions are settled in the order in which they were added.
   */
  add(writes: readonly StoreEvent[], waiter: Waiter): void;
  /** Takes no more; resolves when everything that was added is settled. */
  drain(): Promise<void>;
}

export interface CommitSteps {
  /** Makes a batch durable. A rejection is final. */
  append(writes: readonly StoreEvent[]): Promise<void>;
  /** Shows a durable batch to readers and watchers. */
  publish(writes: readonly StoreEvent[]): void;
  /** The journal refused: nothing will be written any more. Called once. */
  failed(error: unknown): void;
}

interface Group {
  readonly writes: StoreEvent[];
  readonly waiters: Waiter[];
  bytes: number;
}

/** A group that has this much takes no further transaction, so that one batch does not hold the loop or the medium. */
const groupBytes = 1024 * 1024;

export function createCommitQueue(steps: CommitSteps): CommitQueue {
  const forming: Group[] = [];
  let inFlight: Group | undefined;
  let scheduled = false;
  let shut: StatusError | undefined;
  let drained: () => void = () => undefined;

  const schedule = () => {
    if (scheduled || inFlight || forming.length === 0) return;
    scheduled = true;
    // At the end of this turn of the loop: everybody who was just answered gets to join the next batch.
    setImmediate(() => void flush());
  };

  const refuse = (error: unknown, groups: readonly Group[]) => {
    const refusal = (shut = unavailable(error));
    for (const { waiters } of groups) for (const waiter of waiters) waiter.fail(refusal);
    steps.failed(error);
  };

  const flush = async () => {
    scheduled = false;
    const group = (inFlight = forming.shift());
    if (!group) return;
    try {
      await steps.append(group.writes);
      steps.publish(group.writes);
      for (const waiter of group.waiters) waiter.settle();
    } catch (error) {
      refuse(error, [group, ...forming.splice(0)]);
    }
    inFlight = undefined;
    if (forming.length > 0) schedule();
    else drained();
  };

  return {
    get shut() {
      return shut;
    },
    add(writes, waiter) {
      const group = writes.length > 0 ? openGroup(forming) : (forming.at(-1) ?? inFlight);
      if (!group) {
        waiter.settle();
        return;
      }
      join(group, writes);
      group.waiters.push(waiter);
      schedule();
    },
    drain() {
      shut ??= closing();
      return new Promise((resolve) => {
        drained = resolve;
        if (!inFlight && forming.length === 0) resolve();
      });
    },
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

function unavailable(cause: unknown): StatusError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StatusError(
    'ServiceUnavailable',
    `the journal refused a write, so this server takes no more and must be restarted; whether this write was kept is not known: ${why}`,
    undefined,
    { cause },
  );
}

function closing(): StatusError {
  return new StatusError('ServiceUnavailable', 'the store is closing; nothing of this write was kept');
}

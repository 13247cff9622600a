// The writer's end of the log: entries sent one transaction each, several on their way at a time, in order.
//
// A transaction checks the epoch, that the entry before is there unless that is known, and creates the entry; so what is
// there is without a gap, whatever becomes of a connection. When the answer to some did not come, nothing more is sent;
// once all others are answered and the ensemble can be asked again, the entries in doubt are read, and what is not
// there is sent again. If the session is lost instead, nobody can say any more, and the writer must step down.
import { ZookeeperUnavailable, type WriteOp, type WriteOutcome, type Zookeeper } from '../../zookeeper/zookeeper.ts';
import { JournalUnavailable, type JournalPlace } from '../journal-errors.ts';
import type { Entry } from '../medium.ts';
import { refusal, type Claim, type Fence } from './zookeeper-epoch.ts';
import { bucketOf, bucketPath, entryPath, noBytes } from './zookeeper-layout.ts';
import type { Patience } from './zookeeper-patience.ts';

export interface AppenderContext {
  readonly zookeeper: Zookeeper;
  readonly place: JournalPlace;
  readonly patience: Patience;
  readonly fence: Fence;
  readonly claim: Claim;
  /** The last entry of the log. */
  readonly last: number;
  /** The bucket that the next entry goes to, if it is there. */
  readonly bucket: number | undefined;
  /** Whether a snapshot replaced an entry, so that its absence says nothing about its writing. */
  isCovered(sequence: number): Promise<boolean>;
}

export interface Appender {
  append(entries: readonly Entry[]): Promise<void>;
}

interface Item extends Entry {
  wasSent: boolean;
  isDone: boolean;
  /** Of the last entry of an `append`. */
  readonly waiter: { resolve(): void; reject(error: Error): void } | undefined;
}

type Refused = Extract<WriteOutcome, { kind: 'refused' }>;

/** Sent and not answered. One entry may always be. */
const windowBytes = 4 * 1024 * 1024;
/** The same refusal again after everything was looked at: this is no matter of order. */
const maxFutile = 3;

export function createAppender(context: AppenderContext): Appender {
  const { zookeeper, place, patience, fence, claim } = context;
  /** What is not done, and perhaps done behind it; in order. */
  const items: Item[] = [];
  let last = context.last;
  let sent = 0;
  let unansweredBytes = 0;
  let unanswered = 0;
  let knownBucket = context.bucket;
  let inDoubt = false;
  let futile = 0;
  let failure: Error | undefined;

  const fail = (error: Error) => {
    failure = error;
    for (const { waiter } of items.splice(0)) waiter?.reject(error);
  };

  const shiftDone = () => {
    while (items[0]?.isDone) {
      items.shift()?.waiter?.resolve();
      sent = Math.max(0, sent - 1);
      futile = 0;
    }
  };

  const opsFor = ({ sequence, bytes }: Item, before: Item | undefined): WriteOp[] => {
    const bucket = bucketOf(sequence);
    const ops: WriteOp[] = [claim.check];
    if (before) ops.push({ kind: 'check', path: entryPath(before.sequence) });
    if (bucket !== knownBucket) ops.push({ kind: 'create', path: bucketPath(bucket), data: noBytes });
    knownBucket = bucket;
    ops.push({ kind: 'create', path: entryPath(sequence), data: bytes });
    return ops;
  };

  const pump = () => {
    while (!inDoubt && !failure && sent < items.length) {
      const item = items[sent];
      if (!item || (unanswered > 0 && unansweredBytes + item.bytes.length > windowBytes)) return;
      const ops = opsFor(item, items[sent - 1]);
      sent++;
      void send(item, ops);
    }
  };

  const send = async (item: Item, ops: readonly WriteOp[]) => {
    unanswered++;
    unansweredBytes += item.bytes.length;
    item.wasSent = true;
    const outcome = await zookeeper.write(ops, claim.session);
    unanswered--;
    unansweredBytes -= item.bytes.length;
    accept(item, outcome);
    shiftDone();
    if (!inDoubt) pump();
    else if (unanswered === 0 && !failure) await recover();
  };

  const accept = (item: Item, outcome: WriteOutcome) => {
    if (outcome.kind === 'done') {
      item.isDone = true;
      return;
    }
    inDoubt = true;
    if (outcome.kind !== 'unknown') item.wasSent = false;
    if (outcome.kind === 'refused' && isFinal(outcome)) fail(refusal(place, `entry ${item.sequence}`, outcome));
  };

  /** A gap, a bucket that was there and a fence are seen when everything is looked at; nothing else can be helped. */
  const isFinal = ({ code, op }: Refused) => {
    const isHelped = code === 'no-node' || code === 'node-exists' || (code === 'bad-version' && op === 0);
    return !isHelped || (code !== 'bad-version' && ++futile > maxFutile);
  };

  const recover = async () => {
    try {
      for (let isDecided = false; !isDecided;) {
        await patience.forSession(claim.session);
        isDecided = await decide().catch(orUnavailable);
      }
      inDoubt = false;
      shiftDone();
      sent = 0;
      pump();
    } catch (error) {
      fail(error as Error);
    }
  };

  /** Finds out what is there, and that we may go on. */
  const decide = async (): Promise<true> => {
    await zookeeper.settle();
    for (const item of items) {
      const found = await zookeeper.get(entryPath(item.sequence));
      if (!found) {
        await refuseIfFenced(item);
        knownBucket = undefined;
        if (await zookeeper.exists(bucketPath(bucketOf(item.sequence)))) knownBucket = bucketOf(item.sequence);
        return true;
      }
      if (Buffer.compare(found.data, item.bytes) !== 0) throw await fence.fenced(claim.epoch);
      item.isDone = true;
    }
    return true;
  };

  const refuseIfFenced = async (item: Item) => {
    try {
      await fence.verify(claim);
    } catch (error) {
      if (error instanceof ZookeeperUnavailable || !item.wasSent) throw error;
      if (!(await context.isCovered(item.sequence))) throw error;
      throw new JournalUnavailable(
        `whether entry ${item.sequence} was written cannot be known any more: ${String(error)}`,
        {
          cause: error,
        },
      );
    }
  };

  return {
    append(entries) {
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        const first = entries[0]?.sequence;
        if (first !== last + 1) {
          reject(new Error(`expected entry ${last + 1} next, got ${first ?? 'none'}`));
          return;
        }
        last += entries.length;
        for (const [at, { sequence, bytes }] of entries.entries()) {
          const waiter = at === entries.length - 1 ? { resolve, reject } : undefined;
          items.push({ sequence, bytes, wasSent: false, isDone: false, waiter });
        }
        pump();
      });
    },
  };
}

function orUnavailable(error: unknown): false {
  if (error instanceof ZookeeperUnavailable) return false;
  throw error;
}

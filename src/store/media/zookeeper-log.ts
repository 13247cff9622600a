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
  readonly isCovered: (sequence: number) => Promise<boolean>;
}

export interface Appender {
  append(entries: readonly Entry[]): Promise<void>;
}

interface Item extends Entry {
  /** It may be there: it was sent, and not answered with a refusal. */
  wasSent: boolean;
  isDone: boolean;
  /** Of the last entry of an `append`. */
  readonly waiter: { resolve(): void; reject(error: Error): void } | undefined;
}

/** Entries on their way, and those that wait behind them. */
interface Line {
  /** What is not done, and perhaps done behind it; in order. */
  readonly items: Item[];
  /** How many of them, from the front, were sent. */
  sent: number;
  /** The last entry that was taken. */
  last: number;
  unanswered: number;
  unansweredBytes: number;
  /** The bucket that is there, or will be before what is sent next. */
  bucket: number | undefined;
  inDoubt: boolean;
  /** Of the first entry in line, since something was done. */
  refusals: number;
  failure: Error | undefined;
}

/** Sent and not answered. One entry may always be. */
const windowBytes = 4 * 1024 * 1024;
/** Of the first entry in line, although everything was looked at before each time: that is no matter of order. */
const maxRefusals = 4;

export function createAppender(context: AppenderContext): Appender {
  const line: Line = {
    items: [],
    sent: 0,
    last: context.last,
    unanswered: 0,
    unansweredBytes: 0,
    bucket: context.bucket,
    inDoubt: false,
    refusals: 0,
    failure: undefined,
  };

  return {
    append(entries) {
      if (line.failure) return Promise.reject(line.failure);
      const first = entries[0]?.sequence ?? 'none';
      if (first !== line.last + 1)
        return Promise.reject(new Error(`expected entry ${line.last + 1} next, got ${first}`));
      return new Promise((resolve, reject) => {
        line.last += entries.length;
        for (const { sequence, bytes } of entries) {
          const waiter = sequence === line.last ? { resolve, reject } : undefined;
          line.items.push({ sequence, bytes, wasSent: false, isDone: false, waiter });
        }
        sendMore(context, line);
      });
    },
  };
}

function sendMore(context: AppenderContext, line: Line): void {
  while (!line.inDoubt && !line.failure) {
    const item = line.items[line.sent];
    if (!item || (line.unanswered > 0 && line.unansweredBytes + item.bytes.length > windowBytes)) return;
    const ops = opsFor(context.claim, item, line.items[line.sent - 1], line.bucket);
    line.bucket = bucketOf(item.sequence);
    line.sent++;
    void send(context, line, item, ops);
  }
}

/** @param before entry that is on its way as well */
function opsFor(
  claim: Claim,
  { sequence, bytes }: Item,
  before: Item | undefined,
  bucket: number | undefined,
): WriteOp[] {
  const ops: WriteOp[] = [claim.check];
  if (before) ops.push({ kind: 'check', path: entryPath(before.sequence) });
  if (bucket !== bucketOf(sequence)) ops.push({ kind: 'create', path: bucketPath(bucketOf(sequence)), data: noBytes });
  ops.push({ kind: 'create', path: entryPath(sequence), data: bytes });
  return ops;
}

async function send(context: AppenderContext, line: Line, item: Item, ops: readonly WriteOp[]): Promise<void> {
  line.unanswered++;
  line.unansweredBytes += item.bytes.length;
  item.wasSent = true;
  const outcome = await context.zookeeper.write(ops, context.claim.session);
  line.unanswered--;
  line.unansweredBytes -= item.bytes.length;
  if (outcome.kind === 'done') item.isDone = true;
  else doubt(context, line, item, outcome);
  shiftDone(line);
  if (!line.inDoubt) sendMore(context, line);
  else if (line.unanswered === 0 && !line.failure) await recover(context, line);
}

function doubt(context: AppenderContext, line: Line, item: Item, outcome: WriteOutcome): void {
  line.inDoubt = true;
  if (outcome.kind !== 'unknown') item.wasSent = false;
  if (outcome.kind !== 'refused') return;
  // A gap, a bucket or an entry that was there, and the fence, are told apart by looking. Nothing else can be helped.
  const { code, op } = outcome;
  const isExplained = code === 'no-node' || code === 'node-exists' || (code === 'bad-version' && op === 0);
  if (item === line.items[0]) line.refusals++;
  if (!isExplained || line.refusals > maxRefusals)
    fail(line, refusal(context.place, `entry ${item.sequence}`, outcome));
}

function fail(line: Line, error: Error): void {
  line.failure = error;
  for (const { waiter } of line.items.splice(0)) waiter?.reject(error);
}

function shiftDone(line: Line): void {
  while (line.items[0]?.isDone) {
    line.items.shift()?.waiter?.resolve();
    line.sent = Math.max(0, line.sent - 1);
    line.refusals = 0;
  }
}

/** Everything is answered or never will be. */
async function recover(context: AppenderContext, line: Line): Promise<void> {
  const { patience, claim } = context;
  try {
    await patience.forSession(claim.session);
    await patience.read(() => decide(context, line), claim.session);
    line.inDoubt = false;
    shiftDone(line);
    line.sent = 0;
    sendMore(context, line);
  } catch (error) {
    fail(line, error as Error);
  }
}

/** Finds out what is there. Rejects when we may not go on from there; with ZookeeperUnavailable to be asked again. */
async function decide(context: AppenderContext, line: Line): Promise<void> {
  const { zookeeper, fence, claim } = context;
  await zookeeper.settle();
  for (const item of line.items) {
    const found = await zookeeper.get(entryPath(item.sequence));
    if (!found) {
      await refuseIfFenced(context, item);
      const bucket = bucketOf(item.sequence);
      line.bucket = (await zookeeper.exists(bucketPath(bucket))) ? bucket : undefined;
      return;
    }
    if (Buffer.compare(found.data, item.bytes) !== 0) throw await fence.fenced(claim.epoch);
    item.isDone = true;
  }
}

/** "Fenced" says that nothing was written. That cannot be said of what the next writer may have replaced already. */
async function refuseIfFenced({ fence, claim, isCovered }: AppenderContext, item: Item): Promise<void> {
  try {
    await fence.verify(claim);
  } catch (cause) {
    if (cause instanceof ZookeeperUnavailable || !item.wasSent || !(await isCovered(item.sequence))) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new JournalUnavailable(`whether entry ${item.sequence} was written cannot be known any more: ${why}`, {
      cause,
    });
  }
}

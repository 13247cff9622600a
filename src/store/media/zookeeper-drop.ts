// Compaction: removing what a snapshot replaces, except what a reader still needs.
import type { WriteOp, Zookeeper } from '../../zookeeper/zookeeper.ts';
import { JournalUnavailable, type JournalPlace } from '../journal-errors.ts';
import { refusal, type Claim, type Fence } from './zookeeper-epoch.ts';
import { heldBy } from './zookeeper-holds.ts';
import {
  bucketPath,
  entryPath,
  lastOfBucket,
  logPath,
  numbersOf,
  readersPath,
  sealName,
  snapshotPath,
  snapshotsPath,
} from './zookeeper-layout.ts';
import type { Patience } from './zookeeper-patience.ts';

export interface DropContext {
  readonly zookeeper: Zookeeper;
  readonly place: JournalPlace;
  readonly patience: Patience;
  readonly fence: Fence;
  /** A reader further behind a snapshot than this many entries is not waited for. */
  readonly maxHeldEntries: number;
  /** The same in bytes. */
  readonly maxHeldBytes: number;
}

/** Deletions of a transaction: appends wait behind it for some milliseconds. */
const deletionsAtOnce = 200;
const statsAtOnce = 256;

interface Kept {
  /** Entries after this one stay. */
  readonly after: number;
  /** Snapshots that stay. */
  readonly snapshots: ReadonlySet<number>;
  /** Somebody who holds something new changes this. */
  readonly check: WriteOp;
}

/** Every round sees a new hold, or removes something; more than this many are nobody's readers. */
const maxRounds = 20;

/** Rejects with JournalFenced and JournalUnavailable; may be called again then. */
export async function dropBelow(context: DropContext, claim: Claim, snapshot: number): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    const kept = await context.patience.read(() => whatIsKept(context, snapshot), claim.session);
    const isDone = await context.patience.read(() => dropExcept(context, claim, kept), claim.session);
    if (isDone) return;
  }
  throw new JournalUnavailable(`could not remove what snapshot ${snapshot} of ${context.place.description} replaces`);
}

async function whatIsKept(context: DropContext, snapshot: number): Promise<Kept> {
  const { zookeeper, place } = context;
  await zookeeper.settle();
  const readers = await zookeeper.exists(readersPath);
  if (!readers) throw new JournalUnavailable(`expected ${readersPath} in ${place.description}, found nothing`);
  const names = (await zookeeper.children(readersPath)) ?? [];
  const znodes = await Promise.all(names.map((name) => zookeeper.get(`${readersPath}/${name}`)));
  const held = znodes.flatMap((znode) => (znode ? (heldBy(znode.data) ?? []) : []));
  const behind = held.filter((sequence) => sequence < snapshot && sequence >= snapshot - context.maxHeldEntries);
  const farthest = behind.length > 0 ? await farthestHeld(context, Math.min(...behind), snapshot) : snapshot;
  const kept = behind.filter((sequence) => sequence >= farthest);
  return {
    after: Math.min(snapshot, ...kept),
    snapshots: new Set([snapshot, ...kept]),
    check: { kind: 'check', path: readersPath, version: readers.version },
  };
}

/** How far behind a snapshot a reader may be, looking no further than `from`. */
async function farthestHeld({ zookeeper, maxHeldBytes }: DropContext, from: number, snapshot: number): Promise<number> {
  let bytes = 0;
  for (let end = snapshot; end > from; end -= statsAtOnce) {
    const first = Math.max(from, end - statsAtOnce) + 1;
    const sequences = Array.from({ length: end - first + 1 }, (_, at) => end - at);
    const stats = await Promise.all(sequences.map((sequence) => zookeeper.exists(entryPath(sequence))));
    const over = stats.findIndex((stat) => (bytes += stat?.dataLength ?? 0) > maxHeldBytes);
    if (over >= 0) return end - over;
  }
  return from;
}

/** False: something was not as it had been found; look again. */
async function dropExcept(context: DropContext, claim: Claim, kept: Kept): Promise<boolean> {
  const { zookeeper } = context;
  for (const snapshot of numbersOf(await zookeeper.children(snapshotsPath))) {
    if (kept.snapshots.has(snapshot)) continue;
    const path = snapshotPath(snapshot);
    // Seal first: half of a snapshot must not look like one.
    const names = [...((await zookeeper.children(path)) ?? [])];
    names.sort((a, b) => Number(b === sealName) - Number(a === sealName));
    if (!(await remove(context, claim, kept, [...names.map((name) => `${path}/${name}`), path]))) return false;
  }
  for (const bucket of numbersOf(await zookeeper.children(logPath))) {
    if (bucket > kept.after) break;
    const sequences = numbersOf(await zookeeper.children(bucketPath(bucket)));
    const paths = sequences.filter((sequence) => sequence <= kept.after).map(entryPath);
    if (lastOfBucket(bucket) <= kept.after) paths.push(bucketPath(bucket));
    if (!(await remove(context, claim, kept, paths))) return false;
  }
  return true;
}

async function remove(context: DropContext, claim: Claim, kept: Kept, paths: readonly string[]): Promise<boolean> {
  for (let at = 0; at < paths.length; at += deletionsAtOnce) {
    const some = paths.slice(at, at + deletionsAtOnce);
    const ops = some.map((path): WriteOp => ({ kind: 'delete', path }));
    const isGone = async () => (await context.zookeeper.exists(some[0] ?? '/')) === undefined;
    const refused = await context.fence.write(claim, [kept.check, ...ops], isGone);
    if (refused?.code === 'no-authority' || refused?.code === 'invalid') {
      throw refusal(context.place, 'a deletion', refused);
    }
    if (refused) return false;
  }
  return true;
}

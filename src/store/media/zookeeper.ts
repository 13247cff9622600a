// The medium in ZooKeeper, for several servers: every entry is one transaction that the newest epoch alone may do.
import { systemClock, type Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Zookeeper } from '../../zookeeper/zookeeper.ts';
import { JournalUnavailable, type JournalPlace } from '../journal-errors.ts';
import type { Medium } from '../medium.ts';
import { dropBelow } from './zookeeper-drop.ts';
import { createFence, type Claim, type Fence } from './zookeeper-epoch.ts';
import { createHolds } from './zookeeper-holds.ts';
import { bucketOf, bucketPath, numbersOf, openLayout, presentLayout, snapshotsPath } from './zookeeper-layout.ts';
import type { LayoutKnowledge } from './zookeeper-layout.ts';
import { createAppender, type Appender } from './zookeeper-log.ts';
import { createPatience, type Patience } from './zookeeper-patience.ts';
import { createLogReading, type LogReading } from './zookeeper-reader.ts';
import { createZookeeperSnapshots } from './zookeeper-snapshots.ts';

export interface ZookeeperMediumOptions {
  /** Stays open when the medium is closed. */
  readonly zookeeper: Zookeeper;
  readonly log: Log;
  readonly clock?: Clock;
  /** Gives up waiting for the ensemble at the start. */
  readonly signal?: AbortSignal;
  /** Default 512 KiB: half of what ZooKeeper takes at once, unless told otherwise. */
  readonly maxEntryBytes?: number;
  /** A snapshot is due when the log has more entries. Default 10,000. */
  readonly maxLogEntries?: number;
  /** A standby that holds more than this is not waited for. Default 64 MiB. */
  readonly maxHeldBytes?: number;
  /** Default: that of this program. */
  readonly layout?: LayoutKnowledge;
}

const defaults = { maxEntryBytes: 512 * 1024, maxLogEntries: 10_000, maxHeldBytes: 64 * 1024 * 1024 };
/** Entries on their way at a time: enough to fill the ensemble's pipeline of a few milliseconds. */
const depth = 8;
const deflateFromBytes = 2048;
/** A standby that is behind by more logs than this is quicker with the next snapshot. */
const maxHeldLogs = 4;

/**
 * What this medium reads and writes goes on after a broken connection. When the session is lost meanwhile, everything but
 * `follow` rejects with JournalUnavailable; `follow` goes on in the next session.
 *
 * Waits for the ensemble; makes the layout where there is none. Rejects with JournalUnavailable when a newer program, or
 * another one, has used the path; with the signal's reason.
 */
export async function openZookeeperMedium(options: ZookeeperMediumOptions): Promise<Medium> {
  const { zookeeper, log, clock = systemClock, layout = presentLayout } = options;
  const place: JournalPlace = {
    description: `the journal in ZooKeeper at ${zookeeper.description}`,
    remedy:
      'Ask the ZooKeeper servers one by one with `tepui journal check --zk zk://HOST:PORT/PATH`: one that is whole can be copied by the others ' +
      '(docs/operations.md). If none is, stop all servers and put back a backup with `tepui restore`; or, to begin with an empty cluster, start them with another path.',
  };
  const closing = new AbortController();
  const patience = createPatience(zookeeper, place, clock, closing.signal);
  const waiting = options.signal ?? closing.signal;
  await zookeeper.connected(waiting);
  await patience.always(() => openLayout(zookeeper, place, layout, log), waiting);
  return createMedium({ ...defaults, ...options, place, patience, closing });
}

interface Parts extends Required<Pick<ZookeeperMediumOptions, 'maxEntryBytes' | 'maxLogEntries' | 'maxHeldBytes'>> {
  readonly zookeeper: Zookeeper;
  readonly log: Log;
  readonly place: JournalPlace;
  readonly patience: Patience;
  readonly closing: AbortController;
}

function createMedium(parts: Parts): Medium {
  const { zookeeper, place, patience, closing, maxEntryBytes, maxLogEntries } = parts;
  const fence = createFence(zookeeper, place, patience);
  const holds = createHolds(zookeeper, patience, closing.signal);
  const reading = createLogReading({ ...parts });
  let writer: Writer | undefined;

  const writerOf = async (epoch: number): Promise<Writer> => {
    if (writer?.claim.epoch === epoch) return writer;
    throw await fence.fenced(epoch);
  };
  const claimOf = async (epoch: number) => (await writerOf(epoch)).claim;

  return {
    ...place,
    maxEntryBytes,
    depth,
    deflateFromBytes,
    maxLogEntries,
    async claim(above = 0) {
      writer = undefined;
      const claim = await fence.claim(above);
      writer = { claim, appender: await createWriter({ ...parts, fence, reading, claim }) };
      return claim.epoch;
    },
    append(epoch, entries) {
      // Without waiting: the order of the calls is that of the entries.
      if (writer?.claim.epoch === epoch) return writer.appender.append(entries);
      return fence.fenced(epoch).then((error) => Promise.reject(error));
    },
    read: (from) => reading.read(from),
    follow: (from, signal) => reading.follow(from, AbortSignal.any([signal, closing.signal])),
    reachable: (signal) => patience.forAny(signal),
    copies: zookeeper.servers,
    elsewhere: (why) => leaveServer(parts, why),
    acknowledged: () => Promise.resolve(0),
    ...createZookeeperSnapshots({ ...parts, fence, holds, claimOf }),
    hold: (sequence) => holds.hold(sequence),
    async dropBelow(epoch, snapshot) {
      const claim = await claimOf(epoch);
      // What this server itself holds counts as well.
      await patience.read(() => holds.settled(), claim.session);
      await dropBelow({ ...parts, fence, maxHeldEntries: maxHeldLogs * maxLogEntries }, claim, snapshot);
    },
    async close() {
      closing.abort(new JournalUnavailable(`${place.description} was closed`));
      await holds.close();
    },
  };
}

/** Resolves when the session has left the server, and can be asked again. */
async function leaveServer({ zookeeper, log, patience }: Parts, why: string): Promise<void> {
  const { server, session } = zookeeper;
  log.warn({ server, why }, 'a server of the ensemble does not show what it should; another is asked');
  const left = new Promise<void>((resolve) => {
    const stop = zookeeper.onChange(() => {
      if (zookeeper.server === server && zookeeper.session === session) return;
      stop();
      resolve();
    });
  });
  zookeeper.moveOn(why);
  if (server !== undefined) await left;
  await patience.forSession(session);
}

interface Writer {
  readonly claim: Claim;
  readonly appender: Appender;
}

/** Nobody else writes any more: what is there now is what we go on from. */
async function createWriter(
  context: Parts & { readonly fence: Fence; readonly reading: LogReading; readonly claim: Claim },
): Promise<Appender> {
  const { zookeeper, patience, reading, claim } = context;
  const found = await patience.read(async () => {
    await zookeeper.settle();
    const snapshot = numbersOf(await zookeeper.children(snapshotsPath)).at(-1) ?? 0;
    const last = Math.max(await reading.last(), snapshot);
    const bucket = bucketOf(last + 1);
    return { last, bucket: (await zookeeper.exists(bucketPath(bucket))) ? bucket : undefined };
  }, claim.session);
  return createAppender({ ...context, ...found, isCovered: (sequence) => reading.isCovered(sequence) });
}

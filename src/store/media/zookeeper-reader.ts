// The log as its readers see it: from a number to the end, and on as it grows.
import { createWake } from '../../lib/wake.ts';
import { ZookeeperUnavailable, type Zookeeper } from '../../zookeeper/zookeeper.ts';
import { JournalDropped, type JournalPlace } from '../journal-errors.ts';
import type { Entry } from '../medium.ts';
import { dense, readAhead, untilMissing } from './zookeeper-ahead.ts';
import { bucketPath, entryPath, logPath, numbersOf, snapshotsPath, sealPath } from './zookeeper-layout.ts';
import type { Patience } from './zookeeper-patience.ts';

export interface ReaderContext {
  readonly zookeeper: Zookeeper;
  readonly place: JournalPlace;
  readonly patience: Patience;
  readonly maxEntryBytes: number;
}

export interface LogReading {
  /** The last entry that is there; 0: none. Rejects with ZookeeperUnavailable. */
  last(): Promise<number>;
  /** Whether a snapshot replaces an entry, so that its absence is in order. Rejects with ZookeeperUnavailable. */
  readonly isCovered: (sequence: number) => Promise<boolean>;
  read(from: number): AsyncGenerator<readonly Entry[]>;
  follow(from: number, signal: AbortSignal): AsyncGenerator<readonly Entry[]>;
}

/** A follower asks for twice as many entries as it found last time, up to this many. */
const maxWidth = 256;

export function createLogReading(context: ReaderContext): LogReading {
  const { zookeeper, place, patience, maxEntryBytes } = context;
  const get = async (sequence: number) => (await zookeeper.get(entryPath(sequence)))?.data;

  const last = async () => {
    for (const bucket of numbersOf(await zookeeper.children(logPath)).reverse()) {
      const newest = numbersOf(await zookeeper.children(bucketPath(bucket))).at(-1);
      if (newest !== undefined) return newest;
    }
    return 0;
  };

  const isCovered = async (sequence: number) => {
    for (const snapshot of numbersOf(await zookeeper.children(snapshotsPath)).reverse()) {
      if (snapshot < sequence) return false;
      if (await zookeeper.exists(sealPath(snapshot))) return true;
    }
    return false;
  };

  /** Throws JournalDropped when an entry is not there and will not come. */
  const refuseDropped = async (sequence: number) => {
    if (!(await isCovered(sequence))) return;
    // It may have come, and its snapshot too, since we looked.
    if (!(await zookeeper.exists(entryPath(sequence)))) throw new JournalDropped(place, sequence);
  };

  return {
    last,
    isCovered,
    async *read(from) {
      const { session } = zookeeper;
      const patiently = <T>(work: () => Promise<T>) => patience.read(work, session);
      const end = await patiently(async () => {
        await zookeeper.settle();
        return last();
      });
      if (end < from) await patiently(() => refuseDropped(from));
      const isThereAfterAll = (sequence: number) =>
        patiently(async () => {
          await refuseDropped(sequence);
          await zookeeper.settle();
          return (await zookeeper.exists(entryPath(sequence))) !== undefined;
        });
      let next = from;
      while (next <= end) {
        for await (const page of readAhead(next, end, maxEntryBytes, (each) => patiently(() => get(each)))) {
          const whole = untilMissing(page);
          if (whole.length > 0) yield whole;
          const missing = page[whole.length];
          next += missing ? whole.length : page.length;
          if (!missing) continue;
          // The server that was asked, perhaps after another one, had not heard of it yet: read on from there.
          if (await isThereAfterAll(missing.sequence)) break;
          // A gap that nothing explains is damage: the reader sees it by what comes after it.
          yield page.slice(whole.length).flatMap(({ sequence, bytes }) => (bytes ? [{ sequence, bytes }] : []));
          next += page.length - whole.length;
        }
      }
    },
    follow: (from, signal) => follow(context, get, refuseDropped, from, signal),
  };
}

async function* follow(
  { zookeeper, patience, maxEntryBytes }: ReaderContext,
  get: (sequence: number) => Promise<Uint8Array | undefined>,
  refuseDropped: (sequence: number) => Promise<void>,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<readonly Entry[]> {
  let next = from;
  let width = 1;
  /** Until the entry is there, or something happened after which to look again. */
  const wait = async () => {
    const woken = createWake();
    if (await zookeeper.exists(entryPath(next), woken.wake)) return;
    await refuseDropped(next);
    await woken.wait(signal);
  };
  while (!signal.aborted) {
    const end = next + width;
    try {
      for await (const entries of dense(readAhead(next, end - 1, maxEntryBytes, get))) {
        next += entries.length;
        yield entries;
      }
      if (next < end && !isAborted(signal)) await wait();
    } catch (error) {
      if (!(error instanceof ZookeeperUnavailable)) throw error;
      await patience.forAny(signal).catch(() => undefined);
    }
    width = Math.min(Math.max(1, 2 * (next - (end - width))), maxWidth);
  }
}

/** It can abort while a page is out, which the compiler does not see. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

// The medium that forgets: for tests, and for servers that need not outlive their process.
import { JournalDropped, JournalFenced } from '../journal-errors.ts';
import type { Entry, Medium } from '../medium.ts';
import { announceAppend, followLog, type Followed } from './follow.ts';

interface MemorySnapshot {
  readonly pieces: Map<number, Uint8Array>;
  seal: Uint8Array | undefined;
}

/** What several media can share, as they would a disk. Tests may look at it and damage it. */
export interface MemoryStorage extends Followed {
  epoch: number;
  acknowledged: number;
  readonly entries: Map<number, Uint8Array>;
  readonly snapshots: Map<number, MemorySnapshot>;
  /** What each medium's reader still needs. */
  readonly holds: Map<object, number>;
}

export function createMemoryStorage(): MemoryStorage {
  return {
    epoch: 0,
    acknowledged: 0,
    last: 0,
    entries: new Map(),
    snapshots: new Map(),
    holds: new Map(),
    listeners: new Set(),
  };
}

function snapshotOf(storage: MemoryStorage, sequence: number): MemorySnapshot {
  const found = storage.snapshots.get(sequence) ?? { pieces: new Map<number, Uint8Array>(), seal: undefined };
  storage.snapshots.set(sequence, found);
  return found;
}

/** The log goes on after what the snapshot covers, even where that is more than the log ever held. */
function setSeal(storage: MemoryStorage, snapshot: number, seal: Uint8Array): void {
  snapshotOf(storage, snapshot).seal = seal;
  storage.last = Math.max(storage.last, snapshot);
}

/** @param depth appends that may be under way at the same time */
export function createMemoryMedium(storage = createMemoryStorage(), maxEntryBytes = 2 ** 20, depth = 1): Medium {
  const place = { description: 'the journal in memory', remedy: 'Start again with an empty one.' };

  /** Does the work at once, if `epoch` is the newest. */
  const asWriter = async (epoch: number, work: () => void): Promise<void> => {
    if (epoch !== storage.epoch) throw new JournalFenced(place, epoch, storage.epoch);
    work();
    await Promise.resolve();
  };

  const append = (entries: readonly Entry[]) => {
    for (const { sequence, bytes } of entries) {
      if (sequence !== storage.last + 1) throw new Error(`expected entry ${storage.last + 1} next, got ${sequence}`);
      storage.entries.set(sequence, bytes);
      storage.acknowledged = storage.last = sequence;
    }
    announceAppend(storage);
  };

  const read = (from: number) => {
    const isCovered = [...storage.snapshots].some(([sequence, { seal }]) => seal && sequence >= from);
    if (isCovered && !storage.entries.has(from)) return refused(new JournalDropped(place, from));
    return pages(storage.entries, from);
  };

  const holder = {};
  const hold = (sequence: number | undefined) => {
    if (sequence === undefined) storage.holds.delete(holder);
    else storage.holds.set(holder, sequence);
  };

  return {
    ...place,
    maxEntryBytes,
    depth,
    deflateFromBytes: Number.POSITIVE_INFINITY,
    maxLogEntries: Number.POSITIVE_INFINITY,
    claim: (above = 0) => Promise.resolve((storage.epoch = Math.max(storage.epoch, above) + 1)),
    append: (epoch, entries) => asWriter(epoch, () => append(entries)),
    read,
    follow: (from, signal) => followLog(storage, read, from, signal),
    reachable: () => Promise.resolve(),
    copies: 1,
    elsewhere: () => Promise.resolve(),
    acknowledged: () => Promise.resolve(storage.acknowledged),
    putPiece: (epoch, snapshot, index, bytes) =>
      asWriter(epoch, () => void snapshotOf(storage, snapshot).pieces.set(index, bytes)),
    sealSnapshot: (epoch, snapshot, seal) => asWriter(epoch, () => setSeal(storage, snapshot, seal)),
    snapshots: () =>
      Promise.resolve(
        [...storage.snapshots]
          .map(([sequence, { seal }]) => ({ sequence, seal }))
          .sort((a, b) => a.sequence - b.sequence),
      ),
    readPieces: (snapshot) => pages(storage.snapshots.get(snapshot)?.pieces ?? new Map(), 0),
    hold,
    dropBelow: (epoch, snapshot) => asWriter(epoch, () => drop(storage, snapshot)),
    close() {
      hold(undefined);
      return Promise.resolve();
    },
  };
}

function drop(storage: MemoryStorage, snapshot: number): void {
  const kept = new Set([snapshot, ...storage.holds.values()]);
  const after = Math.min(...kept);
  for (const sequence of storage.entries.keys()) if (sequence <= after) storage.entries.delete(sequence);
  for (const sequence of storage.snapshots.keys()) if (!kept.has(sequence)) storage.snapshots.delete(sequence);
}

async function* refused(error: Error): AsyncGenerator<readonly Entry[]> {
  await Promise.reject(error);
  yield [];
}

const pageLength = 256;

async function* pages(values: ReadonlyMap<number, Uint8Array>, from: number): AsyncGenerator<readonly Entry[]> {
  const entries = [...values]
    .filter(([sequence]) => sequence >= from)
    .map(([sequence, bytes]) => ({ sequence, bytes }))
    .sort((a, b) => a.sequence - b.sequence);
  for (let at = 0; at < entries.length; at += pageLength)
    yield await Promise.resolve(entries.slice(at, at + pageLength));
}

// The journal: a log of batches, and snapshots that keep it short, over any medium. Read by every server, written by one.
import { backoffMs, type BackoffPolicy } from '../lib/backoff.ts';
import { sleep, type Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Batch } from './batch.ts';
import { createCompaction, type Compaction, type CompactionSource } from './compaction.ts';
import { JournalDamaged, JournalUnavailable } from './journal-errors.ts';
import { createLogWriter, type LogPosition, type LogWriter } from './log-writer.ts';
import type { Medium } from './medium.ts';
import { createReplay, type Replay, type ReplayTarget } from './replay.ts';

export interface Journal {
  /** Calls of `append` that may be under way at the same time. */
  readonly depth: number;
  /** The end of what the target was told, and of what was appended and is durable. */
  readonly position: LogPosition;
  /**
   * Tells the target what the journal holds and then what is added, until the signal aborts; `caughtUp` is called when
   * everything that was there at first has been told. May be called again, and goes on from where it is. Rejects with
   * JournalDamaged; while the journal cannot be reached, it waits.
   */
  follow(target: ReplayTarget, signal: AbortSignal, caughtUp: () => void): Promise<void>;
  /**
   * Becomes the writer, and tells the target what it has not heard yet. Not while following. Resolves with the epoch.
   * Rejects with JournalDamaged when something acknowledged cannot be read; nothing is changed then.
   */
  lead(target: ReplayTarget): Promise<number>;
  /**
   * Calls `publish` when the batch is durable, in the order of the calls, and resolves then. The first rejection is final:
   * everything after it rejects as well.
   */
  append(batch: Batch, publish: () => void): Promise<void>;
  /**
   * To be called in `publish`, when the state is that of this batch: writes a snapshot in the background when the log has
   * grown enough. `stateBytes` is the serialised size of the state.
   */
  compactIfDue(stateBytes: number, source: () => CompactionSource): void;
  /** Takes no more appends, waits for those under way, and stops a snapshot in progress. */
  stepDown(): Promise<void>;
  /** Ends following and writing, and releases the medium. */
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly medium: Medium;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * A snapshot is written when the log is larger than this and than half of the state, as it would be stored. Default
   * 8 MiB.
   */
  readonly snapshotFromBytes?: number;
  /** Batches at least this large are compressed. Default: what the medium says. */
  readonly deflateFromBytes?: number;
}

const defaultSnapshotFromBytes = 8 * 1024 * 1024;
/** Before trying again although the medium says that it can be asked. */
const retries: BackoffPolicy = { initialMs: 50, factor: 2, maxMs: 1000 };

/** What there is only while this server writes. */
interface Term {
  readonly writer: LogWriter;
  readonly compaction: Compaction;
}

export function createJournal(options: JournalOptions): Journal {
  const { medium } = options;
  const replay = createReplay(medium, options.clock);
  const closing = new AbortController();
  let term: Term | undefined;
  let written: LogPosition | undefined;
  let following: Promise<void> | undefined;
  /** The last one; it settles when all before it have. */
  let appended: Promise<void> = Promise.resolve();

  const append = async ({ writer }: Term, batch: Batch, publish: () => void): Promise<void> => {
    const { end, entries, bytes } = await writer.append(batch);
    written = end;
    replay.size.entries += entries;
    replay.size.bytes += bytes;
    publish();
  };

  const stepDown = async (): Promise<void> => {
    const ended = term;
    term = undefined;
    await appended.catch(() => undefined);
    await ended?.compaction.stop();
    if (written) replay.moveTo(written);
    written = undefined;
  };

  return {
    depth: medium.depth,
    get position() {
      return written ?? replay.position;
    },
    follow(target, signal, caughtUp) {
      if (term || following) throw new Error('follow was called while leading or following');
      const stop = AbortSignal.any([signal, closing.signal]);
      following = followThrough(options, replay, target, stop, caughtUp).finally(() => (following = undefined));
      return following;
    },
    async lead(target) {
      if (term || following) throw new Error('lead was called while leading or following');
      const epoch = await claim(options, replay, target, closing.signal);
      written = replay.position;
      term = beginTerm(options, replay, epoch);
      medium.hold(undefined);
      return epoch;
    },
    append(batch, publish) {
      if (!term) throw new Error('append was called by a journal that is not the writer');
      appended = append(term, batch, publish);
      return appended;
    },
    compactIfDue(stateBytes, source) {
      if (written && !closing.signal.aborted) term?.compaction.ifDue(stateBytes, written, source);
    },
    stepDown,
    async close() {
      closing.abort();
      await following?.catch(() => undefined);
      await stepDown();
      await medium.close();
    },
  };
}

/** Becomes the writer of a log that has been read to its end. */
async function claim(
  { medium, log }: JournalOptions,
  replay: Replay,
  target: ReplayTarget,
  signal: AbortSignal,
): Promise<number> {
  let epoch = await medium.claim();
  await replay.catchUp(target, signal);
  signal.throwIfAborted();
  await checkEnd(medium, replay.position);
  // An epoch can only be lost with damage elsewhere; the log knows better.
  while (epoch <= replay.position.epoch) epoch = await medium.claim();
  const { torn } = replay;
  if (torn > 0) log.warn({ medium: medium.description, entries: torn }, 'left out a batch that was never acknowledged');
  return epoch;
}

function beginTerm(options: JournalOptions, replay: Replay, epoch: number): Term {
  const { medium, snapshotFromBytes = defaultSnapshotFromBytes } = options;
  const { deflateFromBytes = medium.deflateFromBytes } = options;
  const isDeflated = Number.isFinite(deflateFromBytes);
  return {
    writer: createLogWriter(medium, epoch, replay.position, deflateFromBytes),
    compaction: createCompaction({ ...options, replay, epoch, isDeflated, snapshotFromBytes }),
  };
}

/** Reads what is there, then what comes; waits while the medium cannot be asked. */
async function followThrough(
  options: JournalOptions,
  replay: Replay,
  target: ReplayTarget,
  signal: AbortSignal,
  caughtUp: () => void,
): Promise<void> {
  const { medium, clock, log } = options;
  let failures = 0;
  while (!signal.aborted) {
    try {
      await replay.catchUp(target, signal);
      if (isAborted(signal)) return;
      if (failures > 0) log.info({ medium: medium.description }, 'the journal can be read again');
      failures = 0;
      caughtUp();
      await replay.follow(target, signal);
      return;
    } catch (error) {
      if (!(error instanceof JournalUnavailable)) throw error;
      if (++failures === 1) log.warn({ err: error }, 'the journal cannot be read now; waiting for it');
      await waitFor(medium, clock, backoffMs(retries, failures), signal);
    }
  }
}

/** Resolves when the signal aborts, too. */
async function waitFor(medium: Medium, clock: Clock, pauseMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(clock, pauseMs, signal);
    await medium.reachable(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** It can abort while we wait, which the compiler does not see. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function checkEnd(medium: Medium, position: LogPosition): Promise<void> {
  const acknowledged = await medium.acknowledged();
  if (acknowledged <= position.sequence) return;
  const found = `entries up to ${acknowledged} were acknowledged, but the log ends at ${position.sequence}`;
  throw new JournalDamaged(medium, `entry ${position.sequence + 1}`, found);
}

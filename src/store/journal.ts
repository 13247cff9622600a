// The journal: a log of batches, and snapshots that keep it short, over any medium.
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { createIntern, type Batch } from './batch.ts';
import { JournalDamaged, JournalFenced } from './journal-errors.ts';
import { createLogReader } from './log-reader.ts';
import { createLogWriter, logStart, type LogPosition, type LogWriter } from './log-writer.ts';
import type { Medium } from './medium.ts';
import { newestSnapshot, readSnapshot, writeSnapshot, type SnapshotSource } from './snapshot.ts';

/** Who is told what the journal holds, in this order: chunks of the snapshot, its revision, then batches of the log. */
export interface ReplayTarget {
  snapshot(batch: Batch): void;
  /** The state so far is that of `revision`; 0 when there was no snapshot. */
  continueFrom(revision: number): void;
  log(batch: Batch): void;
}

export interface Journal {
  /**
   * Becomes the writer and replays everything that was acknowledged. Call once, before anything else. Rejects with
   * JournalDamaged when that is not possible; nothing is changed then.
   */
  start(target: ReplayTarget): Promise<void>;
  /** Resolves when the batch is durable. One at a time; the first rejection is final. */
  append(batch: Batch): Promise<void>;
  /**
   * To be called between two appends, when the state is that of the last one: writes a snapshot in the background when
   * the log has grown enough. `stateBytes` is the serialised size of the state.
   */
  compactIfDue(stateBytes: number, source: () => Omit<SnapshotSource, 'log'>): void;
  /** Stops a snapshot in progress and releases the medium. */
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly medium: Medium;
  readonly clock: Clock;
  readonly log: Log;
  /** A snapshot is written when the log is larger than this and than half of the state. Default 8 MiB. */
  readonly snapshotFromBytes?: number;
  /** Batches at least this large are compressed. Default: never, which suits a local disk. */
  readonly deflateFromBytes?: number;
}

const defaultSnapshotFromBytes = 8 * 1024 * 1024;

export function createJournal(options: JournalOptions): Journal {
  const { medium, log } = options;
  const snapshotFromBytes = options.snapshotFromBytes ?? defaultSnapshotFromBytes;
  const closing = new AbortController();
  let writer: LogWriter | undefined;
  let epoch = 0;
  let logBytes = 0;
  let dueAtBytes = snapshotFromBytes;
  let background: Promise<void> | undefined;

  const inBackground = (what: string, work: () => Promise<void>) => {
    background = work()
      .catch((error: unknown) => {
        // A writer that was fenced learns it from its next append; here it only means that nothing was changed.
        if (!(error instanceof JournalFenced)) log.error({ err: error, medium: medium.description }, `${what} failed`);
      })
      .finally(() => (background = undefined));
  };

  const snapshot = async (source: SnapshotSource) => {
    const startedMs = options.clock.monotonicMs();
    const coveredBytes = logBytes;
    dueAtBytes = logBytes + snapshotFromBytes;
    if (!(await writeSnapshot(medium, epoch, source, closing.signal))) return;
    logBytes -= coveredBytes;
    dueAtBytes = snapshotFromBytes;
    await medium.dropBelow(epoch, source.log.sequence);
    const tookMs = Math.round(options.clock.monotonicMs() - startedMs);
    log.info({ objects: source.objects.length, revision: source.log.revision, tookMs }, 'wrote a snapshot');
  };

  return {
    async start(target) {
      epoch = await medium.claim();
      const replayed = await replay(medium, log, target);
      // An epoch can only be lost with damage elsewhere; the log knows better.
      while (epoch <= replayed.position.epoch) epoch = await medium.claim();
      logBytes = replayed.logBytes;
      writer = createLogWriter(medium, epoch, replayed.position, options.deflateFromBytes ?? Number.POSITIVE_INFINITY);
      if (replayed.hasLeftovers) {
        inBackground('removing an interrupted snapshot', () => medium.dropBelow(epoch, replayed.snapshot));
      }
    },
    async append(batch) {
      if (!writer) throw new Error('the journal was not started');
      logBytes += await writer.append(batch);
    },
    compactIfDue(stateBytes, source) {
      if (!writer || background || closing.signal.aborted) return;
      if (logBytes < Math.max(dueAtBytes, stateBytes / 2)) return;
      const full = { ...source(), log: writer.position };
      inBackground('writing a snapshot', () => snapshot(full));
    },
    async close() {
      closing.abort();
      await background;
      await medium.close();
    },
  };
}

interface Replayed {
  readonly position: LogPosition;
  readonly logBytes: number;
  /** The log's sequence that the snapshot covers; 0: no snapshot. */
  readonly snapshot: number;
  readonly hasLeftovers: boolean;
}

async function replay(medium: Medium, log: Log, target: ReplayTarget): Promise<Replayed> {
  const intern = createIntern();
  const heads = await medium.snapshots();
  const summary = newestSnapshot(medium, heads);
  if (summary) await readSnapshot(medium, summary, intern, (batch) => target.snapshot(batch));
  const start = summary?.log ?? logStart;
  target.continueFrom(start.revision);
  const reader = createLogReader(medium, start, intern, (batch) => target.log(batch));
  let logBytes = 0;
  for await (const page of medium.read(start.sequence + 1)) {
    for (const entry of page) {
      reader.accept(entry);
      logBytes += entry.bytes.length;
    }
  }
  const { position, torn } = reader;
  await checkEnd(medium, position);
  if (torn > 0) log.warn({ medium: medium.description, entries: torn }, 'left out a batch that was never acknowledged');
  return { position, logBytes, snapshot: start.sequence, hasLeftovers: heads.length > (summary ? 1 : 0) };
}

async function checkEnd(medium: Medium, position: LogPosition): Promise<void> {
  const acknowledged = await medium.acknowledged();
  if (acknowledged <= position.sequence) return;
  const found = `entries up to ${acknowledged} were acknowledged, but the log ends at ${position.sequence}`;
  throw new JournalDamaged(medium, `entry ${position.sequence + 1}`, found);
}

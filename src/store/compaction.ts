// Keeps the log short while this server writes it: snapshots in the background, and the removal of what they replace.
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { JournalFenced } from './journal-errors.ts';
import type { LogPosition } from './log-writer.ts';
import type { Medium } from './medium.ts';
import type { Replay } from './replay.ts';
import { writeSnapshot, type SnapshotSource } from './snapshot.ts';

export type CompactionSource = Omit<SnapshotSource, 'log'>;

export interface Compaction {
  /** `end`: of the log that the state reflects at this moment. */
  ifDue(stateBytes: number, end: LogPosition, source: () => CompactionSource): void;
  /** Stops what is in progress, resolves when it has stopped. */
  stop(): Promise<void>;
}

export interface CompactionOptions {
  readonly medium: Medium;
  readonly clock: Clock;
  readonly log: Log;
  readonly replay: Pick<Replay, 'size' | 'position'>;
  readonly epoch: number;
  /** Whether the log is compressed as snapshots are: then their stored sizes are compared. */
  readonly isDeflated: boolean;
  readonly snapshotFromBytes: number;
}

export function createCompaction(options: CompactionOptions): Compaction {
  const { medium, log, replay, epoch, snapshotFromBytes } = options;
  const { size } = replay;
  const stopping = new AbortController();
  /** What the log may grow to; a snapshot that failed is tried again when the log has grown by as much again. */
  const due = { bytes: snapshotFromBytes, entries: medium.maxLogEntries };
  let background: Promise<void> | undefined;

  const inBackground = (what: string, work: () => Promise<void>) => {
    background = work()
      .catch((error: unknown) => {
        // A writer that was fenced learns it from its next append; here it only means that nothing was changed.
        if (!(error instanceof JournalFenced)) log.error({ err: error, medium: medium.description }, `${what} failed`);
      })
      .finally(() => (background = undefined));
  };

  const postpone = () => {
    due.bytes = size.bytes + snapshotFromBytes;
    due.entries = size.entries + medium.maxLogEntries;
  };

  const snapshot = async (source: SnapshotSource) => {
    const startedMs = options.clock.monotonicMs();
    const covered = { ...size };
    postpone();
    const bytes = await writeSnapshot(medium, epoch, source, stopping.signal);
    if (bytes === undefined) return;
    size.bytes -= covered.bytes;
    size.entries -= covered.entries;
    size.snapshotBytes = bytes;
    due.bytes = snapshotFromBytes;
    due.entries = medium.maxLogEntries;
    await medium.dropBelow(epoch, source.log.sequence);
    const tookMs = Math.round(options.clock.monotonicMs() - startedMs);
    log.info({ objects: source.objects.length, revision: source.log.revision, tookMs }, 'wrote a snapshot');
  };

  /** A standby did not see the snapshots of the writer before it; and one may have been left unfinished. */
  const takeStock = async () => {
    const before = { ...size };
    const { sequence } = replay.position;
    const heads = await medium.snapshots();
    const newest = heads.findLast(({ seal }) => seal)?.sequence ?? 0;
    // Of entries of about the same size, only so many are not in a snapshot.
    const covered = Math.max(0, before.entries - (sequence - newest));
    size.entries -= covered;
    if (covered > 0) size.bytes -= before.bytes * (covered / before.entries);
    if (heads.length > (newest > 0 ? 1 : 0)) await medium.dropBelow(epoch, newest);
  };
  inBackground('removing an interrupted snapshot', takeStock);

  const isDue = (stateBytes: number) =>
    size.entries > due.entries ||
    size.bytes >= Math.max(due.bytes, (options.isDeflated ? size.snapshotBytes : stateBytes) / 2);

  return {
    ifDue(stateBytes, end, source) {
      if (background || stopping.signal.aborted || !isDue(stateBytes)) return;
      const full = { ...source(), log: end };
      inBackground('writing a snapshot', () => snapshot(full));
    },
    async stop() {
      stopping.abort();
      await background;
    },
  };
}

// Within a turn: acts while it is certain that nobody else leads, pauses while it is not.
import { aborted } from '../lib/run-group.ts';
import type { Turn } from '../store/election.ts';
import type { Replica } from '../store/replica.ts';

/** What only a leader does. Ends when the signal aborts; `isActing` is to be asked before each act. */
export type Act = (epoch: number, isActing: () => boolean, signal: AbortSignal) => Promise<void>;

/** Until the turn has ended. In between writes are refused with `reason`. */
export async function actInPeriods(
  act: Act,
  replica: Replica,
  { turn, epoch, reason }: { readonly turn: Turn; readonly epoch: number; readonly reason: () => string },
  ended: AbortSignal,
): Promise<void> {
  const isOver = () => ended.aborted;
  while (!isOver()) {
    const period = new AbortController();
    const pause = () => {
      // Before anybody else hears of it: what would be accepted from now on might not be kept.
      replica.suspend(reason());
      period.abort();
    };
    const stopWatching = turn.onActing((isActing) => {
      if (!isActing) pause();
    });
    try {
      if (!turn.isActing()) replica.suspend(reason());
      await untilActing(turn, ended);
      if (isOver()) return;
      replica.resume();
      await act(epoch, () => turn.isActing(), AbortSignal.any([period.signal, ended]));
    } finally {
      stopWatching();
    }
  }
}

/** Resolves when it is safe to act, or the turn has ended. */
async function untilActing(turn: Turn, ended: AbortSignal): Promise<void> {
  if (turn.isActing()) return;
  let stop: () => void = () => undefined;
  const safe = new Promise<void>((resolve) => {
    stop = turn.onActing((isActing) => {
      if (isActing) resolve();
    });
  });
  await Promise.race([safe, aborted(ended)]);
  stop();
}

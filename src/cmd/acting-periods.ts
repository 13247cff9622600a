// Within a turn: acts while it is certain that nobody else leads, pauses while it is not.
import { runGroup } from '../lib/run-group.ts';
import { createWake } from '../lib/wake.ts';
import type { Turn } from '../store/election.ts';
import type { Replica } from '../store/replica.ts';

/** What only a leader does. Ends when the signal aborts; `isActing` is to be asked before each act. */
export type Act = (epoch: number, isActing: () => boolean, signal: AbortSignal) => Promise<void>;

interface Announced {
  readonly turn: Turn;
  readonly epoch: number;
  /** Why writes are refused while it is not certain. */
  readonly reason: () => string;
}

/** Until the turn has ended. In between, writes are refused. Rejects when acting does, for another reason than its end. */
export async function actInPeriods(act: Act, replica: Replica, announced: Announced, ended: AbortSignal) {
  const { turn, reason } = announced;
  while (!ended.aborted) {
    if (!turn.isActing()) {
      replica.suspend(reason());
      await nextChange(turn, ended);
    } else await actOnce(act, replica, announced, ended);
  }
}

/** For one period. */
async function actOnce(act: Act, replica: Replica, { turn, epoch, reason }: Announced, ended: AbortSignal) {
  const paused = createWake();
  const stopListening = turn.onActing((isActing) => {
    if (isActing) return;
    // Before anybody else hears of it: what would be accepted from now on might not be kept.
    replica.suspend(reason());
    paused.wake();
  });
  replica.resume();
  try {
    await runGroup([(stop) => paused.wait(stop), (stop) => act(epoch, () => turn.isActing(), stop)], ended);
  } finally {
    stopListening();
  }
}

/** Resolves when `isActing` may have changed, or the turn has ended. */
async function nextChange(turn: Turn, ended: AbortSignal): Promise<void> {
  const changed = createWake();
  const stopListening = turn.onActing(changed.wake);
  await changed.wait(ended);
  stopListening();
}

// One turn at leading, from a place at the head of the line.
import type { ServerFacts, Turn } from '../election.ts';
import { watchActing } from './acting.ts';
import { announceLeader } from './announcement.ts';
import { ask, type Ensemble } from '../../zookeeper/ask.ts';
import { giveUp, type Place } from './candidacy.ts';
import { masterInfo } from './master-info.ts';
import type { SessionScope } from './session-scope.ts';
import { createWake } from '../../lib/wake.ts';

export interface HeldTurn extends Turn {
  /** Stops acting, then gives up the place. @param isLeaving whether this server ends and should not wait */
  end(isLeaving: () => boolean): Promise<void>;
}

/** @param ip IPv4 address of the Mesos face */
export function beginTurn(
  ensemble: Ensemble,
  self: ServerFacts,
  ip: Promise<string | undefined>,
  place: Place,
  scope: SessionScope,
): HeldTurn {
  const { zookeeper } = ensemble;
  const over = new AbortController();
  const onSessionEnded = () => over.abort(scope.ended.reason);
  scope.ended.addEventListener('abort', onSessionEnded, { once: true });
  if (scope.ended.aborted) onSessionEnded();
  zookeeper.keepSafe(true);
  const acting = watchActing(ensemble, scope);
  over.signal.addEventListener('abort', () => acting.stop(), { once: true });
  void untilGone(ensemble, place, over.signal).then(() => over.abort(new Error('the place in the election is gone')));
  return {
    ended: over.signal,
    isActing: () => acting.isActing(),
    onActing: (listener) => acting.onActing(listener),
    async announce(epoch) {
      const info = masterInfo(self, await ip);
      await announceLeader(ensemble, { place, scope }, { epoch, server: self }, info, over.signal);
    },
    async end(isLeaving) {
      over.abort(new Error('the turn is over'));
      zookeeper.keepSafe(false);
      await giveUp(ensemble, place, scope, isLeaving);
    },
  };
}

/** Resolves when the candidate was removed by somebody else, or the signal aborts. */
async function untilGone(ensemble: Ensemble, { candidate }: Place, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      const changed = createWake();
      const stat = await ask(ensemble, signal, () => ensemble.zookeeper.exists(candidate, changed.wake));
      if (!stat) return;
      await changed.wait(signal);
    }
  } catch {
    // The turn has ended.
  }
}

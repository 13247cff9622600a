// Whether it is certain, at this moment, that nobody else leads: a question of our own monotonic clock, not of messages.
import type { Timer } from '../../lib/clock.ts';
import type { Ensemble } from '../../zookeeper/ask.ts';
import type { SessionScope } from './session-scope.ts';

export interface Acting {
  isActing(): boolean;
  onActing(listener: (isActing: boolean) => void): () => void;
  /** From now on the answer is no. */
  stop(): void;
}

/** @param scope of the session that the candidate was made in */
export function watchActing({ zookeeper, clock }: Ensemble, scope: SessionScope): Acting {
  const listeners = new Set<(isActing: boolean) => void>();
  let isStopped = false;
  let known = false;
  let timer: Timer | undefined;

  const isCertain = () =>
    !isStopped &&
    !scope.ended.aborted &&
    zookeeper.state === 'connected' &&
    zookeeper.session === scope.number &&
    clock.monotonicMs() < zookeeper.safeUntilMs;

  const tell = (now: boolean) => listeners.forEach((listener) => listener(now));

  /** The end of safety comes without an event, and a heartbeat that came late postpones it without one. */
  const rearm = () => {
    timer?.cancel();
    if (isStopped || zookeeper.state !== 'connected') return;
    const untilEndMs = zookeeper.safeUntilMs - clock.monotonicMs();
    timer = clock.after(untilEndMs > 0 ? Math.ceil(untilEndMs) : zookeeper.timeoutMs / heartbeatsPerTimeout, look);
  };

  const look = () => {
    const now = isCertain();
    const isNews = now !== known;
    known = now;
    rearm();
    if (isNews) tell(now);
  };
  const stopListening = zookeeper.onChange(look);
  look();

  return {
    isActing() {
      const now = isCertain();
      // Whoever asked has seen the change; who waits to be told must not miss it when it is over before the timer.
      if (now !== known) {
        known = now;
        rearm();
        queueMicrotask(() => tell(now));
      }
      return now;
    },
    onActing(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop() {
      isStopped = true;
      stopListening();
      look();
    },
  };
}

/** As often as the session sends them while it keeps safe. */
const heartbeatsPerTimeout = 12;

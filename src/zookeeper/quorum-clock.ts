// The session's own judgement of its life: how long ago something was sent that the quorum answered.
import type { Clock, Timer } from '../lib/clock.ts';
import { safeForMs } from './deadlines.ts';

export interface QuorumClock {
  /** A session began: its creation was asked for at `sentAtMs`, and was a write of the quorum. */
  begin(sentAtMs: number, timeoutMs: number): void;
  /** The ensemble confirmed the session, perhaps with another timeout. */
  adjust(timeoutMs: number): void;
  /** Something that needs the quorum was answered. */
  answered(sentAtMs: number): void;
  /** There is no session. */
  end(): void;
  readonly isSafe: boolean;
  /** Minus infinity without a session. */
  readonly safeUntilMs: number;
}

export interface QuorumClockEvents {
  onSuspended(): void;
  onLost(): void;
}

export function createQuorumClock(clock: Clock, events: QuorumClockEvents): QuorumClock {
  let sentAt = -Infinity;
  let timeout = 0;
  let timer: Timer | undefined;

  const safeUntil = () => sentAt + safeForMs(timeout);
  const look = () => {
    timer?.cancel();
    timer = undefined;
    if (sentAt === -Infinity) return;
    const now = clock.monotonicMs();
    if (now >= sentAt + timeout) {
      events.onLost();
      return;
    }
    const isSafe = now < safeUntil();
    timer = clock.after((isSafe ? safeUntil() : sentAt + timeout) - now, look);
    if (!isSafe) events.onSuspended();
  };

  return {
    begin(atMs, timeoutMs) {
      sentAt = atMs;
      timeout = timeoutMs;
      look();
    },
    adjust(timeoutMs) {
      timeout = timeoutMs;
      look();
    },
    answered(atMs) {
      if (sentAt === -Infinity || atMs <= sentAt) return;
      sentAt = atMs;
      look();
    },
    end() {
      sentAt = -Infinity;
      look();
    },
    get isSafe() {
      return clock.monotonicMs() < safeUntil();
    },
    get safeUntilMs() {
      return safeUntil();
    },
  };
}

// The session's arithmetic of time, as fractions of the timeout that the ensemble agreed to. Pure.

/** Two thirds: an ensemble's leader hears of a follower's clients half a tick late, which is at most a quarter. */
export function safeForMs(timeoutMs: number): number {
  return (timeoutMs * 2) / 3;
}

/** The longest time that an answer may take before the server counts as gone. */
export function answerWithinMs(timeoutMs: number): number {
  return timeoutMs / 3;
}

export function heartbeatEveryMs(timeoutMs: number, isKeptSafe: boolean): number {
  return timeoutMs / (isKeptSafe ? 12 : 4);
}

const shortestHandshakeMs = 100;

/**
 * How long a handshake may take. To go on with a session there is little time and there may be several servers to try;
 * to begin one there is time, and the ensemble has to write.
 * @param round how often every server has been tried in vain
 */
export function handshakeWithinMs(timeoutMs: number, isResuming: boolean, round: number): number {
  if (!isResuming) return Math.min(timeoutMs, answerWithinMs(timeoutMs) * (round + 1));
  if (round > 0) return answerWithinMs(timeoutMs);
  return Math.min(answerWithinMs(timeoutMs), Math.max(timeoutMs / 6, shortestHandshakeMs));
}

const backoff = { firstMs: 50, longestMs: 1000 };

/** The pause before the next round over the servers; `jitter` is from 0 to 1. A session that lives is in a hurry. */
export function pauseMs(timeoutMs: number, isResuming: boolean, round: number, jitter: number): number {
  if (round === 0) return 0;
  const longest = isResuming ? Math.min(backoff.longestMs, timeoutMs / 6) : backoff.longestMs;
  return Math.min(longest, backoff.firstMs * 2 ** Math.min(round - 1, 16)) * (0.5 + jitter / 2);
}

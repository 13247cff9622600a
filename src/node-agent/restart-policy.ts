// When an ended container runs again. Pure. Rules and constants are Kubernetes' (kubelet: CrashLoopBackOff).
import { backoffMs } from '../lib/backoff.ts';
import type { BackoffPolicy } from '../lib/backoff.ts';

export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

/** The memory of a container's back-off: the delay that its last restart set, and when that was. */
export interface RestartBackoff {
  readonly delayMs: number;
  readonly updatedAtMs: number;
}

/** 10 s, doubling up to 5 min. */
export const crashLoopPolicy: BackoffPolicy = { initialMs: 10_000, factor: 2, maxMs: 300_000 };

/** A container that was not restarted for this long starts again from the shortest delay. */
const forgetAfterMs = 600_000;

export type RestartDecision =
  { readonly kind: 'never' } | { readonly kind: 'now' } | { readonly kind: 'at'; readonly timeMs: number };

/** @param exitCode undefined when it was lost, which counts as a failure */
export function decideRestart(
  policy: RestartPolicy,
  exit: { readonly exitCode: number | undefined; readonly finishedAtMs: number },
  backoff: RestartBackoff | undefined,
  nowMs: number,
): RestartDecision {
  if (policy === 'Never' || (policy === 'OnFailure' && exit.exitCode === 0)) return { kind: 'never' };
  if (backoff === undefined || isForgotten(backoff, exit.finishedAtMs)) return { kind: 'now' };
  const timeMs = exit.finishedAtMs + backoff.delayMs;
  return timeMs <= nowMs ? { kind: 'now' } : { kind: 'at', timeMs };
}

/** The back-off after a restart at `nowMs`: the first restart is immediate, the second waits 10 s, then 20 s, … */
export function nextBackoff(backoff: RestartBackoff | undefined, nowMs: number): RestartBackoff {
  if (backoff === undefined || isForgotten(backoff, nowMs)) {
    return { delayMs: crashLoopPolicy.initialMs, updatedAtMs: nowMs };
  }
  return { delayMs: Math.min(backoff.delayMs * crashLoopPolicy.factor, crashLoopPolicy.maxMs), updatedAtMs: nowMs };
}

/** When a launch that failed `failures` times in a row is tried again: images, configuration, preparation. */
export function launchRetryMs(failures: number, nowMs: number): number {
  return nowMs + backoffMs(crashLoopPolicy, failures);
}

function isForgotten(backoff: RestartBackoff, atMs: number): boolean {
  return atMs - backoff.updatedAtMs > forgetAfterMs;
}

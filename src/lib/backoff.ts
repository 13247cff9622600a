// Exponential back-off as data: the caller owns the clock and the jitter.

export interface BackoffPolicy {
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

/** Delay before attempt number `failures` + 1, in milliseconds; `failures` counts from 1. */
export function backoffMs(policy: BackoffPolicy, failures: number): number {
  const exponent = Math.min(Math.max(0, failures - 1), 64);
  return Math.min(policy.maxMs, policy.initialMs * policy.factor ** exponent);
}

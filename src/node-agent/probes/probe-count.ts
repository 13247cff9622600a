// Thresholds of a probe: how answers add up to a verdict. Pure.
import type { Probe } from '../../api/types.gen.ts';

export interface ProbeCount {
  readonly passed: boolean | undefined;
  /** Equal answers in a row. */
  readonly inARow: number;
}

export const noAnswers: ProbeCount = { passed: undefined, inARow: 0 };

export function countAnswer(count: ProbeCount, passed: boolean): ProbeCount {
  return { passed, inARow: count.passed === passed ? count.inARow + 1 : 1 };
}

/** The verdict that a count amounts to; undefined while it is below its threshold. */
export function verdict(probe: Probe, count: ProbeCount): boolean | undefined {
  if (count.passed === undefined) return undefined;
  const threshold = count.passed ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
  return count.inARow >= threshold ? count.passed : undefined;
}

/** Kubernetes' defaults, in milliseconds. */
export function probeTiming(probe: Probe): { initialDelayMs: number; periodMs: number; timeoutMs: number } {
  return {
    initialDelayMs: (probe.initialDelaySeconds ?? 0) * 1000,
    periodMs: (probe.periodSeconds ?? 10) * 1000,
    timeoutMs: (probe.timeoutSeconds ?? 1) * 1000,
  };
}

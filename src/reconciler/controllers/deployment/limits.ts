// maxSurge and maxUnavailable as numbers of pods. Rounding as in Kubernetes: surge up, unavailable down. Pure.
import type { Deployment } from '../../../api/types.gen.ts';

export interface RolloutLimits {
  /** Copies wanted. */
  readonly desired: number;
  /** Pods that may exist beyond `desired`. */
  readonly maxSurge: number;
  /** Pods that may be missing from `desired`. */
  readonly maxUnavailable: number;
}

/** Never both 0, for then nothing could move. Recreate knows no limits: both are 0. */
export function rolloutLimits(deployment: Deployment): RolloutLimits {
  const desired = deployment.spec?.replicas ?? 1;
  if (isRecreate(deployment)) return { desired, maxSurge: 0, maxUnavailable: 0 };
  const rolling = deployment.spec?.strategy?.rollingUpdate;
  const maxSurge = resolve(rolling?.maxSurge ?? '25%', desired, Math.ceil);
  const unavailable = resolve(rolling?.maxUnavailable ?? '25%', desired, Math.floor);
  const maxUnavailable = maxSurge === 0 && unavailable === 0 ? 1 : unavailable;
  return { desired, maxSurge, maxUnavailable: Math.min(maxUnavailable, desired) };
}

export function isRecreate(deployment: Deployment): boolean {
  return deployment.spec?.strategy?.type === 'Recreate';
}

function resolve(value: number | string, total: number, round: (exact: number) => number): number {
  const text = String(value);
  return text.endsWith('%') ? round((Number.parseInt(text, 10) * total) / 100) : Number.parseInt(text, 10) || 0;
}

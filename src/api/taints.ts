// Taints keep pods away from nodes; tolerations let them come nevertheless.
import type { Taint, Toleration } from './types.gen.ts';

/** The first taint that forbids a pod with these tolerations to start here (NoSchedule, NoExecute). */
export function findUntoleratedTaint(taints: readonly Taint[], tolerations: readonly Toleration[]): Taint | undefined {
  return taints.find((taint) => isForbidding(taint) && !isTolerated(taint, tolerations));
}

/** How many taints would rather keep the pod away (PreferNoSchedule). */
export function countUnwelcomingTaints(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  let count = 0;
  for (const taint of taints) if (taint.effect === 'PreferNoSchedule' && !isTolerated(taint, tolerations)) count++;
  return count;
}

/** True for taints that keep whoever does not tolerate them away. */
export function isForbidding(taint: Taint): boolean {
  return taint.effect === 'NoSchedule' || taint.effect === 'NoExecute';
}

/** `{dedicated: gpu}`, or `{dedicated}` when the taint has no value. */
export function formatTaint({ key, value }: Taint): string {
  return value === undefined || value === '' ? `{${key}}` : `{${key}: ${value}}`;
}

export function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return tolerations.some((toleration) => tolerates(toleration, taint));
}

/** Empty effect and, with Exists, empty key stand for any. Gt and Lt compare whole numbers: taint against toleration. */
function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return Boolean(toleration.key) && matchesValue(toleration, taint.value ?? '');
}

function matchesValue({ operator = 'Equal', value = '' }: Toleration, found: string): boolean {
  if (operator === 'Equal') return found === value;
  const difference = asInteger(found) - asInteger(value);
  return operator === 'Gt' ? difference > 0 : difference < 0;
}

function asInteger(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}

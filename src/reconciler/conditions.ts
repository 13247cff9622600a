// Status conditions: one per type, with the time of the last change of status. Pure.
import { formatRfc3339 } from '../lib/rfc3339.ts';

interface AnyCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export function findCondition<C extends AnyCondition>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Adds or replaces the condition of its type, in place; the transition time moves only when the status does. */
export function withCondition<C extends AnyCondition>(
  conditions: readonly C[] | undefined,
  condition: Omit<C, 'lastTransitionTime'> & AnyCondition,
  nowMs: number,
): readonly C[] {
  const known = findCondition(conditions, condition.type);
  const isSame = known?.status === condition.status && known.lastTransitionTime !== undefined;
  const lastTransitionTime = isSame ? known.lastTransitionTime : formatRfc3339(nowMs);
  const next = { ...condition, lastTransitionTime } as unknown as C;
  if (!known) return [...(conditions ?? []), next];
  return (conditions ?? []).map((one) => (one === known ? next : one));
}

export function withoutCondition<C extends AnyCondition>(conditions: readonly C[], type: string): readonly C[] {
  return conditions.filter((condition) => condition.type !== type);
}

// What the state of a node means for new pods and for those on it. Pure; taints and rules as in Kubernetes.
import { isTolerated } from '../../../api/taints.ts';
import type { Node, Pod, PodCondition, Taint } from '../../../api/types.gen.ts';
import { formatRfc3339 } from '../../../lib/rfc3339.ts';
import { findCondition, withCondition } from '../../conditions.ts';
import { isTerminal, isTerminating } from '../../pods.ts';

const notReadyKey = 'node.kubernetes.io/not-ready';
const unreachableKey = 'node.kubernetes.io/unreachable';
const unschedulableKey = 'node.kubernetes.io/unschedulable';
const conditionKeys = [notReadyKey, unreachableKey];
/** How long pods that say nothing of it stay on a node that is not ready, in seconds. */
const defaultPatience = 300;

export const nodeNotReady = 'NodeNotReady';

/** Whether the node's agent says that it is ready; silence is no. */
export function isNodeReady(node: Node): boolean {
  return findCondition(node.status?.conditions, 'Ready')?.status === 'True';
}

/** The taints that the node should have; those of others are kept, and the age of ours. */
export function planTaints(node: Node, nowMs: number): readonly Taint[] {
  const known = node.spec?.taints ?? [];
  const wanted = ownTaints(node);
  const kept = known.filter((taint) => !isOurs(taint) || wanted.some((one) => isSameTaint(one, taint)));
  const missing = wanted.filter((one) => !known.some((taint) => isSameTaint(one, taint)));
  return [...kept, ...missing.map((taint) => ({ ...taint, timeAdded: formatRfc3339(nowMs) }))];
}

function ownTaints(node: Node): readonly Taint[] {
  const ready = findCondition(node.status?.conditions, 'Ready')?.status ?? 'False';
  const cordon = node.spec?.unschedulable === true ? [taint(unschedulableKey, 'NoSchedule')] : [];
  if (ready === 'True') return cordon;
  const key = ready === 'Unknown' ? unreachableKey : notReadyKey;
  return [...cordon, taint(key, 'NoSchedule'), taint(key, 'NoExecute')];
}

const taint = (key: string, effect: Taint['effect']): Taint => ({ key, effect });

function isOurs({ key, effect }: Taint): boolean {
  if (key === unschedulableKey) return effect === 'NoSchedule';
  return conditionKeys.includes(key) && (effect === 'NoSchedule' || effect === 'NoExecute');
}

function isSameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}

/** Reasons of the events that a change of taints calls for, in Kubernetes' words. */
export function planTaintEvents(before: readonly Taint[], after: readonly Taint[]): readonly string[] {
  const change = (keys: readonly string[], gone: string, come: string): readonly string[] => {
    const has = (taints: readonly Taint[]) => taints.some(({ key }) => keys.includes(key));
    if (has(before) === has(after)) return [];
    return [has(after) ? come : gone];
  };
  return [
    ...change(conditionKeys, 'NodeReady', nodeNotReady),
    ...change([unschedulableKey], 'NodeSchedulable', 'NodeNotSchedulable'),
  ];
}

export interface EvictionPlan {
  readonly evict: readonly Pod[];
  /** When the next pod's patience ends, in milliseconds from now. */
  readonly requeueAfterMs: number | undefined;
}

/** Pods whose tolerations of the node's NoExecute taints have run out. */
export function planEvictions(taints: readonly Taint[], pods: readonly Pod[], nowMs: number): EvictionPlan {
  const harmful = taints.filter((taint) => taint.effect === 'NoExecute');
  const deadlines = pods
    .filter((pod) => !isTerminal(pod) && !isTerminating(pod))
    .map((pod) => ({ pod, atMs: Math.min(...harmful.map((taint) => deadlineMs(taint, pod, nowMs))) }));
  const later = deadlines.map(({ atMs }) => atMs).filter((atMs) => atMs > nowMs && Number.isFinite(atMs));
  return {
    evict: deadlines.filter(({ atMs }) => atMs <= nowMs).map(({ pod }) => pod),
    requeueAfterMs: later.length === 0 ? undefined : Math.min(...later) - nowMs,
  };
}

/** Infinity: tolerated for ever. */
function deadlineMs(taint: Taint, pod: Pod, nowMs: number): number {
  const sinceMs = taint.timeAdded === undefined ? nowMs : Date.parse(taint.timeAdded);
  const tolerations = pod.spec?.tolerations?.filter((toleration) => isTolerated(taint, [toleration])) ?? [];
  if (tolerations.length === 0) {
    return conditionKeys.includes(taint.key) ? sinceMs + defaultPatience * 1000 : Number.NEGATIVE_INFINITY;
  }
  const seconds = tolerations.map((toleration) => toleration.tolerationSeconds).filter((one) => one !== undefined);
  return seconds.length === 0 ? Number.POSITIVE_INFINITY : sinceMs + Math.max(0, Math.min(...seconds)) * 1000;
}

export interface ReadinessChange {
  readonly pod: Pod;
  readonly conditions: readonly PodCondition[];
}

/**
 * A pod on a node that is not ready is not ready either, or it would be counted on. When the node is back, pods whose
 * containers were ready get their readiness back, should the agent not have reported anew already.
 */
export function planReadiness(node: Node, pods: readonly Pod[], nowMs: number): readonly ReadinessChange[] {
  const isUp = isNodeReady(node);
  return pods
    .filter((pod) => !isTerminal(pod))
    .flatMap((pod) => {
      const conditions = pod.status?.conditions ?? [];
      const ready = findCondition(conditions, 'Ready');
      const mustFall = !isUp && ready?.status === 'True';
      const mayRise =
        isUp && ready?.reason === nodeNotReady && findCondition(conditions, 'ContainersReady')?.status === 'True';
      if (!mustFall && !mayRise) return [];
      const condition = mustFall ? { status: 'False', reason: nodeNotReady } : { status: 'True', reason: '' };
      return [{ pod, conditions: withCondition<PodCondition>(conditions, { type: 'Ready', ...condition }, nowMs) }];
    });
}

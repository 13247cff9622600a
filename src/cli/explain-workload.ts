// Why a deployment, replica set or app is as it is, by its own conditions and numbers. Pure.
import type { ApiObject } from '../api/object.ts';
import type { Explanation } from './explanation.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface Facts {
  /** As on the command line: `deployment/web`. */
  readonly title: string;
  readonly conditions: readonly Condition[];
  readonly isPaused: boolean;
  /** The controller has not seen the last change. */
  readonly isBehind: boolean;
  readonly wanted: number;
}

type Finding = Explanation | undefined;

/** @param wellPods how many of its pods do what they should */
export function explainWorkload(title: string, object: ApiObject, wellPods: number): Explanation {
  const facts = factsOf(title, object);
  return terminating(object) ?? refused(facts) ?? stalled(facts) ?? paused(facts) ?? numbers(facts, wellPods);
}

function factsOf(title: string, object: ApiObject): Facts {
  const spec = (object['spec'] ?? {}) as { replicas?: number; paused?: boolean };
  const status = (object['status'] ?? {}) as { conditions?: readonly Condition[]; observedGeneration?: number };
  return {
    title,
    conditions: status.conditions ?? [],
    isPaused: spec.paused === true,
    isBehind: (status.observedGeneration ?? 0) < (object.metadata.generation ?? 0),
    wanted: spec.replicas ?? 1,
  };
}

/** Of any kind: something holds the deletion up. */
export function terminating({ metadata, kind, spec }: ApiObject): Finding {
  const since = metadata.deletionTimestamp;
  if (since === undefined) return undefined;
  const namespaced =
    kind === 'Namespace' ? ((spec as { finalizers?: readonly string[] } | undefined)?.finalizers ?? []) : [];
  const finalizers = [...(metadata.finalizers ?? []), ...namespaced];
  const isHeld = finalizers.length > 0;
  return {
    healthy: false,
    reason: isHeld
      ? `It is being deleted, and waits for finalizers: ${finalizers.join(', ')}.`
      : 'It is being deleted: what belongs to it goes first.',
    evidence: [`metadata.deletionTimestamp: ${since}`],
    nextSteps: isHeld ? ['Find out who owns these finalizers; that controller has to remove them.'] : [],
  };
}

const conditionOf = ({ conditions }: Facts, type: string) => conditions.find((condition) => condition.type === type);
const quote = ({ type, status, reason = '', message = '' }: Condition) =>
  `condition ${type}=${status} ${reason}: ${message}`;

function refused(facts: Facts): Finding {
  const unsynced = conditionOf(facts, 'Synced');
  const failure = conditionOf(facts, 'ReplicaFailure') ?? (unsynced?.status === 'False' ? unsynced : undefined);
  if (!failure || failure.status === 'Unknown') return undefined;
  const message = failure.message ?? '';
  const isQuota = message.includes('quota');
  return {
    healthy: false,
    reason: `It cannot make what it should: ${message}`,
    evidence: [quote(failure)],
    nextSteps: [
      isQuota
        ? 'Raise the quota or free some of it: tepui describe resourcequota'
        : 'Correct what the message names and apply again; it is tried again by itself.',
    ],
  };
}

function stalled(facts: Facts): Finding {
  const progressing = conditionOf(facts, 'Progressing');
  if (progressing?.reason !== 'ProgressDeadlineExceeded') return undefined;
  return {
    healthy: false,
    reason: 'Its rollout is stalled: no progress within spec.progressDeadlineSeconds.',
    evidence: [quote(progressing)],
    nextSteps: ['Mend the pods below, or go back:', `kubectl rollout undo ${facts.title}`],
  };
}

function paused(facts: Facts): Finding {
  if (!facts.isPaused) return undefined;
  return {
    healthy: false,
    reason: 'Its rollout is paused: changes of the template wait.',
    evidence: ['spec.paused: true'],
    nextSteps: [`Let it go on: kubectl rollout resume ${facts.title}`],
  };
}

function numbers(facts: Facts, wellPods: number): Explanation {
  const { wanted, conditions } = facts;
  const told = conditions.filter(({ status }) => status !== 'True').map(quote);
  const base = { evidence: told, nextSteps: [] };
  if (facts.isBehind)
    return {
      ...base,
      healthy: false,
      reason: 'Its last change has not been taken up yet.',
      nextSteps: ['Ask again in a moment.'],
    };
  if (wanted === 0) return { ...base, healthy: true, reason: 'It is scaled to zero: no pods are wanted.' };
  if (wellPods >= wanted)
    return { ...base, healthy: true, reason: `It is healthy: ${String(wellPods)} of ${String(wanted)} pods are well.` };
  return {
    ...base,
    healthy: false,
    reason: `It is not complete: ${String(wellPods)} of ${String(wanted)} pods are well.`,
  };
}

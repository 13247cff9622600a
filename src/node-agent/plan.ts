// What to do next for one pod: desired and observed in, actions and the next moment to look again out. Pure.
import type { Container } from '../api/types.gen.ts';
import { isFinished, isInitialized } from './pod-phase.ts';
import { containersOf, hasOtherImage, initContainersOf, isSidecar, recordOf, restartPolicyOf } from './pod-record.ts';
import type { ContainerRecord, PodRecord } from './pod-record.ts';
import { decideRestart } from './restart-policy.ts';

export type PodAction =
  | { readonly do: 'prepare' }
  | { readonly do: 'launch'; readonly container: string }
  /** Restarting is held back: tell why the container waits. */
  | { readonly do: 'awaitRestart'; readonly container: string; readonly untilMs: number }
  | {
      readonly do: 'beginStop';
      readonly container: string;
      readonly graceMs: number;
      readonly message: string;
      /** Another run follows. */ readonly replacing: boolean;
    }
  | { readonly do: 'preStop'; readonly container: string; readonly deadlineMs: number }
  | { readonly do: 'terminate'; readonly container: string }
  | { readonly do: 'kill'; readonly container: string }
  | { readonly do: 'remove'; readonly container: string }
  | { readonly do: 'failPod'; readonly reason: string; readonly message: string }
  | { readonly do: 'destroy' };

export interface PodPlan {
  readonly actions: readonly PodAction[];
  /** Look again at this time even if nothing happens. */
  readonly wakeAtMs: number | undefined;
}

const nothing: PodPlan = { actions: [], wakeAtMs: undefined };

/** Time between the stop signal and SIGKILL that even a preStop hook which used up the grace leaves. */
const leastStopMs = 2_000;

/** Planning again after the actions were carried out and nothing else happened yields no actions. */
export function planPod(record: PodRecord, nowMs: number): PodPlan {
  if (record.destruction !== 'none' || record.preparation === 'running') return nothing;
  if (record.ending) return merge([planStops(record, nowMs), planDestruction(record, nowMs)]);
  return merge([
    planDeadline(record, nowMs),
    planStops(record, nowMs),
    planRemovals(record, nowMs),
    planLaunch(record, nowMs),
  ]);
}

function merge(plans: readonly PodPlan[]): PodPlan {
  const wakes = plans.map((plan) => plan.wakeAtMs).filter((at) => at !== undefined);
  return {
    actions: plans.flatMap((plan) => plan.actions),
    wakeAtMs: wakes.length > 0 ? Math.min(...wakes) : undefined,
  };
}

const act = (...actions: readonly PodAction[]): PodPlan => ({ actions, wakeAtMs: undefined });
const wakeAt = (timeMs: number): PodPlan => ({ actions: [], wakeAtMs: timeMs });

function planDeadline(record: PodRecord, nowMs: number): PodPlan {
  const seconds = record.pod.spec?.activeDeadlineSeconds;
  if (seconds === undefined || isFinished(record)) return nothing;
  const atMs = record.acceptedAtMs + seconds * 1000;
  if (nowMs < atMs) return wakeAt(atMs);
  const message = `Pod was active on the node longer than the specified deadline of ${seconds} s`;
  return act({ do: 'failPod', reason: 'DeadlineExceeded', message });
}

function planStops(record: PodRecord, nowMs: number): PodPlan {
  const all = [...initContainersOf(record.pod), ...containersOf(record.pod)];
  return merge(all.map((container) => planStop(record, container, nowMs)));
}

function planStop(record: PodRecord, container: Container, nowMs: number): PodPlan {
  const known = recordOf(record, container.name);
  if (!known.running) return nothing;
  if (!known.stop) return planStopBegin(record, container, known, nowMs);
  if (known.stop.killed || known.activity !== 'idle') return nothing;
  const deadlineMs = stopDeadlineMs(record, known.stop);
  if (known.stop.signalledAtMs !== undefined) {
    const killAtMs = Math.max(
      deadlineMs,
      known.stop.signalledAtMs + Math.min(leastStopMs, graceOf(record, known.stop)),
    );
    return nowMs >= killAtMs ? act({ do: 'kill', container: container.name }) : wakeAt(killAtMs);
  }
  if (container.lifecycle?.preStop && nowMs < deadlineMs) {
    if (known.stop.preStop === 'none') return act({ do: 'preStop', container: container.name, deadlineMs });
    if (known.stop.preStop === 'running') return wakeAt(deadlineMs);
  }
  return act({ do: 'terminate', container: container.name });
}

type Stop = NonNullable<ContainerRecord['stop']>;

const graceOf = (record: PodRecord, stop: Stop): number =>
  Math.min(stop.deadlineMs - stop.sinceMs, record.ending?.graceMs ?? Number.POSITIVE_INFINITY);

/** An ending pod's deadline is everybody's; those who stop last get a little more. */
function stopDeadlineMs(record: PodRecord, stop: Stop): number {
  if (!record.ending) return stop.deadlineMs;
  const endMs = record.ending.sinceMs + record.ending.graceMs;
  return Math.max(Math.min(stop.deadlineMs, endMs), stop.sinceMs + Math.min(leastStopMs, record.ending.graceMs));
}

function planStopBegin(record: PodRecord, container: Container, known: ContainerRecord, nowMs: number): PodPlan {
  const graceMs = record.ending?.graceMs ?? podGraceMs(record);
  const begin = (message: string, ms: number, replacing = false) =>
    act({ do: 'beginStop', container: container.name, graceMs: ms, message, replacing });
  if (isHeldBack(record, container)) return nothing;
  if (record.ending) return begin(`Stopping container ${container.name}`, remainingMs(record, nowMs));
  if (record.failure) return begin(`Stopping container ${container.name}: ${record.failure.message}`, graceMs);
  if (known.unhealthy) {
    return begin(`Container ${container.name} ${known.unhealthy.message}`, known.unhealthy.graceMs ?? graceMs);
  }
  if (isFinished(record)) return begin(`Stopping container ${container.name}: the pod is finished`, graceMs);
  return mustBeReplaced(record, container)
    ? begin(`Container ${container.name} definition changed, will be restarted`, graceMs, true)
    : nothing;
}

/** Its image was changed while it ran. An init container that runs only once is left to end. */
function mustBeReplaced(record: PodRecord, container: Container): boolean {
  if (initContainersOf(record.pod).includes(container) && !isSidecar(container)) return false;
  return hasOtherImage(record, container.name);
}

/** Sidecars stop after the containers that they serve. */
function isHeldBack(record: PodRecord, container: Container): boolean {
  if (!initContainersOf(record.pod).includes(container) || !isSidecar(container)) return false;
  return containersOf(record.pod).some((main) => recordOf(record, main.name).running !== undefined);
}

function remainingMs(record: PodRecord, nowMs: number): number {
  if (!record.ending) return podGraceMs(record);
  return Math.max(0, record.ending.sinceMs + record.ending.graceMs - nowMs);
}

const podGraceMs = (record: PodRecord): number => (record.pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;

function planRemovals(record: PodRecord, nowMs: number): PodPlan {
  const ended = Object.entries(record.containers).filter(
    ([, known]) => known.exit !== undefined && !known.removed && known.activity === 'idle',
  );
  return merge(
    ended.map(([container, known]) =>
      nowMs < known.retryAtMs ? wakeAt(known.retryAtMs) : act({ do: 'remove', container }),
    ),
  );
}

/** Everything goes at once, when no process is left. */
function planDestruction(record: PodRecord, nowMs: number): PodPlan {
  const isBusy = (known: ContainerRecord) => known.running !== undefined || known.activity !== 'idle';
  if (Object.values(record.containers).some(isBusy)) return nothing;
  return nowMs >= record.destroyAtMs ? act({ do: 'destroy' }) : wakeAt(record.destroyAtMs);
}

/** Containers start one after the other, in the order of the manifest. */
function planLaunch(record: PodRecord, nowMs: number): PodPlan {
  if (record.failure || record.refusal !== undefined || isFinished(record)) return nothing;
  if (record.preparation !== 'done') {
    return nowMs >= record.prepareAtMs ? act({ do: 'prepare' }) : wakeAt(record.prepareAtMs);
  }
  const known = Object.values(record.containers);
  if (known.some((container) => container.activity === 'launching' || container.postStart === 'running'))
    return nothing;
  return firstLaunch(launchable(record).map((entry) => planOne(record, entry, nowMs)));
}

interface Candidate {
  readonly container: Container;
  readonly isInit: boolean;
}

/** Before the pod is initialised only the first init container that is not through; then all that should be running. */
function launchable(record: PodRecord): readonly Candidate[] {
  const init = initContainersOf(record.pod).map((container) => ({ container, isInit: true }));
  const main = containersOf(record.pod).map((container) => ({ container, isInit: false }));
  if (isInitialized(record)) return [...init.filter(({ container }) => isSidecar(container)), ...main];
  const next = init.find(({ container }) => {
    const known = recordOf(record, container.name);
    return isSidecar(container) ? !(known.running && known.started) : known.exit?.exitCode !== 0;
  });
  return next ? [next] : [];
}

function firstLaunch(plans: readonly PodPlan[]): PodPlan {
  const launch = plans.find((plan) => plan.actions.some((action) => action.do === 'launch'));
  const waits = plans.filter((plan) => plan.actions.every((action) => action.do !== 'launch'));
  return merge(launch ? [launch, ...waits] : waits);
}

function planOne(record: PodRecord, { container, isInit }: Candidate, nowMs: number): PodPlan {
  const known = recordOf(record, container.name);
  if (known.running || known.activity !== 'idle' || !known.removed) return nothing;
  if (nowMs < known.retryAtMs) return wakeAt(known.retryAtMs);
  if (!known.exit || known.replacing) return act({ do: 'launch', container: container.name });
  const policy = restartPolicyOf(record.pod, container, isInit);
  const decision = decideRestart(policy, known.exit, known.restartBackoff, nowMs);
  if (decision.kind === 'never') return nothing;
  if (decision.kind === 'now') return act({ do: 'launch', container: container.name });
  const told = known.waiting?.reason === 'CrashLoopBackOff';
  const tell: readonly PodAction[] = told
    ? []
    : [{ do: 'awaitRestart', container: container.name, untilMs: decision.timeMs }];
  return { actions: tell, wakeAtMs: decision.timeMs };
}

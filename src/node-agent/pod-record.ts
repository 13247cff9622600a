// What the agent knows of one pod: desired and observed, as plain immutable values that can be checkpointed.
import type { Container, Pod, PodStatus } from '../api/types.gen.ts';
import { nextBackoff } from './restart-policy.ts';
import type { RestartBackoff, RestartPolicy } from './restart-policy.ts';

/** How a run ended: `ContainerExit` of the containerizer, or a process that could not even be started. */
export interface ExitRecord {
  readonly exitCode: number | undefined;
  readonly signal?: number | undefined;
  readonly reason: string;
  readonly message?: string | undefined;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly containerId: string;
  readonly imageId: string;
}

export interface RunRecord {
  readonly startedAtMs: number;
  readonly containerId: string;
  readonly imageId: string;
}

/** A stop under way: preStop, then the stop signal, then SIGKILL at the deadline. */
export interface StopRecord {
  readonly sinceMs: number;
  readonly deadlineMs: number;
  readonly preStop: 'none' | 'running' | 'done';
  readonly signalledAtMs: number | undefined;
  readonly killed: boolean;
}

export interface ContainerRecord {
  /** Number of the current or last run, from 0; −1 before the first. */
  readonly attempt: number;
  /** The image that the current or last run was made from, as the pod named it then; undefined before the first. */
  readonly image: string | undefined;
  /** The current run is ended for the sake of the next: its image was changed. The restart policy is not asked. */
  readonly replacing: boolean;
  /** What is being done right now; nothing else is begun meanwhile. Not kept over a restart of the agent. */
  readonly activity: 'idle' | 'launching' | 'removing';
  readonly running: RunRecord | undefined;
  /** Of the last run, once it ended. */
  readonly exit: ExitRecord | undefined;
  /** Of the run before the current one. */
  readonly previousExit: ExitRecord | undefined;
  /** The ended run is cleaned up; only then the next may begin. */
  readonly removed: boolean;
  /** The last launch failed, or waits. */
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
  readonly restartBackoff: RestartBackoff | undefined;
  readonly failedLaunches: number;
  readonly retryAtMs: number;
  readonly postStart: 'none' | 'running' | 'done';
  readonly started: boolean;
  readonly ready: boolean;
  /** A probe or hook wants it ended. */
  readonly unhealthy: { readonly message: string; readonly graceMs?: number | undefined } | undefined;
  readonly stop: StopRecord | undefined;
}

export interface PodRecord {
  readonly pod: Pod;
  /** When the agent took the pod on: `status.startTime`. */
  readonly acceptedAtMs: number;
  readonly containers: Readonly<Record<string, ContainerRecord>>;
  readonly preparation: 'none' | 'running' | 'done';
  readonly prepareFailures: number;
  readonly prepareAtMs: number;
  /** Set once the pod must go: it is being deleted, was deleted, or does not belong here. */
  readonly ending: { readonly sinceMs: number; readonly graceMs: number; readonly objectGone: boolean } | undefined;
  readonly destruction: 'none' | 'running' | 'done';
  readonly destroyFailures: number;
  readonly destroyAtMs: number;
  /** The pod failed as a whole: `DeadlineExceeded`. */
  readonly failure: { readonly reason: string; readonly message: string } | undefined;
  /** Why this host cannot run it. */
  readonly refusal: string | undefined;
  /** Last status told to the server: transition times come from it. */
  readonly reported: PodStatus | undefined;
}

const freshContainer: ContainerRecord = {
  attempt: -1,
  image: undefined,
  replacing: false,
  activity: 'idle',
  running: undefined,
  exit: undefined,
  previousExit: undefined,
  removed: true,
  waiting: undefined,
  restartBackoff: undefined,
  failedLaunches: 0,
  retryAtMs: 0,
  postStart: 'none',
  started: false,
  ready: false,
  unhealthy: undefined,
  stop: undefined,
};

/** A pod that nothing was done for yet. */
export function createPodRecord(pod: Pod, nowMs: number): PodRecord {
  const names = [...initContainersOf(pod), ...containersOf(pod)].map((container) => container.name);
  return {
    pod,
    acceptedAtMs: nowMs,
    containers: Object.fromEntries(names.map((name) => [name, freshContainer])),
    preparation: 'none',
    prepareFailures: 0,
    prepareAtMs: 0,
    ending: undefined,
    destruction: 'none',
    destroyFailures: 0,
    destroyAtMs: 0,
    failure: undefined,
    refusal: undefined,
    reported: undefined,
  };
}

export const containersOf = (pod: Pod): readonly Container[] => pod.spec?.containers ?? [];
export const initContainersOf = (pod: Pod): readonly Container[] => pod.spec?.initContainers ?? [];

export const recordOf = (record: PodRecord, name: string): ContainerRecord => record.containers[name] ?? freshContainer;

/** An init container that keeps running beside the others. */
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** @param container one of the pod's, init containers included */
export function restartPolicyOf(pod: Pod, container: Container, isInit: boolean): RestartPolicy {
  if (container.restartPolicy !== undefined) return container.restartPolicy;
  const policy = pod.spec?.restartPolicy ?? 'Always';
  return isInit && policy === 'Always' ? 'OnFailure' : policy;
}

/** What the pod names as the image of one of its containers; empty for a process of the host's file system. */
function imageOf(pod: Pod, name: string): string {
  return [...initContainersOf(pod), ...containersOf(pod)].find((container) => container.name === name)?.image ?? '';
}

/** The pod names another image than the current or last run was made from. */
export function hasOtherImage(record: PodRecord, name: string): boolean {
  const { image } = recordOf(record, name);
  return image !== undefined && image !== imageOf(record.pod, name);
}

/** The object changed. A launch that failed with one image is tried at once with another. */
export function podChanged(record: PodRecord, pod: Pod): PodRecord {
  const names = Object.keys(record.containers).filter((name) => imageOf(record.pod, name) !== imageOf(pod, name));
  const retry = { retryAtMs: 0, failedLaunches: 0 };
  return names.reduce((now, name) => (recordOf(now, name).failedLaunches > 0 ? withContainer(now, name, retry) : now), {
    ...record,
    pod,
  });
}

/** A copy with one container changed. */
export function withContainer(record: PodRecord, name: string, change: Partial<ContainerRecord>): PodRecord {
  const container = { ...recordOf(record, name), ...change };
  return { ...record, containers: { ...record.containers, [name]: container } };
}

/** A launch begins: the next attempt, and the back-off of the one after it when this is a restart. */
export function launchBegun(record: PodRecord, name: string, nowMs: number): PodRecord {
  const container = recordOf(record, name);
  const isRestart = container.exit !== undefined;
  const isBackedOff = isRestart && !container.replacing;
  return withContainer(record, name, {
    attempt: isRestart || container.attempt < 0 ? container.attempt + 1 : container.attempt,
    image: imageOf(record.pod, name),
    replacing: false,
    activity: 'launching',
    exit: undefined,
    previousExit: container.exit ?? container.previousExit,
    removed: false,
    restartBackoff: isBackedOff ? nextBackoff(container.restartBackoff, nowMs) : container.restartBackoff,
    stop: undefined,
    unhealthy: undefined,
    started: false,
    ready: false,
    postStart: 'none',
  });
}

export function launchSucceeded(record: PodRecord, container: Container, run: RunRecord): PodRecord {
  const known = recordOf(record, container.name);
  if (known.exit) {
    // It ended before the launch was reported.
    const exit = { ...known.exit, containerId: run.containerId, imageId: run.imageId };
    return withContainer(record, container.name, { activity: 'idle', exit });
  }
  return withContainer(record, container.name, {
    activity: 'idle',
    running: runFacts(run),
    waiting: undefined,
    failedLaunches: 0,
    retryAtMs: 0,
    postStart: container.lifecycle?.postStart ? 'running' : 'done',
    ...unprobed(container),
  });
}

/** Only these: a caller's object may hold more. */
const runFacts = ({ startedAtMs, containerId, imageId }: RunRecord): RunRecord => ({
  startedAtMs,
  containerId,
  imageId,
});

/** Without a probe a container has started, and is ready, as soon as it runs. */
const unprobed = (container: Container) => ({
  started: container.startupProbe === undefined,
  ready: container.startupProbe === undefined && container.readinessProbe === undefined,
});

/** A launch that left nothing behind and is tried again at `retryAtMs`, as the same attempt. */
export function launchFailed(
  record: PodRecord,
  name: string,
  waiting: { readonly reason: string; readonly message: string },
  retryAtMs: number,
): PodRecord {
  const container = recordOf(record, name);
  return withContainer(record, name, {
    activity: 'idle',
    waiting,
    removed: true,
    failedLaunches: container.failedLaunches + 1,
    retryAtMs,
  });
}

/** The run ended, or could not start at all; late and repeated reports change nothing. */
export function containerExited(record: PodRecord, name: string, attempt: number, exit: ExitRecord): PodRecord {
  const container = recordOf(record, name);
  if (attempt < container.attempt || (attempt === container.attempt && container.exit)) return record;
  const isUnknownRun = attempt > container.attempt;
  return withContainer(record, name, {
    attempt,
    running: undefined,
    exit,
    previousExit: isUnknownRun ? (container.exit ?? container.previousExit) : container.previousExit,
    waiting: undefined,
    removed: false,
    started: false,
    ready: false,
    unhealthy: undefined,
    postStart: 'none',
    stop: undefined,
  });
}

/** A container found running by a new agent process. */
export function containerAdopted(record: PodRecord, definition: Container, attempt: number, run: RunRecord): PodRecord {
  const container = recordOf(record, definition.name);
  if (container.running && container.attempt === attempt)
    return withContainer(record, definition.name, { running: runFacts(run) });
  return withContainer(record, definition.name, {
    ...unprobed(definition),
    attempt,
    running: runFacts(run),
    previousExit: container.exit ?? container.previousExit,
    exit: undefined,
    removed: false,
    postStart: 'done',
    stop: undefined,
    waiting: undefined,
  });
}

/** The pod must go. A second order may shorten the grace, never lengthen it. */
export function endingBegun(record: PodRecord, graceMs: number, objectGone: boolean, nowMs: number): PodRecord {
  const ending = record.ending;
  if (!ending) return { ...record, ending: { sinceMs: nowMs, graceMs, objectGone } };
  const endsAtMs = Math.min(ending.sinceMs + ending.graceMs, nowMs + graceMs);
  const shortened = { ...ending, graceMs: Math.max(0, endsAtMs - ending.sinceMs) };
  return { ...record, ending: { ...shortened, objectGone: ending.objectGone || objectGone } };
}

/** What a checkpoint means to a new process: nothing is under way any more. */
export function afterRestart(record: PodRecord): PodRecord {
  const containers = Object.entries(record.containers).map(([name, saved]) => [name, containerAfterRestart(saved)]);
  return {
    ...createPodRecord(record.pod, record.acceptedAtMs),
    ...record,
    preparation: 'none',
    destruction: 'none',
    prepareAtMs: 0,
    destroyAtMs: 0,
    containers: Object.fromEntries(containers) as PodRecord['containers'],
  };
}

function containerAfterRestart(saved: Partial<ContainerRecord>): ContainerRecord {
  const container = { ...freshContainer, ...saved };
  const stop = container.stop;
  return {
    ...container,
    activity: 'idle',
    // A launch that was under way either shows as a running container or left nothing.
    removed: container.running === undefined && container.exit === undefined ? true : container.removed,
    postStart: container.postStart === 'running' ? 'done' : container.postStart,
    stop: stop?.preStop === 'running' ? { ...stop, preStop: 'done' } : stop,
  };
}

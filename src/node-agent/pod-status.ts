// The PodStatus that the agent reports, from what it observed. Pure. Shapes and reasons are Kubernetes'.
import type { Container, ContainerState, ContainerStatus, PodCondition, PodStatus } from '../api/types.gen.ts';
import { formatRfc3339 } from '../lib/rfc3339.ts';
import { isInitialized, phaseOf } from './pod-phase.ts';
import type { Phase } from './pod-phase.ts';
import { containersOf, initContainersOf, isSidecar, recordOf } from './pod-record.ts';
import type { ContainerRecord, ExitRecord, PodRecord } from './pod-record.ts';

/** @param hostIp address of the node, which pods share */
export function podStatus(record: PodRecord, hostIp: string, nowMs: number): PodStatus {
  const { pod } = record;
  const before = record.reported ?? pod.status;
  if (before && isUnknownPast(record, before)) return before;
  const phase = phaseOf(record);
  const initialized = isInitialized(record);
  const init = initContainersOf(pod).map((container) => initStatus(record, container));
  const main = containersOf(pod).map((container) => containerStatus(record, container));
  const facts = { record, phase, initialized, init, main };
  return {
    phase,
    conditions: conditions(facts, before, nowMs),
    ...(record.failure ?? {}),
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...(record.preparation === 'done' || before?.podIP !== undefined
      ? { podIP: hostIp, podIPs: [{ ip: hostIp }] }
      : {}),
    startTime: formatRfc3339(record.acceptedAtMs),
    // The server decided it when the pod was made.
    ...(pod.status?.qosClass === undefined ? {} : { qosClass: pod.status.qosClass }),
    ...(init.length > 0 ? { initContainerStatuses: init } : {}),
    containerStatuses: main,
  };
}

/** A pod that finished before this agent knew of it: nothing can be added to what is on record. */
function isUnknownPast(record: PodRecord, before: PodStatus): boolean {
  const finished = before.phase === 'Succeeded' || before.phase === 'Failed';
  return finished && Object.values(record.containers).every((container) => container.attempt < 0);
}

function initStatus(record: PodRecord, container: Container): ContainerStatus {
  const status = containerStatus(record, container);
  return isSidecar(container) ? status : { ...status, ready: recordOf(record, container.name).exit?.exitCode === 0 };
}

function containerStatus(record: PodRecord, container: Container): ContainerStatus {
  const known = recordOf(record, container.name);
  const latest = known.running ?? known.exit ?? known.previousExit;
  const [state, lastState] = states(record, known);
  return {
    name: container.name,
    state,
    lastState,
    ready: known.running !== undefined && known.started && known.ready,
    started: known.running !== undefined && known.started,
    restartCount: Math.max(0, known.attempt),
    image: known.image ?? container.image ?? '',
    imageID: latest?.imageId ?? '',
    ...(latest?.containerId ? { containerID: latest.containerId } : {}),
  };
}

function states(record: PodRecord, known: ContainerRecord): readonly [ContainerState, ContainerState] {
  const previous = known.previousExit ? { terminated: terminated(known.previousExit) } : {};
  if (known.running) return [{ running: { startedAt: formatRfc3339(known.running.startedAtMs) } }, previous];
  if (known.exit && known.waiting) return [{ waiting: known.waiting }, { terminated: terminated(known.exit) }];
  if (known.exit) return [{ terminated: terminated(known.exit) }, previous];
  return [{ waiting: waitingFor(record, known) }, previous];
}

/** In a pod with init containers every container that has not started says so: kubectl then shows `Init:0/2`. */
function waitingFor(record: PodRecord, known: ContainerRecord) {
  if (record.refusal !== undefined) return { reason: 'UnsupportedByNode', message: record.refusal };
  if (known.waiting) return known.waiting;
  return { reason: initContainersOf(record.pod).length > 0 ? 'PodInitializing' : 'ContainerCreating' };
}

function terminated(exit: ExitRecord) {
  return {
    // 137: what Kubernetes reports for a container that vanished.
    exitCode: exit.exitCode ?? 137,
    reason: exit.reason,
    ...(exit.signal === undefined ? {} : { signal: exit.signal }),
    ...(exit.message === undefined ? {} : { message: exit.message }),
    startedAt: formatRfc3339(exit.startedAtMs),
    finishedAt: formatRfc3339(exit.finishedAtMs),
    ...(exit.containerId === '' ? {} : { containerID: exit.containerId }),
  };
}

interface Facts {
  readonly record: PodRecord;
  readonly phase: Phase;
  readonly initialized: boolean;
  readonly init: readonly ContainerStatus[];
  readonly main: readonly ContainerStatus[];
}

interface Verdict {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

function conditions(facts: Facts, before: PodStatus | undefined, nowMs: number): readonly PodCondition[] {
  const containersReady = containersReadyVerdict(facts);
  const prepared = verdictOf('PodReadyToStartContainers', isPrepared(facts.record));
  const own = [prepared, initializedVerdict(facts), readyVerdict(facts, containersReady), containersReady];
  const previous = new Map((before?.conditions ?? []).map((condition) => [condition.type, condition]));
  const scheduled = facts.record.pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled');
  return [
    ...own.map((verdict) => stamped(verdict, previous.get(verdict.type), nowMs)),
    scheduled ?? stamped({ type: 'PodScheduled', status: 'True' }, previous.get('PodScheduled'), nowMs),
  ];
}

/** A new process of the agent prepares again, which is no news. */
function isPrepared({ preparation, containers }: PodRecord): boolean {
  return preparation === 'done' || Object.values(containers).some((container) => container.attempt >= 0);
}

/** The time of transition changes with the status only. */
function stamped(verdict: Verdict, previous: PodCondition | undefined, nowMs: number): PodCondition {
  const kept = previous?.status === verdict.status ? previous.lastTransitionTime : undefined;
  return { ...verdict, lastTransitionTime: kept ?? formatRfc3339(nowMs) };
}

function initializedVerdict({ phase, initialized, init }: Facts): Verdict {
  if (initialized) return verdictOf('Initialized', true, phase === 'Succeeded' ? 'PodCompleted' : undefined);
  const names = init.filter((status) => !status.ready).map((status) => status.name);
  const message = `containers with incomplete status: [${names.join(' ')}]`;
  return verdictOf('Initialized', false, 'ContainersNotInitialized', message);
}

function containersReadyVerdict({ record, phase, main, init }: Facts): Verdict {
  const type = 'ContainersReady';
  if (phase === 'Succeeded') return verdictOf(type, false, 'PodCompleted');
  if (phase === 'Failed') return verdictOf(type, false, 'PodFailed');
  const sidecars = new Set(
    initContainersOf(record.pod)
      .filter(isSidecar)
      .map((container) => container.name),
  );
  const counted = [...init.filter((status) => sidecars.has(status.name)), ...main];
  const unready = counted.filter((status) => !status.ready).map((status) => status.name);
  if (unready.length === 0) return verdictOf(type, true);
  return verdictOf(type, false, 'ContainersNotReady', `containers with unready status: [${unready.join(' ')}]`);
}

function readyVerdict({ record }: Facts, containersReady: Verdict): Verdict {
  if (containersReady.status === 'False') return { ...containersReady, type: 'Ready' };
  const reported = record.pod.status?.conditions ?? [];
  const missing = (record.pod.spec?.readinessGates ?? [])
    .map((gate) => gate.conditionType)
    .filter((type) => !reported.some((condition) => condition.type === type && condition.status === 'True'));
  if (missing.length === 0) return verdictOf('Ready', true);
  const message = missing
    .map((type) => `corresponding condition of pod readiness gate "${type}" is not True.`)
    .join(' ');
  return verdictOf('Ready', false, 'ReadinessGatesNotReady', message);
}

function verdictOf(type: string, holds: boolean, reason?: string, message?: string): Verdict {
  return {
    type,
    status: holds ? 'True' : 'False',
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}

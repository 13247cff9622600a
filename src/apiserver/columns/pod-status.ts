// What `kubectl get pods` says about a pod: one word for its state, its restarts, its ready containers.
import type { ApiObject } from '../../api/object.ts';
import { isRecord, listAt, numberAt, recordAt, textAt, valueAt } from '../json-path.ts';
import type { JsonRecord } from '../json-path.ts';
import { humanAge } from './human-duration.ts';

export interface PodSummary {
  readonly status: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: string;
}

interface Tally {
  reason: string;
  ready: number;
  restarts: number;
  /** Of containers that started before the others and keep running. */
  sidecarRestarts: number;
  lastRestart: string;
  initialising: boolean;
}

/** Follows the rules of kubectl's pod printer. */
export function summarisePod(pod: ApiObject, nowMs: number): PodSummary {
  const sidecars = sidecarNames(pod);
  const tally: Tally = {
    reason: firstReason(pod),
    ready: 0,
    restarts: 0,
    sidecarRestarts: 0,
    lastRestart: '',
    initialising: false,
  };
  tallyInit(pod, sidecars, tally);
  if (!tally.initialising || hasCondition(pod, 'Initialized')) tallyContainers(pod, tally);
  return {
    status: withDeletion(pod, tally.reason),
    ready: tally.ready,
    total: listAt(pod, 'spec', 'containers').length + sidecars.size,
    restarts: describeRestarts(tally, nowMs),
  };
}

function firstReason(pod: ApiObject): string {
  const gated = listAt(pod, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'PodScheduled' && textAt(condition, 'reason') === 'SchedulingGated',
  );
  if (gated) return 'SchedulingGated';
  return textAt(pod, 'status', 'reason') || textAt(pod, 'status', 'phase') || 'Unknown';
}

function sidecarNames(pod: ApiObject): Set<string> {
  const containers = listAt(pod, 'spec', 'initContainers').filter(
    (container) => textAt(container, 'restartPolicy') === 'Always',
  );
  return new Set(containers.map((container) => textAt(container, 'name')));
}

function tallyInit(pod: ApiObject, sidecars: ReadonlySet<string>, tally: Tally): void {
  const total = listAt(pod, 'spec', 'initContainers').length;
  for (const [index, status] of listAt(pod, 'status', 'initContainerStatuses').entries()) {
    countRestarts(status, tally);
    const isSidecar = sidecars.has(textAt(status, 'name'));
    if (isSidecar) tally.sidecarRestarts += numberAt(status, 'restartCount') ?? 0;
    if (numberAt(status, 'state', 'terminated', 'exitCode') === 0) continue;
    if (isSidecar && valueAt(status, 'started') === true) {
      if (valueAt(status, 'ready') === true) tally.ready++;
      continue;
    }
    tally.initialising = true;
    tally.reason = `Init:${initReason(status, index, total)}`;
    return;
  }
}

function initReason(status: unknown, index: number, total: number): string {
  const terminated = valueAt(status, 'state', 'terminated');
  if (isRecord(terminated)) return endReason(terminated);
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  return waiting !== '' && waiting !== 'PodInitializing' ? waiting : `${index}/${total}`;
}

function endReason(terminated: JsonRecord): string {
  const reason = textAt(terminated, 'reason');
  if (reason !== '') return reason;
  const signal = numberAt(terminated, 'signal') ?? 0;
  return signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode') ?? 0}` : `Signal:${signal}`;
}

function tallyContainers(pod: ApiObject, tally: Tally): void {
  tally.restarts = tally.sidecarRestarts;
  let hasRunning = false;
  for (const status of listAt(pod, 'status', 'containerStatuses').toReversed()) {
    countRestarts(status, tally);
    const waiting = textAt(status, 'state', 'waiting', 'reason');
    const terminated = valueAt(status, 'state', 'terminated');
    if (waiting !== '') tally.reason = waiting;
    else if (isRecord(terminated)) tally.reason = endReason(terminated);
    else if (valueAt(status, 'ready') === true && isRecord(valueAt(status, 'state', 'running'))) {
      hasRunning = true;
      tally.ready++;
    }
  }
  if (tally.reason === 'Completed' && hasRunning) tally.reason = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
}

function countRestarts(status: unknown, tally: Tally): void {
  tally.restarts += numberAt(status, 'restartCount') ?? 0;
  const finished = textAt(status, 'lastState', 'terminated', 'finishedAt');
  if (finished > tally.lastRestart) tally.lastRestart = finished;
}

function hasCondition(pod: ApiObject, type: string): boolean {
  return listAt(pod, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === type && textAt(condition, 'status') === 'True',
  );
}

function withDeletion(pod: ApiObject, reason: string): string {
  if (pod.metadata.deletionTimestamp === undefined) return reason;
  if (textAt(pod, 'status', 'reason') === 'NodeLost') return 'Unknown';
  return ['Succeeded', 'Failed'].includes(textAt(recordAt(pod, 'status'), 'phase')) ? reason : 'Terminating';
}

function describeRestarts(tally: Tally, nowMs: number): string {
  if (tally.restarts === 0 || tally.lastRestart === '') return String(tally.restarts);
  return `${tally.restarts} (${humanAge(tally.lastRestart, nowMs)} ago)`;
}

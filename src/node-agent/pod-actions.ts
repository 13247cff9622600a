// Carries out what plan.ts decided: each action changes the record at once, works in the background, and reports back.
import type { Container, LifecycleHandler } from '../api/types.gen.ts';
import type { Clock } from '../lib/clock.ts';
import { errorText } from '../lib/error-text.ts';
import type { Limiter } from '../lib/limiter.ts';
import type { Log } from '../lib/log.ts';
import type { AgentNews } from './agent-news.ts';
import { LaunchError } from './containerizer.ts';
import type { ContainerKey, Containerizer, RunningContainer } from './containerizer.ts';
import { runHook } from './hooks.ts';
import type { PodAction } from './plan.ts';
import * as records from './pod-record.ts';
import type { PodRecord, StopRecord } from './pod-record.ts';
import type { ReferenceStore } from './reference-store.ts';
import { launchRetryMs } from './restart-policy.ts';

export interface PodActionsContext {
  readonly containerizer: Containerizer;
  readonly references: ReferenceStore;
  readonly news: AgentNews;
  readonly clock: Clock;
  readonly log: Log;
  readonly podIp: string;
  /** Bounds what is launched, cleaned up and destroyed at the same time. */
  readonly limiter: Limiter;
  /** The current record; undefined when the pod is forgotten. */
  readonly current: (podUid: string) => PodRecord | undefined;
  /** Changes a record and looks at the pod again. Ignored when the pod is forgotten. */
  readonly update: (podUid: string, change: (record: PodRecord) => PodRecord) => void;
  /** Resolves when what is known of the pod is on disk. */
  readonly saved: (podUid: string) => Promise<void>;
}

export function performAction(context: PodActionsContext, record: PodRecord, action: PodAction): void {
  const terminated = { signalledAtMs: context.clock.now() };
  switch (action.do) {
    case 'prepare': {
      prepare(context, record);
      return;
    }
    case 'launch': {
      launch(context, record, action.container);
      return;
    }
    case 'awaitRestart': {
      awaitRestart(context, record, action.container);
      return;
    }
    case 'beginStop': {
      beginStop(context, record, action);
      return;
    }
    case 'preStop': {
      preStop(context, record, action.container);
      return;
    }
    case 'terminate': {
      signal(context, record, action.container, stopSignalOf(record, action.container), terminated);
      return;
    }
    case 'kill': {
      signal(context, record, action.container, 'SIGKILL', { killed: true });
      return;
    }
    case 'remove': {
      remove(context, record, action.container);
      return;
    }
    case 'failPod': {
      failPod(context, record, action);
      return;
    }
    case 'destroy': {
      destroy(context, record);
      return;
    }
  }
}

const uidOf = (record: PodRecord): string => record.pod.metadata.uid ?? '';

const keyOf = (record: PodRecord, container: string): ContainerKey => ({
  podUid: uidOf(record),
  container,
  attempt: records.recordOf(record, container).attempt,
});

function background(context: PodActionsContext, record: PodRecord, what: string, work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    const { namespace, name } = record.pod.metadata;
    context.log.error({ namespace, pod: name, uid: uidOf(record), error: errorText(error) }, `failed: ${what}`);
  });
}

function prepare(context: PodActionsContext, record: PodRecord): void {
  const { containerizer, news, clock, update } = context;
  const uid = uidOf(record);
  const references = context.references.inNamespace(record.pod.metadata.namespace ?? '');
  update(uid, (now) => ({ ...now, preparation: 'running' }));
  background(context, record, 'preparing a pod', async () => {
    try {
      await context.limiter.run(() => containerizer.preparePod(record.pod, references));
      update(uid, (now) => ({ ...now, preparation: 'done', prepareFailures: 0 }));
    } catch (error) {
      const reason = error instanceof LaunchError ? error.reason : 'FailedMount';
      news.event(record.pod, 'Warning', reason, errorText(error), '');
      update(uid, (now) => prepareFailed(now, reason, errorText(error), clock.now()));
    }
  });
}

function prepareFailed(record: PodRecord, reason: string, message: string, nowMs: number): PodRecord {
  const failures = record.prepareFailures + 1;
  const all = [...records.initContainersOf(record.pod), ...records.containersOf(record.pod)];
  const told = all.reduce(
    (now, container) => records.withContainer(now, container.name, { waiting: { reason, message } }),
    record,
  );
  return { ...told, preparation: 'none', prepareFailures: failures, prepareAtMs: launchRetryMs(failures, nowMs) };
}

function launch(context: PodActionsContext, before: PodRecord, name: string): void {
  const container = containerNamed(before, name);
  const uid = uidOf(before);
  context.update(uid, (now) => records.launchBegun(now, name, context.clock.now()));
  const record = context.current(uid) ?? before;
  const key = keyOf(record, name);
  const references = context.references.inNamespace(record.pod.metadata.namespace ?? '');
  background(context, record, 'launching a container', async () => {
    try {
      const launching = { key, pod: record.pod, container, references };
      const run = await context.limiter.run(() => context.containerizer.launch(launching));
      tellStarted(context, record, container, run);
      context.update(uid, (now) => records.launchSucceeded(now, container, run));
    } catch (error) {
      launchHasFailed(context, record, key, error);
      return;
    }
    await afterStart(context, record, container, key);
  });
}

function tellStarted(context: PodActionsContext, record: PodRecord, container: Container, run: RunningContainer): void {
  const tell = (reason: string, message: string) =>
    context.news.event(record.pod, 'Normal', reason, message, container.name);
  if (run.imageId !== '') tell('Pulled', `Container image "${container.image ?? ''}" is present on this node`);
  tell('Created', `Created container ${container.name}`);
  tell('Started', `Started container ${container.name}`);
}

async function afterStart(
  context: PodActionsContext,
  record: PodRecord,
  container: Container,
  key: ContainerKey,
): Promise<void> {
  const hook = container.lifecycle?.postStart;
  if (!hook) return;
  const failure = await hookFailure(context, hook, container, key);
  if (failure !== undefined) {
    context.news.event(record.pod, 'Warning', 'FailedPostStartHook', failure, container.name);
  }
  context.update(key.podUid, (now) => {
    const known = records.recordOf(now, container.name);
    if (known.attempt !== key.attempt || !known.running) return now;
    const unhealthy = failure === undefined ? known.unhealthy : { message: `failed its postStart hook: ${failure}` };
    return records.withContainer(now, container.name, { postStart: 'done', unhealthy });
  });
}

function hookFailure(context: PodActionsContext, hook: LifecycleHandler, container: Container, key: ContainerKey) {
  return runHook(context.containerizer, context.clock, { key, container, podIp: context.podIp }, hook);
}

function launchHasFailed(context: PodActionsContext, record: PodRecord, key: ContainerKey, error: unknown): void {
  const reason = error instanceof LaunchError ? error.reason : 'CreateContainerError';
  const message = errorText(error);
  context.news.event(record.pod, 'Warning', 'Failed', `${reason}: ${message}`, key.container);
  const nowMs = context.clock.now();
  context.update(key.podUid, (now) =>
    reason === 'RunContainerError'
      ? startFailed(now, key, message, nowMs)
      : launchRetried(now, key.container, { reason, message }, nowMs),
  );
}

function startFailed(record: PodRecord, key: ContainerKey, message: string, nowMs: number): PodRecord {
  const exited = records.containerExited(record, key.container, key.attempt, neverStarted(message, nowMs));
  return records.withContainer(exited, key.container, { activity: 'idle' });
}

/** Kubernetes' exit code and reason for a process that could not be started. */
const neverStarted = (message: string, nowMs: number): records.ExitRecord => ({
  exitCode: 128,
  reason: 'StartError',
  message,
  startedAtMs: nowMs,
  finishedAtMs: nowMs,
  containerId: '',
  imageId: '',
});

function launchRetried(
  record: PodRecord,
  name: string,
  waiting: { readonly reason: string; readonly message: string },
  nowMs: number,
): PodRecord {
  const failures = records.recordOf(record, name).failedLaunches + 1;
  const reason = waiting.reason === 'ErrImagePull' && failures > 1 ? 'ImagePullBackOff' : waiting.reason;
  return records.launchFailed(record, name, { ...waiting, reason }, launchRetryMs(failures, nowMs));
}

function awaitRestart(context: PodActionsContext, record: PodRecord, name: string): void {
  const { namespace, name: pod } = record.pod.metadata;
  const seconds = (records.recordOf(record, name).restartBackoff?.delayMs ?? 0) / 1000;
  const subject = `restarting failed container ${name} in pod ${namespace ?? ''}/${pod ?? ''}`;
  context.news.event(record.pod, 'Warning', 'BackOff', `Back-off ${subject}`, name);
  const waiting = { reason: 'CrashLoopBackOff', message: `back-off ${seconds}s ${subject}` };
  context.update(uidOf(record), (now) => records.withContainer(now, name, { waiting }));
}

interface StopOrder {
  readonly container: string;
  readonly graceMs: number;
  readonly message: string;
  readonly replacing: boolean;
}

function beginStop(context: PodActionsContext, record: PodRecord, order: StopOrder): void {
  const sinceMs = context.clock.now();
  const stop: StopRecord = {
    sinceMs,
    deadlineMs: sinceMs + order.graceMs,
    preStop: 'none',
    signalledAtMs: undefined,
    killed: false,
  };
  context.news.event(record.pod, 'Normal', 'Killing', order.message, order.container);
  context.update(uidOf(record), (now) =>
    records.withContainer(now, order.container, { stop, replacing: order.replacing }),
  );
}

function changeStop(context: PodActionsContext, record: PodRecord, name: string, change: Partial<StopRecord>): void {
  const { attempt } = keyOf(record, name);
  context.update(uidOf(record), (now) => {
    const known = records.recordOf(now, name);
    if (!known.stop || known.attempt !== attempt) return now;
    return records.withContainer(now, name, { stop: { ...known.stop, ...change } });
  });
}

function preStop(context: PodActionsContext, record: PodRecord, name: string): void {
  const container = containerNamed(record, name);
  const hook = container.lifecycle?.preStop;
  changeStop(context, record, name, { preStop: 'running' });
  background(context, record, 'running a preStop hook', async () => {
    const failure = hook ? await hookFailure(context, hook, container, keyOf(record, name)) : undefined;
    if (failure !== undefined) context.news.event(record.pod, 'Warning', 'FailedPreStopHook', failure, name);
    changeStop(context, record, name, { preStop: 'done' });
  });
}

function signal(
  context: PodActionsContext,
  record: PodRecord,
  name: string,
  which: NodeJS.Signals,
  change: Partial<StopRecord>,
): void {
  changeStop(context, record, name, change);
  background(context, record, `sending ${which}`, async () => {
    await context.containerizer.signal(keyOf(record, name), which);
  });
}

function remove(context: PodActionsContext, record: PodRecord, name: string): void {
  const uid = uidOf(record);
  const { clock, update } = context;
  update(uid, (now) => records.withContainer(now, name, { activity: 'removing' }));
  background(context, record, 'removing an ended container', async () => {
    try {
      // Once removed, the containerizer will not report the exit to a later process of the agent.
      await context.saved(uid);
      await context.limiter.run(() => context.containerizer.remove(keyOf(record, name)));
      update(uid, (now) => records.withContainer(now, name, { activity: 'idle', removed: true, failedLaunches: 0 }));
    } catch (error) {
      const failures = records.recordOf(record, name).failedLaunches + 1;
      const retry = { failedLaunches: failures, retryAtMs: launchRetryMs(failures, clock.now()) };
      update(uid, (now) => records.withContainer(now, name, { activity: 'idle', ...retry }));
      throw error;
    }
  });
}

function failPod(
  context: PodActionsContext,
  record: PodRecord,
  failure: { readonly reason: string; readonly message: string },
): void {
  const { reason, message } = failure;
  context.news.event(record.pod, 'Warning', reason, message, '');
  context.update(uidOf(record), (now) => ({ ...now, failure: { reason, message } }));
}

function destroy(context: PodActionsContext, record: PodRecord): void {
  const { clock, update } = context;
  const uid = uidOf(record);
  update(uid, (now) => ({ ...now, destruction: 'running' }));
  background(context, record, 'destroying a pod', async () => {
    try {
      await context.limiter.run(() => context.containerizer.destroyPod(uid));
      update(uid, (now) => ({ ...now, destruction: 'done' }));
    } catch (error) {
      context.news.event(record.pod, 'Warning', 'FailedKillPod', errorText(error), '');
      const failures = record.destroyFailures + 1;
      const retry = { destroyFailures: failures, destroyAtMs: launchRetryMs(failures, clock.now()) };
      update(uid, (now) => ({ ...now, destruction: 'none', ...retry }));
    }
  });
}

function containerNamed(record: PodRecord, name: string): Container {
  const all = [...records.initContainersOf(record.pod), ...records.containersOf(record.pod)];
  return all.find((container) => container.name === name) ?? { name };
}

function stopSignalOf(record: PodRecord, name: string): NodeJS.Signals {
  return (containerNamed(record, name).lifecycle?.stopSignal ?? 'SIGTERM') as NodeJS.Signals;
}

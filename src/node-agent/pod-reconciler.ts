// Brings what runs on this node to what should: desired ∪ observed → plan → actions, one pod at a time each.
import type { Node, Pod } from '../api/types.gen.ts';
import { podReferences } from '../api/pod-references.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import { deepEqual } from '../lib/deep.ts';
import { errorText } from '../lib/error-text.ts';
import { createLimiter } from '../lib/limiter.ts';
import type { Log } from '../lib/log.ts';
import type { PodSet, Reference } from '../rpc/agent-protocol.ts';
import type { AgentNews } from './agent-news.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { ContainerExit, Containerizer, RunningContainer } from './containerizer.ts';
import { crowdingOf } from './crowding.ts';
import { createExitWaiters, type ExitWaiters } from './exit-waiters.ts';
import { planPod } from './plan.ts';
import { isFinished } from './pod-phase.ts';
import { performAction } from './pod-actions.ts';
import type { PodActionsContext } from './pod-actions.ts';
import * as records from './pod-record.ts';
import type { PodRecord } from './pod-record.ts';
import { podStatus } from './pod-status.ts';
import { afterVerdict } from './probes/after-verdict.ts';
import { createProber } from './probes/prober.ts';
import type { ProbeNews, Prober } from './probes/prober.ts';
import { createReferenceStore, referenceKey } from './reference-store.ts';
import type { ReferenceStore } from './reference-store.ts';
import { refusalOf, unenforcedLimits } from './refusal.ts';

export interface PodReconcilerOptions {
  readonly containerizer: Containerizer;
  readonly checkpoint: Checkpoint;
  readonly news: AgentNews;
  readonly clock: Clock;
  readonly log: Log;
  /** Address of the node: its pods share it. */
  readonly hostIp: string;
  /** What there is for pods. Without it nobody is turned away for want of room. */
  readonly node?: Node;
}

export interface PodReconciler {
  /** Takes up checkpoints and running containers. Called once, before anything else. */
  recover(): Promise<void>;
  /** Takes in what the server sent. */
  apply(set: PodSet): void;
  /** Pods that have a checkpoint or containers here. */
  knownPodUids(): readonly string[];
  record(podUid: string): PodRecord | undefined;
  /** Resolves when a run has ended, or its pod is gone. */
  ended(podUid: string, container: string, attempt: number): Promise<void>;
  /** Tells the newest status of every pod again: the server may have missed some. */
  reportAll(): void;
  /** Stops timers and probes; containers are left alone. Resolves when checkpoints are on disk. */
  stop(): Promise<void>;
}

interface Entry {
  record: PodRecord;
  saved: PodRecord | undefined;
  timer: Timer | undefined;
  terminationTold: boolean;
  /** Files of volumes are being brought up to date; `again`: something changed meanwhile. */
  refresh: 'none' | 'running' | 'again';
}

const createEntry = (record: PodRecord): Entry => ({
  record,
  saved: undefined,
  timer: undefined,
  terminationTold: false,
  refresh: 'none',
});

interface Room extends PodReconcilerOptions {
  readonly pods: Map<string, Entry>;
  readonly references: ReferenceStore;
  readonly exits: ExitWaiters;
  readonly prober: Prober;
  /** Containers found running whose pod is not known yet. */
  readonly strays: Map<string, RunningContainer[]>;
  readonly context: PodActionsContext;
  readonly dirty: Set<string>;
  stopped: boolean;
}

/** Launches, clean-ups and destructions at the same time. */
const parallelActions = 8;
/** After this long a container that neither runs nor has an exit to report counts as lost. */
const lostAfterMs = 5_000;
/** For pods whose object is gone: Kubernetes' least. */
const removedGraceMs = 1_000;

export function createPodReconciler(options: PodReconcilerOptions): PodReconciler {
  const room = createRoom(options);
  return {
    recover: () => recover(room),
    apply: (set) => applySet(room, set),
    knownPodUids: () => [...new Set([...room.pods.keys(), ...options.containerizer.knownPods()])],
    record: (uid) => room.pods.get(uid)?.record,
    ended: (uid, container, attempt) => room.exits.wait(uid, container, attempt),
    reportAll() {
      for (const { record } of room.pods.values()) {
        if (record.reported) options.news.status(record.pod, record.reported);
      }
    },
    async stop() {
      room.stopped = true;
      for (const [uid, entry] of room.pods) {
        entry.timer?.cancel();
        room.prober.forget(uid);
      }
      await options.checkpoint.flushed();
    },
  };
}

function createRoom(options: PodReconcilerOptions): Room {
  const references = createReferenceStore();
  const onNews = (news: ProbeNews) => probeAnswered(room, news);
  const room: Room = {
    ...options,
    pods: new Map(),
    references,
    exits: createExitWaiters(),
    prober: createProber(options.containerizer, options.clock, options.hostIp, onNews),
    strays: new Map(),
    dirty: new Set(),
    stopped: false,
    context: {
      ...options,
      references,
      podIp: options.hostIp,
      limiter: createLimiter(parallelActions),
      current: (uid) => room.pods.get(uid)?.record,
      update: (uid, change) => update(room, uid, change),
      saved: () => options.checkpoint.flushed(),
    },
  };
  return room;
}

function update(room: Room, uid: string, change: (record: PodRecord) => PodRecord): void {
  const entry = room.pods.get(uid);
  if (!entry) return;
  const next = change(entry.record);
  if (next === entry.record) return;
  entry.record = next;
  look(room, uid);
}

/** Looks at the pod after what is happening now, however often it was asked for. */
function look(room: Room, uid: string): void {
  if (room.dirty.has(uid)) return;
  room.dirty.add(uid);
  queueMicrotask(() => {
    room.dirty.delete(uid);
    const entry = room.pods.get(uid);
    if (entry && !room.stopped) pass(room, uid, entry);
  });
}

function pass(room: Room, uid: string, entry: Entry): void {
  const nowMs = room.clock.now();
  const plan = planPod(entry.record, nowMs);
  for (const action of plan.actions) performAction(room.context, entry.record, action);
  entry.timer?.cancel();
  entry.timer =
    plan.wakeAtMs === undefined ? undefined : room.clock.after(plan.wakeAtMs - nowMs, () => look(room, uid));
  room.prober.sync(entry.record);
  report(room, entry, nowMs);
  if (entry.record.destruction === 'done') depart(room, uid, entry);
  else if (entry.saved !== entry.record) {
    entry.saved = entry.record;
    room.checkpoint.savePod(uid, entry.record);
  }
}

function report(room: Room, entry: Entry, nowMs: number): void {
  const status = podStatus(entry.record, room.hostIp, nowMs);
  if (deepEqual(status, entry.record.reported)) return;
  entry.record = { ...entry.record, reported: status };
  if (!entry.record.ending?.objectGone) room.news.status(entry.record.pod, status);
}

/** Nothing is left of the pod: forget it, once the server knows. */
function depart(room: Room, uid: string, entry: Entry): void {
  if (entry.record.ending?.objectGone) forget(room, uid);
  else if (!entry.terminationTold) {
    entry.terminationTold = true;
    room.news.terminated(entry.record.pod, () => forget(room, uid));
  }
}

function forget(room: Room, uid: string): void {
  room.pods.get(uid)?.timer?.cancel();
  room.pods.delete(uid);
  room.prober.forget(uid);
  room.exits.forget(uid);
  room.checkpoint.removePod(uid);
}

async function recover(room: Room): Promise<void> {
  for (const reference of await room.checkpoint.loadReferences()) room.references.put(reference);
  for (const saved of await room.checkpoint.loadPods()) {
    const record = records.afterRestart(saved);
    room.pods.set(record.pod.metadata.uid ?? '', createEntry(record));
  }
  room.containerizer.onExit((exit) => containerHasEnded(room, exit));
  const running = await room.containerizer.recover();
  for (const container of running) adopt(room, container);
  markLost(room, running);
  for (const uid of room.pods.keys()) look(room, uid);
}

function adopt(room: Room, found: RunningContainer): void {
  const { podUid, container, attempt } = found.key;
  const record = room.pods.get(podUid)?.record;
  if (!record) {
    room.strays.set(podUid, [...(room.strays.get(podUid) ?? []), found]);
    return;
  }
  const all = [...records.initContainersOf(record.pod), ...records.containersOf(record.pod)];
  const definition = all.find((candidate) => candidate.name === container);
  if (definition) update(room, podUid, (now) => records.containerAdopted(now, definition, attempt, found));
}

/** Checkpoints may speak of runs that nobody knows any more: after a reboot, or when the monitor's files are gone. */
function markLost(room: Room, running: readonly RunningContainer[]): void {
  const keyText = (uid: string, name: string, attempt: number) => `${uid}/${name}/${attempt}`;
  const found = new Set(running.map(({ key }) => keyText(key.podUid, key.container, key.attempt)));
  const known = new Set(room.containerizer.knownPods());
  for (const [uid, { record }] of room.pods) {
    for (const [name, container] of Object.entries(record.containers)) {
      if (!container.running || found.has(keyText(uid, name, container.attempt))) continue;
      const lose = () => update(room, uid, (now) => lost(now, name, container.attempt, room.clock.now()));
      if (known.has(uid)) room.clock.after(lostAfterMs, lose);
      else lose();
    }
  }
}

function lost(record: PodRecord, name: string, attempt: number, nowMs: number): PodRecord {
  const run = records.recordOf(record, name).running;
  return records.containerExited(record, name, attempt, {
    exitCode: undefined,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the agent started; the node may have been rebooted',
    startedAtMs: run?.startedAtMs ?? nowMs,
    finishedAtMs: nowMs,
    containerId: run?.containerId ?? '',
    imageId: run?.imageId ?? '',
  });
}

function containerHasEnded(room: Room, exit: ContainerExit): void {
  const { podUid, container, attempt } = exit.key;
  room.exits.ended(podUid, container, attempt);
  const strays = room.strays.get(podUid);
  if (strays) {
    room.strays.set(
      podUid,
      strays.filter(({ key }) => key.container !== container || key.attempt !== attempt),
    );
  }
  update(room, podUid, (record) => {
    const run = records.recordOf(record, container).running;
    const ids = { containerId: run?.containerId ?? '', imageId: run?.imageId ?? '' };
    const { exitCode, signal, reason, message, startedAtMs, finishedAtMs } = exit;
    const ended = { exitCode, signal, reason, message, startedAtMs, finishedAtMs, ...ids };
    return records.containerExited(record, container, attempt, ended);
  });
}

function applySet(room: Room, set: PodSet): void {
  const changed = takeReferences(room, set);
  const pods = set.pods.map(({ pod }) => JSON.parse(Buffer.from(pod).toString('utf8')) as Pod);
  const leaving = new Set(set.removed_uids);
  const present = set.complete ? new Set(pods.map((pod) => pod.metadata.uid ?? '')) : undefined;
  const stays = (uid: string) => !leaving.has(uid) && (present?.has(uid) ?? true);
  for (const pod of pods) accept(room, pod, stays);
  for (const uid of set.removed_uids) end(room, uid, removedGraceMs, true);
  if (present) endStrangers(room, present);
  if (changed.size > 0) referencesChanged(room, changed);
}

/** @param stays whether a pod that is here will be after this set: the server may have given its room away already */
function accept(room: Room, pod: Pod, stays: (uid: string) => boolean): void {
  const uid = pod.metadata.uid ?? '';
  if (!room.pods.has(uid)) {
    const record: PodRecord = {
      ...records.createPodRecord(pod, room.clock.now()),
      refusal: refusalOf(pod, room.containerizer.capabilities),
      failure: turnedAway(room, pod, stays),
    };
    room.pods.set(uid, createEntry(record));
    warnOnce(room, record);
    for (const found of room.strays.get(uid) ?? []) adopt(room, found);
    room.strays.delete(uid);
    look(room, uid);
  }
  const before = room.pods.get(uid)?.record;
  update(room, uid, (record) => records.podChanged(record, pod));
  if (before?.preparation === 'done' && describesItselfAnew(before.pod, pod)) refreshVolumes(room, uid);
  if (pod.metadata.deletionTimestamp !== undefined) end(room, uid, deletionGraceMs(pod), false);
}

/** What downward API volumes show of a running pod has changed. */
function describesItselfAnew(before: Pod, pod: Pod): boolean {
  const shows = (pod.spec?.volumes ?? []).some((volume) => volume.downwardAPI ?? volume.projected);
  const shown = ({ metadata }: Pod) => [metadata.labels ?? {}, metadata.annotations ?? {}];
  return shows && !deepEqual(shown(before), shown(pod));
}

/** What runs already is never turned away. */
function turnedAway(room: Room, pod: Pod, stays: (uid: string) => boolean): PodRecord['failure'] {
  const isRunning = room.strays.has(pod.metadata.uid ?? '') || pod.status?.startTime !== undefined;
  if (!room.node || isRunning || pod.metadata.deletionTimestamp !== undefined) return undefined;
  const neighbours = [...room.pods]
    .filter(([uid, { record }]) => stays(uid) && !record.ending?.objectGone && !isFinished(record))
    .map(([, { record }]) => record.pod);
  return crowdingOf(pod, room.node, neighbours);
}

function warnOnce(room: Room, { pod, refusal, failure }: PodRecord): void {
  if (failure) room.news.event(pod, 'Warning', failure.reason, failure.message, '');
  if (refusal !== undefined) room.news.event(pod, 'Warning', 'UnsupportedByNode', refusal, '');
  const unenforced = refusal === undefined ? unenforcedLimits(pod, room.containerizer.capabilities) : undefined;
  if (unenforced !== undefined) room.news.event(pod, 'Warning', 'LimitsNotEnforced', unenforced, '');
}

function deletionGraceMs(pod: Pod): number {
  return (pod.metadata.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
}

function end(room: Room, uid: string, graceMs: number, objectGone: boolean): void {
  update(room, uid, (record) => records.endingBegun(record, graceMs, objectGone, room.clock.now()));
}

/** What is not in the complete set must go: known pods gracefully, remains of unknown ones at once. */
function endStrangers(room: Room, wanted: ReadonlySet<string>): void {
  for (const [uid, { record }] of room.pods) {
    if (!wanted.has(uid)) end(room, uid, deletionGraceMs(record.pod), true);
  }
  for (const uid of room.containerizer.knownPods()) {
    if (wanted.has(uid) || room.pods.has(uid)) continue;
    room.strays.delete(uid);
    room.containerizer.destroyPod(uid).catch((error: unknown) => {
      room.log.error({ uid, error: errorText(error) }, 'cannot remove the remains of a pod that does not belong here');
    });
  }
}

function takeReferences(room: Room, set: PodSet): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const reference of set.references) {
    room.references.put(reference);
    changed.add(referenceKey(reference));
  }
  if (set.complete) room.references.retain(changed);
  if (set.complete || changed.size > 0) room.checkpoint.saveReferences(room.references.all());
  return changed;
}

function referencesChanged(room: Room, changed: ReadonlySet<string>): void {
  for (const [uid, { record }] of room.pods) {
    if (!usesAny(record.pod, changed)) continue;
    if (record.preparation === 'done') refreshVolumes(room, uid);
    update(room, uid, retriedNow);
  }
}

function usesAny(pod: Pod, changed: ReadonlySet<string>): boolean {
  const namespace = pod.metadata.namespace ?? '';
  const uses = podReferences(pod);
  const isChanged = (kind: Reference['kind']) => (name: string) => changed.has(referenceKey({ kind, namespace, name }));
  return uses.configMaps.some(isChanged('ConfigMap')) || uses.secrets.some(isChanged('Secret'));
}

/** One at a time for each pod: of two at once the older could write last. */
function refreshVolumes(room: Room, uid: string): void {
  const entry = room.pods.get(uid);
  if (!entry) return;
  if (entry.refresh !== 'none') {
    entry.refresh = 'again';
    return;
  }
  entry.refresh = 'running';
  const { pod } = entry.record;
  const updated = room.containerizer.updateVolumes(pod, room.references.inNamespace(pod.metadata.namespace ?? ''));
  const failed = (error: unknown) => room.news.event(pod, 'Warning', 'FailedMount', errorText(error), '');
  void updated.catch(failed).then(() => {
    const again = entry.refresh === 'again';
    entry.refresh = 'none';
    if (again) refreshVolumes(room, uid);
  });
}

/** What failed for want of a ConfigMap or Secret need not wait for its back-off. */
function retriedNow(record: PodRecord): PodRecord {
  const waiting = Object.entries(record.containers).filter(
    ([, container]) => container.waiting?.reason === 'CreateContainerConfigError',
  );
  const retried = waiting.reduce((now, [name]) => records.withContainer(now, name, { retryAtMs: 0 }), record);
  return record.preparation === 'none' ? { ...retried, prepareAtMs: 0 } : retried;
}

function probeAnswered(room: Room, news: ProbeNews): void {
  const { podUid, container, attempt } = news.key;
  const record = room.pods.get(podUid)?.record;
  if (!record) return;
  const title = `${news.kind[0]?.toUpperCase() ?? ''}${news.kind.slice(1)} probe failed`;
  if (news.failure !== undefined) {
    room.news.event(record.pod, 'Warning', 'Unhealthy', `${title}: ${news.failure}`, container);
  }
  if (news.verdict === undefined) return;
  update(room, podUid, (now) => {
    const known = records.recordOf(now, container);
    if (known.attempt !== attempt || !known.running) return now;
    return afterVerdict(now, container, news, news.verdict === true);
  });
}

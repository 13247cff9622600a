// Answers log requests of the leader: finds the run that is meant, then reads its log.
import { StatusError } from '../api/status-error.ts';
import type { LogChunk, LogRequest } from '../rpc/agent-protocol.ts';
import type { Containerizer } from './containerizer.ts';
import { readLog } from './logs/read-log.ts';
import { containersOf, initContainersOf, recordOf } from './pod-record.ts';
import type { ContainerRecord } from './pod-record.ts';
import type { PodReconciler } from './pod-reconciler.ts';

/** Throws StatusError: NotFound for an unknown pod, BadRequest, in Kubernetes' words, where there is no log yet. */
export async function* podLog(
  reconciler: PodReconciler,
  containerizer: Pick<Containerizer, 'logPath'>,
  request: LogRequest,
  signal: AbortSignal,
): AsyncGenerator<LogChunk> {
  const run = findRun(reconciler, request);
  const key = { podUid: request.pod_uid, container: request.container, attempt: run.attempt };
  const ended = run.isRunning ? reconciler.ended(key.podUid, key.container, key.attempt) : Promise.resolve();
  const chunks = readLog(
    {
      path: containerizer.logPath(key),
      timestamps: request.timestamps,
      tailLines: request.tail_lines,
      sinceMs: request.since_time_ms,
      limitBytes: request.limit_bytes,
      followUntil: request.follow ? ended : undefined,
    },
    signal,
  );
  for await (const data of chunks) yield { data };
}

interface Run {
  readonly attempt: number;
  readonly isRunning: boolean;
}

function findRun(reconciler: PodReconciler, request: LogRequest): Run {
  const { pod_name: pod, container } = request;
  const record = reconciler.record(request.pod_uid);
  if (!record) throw new StatusError('NotFound', `pod "${pod}" is not on this node`);
  const all = [...initContainersOf(record.pod), ...containersOf(record.pod)];
  if (!all.some((candidate) => candidate.name === container)) {
    throw new StatusError('BadRequest', `container ${container} is not valid for pod ${pod}`);
  }
  const known = recordOf(record, container);
  const attempt = request.previous ? previousAttempt(known) : latestAttempt(known);
  if (attempt >= 0) return { attempt, isRunning: attempt === known.attempt && known.running !== undefined };
  if (request.previous) {
    throw new StatusError('BadRequest', `previous terminated container "${container}" in pod "${pod}" not found`);
  }
  const reason = record.refusal ?? known.waiting?.reason ?? 'ContainerCreating';
  throw new StatusError('BadRequest', `container "${container}" in pod "${pod}" is waiting to start: ${reason}`);
}

/** A launch that is under way, or failed, has no log; the run before it has. */
const latestAttempt = (known: ContainerRecord): number =>
  known.running !== undefined || known.exit !== undefined ? known.attempt : known.attempt - 1;

/** Kubernetes' `lastState`: a container that waits to be restarted is shown by its last run. */
const previousAttempt = (known: ContainerRecord): number =>
  known.exit !== undefined && known.waiting !== undefined ? known.attempt : known.attempt - 1;

// GET pods/NAME/log: the text of one container, from the agent of its node.
import type { ApiResponse } from '../../api/request.ts';
import { StatusError } from '../../api/status-error.ts';
import type { ContainerStatus, Pod } from '../../api/types.gen.ts';
import type { LogChunk, LogRequest } from '../../rpc/agent-protocol.ts';
import { isTrue } from '../router.ts';
import { requireStored } from '../server-parts.ts';
import type { Call } from '../server-parts.ts';

/** Throws BadRequest, in Kubernetes' words, when the container is not named, unknown, or has not run yet. */
export async function readLogs(call: Call): Promise<ApiResponse> {
  const { store, podLogs, clock } = call.parts.deps;
  const { query, signal } = call.request;
  const pod = requireStored(store, call.info).object() as unknown as Pod;
  const container = chooseContainer(pod, query.get('container') ?? '');
  const previous = isSet(query, 'previous');
  checkHasRun(pod, container, previous);
  const request: LogRequest = {
    namespace: call.info.namespace,
    pod_name: call.info.name,
    pod_uid: pod.metadata.uid ?? '',
    container,
    follow: isSet(query, 'follow'),
    previous,
    timestamps: isSet(query, 'timestamps'),
    ...amount(query, 'tailLines', 'tail_lines'),
    ...amount(query, 'limitBytes', 'limit_bytes'),
    ...since(query, clock.now()),
  };
  const chunks = await podLogs.readLog(pod.spec?.nodeName ?? '', request, signal);
  return {
    status: 200,
    headers: { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' },
    body: bytesOf(chunks, signal),
  };
}

/** A log that ends because this server stops is not whole, and must not look so. */
async function* bytesOf(chunks: AsyncIterable<LogChunk>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk.data;
  signal.throwIfAborted();
}

function isSet(query: URLSearchParams, name: string): boolean {
  return query.has(name) && isTrue(query.get(name));
}

function chooseContainer(pod: Pod, asked: string): string {
  const name = pod.metadata.name ?? '';
  const main = (pod.spec?.containers ?? []).map((container) => container.name);
  const init = (pod.spec?.initContainers ?? []).map((container) => container.name);
  if (asked !== '') {
    if (main.includes(asked) || init.includes(asked)) return asked;
    throw new StatusError('BadRequest', `container ${asked} is not valid for pod ${name}`);
  }
  const [first, ...others] = main;
  if (first !== undefined && others.length === 0) return first;
  const also = init.length === 0 ? '' : ` or one of the init containers: [${init.join(' ')}]`;
  throw new StatusError(
    'BadRequest',
    `a container name must be specified for pod ${name}, choose one of: [${main.join(' ')}]${also}`,
  );
}

function checkHasRun(pod: Pod, container: string, previous: boolean): void {
  const name = pod.metadata.name ?? '';
  checkBound(pod);
  const status = statusOf(pod, container);
  if (previous) {
    if (status?.lastState?.terminated !== undefined) return;
    throw new StatusError('BadRequest', `previous terminated container "${container}" in pod "${name}" not found`);
  }
  if (hasRun(status)) return;
  const reason = status?.state?.waiting?.reason ?? 'ContainerCreating';
  throw new StatusError('BadRequest', `container "${container}" in pod "${name}" is waiting to start: ${reason}`);
}

function checkBound(pod: Pod): void {
  if ((pod.spec?.nodeName ?? '') !== '') return;
  throw new StatusError('BadRequest', `pod ${pod.metadata.name ?? ''} does not have a host assigned`);
}

function hasRun(status: ContainerStatus | undefined): boolean {
  const states = [status?.state, status?.lastState];
  return states.some((state) => (state?.running ?? state?.terminated) !== undefined);
}

function statusOf(pod: Pod, container: string): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  return [...containerStatuses, ...initContainerStatuses].find((status) => status.name === container);
}

function amount(query: URLSearchParams, name: string, field: 'tail_lines' | 'limit_bytes'): Partial<LogRequest> {
  const value = query.get(name) ?? '';
  if (value === '') return {};
  if (/^\d{1,15}$/.test(value)) return { [field]: Number(value) };
  throw new StatusError('BadRequest', `${name}: expected a whole number of at least 0, got "${value}"`);
}

function since(query: URLSearchParams, nowMs: number): Partial<LogRequest> {
  const seconds = query.get('sinceSeconds') ?? '';
  const time = query.get('sinceTime') ?? '';
  if (seconds !== '' && time !== '') {
    throw new StatusError('BadRequest', 'at most one of `sinceTime` or `sinceSeconds` may be specified');
  }
  if (seconds === '' && time === '') return {};
  const sinceMs = seconds === '' ? Date.parse(time) : nowMs - Number(seconds) * 1000;
  if (Number.isFinite(sinceMs)) return { since_time_ms: sinceMs };
  throw new StatusError('BadRequest', `expected seconds or an RFC 3339 time, got "${seconds || time}"`);
}

// The inside of a pod for people: where it runs, each container with its states, volumes.
import type { ApiObject } from '../../api/object.ts';
import type { Container, ContainerState, ContainerStatus, EnvVar, Pod, PodSpec, Volume } from '../../api/types.gen.ts';
import type { DescribeContext, Description } from './context.ts';
import { ago, amounts, block, commandText, fields, none, table, type Field } from './text.ts';

export function describePod(object: ApiObject, { nowMs }: DescribeContext): Description {
  const pod = object as Pod;
  const { spec, status } = pod;
  if (!spec) return { facts: [], blocks: [] };
  return {
    facts: [
      ['Status', phaseOf(pod)],
      ['Message', status?.message],
      ['Node', spec.nodeName ?? none],
      ['Started', ago(status?.startTime, nowMs)],
      ['IP', status?.podIP],
      ['QoS class', status?.qosClass],
      ['Priority class', spec.priorityClassName],
      ['Node selector', selectorText(spec.nodeSelector)],
      ['Tolerations', tolerationText(spec)],
      [
        'Grace period',
        spec.terminationGracePeriodSeconds === undefined ? undefined : `${String(spec.terminationGracePeriodSeconds)}s`,
      ],
    ],
    blocks: [
      ...containerBlock('Init containers', spec.initContainers, status?.initContainerStatuses, nowMs),
      ...containerBlock('Containers', spec.containers, status?.containerStatuses, nowMs),
      table('Volumes', ['NAME', 'TYPE', 'SOURCE'], (spec.volumes ?? []).map(volumeRow)),
    ],
  };
}

function phaseOf({ metadata, status }: Pod): string {
  const phase = metadata.deletionTimestamp === undefined ? (status?.phase ?? 'Unknown') : 'Terminating';
  return status?.reason === undefined ? phase : `${phase} (${status.reason})`;
}

function selectorText(selector: Readonly<Record<string, string>> | undefined): string | undefined {
  return (
    selector &&
    Object.entries(selector)
      .map(([key, value]) => `${key}=${value}`)
      .join(', ')
  );
}

function tolerationText({ tolerations = [] }: PodSpec): string | undefined {
  if (tolerations.length === 0) return undefined;
  return tolerations
    .map(({ key = '(any key)', operator, value, effect = '(any effect)', tolerationSeconds }) => {
      const what = operator === 'Exists' || value === undefined ? key : `${key}=${value}`;
      return `${what}:${effect}${tolerationSeconds === undefined ? '' : ` for ${String(tolerationSeconds)}s`}`;
    })
    .join('\n');
}

function containerBlock(
  title: string,
  containers: readonly Container[] = [],
  statuses: readonly ContainerStatus[] = [],
  nowMs: number,
): string[] {
  if (containers.length === 0) return [];
  const texts = containers.map((container) => {
    const status = statuses.find(({ name }) => name === container.name);
    return block(container.name, describeContainer(container, status, nowMs));
  });
  return [block(title, texts.join('\n'))];
}

function describeContainer(container: Container, status: ContainerStatus | undefined, nowMs: number): string {
  return fields([
    ['Image', container.image ?? 'none: it runs on the node’s own file system'],
    ['Command', commandText([...(container.command ?? []), ...(container.args ?? [])])],
    ['State', status ? stateText(status.state, nowMs) : 'not started'],
    [
      'Last state',
      status?.lastState && Object.keys(status.lastState).length > 0 ? stateText(status.lastState, nowMs) : undefined,
    ],
    ['Ready', status ? String(status.ready) : undefined],
    ['Restarts', status ? String(status.restartCount) : undefined],
    ['Requests', amounts(container.resources?.requests)],
    ['Limits', amounts(container.resources?.limits)],
    ['Ports', portText(container)],
    ...probes(container),
    ['Environment', environmentText(container)],
    ['Mounts', mountText(container)],
  ]);
}

/** `Waiting (reason): message`, `Running, since …`, `Terminated (OOMKilled): exit code 137, 3m ago`. */
function stateText(state: ContainerState | undefined, nowMs: number): string {
  const { waiting, running, terminated } = state ?? {};
  if (running) return `Running, since ${ago(running.startedAt, nowMs) ?? 'unknown'}`;
  if (terminated) return terminatedText(terminated, nowMs);
  const reason = waiting?.reason === undefined ? '' : ` (${waiting.reason})`;
  return `Waiting${reason}${waiting?.message === undefined ? '' : `: ${waiting.message}`}`;
}

type Terminated = NonNullable<ContainerState['terminated']>;

function terminatedText({ signal, exitCode, reason = 'unknown', finishedAt, message }: Terminated, nowMs: number) {
  const how = signal ? `signal ${String(signal)}` : `exit code ${String(exitCode)}`;
  const first = `Terminated (${reason}): ${how}, ${ago(finishedAt, nowMs) ?? ''}`;
  return message === undefined ? first : `${first}\n${message.trimEnd()}`;
}

function portText({ ports = [] }: Container): string | undefined {
  if (ports.length === 0) return undefined;
  return ports
    .map(({ name, containerPort, hostPort, protocol = 'TCP' }) => {
      const host = hostPort === undefined ? '' : `, host port ${String(hostPort)}`;
      return `${String(containerPort)}/${protocol}${name === undefined ? '' : ` (${name})`}${host}`;
    })
    .join('\n');
}

type Probe = NonNullable<Container['livenessProbe']>;

function probes({ livenessProbe, readinessProbe, startupProbe }: Container): Field[] {
  return [
    ['Liveness', probeText(livenessProbe)],
    ['Readiness', probeText(readinessProbe)],
    ['Startup', probeText(startupProbe)],
  ];
}

function probeText(probe: Probe | undefined): string | undefined {
  if (!probe) return undefined;
  const { initialDelaySeconds = 0, periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3 } = probe;
  const times = `after ${String(initialDelaySeconds)}s, every ${String(periodSeconds)}s, timeout ${String(timeoutSeconds)}s`;
  return `${probeTarget(probe)} (${times}, ${String(failureThreshold)} failures count)`;
}

function probeTarget({ httpGet, tcpSocket, exec, grpc }: Probe): string {
  if (httpGet) return `http-get :${String(httpGet.port)}${httpGet.path ?? '/'}`;
  if (tcpSocket) return `tcp-socket :${String(tcpSocket.port)}`;
  if (exec) return `exec ${commandText(exec.command) ?? ''}`;
  return grpc ? `grpc :${String(grpc.port)}` : 'unknown';
}

function environmentText({ env = [], envFrom = [] }: Container): string | undefined {
  const lines = [
    ...envFrom.map(({ configMapRef, secretRef, prefix }) => {
      const source = configMapRef ? `config map ${configMapRef.name ?? ''}` : `secret ${secretRef?.name ?? ''}`;
      return `${prefix ?? ''}*: all of ${source}`;
    }),
    ...env.map((variable) => `${variable.name}: ${valueText(variable)}`),
  ];
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** Where a value comes from; never what a secret holds. */
function valueText({ value, valueFrom }: EnvVar): string {
  if (!valueFrom) return value ?? '';
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
  if (secretKeyRef) return `<key ${secretKeyRef.key} of secret ${secretKeyRef.name ?? ''}>`;
  if (configMapKeyRef) return `<key ${configMapKeyRef.key} of config map ${configMapKeyRef.name ?? ''}>`;
  return `<${fieldRef?.fieldPath ?? resourceFieldRef?.resource ?? 'unknown'}>`;
}

function mountText({ volumeMounts = [] }: Container): string | undefined {
  if (volumeMounts.length === 0) return undefined;
  return volumeMounts
    .map(({ mountPath, name, readOnly, subPath }) => {
      const part = subPath === undefined ? '' : `, path ${subPath} of it`;
      return `${mountPath} from ${name}${part}${readOnly === true ? ', read-only' : ''}`;
    })
    .join('\n');
}

function volumeRow(volume: Volume): string[] {
  const [type = 'unknown', source] = Object.entries(volume).find(([field]) => field !== 'name') ?? [];
  const from = (source ?? {}) as {
    name?: string;
    secretName?: string;
    path?: string;
    claimName?: string;
    medium?: string;
  };
  return [volume.name, type, from.name ?? from.secretName ?? from.path ?? from.claimName ?? from.medium ?? ''];
}

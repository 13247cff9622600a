// What is special about apps: several ways to write the same, one way to store it, and errors that say what to do.
import type { ApiObject } from '../../api/object.ts';
import { compareQuantities } from '../../api/quantity.ts';
import type { StatusCause } from '../../api/status-error.ts';
import type { App, AppSpec } from '../../api/types.gen.ts';
import { duplicate, invalidValue, required } from '../causes.ts';
import { isRecord, recordAt, withSpec } from '../json-path.ts';
import type { Strategy } from '../strategy.ts';
import { memoryHints, pullPolicyOf } from './pod-spec-rules.ts';

const specOf = (object: ApiObject): AppSpec => (object as unknown as App).spec;

export const appStrategy: Strategy = {
  normalise(object) {
    const { env } = recordAt(object, 'spec');
    return Array.isArray(env) ? withSpec(object, { env: envMap(env) }) : object;
  },
  defaults(object) {
    const { image, imagePullPolicy, ports } = specOf(object);
    return withSpec(object, {
      ...(image === undefined || imagePullPolicy !== undefined ? {} : { imagePullPolicy: pullPolicyOf(image) }),
      ...(ports === undefined ? {} : { ports: withPortDefaults(ports) }),
    });
  },
  validate: (object) => checkApp(specOf(object)),
  warnings: (object) => appWarnings(specOf(object)),
};

/** The list form of Kubernetes as a map. What is no well-formed entry stays as it is, for validation to name. */
function envMap(list: readonly unknown[]): unknown {
  const entries = list.map((entry) => {
    if (!isRecord(entry) || typeof entry['name'] !== 'string') return undefined;
    const { name, value = '', valueFrom } = entry;
    return [name, valueFrom ?? value] as const;
  });
  return entries.every((entry) => entry !== undefined) ? Object.fromEntries(entries) : list;
}

type Ports = NonNullable<AppSpec['ports']>;

function withPortDefaults(ports: Ports): Ports {
  return ports.map((port, index) => ({
    ...(index === 0 && ports.length === 1 ? { name: 'http' } : {}),
    ...port,
    port: port.port ?? port.containerPort,
  }));
}

function checkApp(spec: AppSpec): readonly StatusCause[] {
  return [
    ...checkRunnable(spec),
    ...checkPorts(spec.ports ?? []),
    ...checkResources(spec),
    ...checkProbes(spec),
    ...checkRollout(spec),
  ];
}

/** Names with tag and digest, or an image in a file or directory of the node. */
const imageShape = /^(?:[^\s:@/]+(?:[:/@][^\s:@/]+)*|(?:oci|oci-archive|docker-archive):\/[^\s:]*(?::[^\s:]+)?)$/;

function checkRunnable({ image, command }: AppSpec): readonly StatusCause[] {
  if ((image ?? '') === '' && (command?.length ?? 0) === 0) {
    return [required('spec', 'set image, or command to run a program of the node')];
  }
  if (image === undefined || imageShape.test(image)) return [];
  return [
    invalidValue(
      'spec.image',
      image,
      'must be an image reference such as nginx:1.27 or registry.example/team/web@sha256:…',
    ),
  ];
}

function checkPorts(ports: Ports): readonly StatusCause[] {
  const seen = new Set<string>();
  return ports.flatMap(({ name, hostPort = 0 }, index) => {
    const path = `spec.ports[${index}]`;
    if (name === undefined) return ports.length > 1 ? [required(`${path}.name`, 'several ports need a name each')] : [];
    const repeated = [
      ...(seen.has(name) ? [duplicate(`${path}.name`, name)] : []),
      ...(hostPort > 0 && seen.has(String(hostPort)) ? [duplicate(`${path}.hostPort`, hostPort)] : []),
    ];
    seen.add(name).add(String(hostPort));
    return repeated;
  });
}

function checkResources({ resources }: AppSpec): readonly StatusCause[] {
  const { requests = {}, limits = {} } = resources ?? {};
  return Object.entries(requests).flatMap(([name, asked]) => {
    const limit = limits[name];
    if (limit === undefined || compareQuantities(asked, limit) <= 0) return [];
    const text = `must not be more than the limit of ${limit}: raise spec.resources.limits.${name} or ask for less`;
    return [invalidValue(`spec.resources.requests.${name}`, asked, text)];
  });
}

const probeNames = ['readinessProbe', 'livenessProbe', 'startupProbe'] as const;

function checkProbes(spec: AppSpec): readonly StatusCause[] {
  const names = (spec.ports ?? []).flatMap((port) => (port.name === undefined ? [] : [port.name]));
  return probeNames.flatMap((name) => {
    const probe = spec[name];
    const handler = probe?.httpGet === undefined ? 'tcpSocket' : 'httpGet';
    const port = probe?.[handler]?.port;
    if (typeof port !== 'string' || names.includes(port)) return [];
    const known = names.length === 0 ? 'the app has no named ports' : `known ports: ${names.join(', ')}`;
    return [invalidValue(`spec.${name}.${handler}.port`, port, `names no port of the app; ${known}`)];
  });
}

/** With these defaults new copies come before old ones go. */
const rolloutDefaults = { maxSurge: '25%', maxUnavailable: 0, minReadySeconds: 10, progressDeadlineSeconds: 600 };

function checkRollout(spec: AppSpec): readonly StatusCause[] {
  const { maxSurge, maxUnavailable } = { ...rolloutDefaults, ...spec.strategy?.rollingUpdate };
  const { minReadySeconds, progressDeadlineSeconds: deadline } = { ...rolloutDefaults, ...spec };
  const path = 'spec.strategy.rollingUpdate.maxSurge';
  return [
    ...(spec.strategy?.type !== 'Recreate' && isZero(maxSurge) && isZero(maxUnavailable)
      ? [invalidValue(path, maxSurge, 'may not be 0 when `maxUnavailable` is 0: nothing could be replaced')]
      : []),
    ...(deadline > minReadySeconds
      ? []
      : [
          invalidValue(
            'spec.progressDeadlineSeconds',
            deadline,
            `must be more than minReadySeconds (${minReadySeconds})`,
          ),
        ]),
  ];
}

function isZero(value: number | string): boolean {
  return value === 0 || value === '0' || value === '0%';
}

function appWarnings(spec: AppSpec): readonly string[] {
  const { image, resources } = spec;
  const isLatest = image !== undefined && pullPolicyOf(image) === 'Always';
  const container = { name: 'app', ...(resources ? { resources } : {}) };
  return [
    ...(isLatest ? [`spec.image: ${image} may change without notice; name a version or a digest`] : []),
    ...memoryHints({ containers: [container] }, 'spec').map((text) => text.replace('spec.containers[0].', 'spec.')),
  ];
}

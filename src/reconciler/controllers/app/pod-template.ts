// The pod template of an App: the part whose change restarts its processes. Pure.
import type {
  App,
  AppEnvValue,
  AppPort,
  AppVolume,
  Container,
  ContainerPort,
  EnvVar,
  PodTemplateSpec,
  ResourceRequirements,
  Volume,
  VolumeMount,
} from '../../../api/types.gen.ts';

/** What a container gets that asks for nothing (reference of the App kind). */
const defaultRequests = { cpu: '100m', memory: '128Mi' };

/** @param labels by which the pods are selected; labels of the App do not go in, or a new label would restart it */
export function podTemplateOf(app: App, labels: Readonly<Record<string, string>>): PodTemplateSpec {
  const { terminationGracePeriodSeconds, placement, volumes = [] } = app.spec;
  return {
    metadata: { labels },
    spec: {
      containers: [containerOf(app)],
      ...(terminationGracePeriodSeconds === undefined ? {} : { terminationGracePeriodSeconds }),
      ...placement,
      ...(volumes.length > 0 ? { volumes: volumes.map(volumeOf) } : {}),
    },
  };
}

function containerOf({ metadata, spec }: App): Container {
  const { image, imagePullPolicy, command, args, readinessProbe, livenessProbe, startupProbe } = spec;
  const env = environmentOf(spec.env);
  const ports = portsOf(spec.ports ?? []);
  const volumeMounts = (spec.volumes ?? []).map(mountOf);
  return dropAbsent({
    name: metadata.name ?? '',
    image,
    imagePullPolicy,
    command: typeof command === 'string' ? ['/bin/sh', '-c', command] : command,
    args,
    env: env.length > 0 ? env : undefined,
    ports: ports.length > 0 ? ports : undefined,
    resources: resourcesOf(spec.resources),
    readinessProbe,
    livenessProbe,
    startupProbe,
    volumeMounts: volumeMounts.length > 0 ? volumeMounts : undefined,
  });
}

/** The map form in order of names, so that equal maps make equal pods; the list form as it stands. */
function environmentOf(env: App['spec']['env']): readonly EnvVar[] {
  if (isList(env)) return env;
  return Object.entries(env ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => variable(name, value));
}

function isList(env: App['spec']['env']): env is readonly EnvVar[] {
  return Array.isArray(env);
}

function variable(name: string, value: AppEnvValue): EnvVar {
  return typeof value === 'string' ? { name, value } : { name, valueFrom: value };
}

function portsOf(ports: readonly AppPort[]): readonly ContainerPort[] {
  return ports.map(({ name, containerPort, hostPort, protocol }, index) =>
    dropAbsent({
      name: name ?? (index === 0 ? 'http' : undefined),
      containerPort,
      hostPort: hostPort === 0 ? undefined : hostPort,
      protocol: protocol ?? 'TCP',
    }),
  );
}

const volumeOf = ({ name, emptyDir, configMap, secret }: AppVolume): Volume =>
  dropAbsent({ name, emptyDir, configMap, secret });

const mountOf = ({ name, mountPath, readOnly }: AppVolume): VolumeMount => dropAbsent({ name, mountPath, readOnly });

/** Requests are filled in from limits, then from the defaults; memory is limited to what is requested, cpu is not limited. */
function resourcesOf(given: ResourceRequirements | undefined): ResourceRequirements {
  const requests = { ...defaultRequests, ...given?.limits, ...given?.requests };
  const limits = { memory: requests.memory, ...given?.limits };
  return { ...given, requests, limits };
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function dropAbsent<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}

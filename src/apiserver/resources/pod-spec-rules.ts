// Rules and computed defaults of a pod's spec, for pods and for the templates they are made from.
import { compareQuantities, memoryUnitHint } from '../../api/quantity.ts';
import type { StatusCause } from '../../api/status-error.ts';
import type { Container, PodSpec, Probe } from '../../api/types.gen.ts';
import { duplicate, invalidValue, notFoundValue, required } from '../causes.ts';

/** Fills in imagePullPolicy, by the image's tag, and resources: requests from limits, else empty, as Kubernetes does. */
export function withPodDefaults(spec: PodSpec): PodSpec {
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  return {
    ...spec,
    containers: spec.containers.map(withContainerDefaults),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(withContainerDefaults) } : {}),
    ...(account === undefined ? {} : { serviceAccountName: account, serviceAccount: account }),
  };
}

function withContainerDefaults(container: Container): Container {
  return withRequests(container.image === undefined ? container : withPullPolicy(container, container.image));
}

function withPullPolicy(container: Container, image: string): Container {
  if (container.imagePullPolicy !== undefined) return container;
  return { ...container, imagePullPolicy: pullPolicyOf(image) };
}

/** `latest`, said or unsaid, may move and is pulled every time; a digest or another tag stays. */
export function pullPolicyOf(image: string): 'Always' | 'IfNotPresent' {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function withRequests(container: Container): Container {
  const { limits, requests } = container.resources ?? {};
  // Clients that read a template into Go's types and write it back, as `rollout undo` does, bring `{}`: no change.
  if (limits === undefined) return { ...container, resources: container.resources ?? {} };
  return { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } };
}

/** @param path where the spec stands: `spec`, `spec.template.spec` */
export function checkPodSpec(spec: PodSpec, path: string): readonly StatusCause[] {
  const volumes = new Set((spec.volumes ?? []).map((volume) => volume.name));
  const lists = [
    [spec.containers, `${path}.containers`],
    [spec.initContainers ?? [], `${path}.initContainers`],
  ] as const;
  return [
    ...lists.flatMap(([containers, at]) =>
      containers.flatMap((container, index) => checkContainer(container, `${at}[${index}]`, volumes)),
    ),
    ...checkSharedNames(spec, path),
    ...checkHostNetwork(spec, path),
  ];
}

function checkContainer(container: Container, path: string, volumes: ReadonlySet<string>): readonly StatusCause[] {
  return [
    ...checkRunnable(container, path),
    ...(container.volumeMounts ?? []).flatMap((mount, index) =>
      volumes.has(mount.name) ? [] : [notFoundValue(`${path}.volumeMounts[${index}].name`, mount.name)],
    ),
    ...checkPorts(container, path),
    ...checkResources(container, path),
    ...checkProbes(container, path),
  ];
}

/** Kubernetes requires an image. Here a container may also be a process of the host's file system. */
function checkRunnable(container: Container, path: string): readonly StatusCause[] {
  if ((container.image ?? '').trim() !== '' || (container.command?.length ?? 0) > 0) return [];
  return [required(`${path}.image`, 'set image, or command to run a program of the node')];
}

function checkPorts(container: Container, path: string): readonly StatusCause[] {
  const seen = new Set<string>();
  return (container.ports ?? []).flatMap(({ name, hostPort, protocol, hostIP }, index) => {
    const causes: StatusCause[] = [];
    if (name !== undefined && seen.has(name)) causes.push(duplicate(`${path}.ports[${index}].name`, name));
    const host = `${protocol ?? 'TCP'}/${hostIP ?? ''}/${hostPort ?? 0}`;
    if ((hostPort ?? 0) > 0 && seen.has(host)) causes.push(duplicate(`${path}.ports[${index}].hostPort`, host));
    if (name !== undefined) seen.add(name);
    seen.add(host);
    return causes;
  });
}

function checkResources(container: Container, path: string): readonly StatusCause[] {
  const { limits = {}, requests = {} } = container.resources ?? {};
  return Object.entries(requests).flatMap(([name, asked]) => {
    const limit = limits[name];
    if (limit === undefined || compareQuantities(asked, limit) <= 0) return [];
    const text = `must be less than or equal to ${name} limit of ${limit}`;
    return [invalidValue(`${path}.resources.requests`, asked, text)];
  });
}

const probeNames = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

function checkProbes(container: Container, path: string): readonly StatusCause[] {
  const names = new Set((container.ports ?? []).map((port) => port.name));
  return probeNames.flatMap((name) => {
    const probe = container[name];
    if (probe === undefined) return [];
    const { successThreshold = 1 } = probe;
    return [
      ...checkProbePort(probe, `${path}.${name}`, names),
      ...(name === 'readinessProbe' || successThreshold === 1
        ? []
        : [invalidValue(`${path}.${name}.successThreshold`, successThreshold, 'must be 1')]),
    ];
  });
}

function checkProbePort(probe: Probe, path: string, names: ReadonlySet<string | undefined>): readonly StatusCause[] {
  const handler = probe.httpGet === undefined ? 'tcpSocket' : 'httpGet';
  const port = probe[handler]?.port;
  if (typeof port !== 'string' || names.has(port)) return [];
  return [invalidValue(`${path}.${handler}.port`, port, 'names no port of this container')];
}

/** The schema checks each list; a name must also differ between the lists. */
function checkSharedNames(spec: PodSpec, path: string): readonly StatusCause[] {
  const names = new Set(spec.containers.map((container) => container.name));
  return (spec.initContainers ?? []).flatMap(({ name }, index) =>
    names.has(name) ? [duplicate(`${path}.initContainers[${index}].name`, name)] : [],
  );
}

function checkHostNetwork(spec: PodSpec, path: string): readonly StatusCause[] {
  if (spec.hostNetwork !== true) return [];
  return spec.containers.flatMap((container, at) =>
    (container.ports ?? []).flatMap(({ hostPort, containerPort }, index) =>
      hostPort === undefined || hostPort === containerPort
        ? []
        : [
            invalidValue(
              `${path}.containers[${at}].ports[${index}].hostPort`,
              hostPort,
              'must match `containerPort` when `hostNetwork` is true',
            ),
          ],
    ),
  );
}

/** Amounts of memory that are probably slips; a request that only repeats its limit is not named again. */
export function memoryHints(spec: PodSpec, path: string): readonly string[] {
  return spec.containers.flatMap((container, index) => {
    const { limits = {}, requests = {} } = container.resources ?? {};
    const amounts = [
      ['limits', limits['memory']],
      ['requests', requests['memory'] === limits['memory'] ? undefined : requests['memory']],
    ] as const;
    return amounts.flatMap(([list, memory]) => {
      const hint = memory === undefined ? undefined : memoryUnitHint(memory);
      return hint === undefined ? [] : [`${path}.containers[${index}].resources.${list}.memory: ${hint}`];
    });
  });
}

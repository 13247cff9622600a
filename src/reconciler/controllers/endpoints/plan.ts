// The Endpoints and EndpointSlices of a Service, from the pods that it selects. Pure.
import type {
  DiscoveryEndpointPort,
  Endpoint,
  EndpointAddress,
  EndpointPort,
  Endpoints,
  EndpointSlice,
  EndpointSubset,
  Pod,
  Service,
  ServicePort,
} from '../../../api/types.gen.ts';
import { hashOf } from '../../hash.ts';
import { controllerReference } from '../../owners.ts';
import { isReady, isTerminal, isTerminating } from '../../pods.ts';

const slicesOf = 'kubernetes.io/service-name';
export const managedBy = 'endpointslice.kubernetes.io/managed-by';
export const manager = 'tepui-endpoints-controller';
const maxEndpoints = 1000;

/** Pods whose container ports lead to the same numbers, so that they can share a subset or a slice. */
interface Group {
  readonly ports: readonly EndpointPort[];
  readonly pods: readonly Pod[];
}

/** Services without a selector get their endpoints from somebody else. */
export function hasSelector(service: Service): boolean {
  return Object.keys(service.spec?.selector ?? {}).length > 0 && service.spec?.type !== 'ExternalName';
}

export function isSelected(service: Service, pod: Pod): boolean {
  const entries = Object.entries(service.spec?.selector ?? {});
  return entries.length > 0 && entries.every(([key, value]) => pod.metadata.labels?.[key] === value);
}

export function planEndpoints(service: Service, pods: readonly Pod[]): Endpoints {
  const { name = '', namespace = '', labels } = service.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace, ...(labels ? { labels } : {}), ownerReferences: [controllerReference(service)] },
    subsets: groupsOf(
      service,
      pods.filter((pod) => !isTerminating(pod)),
    ).map((group) => subsetOf(service, group)),
  };
}

export function planSlices(service: Service, pods: readonly Pod[]): readonly EndpointSlice[] {
  return groupsOf(service, pods).flatMap((group) => {
    const chunks = Math.ceil(group.pods.length / maxEndpoints);
    return Array.from({ length: chunks }, (_, at) => sliceOf(service, group, at));
  });
}

function groupsOf(service: Service, pods: readonly Pod[]): readonly Group[] {
  const groups = new Map<string, { ports: readonly EndpointPort[]; pods: Pod[] }>();
  const usable = pods.filter((pod) => !isTerminal(pod) && pod.status?.podIP !== undefined && pod.status.podIP !== '');
  for (const pod of usable.sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))) {
    const ports = (service.spec?.ports ?? [])
      .map((port) => resolvePort(port, pod))
      .filter((port) => port !== undefined);
    const family = addressType(pod);
    const key = JSON.stringify([family, ports]);
    const group = groups.get(key) ?? { ports, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** A named target port is whatever the pod's containers call so; a pod without that name is left out of this port. */
function resolvePort(port: ServicePort, pod: Pod): EndpointPort | undefined {
  const target = port.targetPort ?? port.port;
  const protocol = port.protocol ?? 'TCP';
  const number = typeof target === 'number' ? target : namedPort(target, protocol, pod);
  if (number === undefined) return undefined;
  const { name, appProtocol } = port;
  return {
    ...(name === undefined ? {} : { name }),
    port: number,
    protocol,
    ...(appProtocol === undefined ? {} : { appProtocol }),
  };
}

function namedPort(name: string, protocol: string, pod: Pod): number | undefined {
  return (pod.spec?.containers ?? [])
    .flatMap((container) => container.ports ?? [])
    .find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol)?.containerPort;
}

function subsetOf(service: Service, { ports, pods }: Group): EndpointSubset {
  const counts = (pod: Pod) => isReady(pod) || service.spec?.publishNotReadyAddresses === true;
  const addresses = pods.filter(counts).map(addressOf);
  const notReadyAddresses = pods.filter((pod) => !counts(pod)).map(addressOf);
  return {
    ...(addresses.length > 0 ? { addresses } : {}),
    ...(notReadyAddresses.length > 0 ? { notReadyAddresses } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  };
}

function addressOf(pod: Pod): EndpointAddress {
  const { nodeName } = pod.spec ?? {};
  return {
    ip: pod.status?.podIP ?? '',
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: targetOf(pod),
  };
}

function targetOf(pod: Pod): { kind: string; namespace: string; name: string; uid: string } {
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  return { kind: 'Pod', namespace, name, uid };
}

function sliceOf(service: Service, group: Group, at: number): EndpointSlice {
  const { name = '', namespace = '', labels } = service.metadata;
  const [first] = group.pods;
  const ports: readonly DiscoveryEndpointPort[] = group.ports.map((port) => ({ ...port, name: port.name ?? '' }));
  const type = first ? addressType(first) : 'IPv4';
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${hashOf([ports, type, at]).slice(0, 5)}`,
      namespace,
      labels: { ...labels, [slicesOf]: name, [managedBy]: manager },
      ownerReferences: [controllerReference(service)],
    },
    addressType: type,
    endpoints: group.pods.slice(at * maxEndpoints, (at + 1) * maxEndpoints).map((pod) => endpointOf(service, pod)),
    ports,
  };
}

function endpointOf(service: Service, pod: Pod): Endpoint {
  const terminating = isTerminating(pod);
  const ready = (isReady(pod) && !terminating) || service.spec?.publishNotReadyAddresses === true;
  const { nodeName } = pod.spec ?? {};
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready, serving: isReady(pod), terminating },
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: targetOf(pod),
  };
}

function addressType(pod: Pod): 'IPv4' | 'IPv6' {
  return pod.status?.podIP?.includes(':') === true ? 'IPv6' : 'IPv4';
}

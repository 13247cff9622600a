// What placement needs to know of a pod, worked out once: requests, ports, selectors, affinities.
import { selectorOf, type LabelSelector } from './selectors.ts';
import { podRequests, type Amounts } from './pod-resources.ts';
import type {
  Affinity,
  NodeSelectorTerm,
  Pod,
  PodAffinityTerm,
  PodSpec,
  PreferredSchedulingTerm,
  Toleration,
  TopologySpreadConstraint,
} from './types.gen.ts';

export interface HostPort {
  readonly port: number;
  readonly protocol: string;
  /** Empty: every address. */
  readonly address: string;
}

/** Other pods on the same node: a required term of pod affinity, ready for matching. */
export interface AffinityTerm {
  readonly selector: LabelSelector;
  /** Undefined: of every namespace. */
  readonly namespaces: readonly string[] | undefined;
}

/** What placement needs to know of a pod, worked out once. */
export interface PodDemand {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly requests: Amounts;
  readonly hostPorts: readonly HostPort[];
  /** Set when the pod is bound, or was created for one node. */
  readonly nodeName: string | undefined;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly requiredTerms: readonly NodeSelectorTerm[] | undefined;
  readonly preferredTerms: readonly PreferredSchedulingTerm[];
  readonly tolerations: readonly Toleration[];
  readonly affinity: readonly AffinityTerm[];
  readonly antiAffinity: readonly AffinityTerm[];
  /** Hard demands that nothing here can judge: such a pod is refused everywhere, with these words. */
  readonly unsupported: readonly string[];
}

const hostnameTopology = 'kubernetes.io/hostname';
/** Of a pod without a spec. */
export const emptyPodSpec: PodSpec = { containers: [] };

/** Throws StatusError BadRequest on a malformed quantity. */
export function demandOf(pod: Pod): PodDemand {
  const { uid = '', namespace = '', name = '', labels = {} } = pod.metadata;
  const spec = pod.spec ?? emptyPodSpec;
  const { nodeName = '', nodeSelector = {}, tolerations = [], topologySpreadConstraints = [] } = spec;
  const { required, anti, ...nodeTerms } = affinitiesOf(spec.affinity ?? {});
  return {
    uid,
    namespace,
    name,
    labels,
    requests: podRequests(spec),
    hostPorts: hostPortsOf(spec),
    nodeName: nodeName === '' ? undefined : nodeName,
    nodeSelector,
    tolerations,
    ...nodeTerms,
    affinity: required.filter(isSupported).map((term) => compileTerm(term, namespace)),
    antiAffinity: anti.filter(isSupported).map((term) => compileTerm(term, namespace)),
    unsupported: findUnsupported(topologySpreadConstraints, required, anti),
  };
}

function affinitiesOf({ nodeAffinity = {}, podAffinity = {}, podAntiAffinity = {} }: Affinity) {
  return {
    requiredTerms: nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms,
    preferredTerms: nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? [],
    required: podAffinity.requiredDuringSchedulingIgnoredDuringExecution ?? [],
    anti: podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution ?? [],
  };
}

const isSupported = (term: PodAffinityTerm): boolean => unsupportedTerm('', term).length === 0;

function compileTerm(term: PodAffinityTerm, namespace: string): AffinityTerm {
  const namespaces = term.namespaces?.length ? term.namespaces : [namespace];
  return { selector: selectorOf(term.labelSelector), namespaces: term.namespaceSelector ? undefined : namespaces };
}

function hostPortsOf(spec: PodSpec): HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  return [...spec.containers, ...sidecars].flatMap((container) =>
    (container.ports ?? []).flatMap((port) => {
      const number = port.hostPort ?? (spec.hostNetwork ? port.containerPort : 0);
      const address = port.hostIP === '0.0.0.0' ? '' : (port.hostIP ?? '');
      return number > 0 ? [{ port: number, protocol: port.protocol ?? 'TCP', address }] : [];
    }),
  );
}

function findUnsupported(
  spread: readonly TopologySpreadConstraint[],
  affinity: readonly PodAffinityTerm[],
  antiAffinity: readonly PodAffinityTerm[],
): string[] {
  const hardSpread = spread.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule');
  return [
    ...hardSpread.map(
      ({ topologyKey }) =>
        `topologySpreadConstraints with whenUnsatisfiable: DoNotSchedule (topologyKey ${topologyKey}); use ScheduleAnyway, or pod anti-affinity on ${hostnameTopology}`,
    ),
    ...affinity.flatMap((term) => unsupportedTerm('podAffinity', term)),
    ...antiAffinity.flatMap((term) => unsupportedTerm('podAntiAffinity', term)),
  ];
}

function unsupportedTerm(what: string, term: PodAffinityTerm): string[] {
  if (term.topologyKey !== hostnameTopology)
    return [`required ${what} with topologyKey ${term.topologyKey}; only ${hostnameTopology} is supported`];
  if (term.namespaceSelector && Object.keys(term.namespaceSelector).length > 0)
    return [`required ${what} with a namespaceSelector; use namespaces`];
  if (term.matchLabelKeys?.length || term.mismatchLabelKeys?.length)
    return [`required ${what} with matchLabelKeys or mismatchLabelKeys`];
  return isReadable(term) ? [] : [`required ${what} with a malformed labelSelector`];
}

function isReadable(term: PodAffinityTerm): boolean {
  try {
    selectorOf(term.labelSelector);
    return true;
  } catch {
    return false;
  }
}

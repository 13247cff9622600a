// Fields of a pod's spec that are stored but have no effect yet: each comes back as a warning that names it.
import type { Container, PodSpec, Volume } from '../../api/types.gen.ts';

type Rule<T> = readonly [field: string, isUsed: (value: T) => boolean, why: string];

const specRules: readonly Rule<PodSpec>[] = [
  ['automountServiceAccountToken', (spec) => spec.automountServiceAccountToken === true, 'no tokens are mounted'],
  ['dnsConfig', (spec) => spec.dnsConfig !== undefined, "pods use the node's resolver"],
  ['hostAliases', (spec) => (spec.hostAliases?.length ?? 0) > 0, "pods use the node's hosts file"],
  ['imagePullSecrets', (spec) => (spec.imagePullSecrets?.length ?? 0) > 0, 'images come from a local layout'],
  ['runtimeClassName', (spec) => spec.runtimeClassName !== undefined, 'the node chooses the runtime'],
  ['topologySpreadConstraints', (spec) => (spec.topologySpreadConstraints?.length ?? 0) > 0, 'pods are not spread'],
  ['ephemeralContainers', (spec) => (spec.ephemeralContainers?.length ?? 0) > 0, 'they are not started'],
  ['resourceClaims', (spec) => (spec.resourceClaims?.length ?? 0) > 0, 'claims are not allocated'],
  [
    'affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution',
    (spec) => (spec.affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.length ?? 0) > 0,
    'preferences among pods are not weighed',
  ],
  [
    'affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution',
    (spec) => (spec.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.length ?? 0) > 0,
    'preferences among pods are not weighed',
  ],
];

const containerRules: readonly Rule<Container>[] = [
  ['stdin', (container) => container.stdin === true, 'standard input is empty'],
  ['tty', (container) => container.tty === true, 'no terminal is attached'],
  ['livenessProbe.grpc', (container) => container.livenessProbe?.grpc !== undefined, 'gRPC probes are not run'],
  ['readinessProbe.grpc', (container) => container.readinessProbe?.grpc !== undefined, 'gRPC probes are not run'],
  ['startupProbe.grpc', (container) => container.startupProbe?.grpc !== undefined, 'gRPC probes are not run'],
  ['restartPolicyRules', (container) => (container.restartPolicyRules?.length ?? 0) > 0, 'exit codes are not matched'],
  [
    'resources.limits.ephemeral-storage',
    (container) => container.resources?.limits?.['ephemeral-storage'] !== undefined,
    'disk use is not limited',
  ],
  ['resizePolicy', (container) => (container.resizePolicy?.length ?? 0) > 0, 'containers are not resized'],
  ['volumeDevices', (container) => (container.volumeDevices?.length ?? 0) > 0, 'block devices are not attached'],
];

const volumeRules: readonly Rule<Volume>[] = [
  [
    'emptyDir.sizeLimit',
    ({ emptyDir }) => emptyDir?.sizeLimit !== undefined && emptyDir.medium !== 'Memory',
    'disk use is not limited; medium: Memory is',
  ],
];

/** One text per field in use, such as `spec.dnsConfig is stored but not enforced: …`. */
export function unenforcedFields(spec: PodSpec, path: string): readonly string[] {
  const lists = { initContainers: spec.initContainers ?? [], containers: spec.containers };
  return [
    ...describe(specRules, spec, path),
    ...Object.entries(lists).flatMap(([name, containers]) =>
      containers.flatMap((container, index) => describe(containerRules, container, `${path}.${name}[${index}]`)),
    ),
    ...(spec.volumes ?? []).flatMap((volume, index) => describe(volumeRules, volume, `${path}.volumes[${index}]`)),
  ];
}

function describe<T>(rules: readonly Rule<T>[], value: T, path: string): readonly string[] {
  return rules
    .filter(([, isUsed]) => isUsed(value))
    .map(([field, , why]) => `${path}.${field} is stored but not enforced: ${why}`);
}

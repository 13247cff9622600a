// Fields of a pod's spec that are stored but have no effect yet: each comes back as a warning that names it.
import type { AppArmorProfile, Container, PodSpec, Volume } from '../../api/types.gen.ts';

type Rule<T> = readonly [field: string, isUsed: (value: T) => boolean, why: string];

const noLabels = 'processes get no SELinux label';
const noProfiles = 'no AppArmor profile is loaded';
const noWindows = 'nodes run Linux';

const hasAppArmor = (context: { readonly appArmorProfile?: AppArmorProfile } | undefined): boolean =>
  context?.appArmorProfile !== undefined && context.appArmorProfile.type !== 'Unconfined';

const specRules: readonly Rule<PodSpec>[] = [
  ['automountServiceAccountToken', (spec) => spec.automountServiceAccountToken === true, 'no tokens are mounted'],
  ['serviceAccountName', (spec) => !['', 'default'].includes(spec.serviceAccountName ?? ''), 'no tokens are mounted'],
  ['enableServiceLinks', (spec) => spec.enableServiceLinks === true, 'no variables are set for services'],
  ['setHostnameAsFQDN', (spec) => spec.setHostnameAsFQDN === true, 'the host name is the short one'],
  ['hostUsers', (spec) => spec.hostUsers === false, "user ids are the node's"],
  ['imagePullSecrets', (spec) => (spec.imagePullSecrets?.length ?? 0) > 0, 'images come from a local layout'],
  ['runtimeClassName', (spec) => spec.runtimeClassName !== undefined, 'the node chooses the runtime'],
  [
    'topologySpreadConstraints',
    (spec) => (spec.topologySpreadConstraints ?? []).some((term) => term.whenUnsatisfiable === 'ScheduleAnyway'),
    'pods of one owner are spread over nodes whatever it says',
  ],
  ['ephemeralContainers', (spec) => (spec.ephemeralContainers?.length ?? 0) > 0, 'they are not started'],
  [
    'securityContext.sysctls',
    ({ securityContext }) => (securityContext?.sysctls?.length ?? 0) > 0,
    'kernel parameters stay as the node has them',
  ],
  ['securityContext.seLinuxOptions', ({ securityContext }) => securityContext?.seLinuxOptions !== undefined, noLabels],
  ['securityContext.appArmorProfile', ({ securityContext }) => hasAppArmor(securityContext), noProfiles],
  ['securityContext.windowsOptions', ({ securityContext }) => securityContext?.windowsOptions !== undefined, noWindows],
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

const noGrpc = 'no node takes the pod: use exec, httpGet or tcpSocket';

const containerRules: readonly Rule<Container>[] = [
  ['stdin', (container) => container.stdin === true, 'nothing can be attached to it'],
  ['securityContext.seLinuxOptions', ({ securityContext }) => securityContext?.seLinuxOptions !== undefined, noLabels],
  ['securityContext.appArmorProfile', ({ securityContext }) => hasAppArmor(securityContext), noProfiles],
  ['securityContext.windowsOptions', ({ securityContext }) => securityContext?.windowsOptions !== undefined, noWindows],
  [
    'securityContext.procMount',
    ({ securityContext }) => securityContext?.procMount === 'Unmasked',
    'parts of /proc stay hidden',
  ],
  ['livenessProbe.grpc', (container) => container.livenessProbe?.grpc !== undefined, noGrpc],
  ['readinessProbe.grpc', (container) => container.readinessProbe?.grpc !== undefined, noGrpc],
  ['startupProbe.grpc', (container) => container.startupProbe?.grpc !== undefined, noGrpc],
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
  const ofContainers = (name: 'containers' | 'initContainers') =>
    (spec[name] ?? []).flatMap((container, index) => describe(containerRules, container, `${path}.${name}[${index}]`));
  const ofVolumes = (spec.volumes ?? []).flatMap((volume, index) =>
    describe(volumeRules, volume, `${path}.volumes[${index}]`),
  );
  return [
    ...describe(specRules, spec, path),
    ...ofContainers('initContainers'),
    ...ofContainers('containers'),
    ...ofVolumes,
  ];
}

function describe<T>(rules: readonly Rule<T>[], value: T, path: string): readonly string[] {
  return rules
    .filter(([, isUsed]) => isUsed(value))
    .map(([field, , why]) => `${path}.${field} is stored but not enforced: ${why}`);
}

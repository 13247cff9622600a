// Which ConfigMaps and Secrets a pod uses: volumes, environment, image pull secrets. Pure.
import type { Container, EphemeralContainer, Pod, PodSpec, Volume } from './types.gen.ts';

/** Names within the pod's namespace, each once. */
export interface PodReferences {
  readonly configMaps: readonly string[];
  readonly secrets: readonly string[];
}

export function podReferences(pod: Pod): PodReferences {
  const found: Found = { configMaps: new Set(), secrets: new Set() };
  const { spec } = pod;
  if (!spec) return { configMaps: [], secrets: [] };
  for (const volume of spec.volumes ?? []) addVolume(volume, found);
  for (const container of containersOf(spec)) addEnvironment(container, found);
  for (const secret of spec.imagePullSecrets ?? []) add(found.secrets, secret.name);
  return { configMaps: [...found.configMaps], secrets: [...found.secrets] };
}

const containersOf = (spec: PodSpec): readonly (Container | EphemeralContainer)[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
  ...(spec.ephemeralContainers ?? []),
];

interface Found {
  readonly configMaps: Set<string>;
  readonly secrets: Set<string>;
}

function add(names: Set<string>, name: string | undefined): void {
  if (name !== undefined && name !== '') names.add(name);
}

function addVolume(volume: Volume, found: Found): void {
  add(found.configMaps, volume.configMap?.name);
  add(found.secrets, volume.secret?.secretName);
  for (const source of volume.projected?.sources ?? []) {
    add(found.configMaps, source.configMap?.name);
    add(found.secrets, source.secret?.name);
  }
}

function addEnvironment(container: Container | EphemeralContainer, found: Found): void {
  for (const variable of container.env ?? []) {
    add(found.configMaps, variable.valueFrom?.configMapKeyRef?.name);
    add(found.secrets, variable.valueFrom?.secretKeyRef?.name);
  }
  for (const source of container.envFrom ?? []) {
    add(found.configMaps, source.configMapRef?.name);
    add(found.secrets, source.secretRef?.name);
  }
}

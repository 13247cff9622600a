// volume/empty-dir: a directory that lives as long as the pod, on disk or in memory.
import { chmod, chown, mkdir } from 'node:fs/promises';
import type { PodSpec, Volume } from '../../api/types.gen.ts';
import { optionalAmount } from '../amounts.ts';
import type { Isolator, PodContext } from '../isolator.ts';
import { mountMemory } from '../mounts.ts';
import { volumeDirectory } from './file-volume.ts';
import { addVolumeMounts } from './volume-mounts.ts';

export function createEmptyDirIsolator(): Isolator {
  const volumesOf = (pod: PodContext) => (pod.pod.spec?.volumes ?? []).filter((volume) => isEmptyDir(volume));
  return {
    name: 'volume/empty-dir',
    async preparePod(pod) {
      await Promise.all(volumesOf(pod).map((volume) => make(pod, volume)));
    },
    async prepare(context, spec) {
      for (const { name } of volumesOf(context.pod)) {
        const directory = volumeDirectory(context.pod, name, false);
        await addVolumeMounts(context, spec, { name, directory, readOnly: false, mayCreate: true });
      }
    },
  };
}

/** A volume without a source is an emptyDir, as in Kubernetes. */
function isEmptyDir(volume: Volume): boolean {
  return volume.emptyDir !== undefined || Object.keys(volume).every((key) => key === 'name');
}

/** The smaller of its limit and what the containers may use together: it counts as their memory (Kubernetes' rule). */
export function memoryVolumeBytes({ name, emptyDir }: Volume, spec: PodSpec): number | undefined {
  const own = optionalAmount(emptyDir?.sizeLimit, `volumes[${name}].emptyDir.sizeLimit`);
  const limits = spec.containers.map((container) =>
    optionalAmount(container.resources?.limits?.['memory'], `containers[${container.name}].resources.limits.memory`),
  );
  const together = limits.reduce(
    (sum, limit) => (sum === undefined || limit === undefined ? undefined : sum + limit),
    0,
  );
  const bounds = [own, together].filter((bytes) => bytes !== undefined && bytes > 0) as number[];
  return bounds.length === 0 ? undefined : Math.min(...bounds);
}

async function make(pod: PodContext, volume: Volume): Promise<void> {
  const directory = volumeDirectory(pod, volume.name, false);
  const group = pod.pod.spec?.securityContext?.fsGroup;
  const mode = group === undefined ? 0o777 : 0o2777;
  await mkdir(directory, { recursive: true });
  if (volume.emptyDir?.medium === 'Memory') {
    const bytes = memoryVolumeBytes(volume, pod.pod.spec ?? { containers: [] });
    const size = bytes === undefined ? '' : `,size=${Math.ceil(bytes)}`;
    await mountMemory(directory, `mode=${mode.toString(8)}${size}`);
  }
  if (group !== undefined) await chown(directory, 0, group);
  await chmod(directory, mode);
}

// volume/supported: refuses volume sources that this agent does not know, by name.
import { configError } from '../isolation-error.ts';
import type { Isolator } from '../isolator.ts';

const supported = ['emptyDir', 'configMap', 'secret', 'downwardAPI', 'projected', 'hostPath'];

export function createSupportedVolumesIsolator(): Isolator {
  return {
    name: 'volume/supported',
    prepare({ pod, container }) {
      const volumes = new Map((pod.pod.spec?.volumes ?? []).map((volume) => [volume.name, volume]));
      for (const { name } of container.volumeMounts ?? []) {
        const volume = volumes.get(name);
        if (!volume)
          throw configError(
            `containers[${container.name}].volumeMounts: the pod has no volume ${JSON.stringify(name)}`,
          );
        const foreign = Object.keys(volume).find((key) => key !== 'name' && !supported.includes(key));
        if (foreign !== undefined) {
          throw configError(`volumes[${name}].${foreign}: this agent mounts ${supported.join(', ')} only`);
        }
      }
    },
  };
}

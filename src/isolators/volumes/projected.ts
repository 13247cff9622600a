// volume/projected: ConfigMaps, Secrets and pod fields in one directory.
import type { VolumeProjection } from '../../api/types.gen.ts';
import type { NodeFacts } from '../field-ref.ts';
import { configError } from '../isolation-error.ts';
import type { Isolator, PodContext } from '../isolator.ts';
import { createFileVolumeIsolator } from './file-volume.ts';
import { configMapEntries, downwardFiles, payloadFiles, secretEntries, usualMode, type VolumeFile } from './payload.ts';

export function createProjectedIsolator(node: () => NodeFacts): Isolator {
  return createFileVolumeIsolator({
    isolator: 'volume/projected',
    inMemory: true,
    applies: (volume) => volume.projected !== undefined,
    files(volume, pod) {
      const mode = volume.projected?.defaultMode ?? usualMode;
      const files = (volume.projected?.sources ?? []).flatMap((source) =>
        filesOf(source, pod, node(), mode, `volumes[${volume.name}]`),
      );
      return [...new Map(files.map((file) => [file.path, file])).values()];
    },
  });
}

function filesOf(
  source: VolumeProjection,
  { pod, references }: PodContext,
  node: NodeFacts,
  defaultMode: number,
  path: string,
): VolumeFile[] {
  if (source.downwardAPI) return downwardFiles(pod, node, source.downwardAPI.items ?? [], defaultMode);
  const { configMap, secret } = source;
  const entries = configMap
    ? configMapEntries(references.configMap(configMap.name ?? ''))
    : secretEntries(references.secret(secret?.name ?? ''));
  const named = configMap ?? secret;
  if (!named) {
    throw configError(`${path}: expected configMap, secret or downwardAPI, found ${Object.keys(source).join(', ')}`);
  }
  const title = `${path}: ${configMap ? 'configmap' : 'secret'} "${named.name ?? ''}"`;
  return payloadFiles({ title, entries, items: named.items, optional: named.optional === true, defaultMode });
}

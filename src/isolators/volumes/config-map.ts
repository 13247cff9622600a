// volume/config-map: the keys of a ConfigMap as files.
import type { Isolator } from '../isolator.ts';
import { createFileVolumeIsolator } from './file-volume.ts';
import { configMapEntries, payloadFiles, usualMode } from './payload.ts';

export function createConfigMapIsolator(): Isolator {
  return createFileVolumeIsolator({
    isolator: 'volume/config-map',
    inMemory: false,
    applies: (volume) => volume.configMap !== undefined,
    files(volume, { references }) {
      const { name = '', items, optional, defaultMode } = volume.configMap ?? {};
      return payloadFiles({
        title: `volumes[${volume.name}]: configmap "${name}"`,
        entries: configMapEntries(references.configMap(name)),
        items,
        optional: optional === true,
        defaultMode: defaultMode ?? usualMode,
      });
    },
  });
}

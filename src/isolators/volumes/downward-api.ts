// volume/downward-api: fields of the pod as files.
import type { NodeFacts } from '../field-ref.ts';
import type { Isolator } from '../isolator.ts';
import { createFileVolumeIsolator } from './file-volume.ts';
import { downwardFiles, usualMode } from './payload.ts';

export function createDownwardApiIsolator(node: () => NodeFacts): Isolator {
  return createFileVolumeIsolator({
    isolator: 'volume/downward-api',
    inMemory: false,
    applies: (volume) => volume.downwardAPI !== undefined,
    files: (volume, { pod }) =>
      downwardFiles(pod, node(), volume.downwardAPI?.items ?? [], volume.downwardAPI?.defaultMode ?? usualMode),
  });
}

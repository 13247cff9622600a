// What configMap, secret, downwardAPI and projected volumes have in common: files written by the agent, read-only in
// the container, replaced all at once when their source changes.
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Volume } from '../../api/types.gen.ts';
import type { Isolator, PodContext, PodPlace } from '../isolator.ts';
import { writeAtomically } from './atomic-directory.ts';
import type { VolumeFile } from './payload.ts';
import { addVolumeMounts } from './volume-mounts.ts';

export interface FileVolume {
  readonly isolator: string;
  /** Below the pod's private directory, which is in memory. */
  readonly inMemory: boolean;
  applies(volume: Volume): boolean;
  /** Throws IsolationError when a source is missing. */
  files(volume: Volume, pod: PodContext): VolumeFile[];
}

/** Volumes live at `volumes/NAME` of the pod's directory or of its private one. */
export function volumeDirectory(pod: PodPlace, name: string, inMemory: boolean): string {
  return join(inMemory ? pod.privateDirectory : pod.directory, 'volumes', name);
}

export function createFileVolumeIsolator(kind: FileVolume): Isolator {
  const volumesOf = (pod: PodContext) => (pod.pod.spec?.volumes ?? []).filter((volume) => kind.applies(volume));
  const write = async (pod: PodContext, volume: Volume) => {
    const directory = volumeDirectory(pod, volume.name, kind.inMemory);
    await mkdir(directory, { recursive: true, mode: 0o755 });
    const group = pod.pod.spec?.securityContext?.fsGroup;
    if (group !== undefined) await chown(directory, 0, group);
    await writeAtomically(directory, kind.files(volume, pod), group);
  };
  const writeAll = async (pod: PodContext) => {
    await Promise.all(volumesOf(pod).map((volume) => write(pod, volume)));
  };

  return {
    name: kind.isolator,
    updatePod: writeAll,
    // At the launch, not with the pod: a ConfigMap made later mends the container's next attempt.
    async prepare(context, spec) {
      const wanted = new Set((context.container.volumeMounts ?? []).map((mount) => mount.name));
      for (const volume of volumesOf(context.pod).filter(({ name }) => wanted.has(name))) {
        await write(context.pod, volume);
        const directory = volumeDirectory(context.pod, volume.name, kind.inMemory);
        await addVolumeMounts(context, spec, { name: volume.name, directory, readOnly: true, mayCreate: false });
      }
    },
  };
}

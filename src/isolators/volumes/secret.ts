// volume/secret: the keys of a Secret as files in memory. The pod's private directory, which this isolator mounts,
// also keeps the containers' specs: their variables may hold secrets.
import { mkdir } from 'node:fs/promises';
import type { Container, Pod } from '../../api/types.gen.ts';
import type { Isolator } from '../isolator.ts';
import { mountMemory } from '../mounts.ts';
import { createFileVolumeIsolator } from './file-volume.ts';
import { payloadFiles, secretEntries, usualMode } from './payload.ts';

const privateBytes = 64 * 2 ** 20;

/** Whether anything of the pod comes from a Secret. */
export function usesSecrets(pod: Pod): boolean {
  const volumes = pod.spec?.volumes ?? [];
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  return (
    volumes.some((volume) => volume.secret ?? volume.projected?.sources?.some((source) => source.secret)) ||
    containers.some(usesSecretVariables)
  );
}

function usesSecretVariables(container: Container): boolean {
  return (
    (container.env ?? []).some((variable) => variable.valueFrom?.secretKeyRef) ||
    (container.envFrom ?? []).some((source) => source.secretRef)
  );
}

export function createSecretIsolator(): Isolator {
  const files = createFileVolumeIsolator({
    isolator: 'volume/secret',
    inMemory: true,
    applies: (volume) => volume.secret !== undefined,
    files(volume, { references }) {
      const { secretName = '', items, optional, defaultMode } = volume.secret ?? {};
      return payloadFiles({
        title: `volumes[${volume.name}]: secret "${secretName}"`,
        entries: secretEntries(references.secret(secretName)),
        items,
        optional: optional === true,
        defaultMode: defaultMode ?? usualMode,
      });
    },
  });
  return {
    ...files,
    async preparePod(pod) {
      await mkdir(pod.privateDirectory, { recursive: true, mode: 0o700 });
      if (usesSecrets(pod.pod)) await mountMemory(pod.privateDirectory, `mode=0700,size=${privateBytes}`);
    },
  };
}

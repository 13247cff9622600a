// Puts a pod's volumes where its containers ask for them; sub-paths cannot escape from their volume.
import { constants } from 'node:fs';
import { mkdir, open, readlink, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VolumeMount } from '../../api/types.gen.ts';
import { configError } from '../isolation-error.ts';
import type { ContainerContext } from '../isolator.ts';
import { runCommand } from '../../lib/run-command.ts';
import { isWithin, unmountBelow } from '../mounts.ts';
import type { OciSpec } from '../oci-spec.ts';
import { bindMount } from '../spec-draft.ts';
import { expandVariables } from '../variables.ts';

/** Linux' O_PATH: a handle on a place, whatever happens to the names that led there. */
const openPlace = 0o10000000;

/**
 * Adds a bind mount for every volumeMount of `volume`.
 * @param readOnly whatever the mount says: volumes whose files are not the container's
 * @param mayCreate a missing subPath becomes a directory
 */
export async function addVolumeMounts(
  context: ContainerContext,
  spec: OciSpec,
  volume: {
    readonly name: string;
    readonly directory: string;
    readonly readOnly: boolean;
    readonly mayCreate: boolean;
  },
): Promise<void> {
  const mounts = (context.container.volumeMounts ?? []).filter((mount) => mount.name === volume.name);
  for (const mount of mounts) {
    const access = volume.readOnly || mount.readOnly === true ? 'ro' : 'rw';
    const source = await sourceOf(context, spec, mount, volume);
    spec.mounts.push(bindMount(source, mount.mountPath, access));
  }
}

async function sourceOf(
  context: ContainerContext,
  spec: OciSpec,
  mount: VolumeMount,
  volume: { readonly directory: string; readonly mayCreate: boolean },
): Promise<string> {
  const subPath =
    mount.subPathExpr === undefined ? mount.subPath : expandVariables(mount.subPathExpr, variablesOf(spec.process.env));
  if (subPath === undefined || subPath === '') return volume.directory;
  const title = `containers[${context.container.name}].volumeMounts[${mount.name}].subPath`;
  if (subPath.startsWith('/') || subPath.split('/').includes('..')) {
    throw configError(`${title}: expected a relative path without "..", found ${JSON.stringify(subPath)}`);
  }
  const path = join(volume.directory, subPath);
  if (volume.mayCreate) await mkdir(path, { recursive: true }).catch(() => undefined);
  return holdPlace(context, volume.directory, path, title);
}

/**
 * Opens first and checks then: containers of the pod that share the volume could swap a link in between. The place is
 * bound to a name that they cannot reach until the container has its mounts.
 */
async function holdPlace(context: ContainerContext, directory: string, path: string, title: string): Promise<string> {
  const place = await open(path, constants.O_RDONLY | openPlace).catch(() => undefined);
  if (!place)
    throw configError(`${title}: ${JSON.stringify(path.slice(directory.length + 1))} does not exist in the volume`);
  try {
    const link = `/proc/${process.pid}/fd/${place.fd}`;
    if (!isWithin(await readlink(link), await realpath(directory))) {
      throw configError(`${title}: it leads out of the volume`);
    }
    return await bindAside(context, link, (await place.stat()).isDirectory());
  } finally {
    await place.close();
  }
}

async function bindAside(context: ContainerContext, source: string, isDirectory: boolean): Promise<string> {
  const aside = join(context.directory, 'sub-paths');
  const target = join(aside, String(context.releases.length));
  await mkdir(isDirectory ? target : aside, { recursive: true });
  if (!isDirectory) await writeFile(target, '');
  await runCommand('mount', ['--bind', source, target]);
  context.releases.push(() => unmountBelow(target));
  return target;
}

function variablesOf(env: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    env.map((entry): [string, string] => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

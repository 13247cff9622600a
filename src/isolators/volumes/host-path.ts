// volume/host-path: a path of the host, checked as its type asks.
import { lstat, mkdir, open, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Volume } from '../../api/types.gen.ts';
import { configError } from '../isolation-error.ts';
import type { Isolator } from '../isolator.ts';
import { isWithin } from '../mounts.ts';
import { addVolumeMounts } from './volume-mounts.ts';

/** @param hiddenPaths directories that no container may see; also not by this way */
export function createHostPathIsolator(hiddenPaths: readonly string[]): Isolator {
  return {
    name: 'volume/host-path',
    async prepare(context, spec) {
      const wanted = new Set((context.container.volumeMounts ?? []).map((mount) => mount.name));
      for (const volume of context.pod.pod.spec?.volumes ?? []) {
        if (!volume.hostPath || !wanted.has(volume.name)) continue;
        const directory = await checkedPath(volume, hiddenPaths);
        await addVolumeMounts(context, spec, { name: volume.name, directory, readOnly: false, mayCreate: false });
      }
    },
  };
}

const tests: Readonly<Record<string, 'isDirectory' | 'isFile' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice'>> = {
  Directory: 'isDirectory',
  DirectoryOrCreate: 'isDirectory',
  File: 'isFile',
  FileOrCreate: 'isFile',
  Socket: 'isSocket',
  CharDevice: 'isCharacterDevice',
  BlockDevice: 'isBlockDevice',
};

async function checkedPath(volume: Volume, hiddenPaths: readonly string[]): Promise<string> {
  const { path = '', type = '' } = volume.hostPath ?? {};
  const title = `volumes[${volume.name}].hostPath`;
  await createIfAsked(path, type);
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined)
    throw configError(`${title}: ${path} does not exist on this node; type ${type || 'unset'} does not create it`);
  for (const hidden of hiddenPaths) {
    const home = await realpath(hidden).catch(() => hidden);
    if (isWithin(real, home) || isWithin(home, real))
      throw configError(`${title}: ${path} would show ${hidden}, which belongs to the cluster itself`);
  }
  const test = tests[type];
  if (test && !(await lstat(real))[test]())
    throw configError(`${title}: expected ${type}, found something else at ${path}`);
  return real;
}

async function createIfAsked(path: string, type: string): Promise<void> {
  if (type === 'DirectoryOrCreate') await mkdir(path, { recursive: true });
  if (type !== 'FileOrCreate') return;
  await mkdir(dirname(path), { recursive: true });
  await (await open(path, 'a')).close();
}

// Files that change all at once: a versioned directory behind the link `..data`, as Kubernetes lays it out.
import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { VolumeFile } from './payload.ts';

const dataLink = '..data';

/**
 * Makes `directory` show exactly `files`. Readers see the old set or the new one, never a mixture; nothing is
 * written when nothing changed. @param group gid that may read them (fsGroup)
 */
export async function writeAtomically(
  directory: string,
  files: readonly VolumeFile[],
  group: number | undefined,
): Promise<void> {
  const version = `..${digest(files, group)}`;
  const current = await readlink(join(directory, dataLink)).catch(() => undefined);
  if (current === version) return;
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await rm(join(directory, version), { recursive: true, force: true });
  await mkdir(join(directory, version), { mode: 0o755 });
  await Promise.all(files.map((file) => writeVersioned(join(directory, version), file, group)));
  await replaceLink(directory, version);
  await alignVisible(directory, files);
  if (current !== undefined) await rm(join(directory, current), { recursive: true, force: true });
}

async function writeVersioned(directory: string, file: VolumeFile, group: number | undefined): Promise<void> {
  const path = join(directory, file.path);
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await writeFile(path, file.content);
  if (group !== undefined) await chown(path, 0, group);
  // Explicitly: the mode of creation is subject to the umask.
  await chmod(path, group === undefined ? file.mode : file.mode | 0o440);
}

async function replaceLink(directory: string, version: string): Promise<void> {
  const temporary = join(directory, `${dataLink}_tmp`);
  await rm(temporary, { force: true });
  await symlink(version, temporary);
  await rename(temporary, join(directory, dataLink));
}

/** Links of first path components into `..data`; those of files that are gone are removed. */
async function alignVisible(directory: string, files: readonly VolumeFile[]): Promise<void> {
  const wanted = new Set(files.map((file) => file.path.split('/')[0] ?? ''));
  const present = new Set((await readdir(directory)).filter((name) => !name.startsWith('..')));
  await Promise.all([
    ...[...wanted]
      .filter((name) => !present.has(name))
      .map((name) => symlink(join(dataLink, name), join(directory, name))),
    ...[...present].filter((name) => !wanted.has(name)).map((name) => rm(join(directory, name), { recursive: true })),
  ]);
}

function digest(files: readonly VolumeFile[], group: number | undefined): string {
  const hash = createHash('sha256').update(String(group));
  for (const file of files) hash.update(`\0${file.path}\0${file.mode}\0${file.content.length}\0`).update(file.content);
  return hash.digest('hex').slice(0, 16);
}

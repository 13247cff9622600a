// filesystem/linux: the root file system. With an image an overlay over its unpacked layers, without one the host's.
import { chmod, lstat, mkdir, readdir, readlink, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ContainerContext, ImageRoot, Isolator } from '../isolator.ts';
import { mountsBelow, isWithin } from '../mounts.ts';
import type { OciMount, OciSpec } from '../oci-spec.ts';
import { bindMount, memoryMount } from '../spec-draft.ts';
import { runCommand } from '../../lib/run-command.ts';
import { maskedHostPaths, planHostRoot, type HostEntry, type MissingMountPoint } from './host-root.ts';

export interface RootFilesystemOptions {
  /** Directories whose content no container may see: the agent's home, the server's. */
  readonly hiddenPaths: readonly string[];
  /** Whether an overlay can be mounted with its upper layer in the agent's home. */
  overlayWorks(): Promise<boolean>;
}

/** Comes after all isolators that add mounts: it makes their mount points. */
export function createRootFilesystemIsolator(options: RootFilesystemOptions): Isolator {
  return {
    name: 'filesystem/linux',
    async prepare(context, spec) {
      spec.root.readonly = context.container.securityContext?.readOnlyRootFilesystem === true;
      if (context.image) await prepareImageRoot(context, context.image, spec, options);
      else await prepareHostRoot(context, spec, options);
    },
  };
}

async function prepareImageRoot(
  context: ContainerContext,
  image: ImageRoot,
  spec: OciSpec,
  options: RootFilesystemOptions,
): Promise<void> {
  const at = (name: string) => join(context.directory, name);
  spec.root.path = at('rootfs');
  if (!(await options.overlayWorks())) {
    await runCommand('cp', ['-a', '--reflink=auto', image.directory, at('rootfs')]);
    return;
  }
  context.overlay = { lower: image.directory, upper: at('upper'), work: at('work'), merged: at('rootfs') };
  await Promise.all(['rootfs', 'upper', 'work'].map((name) => mkdir(at(name), { recursive: true })));
}

async function prepareHostRoot(
  context: ContainerContext,
  spec: OciSpec,
  options: RootFilesystemOptions,
): Promise<void> {
  const at = (name: string) => join(context.directory, name);
  const [entries, submounts, missing, hidden] = await Promise.all([
    hostEntries(),
    mountsBelow('/'),
    missingMountPoints(spec.mounts),
    existingPaths(options.hiddenPaths),
  ]);
  const plan = planHostRoot({
    entries,
    missing,
    hidden,
    mountPoints: at('mount-points'),
    submounts: submounts.filter((point) => !hidden.some((path) => isWithin(point, path))),
  });
  await mkdir(at('rootfs'), { recursive: true });
  await Promise.all([
    ...plan.directories.map((name) => mkdir(join(at('rootfs'), name), { recursive: true })),
    ...plan.links.map(({ name, target }) => symlink(target, join(at('rootfs'), name))),
    ...plan.mountPoints.map((point) => makeMountPoint(at('mount-points'), point)),
    mkdir(at('tmp'), { recursive: true }).then(() => chmod(at('tmp'), 0o1777)),
  ]);
  const taken = new Set(spec.mounts.map((mount) => mount.destination));
  spec.mounts.push(...[...plan.mounts, ...scratchMounts(at('tmp'))].filter((mount) => !taken.has(mount.destination)));
  spec.linux.maskedPaths.push(...maskedHostPaths);
  spec.root.readonly = true;
}

function scratchMounts(directory: string): OciMount[] {
  return [
    bindMount(directory, '/tmp', 'rw'),
    bindMount(directory, '/var/tmp', 'rw'),
    memoryMount('/run', ['mode=755', 'size=16m']),
  ];
}

async function hostEntries(): Promise<HostEntry[]> {
  const entries = await readdir('/', { withFileTypes: true });
  const kept = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
  return Promise.all(
    kept.map(async (entry) =>
      entry.isSymbolicLink() ? { name: entry.name, link: await readlink(`/${entry.name}`) } : { name: entry.name },
    ),
  );
}

async function existingPaths(paths: readonly string[]): Promise<string[]> {
  const real = await Promise.all(paths.map((path) => realpath(path).catch(() => '')));
  return real.filter((path) => path !== '');
}

async function missingMountPoints(mounts: readonly OciMount[]): Promise<MissingMountPoint[]> {
  const found = await Promise.all(
    mounts.map(async (mount) => {
      const path = await resolveExisting(mount.destination);
      return path.missing ? [{ path: path.real, kind: await kindOf(mount) }] : [];
    }),
  );
  return found.flat();
}

async function kindOf(mount: OciMount): Promise<MissingMountPoint['kind']> {
  if (mount.type !== 'bind') return 'directory';
  const source = await realpath(mount.source);
  return (await lstat(source)).isDirectory() ? 'directory' : 'file';
}

/** The path with the links of its existing part resolved. */
async function resolveExisting(path: string): Promise<{ real: string; missing: boolean }> {
  try {
    return { real: await realpath(path), missing: false };
  } catch {
    const parent = await resolveExisting(dirname(path));
    return { real: join(parent.real, path.slice(path.lastIndexOf('/') + 1)), missing: true };
  }
}

async function makeMountPoint(root: string, point: MissingMountPoint): Promise<void> {
  const path = join(root, point.path);
  await mkdir(point.kind === 'directory' ? path : dirname(path), { recursive: true });
  if (point.kind === 'file') await writeFile(path, '');
}

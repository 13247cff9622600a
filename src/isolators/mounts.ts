// Mounts of this host: what lies below a directory, memory file systems, namespaces held by a file.
import { open, readFile } from 'node:fs/promises';
import { runCommand } from '../lib/run-command.ts';

/** Mount points at or below `directory`, in order of mounting. Octal escapes of the kernel are undone. */
export async function mountsBelow(directory: string): Promise<string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  return parseMountPoints(table).filter((point) => isWithin(point, directory));
}

/** The mount points of `/proc/self/mountinfo` (proc(5)). */
export function parseMountPoints(table: string): string[] {
  return table
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ')[4] ?? '')
    .map((point) => point.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))));
}

export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

/** Idempotent. @param options such as `mode=0700,size=1048576` */
export async function mountMemory(directory: string, options: string): Promise<void> {
  if ((await mountsBelow(directory)).includes(directory)) return;
  await runCommand('mount', ['-t', 'tmpfs', '-o', `nosuid,nodev,${options}`, 'tepui', directory]);
}

/** Unmounts everything at or below `directory`, innermost first. Idempotent. */
export async function unmountBelow(directory: string): Promise<void> {
  const points = await mountsBelow(directory);
  if (points.length > 0) await runCommand('umount', ['-l', ...points.reverse()]);
}

/** Makes a namespace that lives as long as `file` is mounted, with no process in it. Idempotent. */
export async function holdNamespace(kind: 'ipc' | 'uts', file: string): Promise<void> {
  if ((await mountsBelow(file)).length > 0) return;
  await (await open(file, 'w')).close();
  await runCommand('unshare', [`--${kind}=${file}`, 'true']);
}

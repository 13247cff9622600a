// What a pod may leave behind on the host: processes, cgroups, mounts, network namespaces. Tests compare before and after.
import { readFileSync, readdirSync } from 'node:fs';

/** Paths of all cgroups of all hierarchies that contain `part`. */
export function cgroupsNamed(part: string): string[] {
  return readdirSync('/sys/fs/cgroup', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.includes(part))
    .map((entry) => `${entry.parentPath}/${entry.name}`);
}

/** Lines of the mount table that contain `part`. */
export function mountsNamed(part: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(part));
}

/** Ids of processes whose command line contains `part`; this process does not count. */
export function processesNamed(part: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => commandLine(pid).includes(part));
}

/** The command line of a process, words joined by spaces; empty when it is gone. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')
      .replaceAll('\0', ' ')
      .trim();
  } catch {
    return '';
  }
}

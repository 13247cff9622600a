// The main processes of containers as the kernel knows them, by the pod whose cgroup they are in.
import { readFileSync } from 'node:fs';
import { processesNamed } from './traces.ts';

/** A command that no other test on this machine runs. */
export const longSleep = (tag: number): string => `sleep 86${String(tag)}.${String(process.pid)}`;

/**
 * Pod uid → host pids of the processes that run `command`, in no order. What the pod merely mentions does not count:
 * conmon and the runtime are in no pod's cgroup.
 */
export function pidsByPod(command: string): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const pid of processesNamed(command)) {
    const uid = podUidOf(pid);
    if (uid !== undefined) found.set(uid, [...(found.get(uid) ?? []), pid]);
  }
  return found;
}

function podUidOf(pid: number): string | undefined {
  try {
    return /\/tepui\/[0-9a-f]+\/([0-9a-f-]{36})\//.exec(readFileSync(`/proc/${String(pid)}/cgroup`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/** The parent of a process: of a container's main process its monitor. */
export function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]);
}

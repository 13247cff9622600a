// Identities that survive the agent: of a process (pids are reused) and of the machine's uptime.
import { readFile } from 'node:fs/promises';
import { tryCommand } from '../../lib/run-command.ts';

/** Differs for any two processes that ever had this pid since boot; undefined when there is none. */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    const { exitCode, stdout } = await tryCommand('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return exitCode === 0 ? stdout.trim() : undefined;
  }
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; the start time is the 20th field after it (proc(5)).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Changes with every boot of the machine. */
export async function bootIdentity(): Promise<string> {
  if (process.platform === 'linux') return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  return (await tryCommand('sysctl', ['-n', 'kern.boottime'])).stdout.trim();
}

// Makes every flush of a process's files wait, as a disk does that is dying or shared with others: strace holds back
// fsync and fdatasync. Slow disks proper (dm-delay) need a kernel that has them, and root of the true machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { spawnSync } from 'node:child_process';

/** Why it cannot be done here; undefined: it can. */
export function slowDiskProblem(): string | undefined {
  const { status, stderr } = spawnSync('strace', ['-e', 'trace=fsync', '-e', 'inject=fsync:delay_enter=1', 'true'], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `strace cannot be used here (${stderr || 'is it installed?'})`;
}

/** From now on each flush takes `delayMs` more. Resolves with how to end it. */
export async function slowDisk(pid: number, delayMs: number): Promise<() => Promise<void>> {
  const delay = `inject=fsync,fdatasync:delay_enter=${String(delayMs * 1000)}`;
  const args = ['-f', '-qq', '-p', String(pid), '-e', 'trace=fsync,fdatasync', '-e', delay, '-o', '/dev/null'];
  const strace = spawn('strace', args, { stdio: 'ignore' });
  await once(strace, 'spawn');
  const ended = once(strace, 'exit');
  return async () => {
    // Detaches from every thread, which go on.
    strace.kill('SIGINT');
    await ended;
  };
}

// Waits for a process that is not our child.
import { existsSync } from 'node:fs';
import { execa } from 'execa';

/** Resolves when no process has this id any more. */
export async function whenEnded(pid: number): Promise<void> {
  if (!existsSync('/proc')) return;
  await execa('tail', [`--pid=${String(pid)}`, '-f', '/dev/null'], { reject: false, stdin: 'ignore' });
}

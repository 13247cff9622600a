// What a suite that was killed left behind: each suite writes down where its agents are, and the next one removes what they ran.
import { execa } from 'execa';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagePath } from '../../../src/lib/package-root.ts';

const notePattern = /^tepui-faults-(\d+)\.agents$/;
const noteOf = (pid: number) => join(tmpdir(), `tepui-faults-${String(pid)}.agents`);

/** @param home below which the agents' homes are, as `tepui dev` lays them out */
export function noteAgents(home: string): void {
  writeFileSync(noteOf(process.pid), home);
}

/** Ends the agents below a home, with everything that they run, and removes their files. */
export async function removeAgents(home: string): Promise<void> {
  const down = [packagePath('dist/src/cmd/main.js'), 'dev', '--home', home, '--down'];
  await execa(process.execPath, down, { reject: false, stdin: 'ignore' });
  rmSync(noteOf(process.pid), { force: true });
}

/** After the processes of the suite that was killed have ended. */
export async function removeLeftAgents(): Promise<void> {
  const owners = readdirSync(tmpdir()).map((name) => Number(notePattern.exec(name)?.[1]));
  for (const owner of owners.filter((pid) => pid > 0 && !isAlive(pid))) {
    await removeAgents(readFileSync(noteOf(owner), 'utf8'));
    rmSync(noteOf(owner), { force: true });
  }
}

/** A zombie has ended, though nobody has asked how. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}

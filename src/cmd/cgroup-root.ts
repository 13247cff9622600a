// Where an agent's cgroups lie: one name per home, so that agents of several clusters share a machine.
import { createHash } from 'node:crypto';

/** @param home absolute path of the agent's folder */
export function cgroupRootOf(home: string): string {
  return `/tepui/${createHash('sha256').update(home).digest('hex').slice(0, 12)}`;
}

// The name by which the servers of a cluster know one another.
import { randomBytes } from 'node:crypto';
import { readOrCreate, type Home } from './home.ts';
import { machineName } from './machine-name.ts';

/** Made at the first start, from the machine's name; stable over restarts. */
export function serverId(home: Home): string {
  return readOrCreate(home.serverId, () => `${machineName()}-${randomBytes(3).toString('hex')}`).trim();
}

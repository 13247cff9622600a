// Restoring into a home: an embedded journal, and the identity as files.
import { existsSync, rmSync } from 'node:fs';
import { StatusError } from '../../api/status-error.ts';
import { openEmbeddedMedium } from '../../store/media/embedded.ts';
import { createHome, locateHome, type Home } from '../home.ts';
import { keepInHome } from '../identity/home-keeper.ts';
import { livingOwner } from '../pid-file.ts';
import type { RestorePlace } from './restore-place.ts';

/** Rejects with StatusError when a server uses the home. */
export async function inHome<T>(option: string, work: (place: RestorePlace) => Promise<T>): Promise<T> {
  const home = locateHome(option);
  const owner = await livingOwner(home.pidFile);
  if (owner) {
    throw new StatusError(
      'Conflict',
      `process ${String(owner.pid)} uses ${home.path}: stop it first (Ctrl-C, or kill)`,
    );
  }
  createHome(home);
  const medium = await openEmbeddedMedium({ directory: home.journal });
  try {
    return await work({
      description: home.path,
      medium,
      identityThere: () => Promise.resolve(identityIn(home)),
      keepIdentity(identity) {
        rmSync(home.clusterKey, { force: true });
        keepInHome(home, identity);
        return Promise.resolve([`Start it: tepui dev --home ${home.path}`]);
      },
    });
  } finally {
    await medium.close();
  }
}

function identityIn({ authority, clusterId, clusterKey }: Home): string | undefined {
  return [authority.key, clusterId, clusterKey].find((file) => existsSync(file));
}

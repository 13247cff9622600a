// Where a server stands: alone, with a journal in its home, or among others, with ZooKeeper between them.
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { createSoleElection } from '../store/elections/sole.ts';
import { createZookeeperElection } from '../store/elections/zookeeper.ts';
import { openEmbeddedMedium } from '../store/media/embedded.ts';
import { openZookeeperMedium } from '../store/media/zookeeper.ts';
import type { ZookeeperAddress } from '../zookeeper/address.ts';
import type { Ensemble } from '../zookeeper/ask.ts';
import { askEnsemble } from '../zookeeper/ensemble-status.ts';
import { createZookeeper } from '../zookeeper/create-zookeeper.ts';
import type { Surroundings } from './control-plane-options.ts';
import type { Home } from './home.ts';
import { createClusterToken, listKeys, removeExpiredKeys, removeKey } from './identity/server-keys.ts';
import { loadSharedIdentity, type SharedIdentity } from './identity/zookeeper-keeper.ts';
import type { ServerTokens } from './tokens.ts';

/** Rejects with JournalDamaged and JournalUnavailable. */
export async function standAlone(home: Home): Promise<Surroundings> {
  return {
    medium: await openEmbeddedMedium({ directory: home.journal }),
    createElection: (self) => createSoleElection({ self }),
    serverTokens: undefined,
    ensemble: () => Promise.resolve([]),
  };
}

/** What a server among others has of its ensemble, until it is closed. */
export interface Shared {
  readonly surroundings: Surroundings;
  readonly identity: SharedIdentity;
  close(): Promise<void>;
}

export interface SharedOptions {
  readonly home: Home;
  readonly address: ZookeeperAddress;
  /** Of a server that joins. */
  readonly token: string | undefined;
  /** In seconds. */
  readonly sessionTimeout: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Told when ZooKeeper lets us wait, with its description and why. */
  readonly onWaiting: (what: string) => void;
}

/** Whoever starts a server by hand wants to know why nothing happens. */
const sayAfterMs = 3000;

/**
 * Waits for the ensemble until the signal aborts. Rejects with StatusError when this server may not join, and with
 * JournalUnavailable.
 */
export async function standAmongOthers(options: SharedOptions, signal: AbortSignal): Promise<Shared> {
  const { home, address, token, clock, log } = options;
  const zookeeper = createZookeeper({ address, clock, log, sessionTimeoutMs: options.sessionTimeout * 1000 });
  const patience = clock.after(sayAfterMs, () => {
    if (zookeeper.state !== 'connected') options.onWaiting(`${zookeeper.description}: ${zookeeper.trouble}`);
  });
  try {
    const identity = await loadSharedIdentity({ home, zookeeper, clock, log, token }, signal);
    const medium = await openZookeeperMedium({ zookeeper, clock, log, signal });
    const surroundings: Surroundings = {
      medium,
      createElection: (self) => createZookeeperElection({ zookeeper, self, clock, log }),
      serverTokens: serverTokens({ zookeeper, clock, log }, identity),
      ensemble: () => askEnsemble(address.servers, clock),
    };
    return { surroundings, identity, close: () => zookeeper.close() };
  } catch (error) {
    await zookeeper.close();
    throw error;
  } finally {
    patience.cancel();
  }
}

function serverTokens(ensemble: Ensemble, identity: SharedIdentity): ServerTokens {
  return {
    make: (wish, signal) => createClusterToken(ensemble, identity, wish, signal),
    list: (signal) => listKeys(ensemble, signal),
    remove: (id, signal) => removeKey(ensemble, id, signal),
    removeExpired: (signal) => removeExpiredKeys(ensemble, signal),
  };
}

// Where a server stands: alone, with a journal in its home, or among others, with ZooKeeper between them.
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { createSoleElection } from '../store/elections/sole.ts';
import { createZookeeperElection } from '../store/elections/zookeeper.ts';
import { openEmbeddedMedium } from '../store/media/embedded.ts';
import { openZookeeperMedium } from '../store/media/zookeeper.ts';
import type { ZookeeperAddress } from '../zookeeper/address.ts';
import { askEnsemble } from '../zookeeper/ensemble-status.ts';
import type { Zookeeper } from '../zookeeper/zookeeper.ts';
import type { Surroundings } from './control-plane.ts';
import type { Home } from './home.ts';
import type { SharedIdentity } from './identity/zookeeper-keeper.ts';
import { createClusterToken } from './identity/server-keys.ts';

/** Rejects with JournalDamaged and JournalUnavailable. */
export async function standAlone(home: Home): Promise<Surroundings> {
  return {
    medium: await openEmbeddedMedium({ directory: home.journal }),
    createElection: (self) => createSoleElection({ self }),
    makeServerToken: undefined,
    ensemble: () => Promise.resolve([]),
  };
}

export interface Shared {
  readonly address: ZookeeperAddress;
  readonly zookeeper: Zookeeper;
  readonly identity: SharedIdentity;
  readonly clock: Clock;
  readonly log: Log;
}

/** Waits for the ensemble until the signal aborts. Rejects with JournalUnavailable. */
export async function standAmongOthers(shared: Shared, signal: AbortSignal): Promise<Surroundings> {
  const { zookeeper, clock, log, identity, address } = shared;
  return {
    medium: await openZookeeperMedium({ zookeeper, clock, log, signal }),
    createElection: (self) => createZookeeperElection({ zookeeper, self, clock, log }),
    makeServerToken: (wish) => createClusterToken({ zookeeper, clock, log }, identity, wish, signal),
    ensemble: () => askEnsemble(address.servers, clock),
  };
}

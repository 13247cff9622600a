// Where bench/store.ts keeps journals: in memory, in a folder, and in a ZooKeeper ensemble of three where that is installed.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../src/lib/clock.ts';
import { silentLog } from '../src/lib/log.ts';
import type { Medium } from '../src/store/medium.ts';
import { openEmbeddedMedium } from '../src/store/media/embedded.ts';
import { createMemoryMedium, createMemoryStorage } from '../src/store/media/memory.ts';
import { openZookeeperMedium } from '../src/store/media/zookeeper.ts';
import { parseZookeeperUrl } from '../src/zookeeper/address.ts';
import { createZookeeper } from '../src/zookeeper/create-zookeeper.ts';
import { startEnsemble } from '../test/support/zookeeper-ensemble.ts';

export interface Place {
  readonly medium: 'memory' | 'embedded' | 'ZooKeeper';
  /** For `openAt` in another process; undefined: it is in the memory of this one. */
  readonly address: string | undefined;
  /** One at a time; what was written is there again. */
  open(): Promise<Medium>;
}

export interface Places {
  /** Empty ones, one for each medium. */
  create(): readonly Place[];
  stop(): Promise<void>;
}

/** @param folder for the embedded journals */
export async function startPlaces(folder: string): Promise<Places> {
  // Garbage collectors of three servers and the program share the machine: enough memory that they rarely run.
  const hasZookeeper = existsSync('/usr/share/java/zookeeper.jar');
  const ensemble = hasZookeeper ? await startEnsemble({ servers: 3, heapMb: 512 }) : undefined;
  let count = 0;
  return {
    create() {
      const name = `journal-${++count}`;
      const storage = createMemoryStorage();
      const embedded = path.join(folder, name);
      const inZookeeper = ensemble?.address(`/${name}`);
      return [
        { medium: 'memory', address: undefined, open: () => Promise.resolve(createMemoryMedium(storage)) },
        { medium: 'embedded', address: embedded, open: () => openAt(embedded) },
        ...(inZookeeper === undefined
          ? []
          : [{ medium: 'ZooKeeper' as const, address: inZookeeper, open: () => openAt(inZookeeper) }]),
      ];
    },
    stop: () => ensemble?.destroy() ?? Promise.resolve(),
  };
}

/** @param address a folder, or the connection string of an ensemble */
export async function openAt(address: string): Promise<Medium> {
  if (!address.startsWith('zk://')) return openEmbeddedMedium({ directory: address });
  const zookeeper = createZookeeper({
    address: parseZookeeperUrl(address),
    sessionTimeoutMs: 4000,
    clock: systemClock,
    log: silentLog,
  });
  const medium = await openZookeeperMedium({ zookeeper, log: silentLog });
  return {
    ...medium,
    async close() {
      await medium.close();
      await zookeeper.close();
    },
  };
}

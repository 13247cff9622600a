import { describeJournaledStore } from '../../conformance/journaled-store.ts';
import { describeMedium } from '../../conformance/medium.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { openZookeeperMedium } from '../../../src/store/media/zookeeper.ts';
import { createFakeEnsemble } from '../../support/fake-zookeeper.ts';

const createPlace = () => {
  const ensemble = createFakeEnsemble();
  return Promise.resolve({
    open: (maxEntryBytes?: number) => {
      const zookeeper = ensemble.connect();
      return openZookeeperMedium({
        zookeeper,
        log: silentLog,
        ...(maxEntryBytes === undefined ? {} : { maxEntryBytes }),
      });
    },
    remove: () => Promise.resolve(),
  });
};

describeMedium('ZooKeeper (in memory)', createPlace);
describeJournaledStore('ZooKeeper (in memory)', createPlace);

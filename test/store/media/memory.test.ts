import { describeJournaledReplicas } from '../../conformance/journaled-replicas.ts';
import { describeJournaledStore } from '../../conformance/journaled-store.ts';
import { describeMedium } from '../../conformance/medium.ts';
import { createMemoryMedium, createMemoryStorage } from '../../../src/store/media/memory.ts';

const createPlace = () => {
  const storage = createMemoryStorage();
  return Promise.resolve({
    open: (maxEntryBytes?: number) => Promise.resolve(createMemoryMedium(storage, maxEntryBytes)),
    join: () => Promise.resolve(createMemoryMedium(storage, undefined, 4)),
    remove: () => Promise.resolve(),
  });
};

describeMedium('memory', createPlace);
describeJournaledStore('memory', createPlace);
describeJournaledReplicas('memory', createPlace);

import { expect } from 'chai';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeJournaledReplicas } from '../../conformance/journaled-replicas.ts';
import { describeJournaledStore } from '../../conformance/journaled-store.ts';
import { describeMedium } from '../../conformance/medium.ts';
import { JournalDamaged, JournalUnavailable } from '../../../src/store/journal-errors.ts';
import { openEmbeddedMedium } from '../../../src/store/media/embedded.ts';
import { openStore, pod, podKey, rejection } from '../../support/store-objects.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';

const createPlace = async () => {
  const folder = await createTempFolder();
  return {
    open: (maxEntryBytes?: number) =>
      openEmbeddedMedium({ directory: folder.path, ...(maxEntryBytes === undefined ? {} : { maxEntryBytes }) }),
    remove: () => folder.remove(),
  };
};

describeMedium('embedded', createPlace);
describeJournaledStore('embedded', createPlace);
describeJournaledReplicas('embedded', async () => {
  // One process may have it open; replicas within that process share it.
  const place = await createPlace();
  const medium = await place.open();
  return {
    join: () => Promise.resolve({ ...medium, close: () => Promise.resolve() }),
    async remove() {
      await medium.close();
      await place.remove();
    },
  };
});

describe('embedded medium: its folder', () => {
  let folder: TempFolder;
  const inFolder = (...names: string[]) => path.join(folder.path, ...names);
  const open = () => openEmbeddedMedium({ directory: folder.path });
  const writeOnce = async () => {
    const store = await openStore(await open());
    await store.transact((draft) => draft.put(podKey('a'), pod('a')));
    await store.close();
  };

  beforeEach(async () => (folder = await createTempFolder()));
  afterEach(() => folder.remove());

  it('is for one server at a time, and says so', async () => {
    const medium = await open();
    const error = await rejection(open());
    expect(error).to.be.instanceOf(JournalUnavailable);
    expect(error.message).to.contain('another tepui server uses').and.to.contain(folder.path);
    await medium.close();
  });

  it('refuses the layout of a newer version, without touching anything', async () => {
    await writeOnce();
    await writeFile(inFolder('FORMAT'), 'tepui journal 2\n');
    const before = await readdir(inFolder('entries'));
    const error = await rejection(open());
    expect(error).to.be.instanceOf(JournalUnavailable);
    expect(error.message).to.contain('"tepui journal 1"').and.to.contain('"tepui journal 2"');
    expect(await readdir(inFolder('entries'))).to.deep.equal(before);
  });

  it('does not take a journal whose database is gone for a new one', async () => {
    await writeOnce();
    await rm(inFolder('entries'), { recursive: true });
    const error = await rejection(open());
    expect(error).to.be.instanceOf(JournalDamaged);
    expect(error.message).to.contain('backup');
  });

  it('does not create a database where the one that was there cannot be found', async () => {
    await writeOnce();
    await rm(inFolder('entries', 'CURRENT'));
    expect(await rejection(open())).to.be.instanceOf(JournalDamaged);
    expect(await rejection(open())).to.be.instanceOf(JournalDamaged);
  });

  it('sees that acknowledged entries are missing at the end, and keeps the files as it found them', async () => {
    await writeOnce();
    const [log = ''] = (await readdir(inFolder('entries'))).filter((name) => name.endsWith('.log'));
    const found = await readFile(inFolder('entries', log));
    await writeFile(inFolder('entries', log), found.subarray(0, found.length - 1));
    for (let start = 1; start <= 2; start++) {
      const error = await rejection(open().then((medium) => openStore(medium)));
      expect(error).to.be.instanceOf(JournalDamaged);
      expect(error.message).to.contain('were acknowledged, but the log ends at').and.to.contain('as-found');
    }
    expect((await readFile(inFolder('as-found', log))).length).to.equal(found.length - 1);
  });

  it('forgets the files as found once a start has proved good', async () => {
    await writeOnce();
    await writeOnce();
    expect(await readdir(folder.path)).not.to.include('as-found');
  });

  it('starts after a crash in the middle of its creation', async () => {
    const medium = await open();
    await medium.close();
    await rm(inFolder('entries', 'CURRENT'));
    await writeOnce();
  });
});

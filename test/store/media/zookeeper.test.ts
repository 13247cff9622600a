import { expect } from 'chai';
import { silentLog } from '../../../src/lib/log.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { JournalFenced } from '../../../src/store/journal-errors.ts';
import type { Medium } from '../../../src/store/medium.ts';
import { openZookeeperMedium } from '../../../src/store/media/zookeeper.ts';
import { parseZookeeperUrl } from '../../../src/zookeeper/address.ts';
import { createZookeeper } from '../../../src/zookeeper/create-zookeeper.ts';
import type { Zookeeper } from '../../../src/zookeeper/zookeeper.ts';
import { describeJournaledReplicas } from '../../conformance/journaled-replicas.ts';
import { describeJournaledStore } from '../../conformance/journaled-store.ts';
import { describeMedium } from '../../conformance/medium.ts';
import { createFakeEnsemble } from '../../support/fake-zookeeper.ts';
import { openStore, pod, podKey, rejection } from '../../support/store-objects.ts';
import { startEnsemble, type Ensemble } from '../../support/zookeeper-ensemble.ts';

const fakePlace = () => {
  const ensemble = createFakeEnsemble();
  return Promise.resolve({
    open: (maxEntryBytes?: number) => openZookeeperMedium(optionsOf(ensemble.connect(), maxEntryBytes)),
    join: () => openZookeeperMedium(optionsOf(ensemble.connect())),
    remove: () => Promise.resolve(),
  });
};

const optionsOf = (zookeeper: Zookeeper, maxEntryBytes?: number) => ({
  zookeeper,
  log: silentLog,
  ...(maxEntryBytes === undefined ? {} : { maxEntryBytes }),
});

describeMedium('ZooKeeper (in memory)', fakePlace);
describeJournaledStore('ZooKeeper (in memory)', fakePlace);
describeJournaledReplicas('ZooKeeper (in memory)', fakePlace);

describe('ZooKeeper', function () {
  this.timeout(60_000);
  let ensemble: Ensemble;
  let places = 0;

  before(async () => (ensemble = await startEnsemble({ heapMb: 192 })));
  after(() => ensemble.destroy());

  const connect = (url: string) =>
    createZookeeper({
      address: parseZookeeperUrl(url),
      sessionTimeoutMs: 4000,
      clock: systemClock,
      log: silentLog,
    });

  /** A path and a session of its own. */
  const createPlace = () => {
    const zookeeper = connect(ensemble.address(`/tepui-${++places}`));
    return Promise.resolve({
      open: (maxEntryBytes?: number) => openZookeeperMedium(optionsOf(zookeeper, maxEntryBytes)),
      remove: () => zookeeper.close(),
    });
  };

  describeMedium('ZooKeeper', createPlace);
  describeJournaledStore('ZooKeeper', createPlace);
  describeJournaledReplicas('ZooKeeper', () => {
    const url = ensemble.address(`/tepui-${++places}`);
    const sessions: Zookeeper[] = [];
    return Promise.resolve({
      join() {
        const zookeeper = connect(url);
        sessions.push(zookeeper);
        return openZookeeperMedium(optionsOf(zookeeper));
      },
      async remove() {
        for (const session of sessions) await session.close();
      },
    });
  });

  describe('ZooKeeper: several servers', () => {
    const sessions: Zookeeper[] = [];
    const media: Medium[] = [];
    const open = async (url: string) => {
      const zookeeper = connect(url);
      sessions.push(zookeeper);
      const medium = await openZookeeperMedium(optionsOf(zookeeper));
      media.push(medium);
      return medium;
    };
    afterEach(async () => {
      for (const medium of media.splice(0)) await medium.close();
      for (const session of sessions.splice(0)) await session.close();
    });

    it('open the same new path at the same moment, with credentials', async () => {
      const url = ensemble.address(`/tepui-${++places}`, 'tepui:secret');
      const opened = await Promise.all([open(url), open(url), open(url)]);
      const epochs: number[] = [];
      for (const medium of opened) epochs.push(await medium.claim());
      expect(epochs).to.deep.equal([1, 2, 3]);
    });

    it('follow the writer, and fence it when they claim', async () => {
      const url = ensemble.address(`/tepui-${++places}`);
      const [writer, standby] = [await open(url), await open(url)];
      const epoch = await writer.claim();
      const controller = new AbortController();
      const seen: number[] = [];
      const text = (sequence: number) => [{ sequence, bytes: Buffer.from(`entry ${sequence}`) }];
      await writer.append(epoch, text(1));
      for await (const page of standby.follow(1, controller.signal)) {
        seen.push(...page.map(({ sequence }) => sequence));
        const last = seen.at(-1)!;
        if (last < 5) await writer.append(epoch, text(last + 1));
        else controller.abort();
      }
      expect(seen).to.deep.equal([1, 2, 3, 4, 5]);
      const next = await standby.claim();
      expect(await rejection(writer.append(epoch, text(6)))).to.be.instanceOf(JournalFenced);
      await standby.append(next, text(6));
    });

    it('goes on when the server of ZooKeeper is killed in the middle of many appends', async () => {
      const medium = await open(ensemble.address(`/tepui-${++places}`));
      const epoch = await medium.claim();
      const count = 400;
      const under = new Set<Promise<void>>();
      let answered = 0;
      const append = async (sequence: number) => {
        await medium.append(epoch, [{ sequence, bytes: Buffer.from(`entry ${sequence}`) }]);
        expect(sequence).to.equal(++answered);
      };
      const [server] = ensemble.servers;
      for (let sequence = 1; sequence <= count; sequence++) {
        if (under.size >= medium.depth) await Promise.race(under);
        const done = append(sequence).finally(() => under.delete(done));
        under.add(done);
        if (sequence % 150 !== 0) continue;
        await server!.kill();
        await server!.restart({ waits: false });
      }
      await Promise.all(under);
      const read: string[] = [];
      for await (const page of medium.read(1)) read.push(...page.map(({ bytes }) => Buffer.from(bytes).toString()));
      expect(read).to.deep.equal(Array.from({ length: count }, (_, at) => `entry ${at + 1}`));
    });

    it('keeps what another store wrote, compressed, and takes it over', async () => {
      const url = ensemble.address(`/tepui-${++places}`);
      const first = await openStore(await open(url));
      await first.transact((draft) => draft.put(podKey('a'), pod('a', { note: 'x'.repeat(1_400_000) })));
      const second = await openStore(await open(url));
      expect(second.get(podKey('a'))?.revision).to.equal(1);
      await second.transact((draft) => draft.put(podKey('b'), pod('b')));
      expect(second.revision).to.equal(2);
    });
  });
});

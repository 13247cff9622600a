import { expect } from 'chai';
import { JournalDamaged, JournalFenced, JournalUnavailable } from '../../../src/store/journal-errors.ts';
import { createFakeEnsemble, type FakeEnsemble, type Fault } from '../../support/fake-zookeeper.ts';
import { rejection } from '../../support/store-objects.ts';
import { entry, openServer, type Server } from '../../support/zookeeper-media.ts';

describe('ZooKeeper medium: claims', () => {
  let ensemble: FakeEnsemble;
  let servers: Server[];

  beforeEach(async () => {
    ensemble = createFakeEnsemble();
    servers = [await openServer(ensemble), await openServer(ensemble)];
  });
  afterEach(async () => {
    for (const { medium } of servers) await medium.close();
  });

  it('of two servers at the same moment have one order, and the earlier is fenced', async () => {
    const [a, b] = servers;
    const [epochA, epochB] = await Promise.all([a!.medium.claim(), b!.medium.claim()]);
    expect([epochA, epochB].sort()).to.deep.equal([1, 2]);
    const [early, late] = epochA < epochB ? [a!, b!] : [b!, a!];
    expect(await rejection(early.medium.append(1, [entry(1)]))).to.be.instanceOf(JournalFenced);
    await late.medium.append(2, [entry(1)]);
  });

  for (const [fault, writes] of [
    ['unknown-done', 1],
    ['unknown-lost', 2],
    ['unsent', 2],
  ] as [Fault, number][]) {
    it(`are one, whatever becomes of the answer: ${fault}`, async () => {
      const { zookeeper, medium } = servers[0]!;
      let isDue = true;
      zookeeper.fault = () => {
        if (!isDue) return undefined;
        isDue = false;
        return fault;
      };
      const before = zookeeper.writes.length;
      const epoch = await medium.claim();
      expect([epoch, zookeeper.writes.length - before]).to.deep.equal([1, writes]);
      await medium.append(epoch, [entry(1)]);
    });
  }

  it('belong to the session in which they began', async () => {
    const { zookeeper, medium } = servers[0]!;
    zookeeper.disconnect();
    const claimed = medium.claim();
    zookeeper.expire();
    zookeeper.reconnect();
    expect(await rejection(claimed)).to.be.instanceOf(JournalUnavailable);
    expect(await medium.claim()).to.equal(1);
  });

  it('need an epoch that can be read', async () => {
    await servers[0]!.zookeeper.write([{ kind: 'set', path: '/epoch', data: Buffer.from('seven') }]);
    const error = await rejection(servers[1]!.medium.claim());
    expect(error).to.be.instanceOf(JournalDamaged);
    expect(error.message).to.contain('"seven"').and.to.contain('backup');
  });
});

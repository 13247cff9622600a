import { expect } from 'chai';
import { JournalUnavailable } from '../../../src/store/journal-errors.ts';
import type { LayoutKnowledge } from '../../../src/store/media/zookeeper-layout.ts';
import { createFakeEnsemble, type FakeEnsemble, type Fault } from '../../support/fake-zookeeper.ts';
import { rejection } from '../../support/store-objects.ts';
import { openServer } from '../../support/zookeeper-media.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { openZookeeperMedium } from '../../../src/store/media/zookeeper.ts';

describe('ZooKeeper medium: its layout', () => {
  let ensemble: FakeEnsemble;
  beforeEach(() => (ensemble = createFakeEnsemble()));

  const layout = () => Buffer.from(ensemble.nodes.get('/layout')?.data ?? []).toString();
  const write = async (text: string) => {
    const zookeeper = ensemble.connect();
    await zookeeper.write([{ kind: 'create', path: '/layout', data: Buffer.from(text) }]);
    await zookeeper.write([{ kind: 'set', path: '/layout', data: Buffer.from(text) }]);
  };

  it('is made where there is none, with versions that can be checked', async () => {
    await openServer(ensemble);
    expect(layout()).to.equal('{"version":1}');
    for (const path of ['/layout', '/epoch', '/readers']) expect(ensemble.nodes.get(path)?.version).to.equal(1);
  });

  for (const fault of ['unknown-done', 'unknown-lost', 'unsent'] as Fault[]) {
    it(`is made once, whatever becomes of the answer: ${fault}`, async () => {
      const zookeeper = ensemble.connect();
      let isDue = true;
      zookeeper.fault = () => {
        const due = isDue ? fault : undefined;
        isDue = false;
        return due;
      };
      const medium = await openZookeeperMedium({ zookeeper, log: silentLog });
      expect(await medium.claim()).to.equal(1);
    });
  }

  it('of a newer program is refused, and nothing is touched', async () => {
    await write('{"version":7}');
    const before = [...ensemble.nodes.keys()];
    const error = await rejection(openServer(ensemble));
    expect(error).to.be.instanceOf(JournalUnavailable);
    expect(error.message).to.match(/layout version 7.*versions up to 1.*newer tepui/s);
    expect([...ensemble.nodes.keys()]).to.deep.equal(before);
  });

  it('of another program is refused', async () => {
    await write('hello');
    const error = await rejection(openServer(ensemble));
    expect(error.message).to.contain('"hello"').and.to.contain('another program');
  });

  it('without a layout, but with something in its place, is refused', async () => {
    await ensemble.connect().write([{ kind: 'create', path: '/log', data: new Uint8Array() }]);
    const error = await rejection(openServer(ensemble));
    expect(error.message).to.contain('/log').and.to.contain('node-exists');
  });

  it('of an older program is brought up to date, one version after the other', async () => {
    await openServer(ensemble);
    const step = (from: number): LayoutKnowledge['migrations'][number] => ({
      from,
      async prepare() {
        // Both servers are here before either of them writes. Done twice, it would show twice.
        await new Promise((resolve) => setImmediate(resolve));
        return [{ kind: 'create', path: `/new-in-${from + 1}-`, data: new Uint8Array(), sequential: true }];
      },
    });
    const known: LayoutKnowledge = { version: 3, migrations: [step(2), step(1)] };
    await Promise.all([openServer(ensemble, { layout: known }), openServer(ensemble, { layout: known })]);
    expect(layout()).to.equal('{"version":3}');
    const added = [...ensemble.nodes.keys()].filter((path) => path.startsWith('/new'));
    expect(added.map((path) => path.slice(0, 9))).to.deep.equal(['/new-in-2', '/new-in-3']);
    expect((await rejection(openServer(ensemble))).message).to.contain('layout version 3');
  });

  it('that is too old says so', async () => {
    await openServer(ensemble);
    const error = await rejection(openServer(ensemble, { layout: { version: 3, migrations: [] } }));
    expect(error.message).to.contain('no way from there');
  });

  it('is waited for while the ensemble is away', async () => {
    const zookeeper = ensemble.connect();
    zookeeper.disconnect();
    const opened = openZookeeperMedium({ zookeeper, log: silentLog });
    zookeeper.reconnect();
    await opened;
    zookeeper.disconnect();
    const controller = new AbortController();
    const waiting = openZookeeperMedium({ zookeeper, log: silentLog, signal: controller.signal });
    controller.abort(new Error('enough'));
    expect((await rejection(waiting)).message).to.equal('enough');
  });
});

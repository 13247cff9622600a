import { expect } from 'chai';
import fc from 'fast-check';
import { JournalFenced, JournalUnavailable } from '../../../src/store/journal-errors.ts';
import { createFakeEnsemble, type FakeEnsemble, type Fault } from '../../support/fake-zookeeper.ts';
import { rejection } from '../../support/store-objects.ts';
import { compact, entriesOf, entry, openServer, sequences, texts, type Server } from '../../support/zookeeper-media.ts';

const isEntry = (ops: readonly { kind: string; path: string }[], sequence: number) =>
  ops.some(({ kind, path }) => kind === 'create' && path.endsWith(`/${String(sequence).padStart(10, '0')}`));

describe('ZooKeeper medium: appends', () => {
  let ensemble: FakeEnsemble;
  let server: Server;
  let epoch: number;

  beforeEach(async () => {
    ensemble = createFakeEnsemble();
    server = await openServer(ensemble);
    epoch = await server.medium.claim();
  });
  afterEach(() => server.medium.close());

  const appendAll = (from: number, to: number) =>
    sequences(from, to).map((sequence) => server.medium.append(epoch, [entry(sequence)]));
  /** The next write of an entry goes wrong, once. */
  const failOnce = (sequence: number, fault: Fault) => {
    let isDue = true;
    server.zookeeper.fault = (ops) => {
      if (!isDue || !isEntry(ops, sequence)) return undefined;
      isDue = false;
      return fault;
    };
  };

  it('are on their way together', async () => {
    server.zookeeper.holdAnswers();
    const before = server.zookeeper.writes.length;
    const appended = appendAll(1, server.medium.depth);
    expect(server.zookeeper.writes.length - before).to.equal(server.medium.depth);
    server.zookeeper.release();
    await Promise.all(appended);
  });

  it('keep the bytes on their way within bounds', async () => {
    server.zookeeper.holdAnswers();
    const bytes = Buffer.alloc(server.medium.maxEntryBytes);
    const before = server.zookeeper.writes.length;
    const appended = server.medium.append(
      epoch,
      sequences(1, 20).map((sequence) => ({ sequence, bytes })),
    );
    expect(server.zookeeper.writes.length - before).to.equal(8);
    server.zookeeper.release();
    await appended;
    expect(entriesOf(ensemble)).to.deep.equal(sequences(1, 20));
  });

  for (const fault of ['unknown-done', 'unknown-lost', 'unsent'] as const) {
    it(`are all done, in order, when one in the middle is ${fault}`, async () => {
      failOnce(4, fault);
      await Promise.all(appendAll(1, 8));
      expect(await texts(server.medium.read(1))).to.deep.equal(sequences(1, 8).map((each) => `entry ${each}`));
      await server.medium.append(epoch, [entry(9)]);
    });

    it(`begin a bucket when the answer to that is ${fault}`, async () => {
      await server.medium.append(
        epoch,
        sequences(1, 998).map((each) => entry(each)),
      );
      failOnce(1000, fault);
      await Promise.all(appendAll(999, 1003));
      expect(entriesOf(ensemble)).to.deep.equal(sequences(1, 1003));
    });
  }

  it('never leave a gap, and are answered in order, whatever happens to each', async () => {
    const faults = fc.array(fc.option(fc.constantFrom<Fault>('unknown-done', 'unknown-lost', 'unsent'), { freq: 4 }), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(faults, fc.integer({ min: 1, max: 4 }), async (given, size) => {
        const place = createFakeEnsemble();
        const { zookeeper, medium } = await openServer(place);
        const newest = await medium.claim();
        const left = [...given];
        zookeeper.fault = (ops) => {
          const there = entriesOf(place);
          expect(there).to.deep.equal(sequences(1, there.length));
          return ops.some(({ path }) => path.startsWith('/log/')) ? (left.shift() ?? undefined) : undefined;
        };
        const answered: number[] = [];
        const appends = sequences(0, 19).map(async (at) => {
          await medium.append(
            newest,
            sequences(at * size + 1, at * size + size).map((each) => entry(each)),
          );
          answered.push(at);
        });
        await Promise.all(appends);
        expect(answered).to.deep.equal(sequences(0, 19));
        expect(entriesOf(place)).to.deep.equal(sequences(1, 20 * size));
        await medium.close();
      }),
      { numRuns: 30 },
    );
  });

  it('wait while the ensemble is away, as long as the session is not lost', async () => {
    server.zookeeper.disconnect();
    const appended = Promise.all(appendAll(1, 3));
    setImmediate(() => server.zookeeper.reconnect());
    await appended;
    expect(entriesOf(ensemble)).to.deep.equal([1, 2, 3]);
  });

  it('are unknown, all of them and for good, when the session is lost', async () => {
    server.zookeeper.holdAnswers();
    failOnce(2, 'unknown-done');
    const appended = appendAll(1, 4).slice(1);
    server.zookeeper.expire();
    server.zookeeper.release();
    for (const each of appended) expect(await rejection(each)).to.be.instanceOf(JournalUnavailable);
    server.zookeeper.reconnect();
    expect(await rejection(server.medium.append(epoch, [entry(5)]))).to.be.instanceOf(JournalUnavailable);
    expect(entriesOf(ensemble)).to.deep.equal([1, 2]);
  });

  it('are not even sent in another session than that of the claim', async () => {
    server.zookeeper.expire();
    server.zookeeper.reconnect();
    expect(await rejection(server.medium.append(epoch, [entry(1)]))).to.be.instanceOf(JournalUnavailable);
    expect(entriesOf(ensemble)).to.deep.equal([]);
  });

  it('go on in a new session after a new claim', async () => {
    await server.medium.append(epoch, [entry(1)]);
    server.zookeeper.expire();
    server.zookeeper.reconnect();
    epoch = await server.medium.claim();
    await Promise.all(appendAll(2, 3));
    expect(entriesOf(ensemble)).to.deep.equal([1, 2, 3]);
  });

  it('are refused when another server has claimed, and nothing of them is kept', async () => {
    const other = await openServer(ensemble);
    await server.medium.append(epoch, [entry(1)]);
    const newest = await other.medium.claim();
    for (const each of appendAll(2, 5)) {
      const error = await rejection(each);
      expect(error).to.be.instanceOf(JournalFenced);
      expect(error.message).to.contain(`epoch ${epoch}`).and.to.contain(`epoch ${newest}`);
    }
    await other.medium.append(newest, [entry(2, 'of the other')]);
    expect(await texts(other.medium.read(1))).to.deep.equal(['entry 1', 'of the other']);
    await other.medium.close();
  });

  it('that were in doubt count when they are there, although another server has claimed since', async () => {
    const other = await openServer(ensemble);
    server.zookeeper.fault = (ops) => (isEntry(ops, 1) ? 'unknown-done' : undefined);
    const first = server.medium.append(epoch, [entry(1)]);
    await other.medium.claim();
    await first;
    expect(await rejection(server.medium.append(epoch, [entry(2)]))).to.be.instanceOf(JournalFenced);
    await other.medium.close();
  });

  it('that were in doubt stay so when another server may have replaced them', async () => {
    const other = await openServer(ensemble);
    server.zookeeper.fault = (ops) => (isEntry(ops, 1) ? 'unknown-done' : undefined);
    server.zookeeper.holdAnswers();
    const first = server.medium.append(epoch, [entry(1)]);
    await compact(other.medium, await other.medium.claim(), 1);
    server.zookeeper.release();
    const error = await rejection(first);
    expect(error).to.be.instanceOf(JournalUnavailable);
    expect(error.message).to.contain('cannot be known');
    await other.medium.close();
  });

  it('that were not done are fenced when another server has written something else there', async () => {
    const other = await openServer(ensemble);
    failOnce(1, 'unknown-lost');
    server.zookeeper.holdAnswers();
    const first = server.medium.append(epoch, [entry(1)]);
    await other.medium.append(await other.medium.claim(), [entry(1, 'of the other')]);
    server.zookeeper.release();
    expect(await rejection(first)).to.be.instanceOf(JournalFenced);
    expect(await texts(other.medium.read(1))).to.deep.equal(['of the other']);
    await other.medium.close();
  });

  it('end with the reason when the ensemble will not take them', async () => {
    failOnce(1, 'refused');
    const error = await rejection(server.medium.append(epoch, [entry(1)]));
    expect(error.message).to.contain('no-authority').and.to.contain('entry 1').and.to.contain('zk://');
  });
});

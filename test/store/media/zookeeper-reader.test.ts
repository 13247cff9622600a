import { expect } from 'chai';
import { getEventListeners } from 'node:events';
import { JournalDropped, JournalUnavailable } from '../../../src/store/journal-errors.ts';
import type { Entry } from '../../../src/store/medium.ts';
import { createPatience } from '../../../src/store/media/zookeeper-patience.ts';
import { createLogReading } from '../../../src/store/media/zookeeper-reader.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import type { Zookeeper } from '../../../src/zookeeper/zookeeper.ts';
import { createFakeEnsemble, type FakeEnsemble } from '../../support/fake-zookeeper.ts';
import { rejection } from '../../support/store-objects.ts';
import { compact, entry, openServer, sequences, texts, type Server } from '../../support/zookeeper-media.ts';

describe('ZooKeeper medium: reading', () => {
  let ensemble: FakeEnsemble;
  let writer: Server;
  let reader: Server;
  let epoch: number;

  beforeEach(async () => {
    ensemble = createFakeEnsemble();
    [writer, reader] = [await openServer(ensemble), await openServer(ensemble)];
    epoch = await writer.medium.claim();
  });
  afterEach(async () => {
    await reader.medium.close();
    await writer.medium.close();
  });

  const append = (from: number, to: number) =>
    writer.medium.append(
      epoch,
      sequences(from, to).map((sequence) => entry(sequence)),
    );

  /** Follows; `until` resolves when that many entries were seen, `ended` when following ends. */
  const follow = (from: number) => {
    const controller = new AbortController();
    const seen: number[] = [];
    let look: () => void = () => undefined;
    const ended = (async () => {
      for await (const page of reader.medium.follow(from, controller.signal)) {
        seen.push(...page.map(({ sequence }) => sequence));
        look();
      }
    })();
    const until = (count: number) =>
      Promise.race([
        ended,
        new Promise<void>((resolve) => {
          look = () => {
            if (seen.length >= count) resolve();
          };
          look();
        }),
      ]);
    return { seen, ended, until, stop: () => controller.abort() };
  };

  it('takes no gap for damage that was only news to the server that it asked', async () => {
    await append(1, 40);
    const { zookeeper } = reader;
    const get = zookeeper.get.bind(zookeeper);
    const settle = zookeeper.settle.bind(zookeeper);
    // As a server of the ensemble that has just come back: it knows nothing of some entries until it is settled.
    let isBehind = false;
    zookeeper.get = (path, onChange) => {
      const sequence = Number(path.slice(path.lastIndexOf('/') + 1));
      if (isBehind && sequence > 10 && sequence <= 27) return Promise.resolve(undefined);
      return get(path, onChange);
    };
    zookeeper.settle = async () => {
      await settle();
      isBehind = !isBehind;
    };
    const seen: number[] = [];
    for await (const page of reader.medium.read(1)) seen.push(...page.map(({ sequence }) => sequence));
    expect(seen).to.deep.equal(sequences(1, 40));
  });

  it('asks for many at a time, but for no more bytes than a bound', async () => {
    const bytes = Buffer.alloc(writer.medium.maxEntryBytes);
    await writer.medium.append(
      epoch,
      sequences(1, 60).map((sequence) => ({ sequence, bytes })),
    );
    let last = 0;
    for await (const page of reader.medium.read(1)) last = page.at(-1)!.sequence;
    expect(last).to.equal(60);
    expect(reader.zookeeper.mostReads).to.be.within(8, 32);
  });

  it('asks for more at a time when entries are small', async () => {
    await append(1, 2000);
    expect((await texts(reader.medium.read(1))).length).to.equal(2000);
    expect(reader.zookeeper.mostReads).to.be.within(100, 256);
  });

  it('goes on after a broken connection, and gives up when the session is lost', async () => {
    await append(1, 300);
    const pages = reader.medium.read(1);
    const seen: Entry[] = [];
    for await (const page of pages) {
      if (seen.length === 0) {
        reader.zookeeper.disconnect();
        setImmediate(() => reader.zookeeper.reconnect());
      }
      seen.push(...page);
    }
    expect(seen.map(({ sequence }) => sequence)).to.deep.equal(sequences(1, 300));
    const again = reader.medium.read(1);
    await again[Symbol.asyncIterator]().next();
    reader.zookeeper.expire();
    expect(await rejection(texts(again))).to.be.instanceOf(JournalUnavailable);
    reader.zookeeper.reconnect();
  });

  it('shows a gap by what comes after it, rather than to end before it', async () => {
    await append(1, 6);
    await writer.zookeeper.write([{ kind: 'delete', path: '/log/0000000000/0000000003' }]);
    expect(await texts(reader.medium.read(1))).to.deep.equal([1, 2, 4, 5, 6].map((each) => `entry ${each}`));
  });

  it('says that entries were dropped while it read', async () => {
    await append(1, 600);
    const pages = reader.medium.read(1)[Symbol.asyncIterator]();
    await pages.next();
    await compact(writer.medium, epoch, 600);
    const rest = async () => {
      while (!(await pages.next()).done);
    };
    expect(await rejection(rest())).to.be.instanceOf(JournalDropped);
  });

  it('follows from far behind, and then entry by entry, across buckets', async () => {
    await append(1, 1500);
    const follower = follow(1);
    await follower.until(1500);
    for (let sequence = 1501; sequence <= 1520; sequence++) {
      await append(sequence, sequence);
      await follower.until(sequence);
    }
    await append(1521, 2100);
    await follower.until(2100);
    expect(follower.seen).to.deep.equal(sequences(1, 2100));
    follower.stop();
    await follower.ended;
  });

  it('follows through a broken connection and a new session', async () => {
    const follower = follow(1);
    await append(1, 2);
    await follower.until(2);
    reader.zookeeper.disconnect();
    await append(3, 4);
    reader.zookeeper.reconnect();
    await follower.until(4);
    reader.zookeeper.expire();
    await append(5, 6);
    reader.zookeeper.reconnect();
    await follower.until(6);
    expect(follower.seen).to.deep.equal(sequences(1, 6));
    follower.stop();
    await follower.ended;
  });

  it('says when the ensemble can be asked again, in whichever session', async () => {
    const { zookeeper, medium } = reader;
    zookeeper.expire();
    let isReachable = false;
    const reachable = medium.reachable(new AbortController().signal).then(() => (isReachable = true));
    expect(await rejection(medium.snapshots())).to.be.instanceOf(JournalUnavailable);
    const controller = new AbortController();
    const given = medium.reachable(controller.signal);
    controller.abort();
    expect((await rejection(given)).name).to.equal('AbortError');
    expect(isReachable).to.equal(false);
    zookeeper.reconnect();
    await reachable;
    expect(await medium.snapshots()).to.deep.equal([]);
  });

  it('says that it slept through a compaction', async () => {
    const follower = follow(1);
    await append(1, 2);
    await follower.until(2);
    reader.zookeeper.disconnect();
    await append(3, 9);
    await compact(writer.medium, epoch, 9);
    reader.zookeeper.reconnect();
    expect(await rejection(follower.ended)).to.be.instanceOf(JournalDropped);
    expect(follower.seen).to.deep.equal([1, 2]);
  });

  it('leaves no listeners behind when entries come just before it waits for them', async () => {
    const { signal } = new AbortController();
    let last = 0;
    const exists: Zookeeper['exists'] = async (path, onChange) => {
      last += 1;
      await append(last, last);
      return reader.zookeeper.exists(path, onChange);
    };
    const zookeeper = { ...reader.zookeeper, exists };
    const place = { description: 'the log', remedy: '' };
    const patience = createPatience(zookeeper, place, createFakeClock(), new AbortController().signal);
    const reading = createLogReading({ zookeeper, place, patience, maxEntryBytes: writer.medium.maxEntryBytes });
    for await (const page of reading.follow(1, signal)) if (page.at(-1)!.sequence >= 30) break;
    expect(last).to.be.at.least(30);
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
  });

  it('lets go of a follower at once, also while the ensemble is away, and when the medium is closed', async () => {
    for (const end of ['stop', 'close'] as const) {
      const follower = follow(1);
      reader.zookeeper.disconnect();
      if (end === 'stop') follower.stop();
      else await reader.medium.close();
      await follower.ended;
      reader.zookeeper.reconnect();
    }
  });
});

// The roles of a replica: it follows, leads, pauses, steps down and follows again, over one storage with others.
import { expect } from 'chai';
import { silentLog, type Log } from '../../src/lib/log.ts';
import { JournalDamaged, JournalFenced, JournalUnavailable } from '../../src/store/journal-errors.ts';
import type { Medium } from '../../src/store/medium.ts';
import { createMemoryMedium, createMemoryStorage, type MemoryStorage } from '../../src/store/media/memory.ts';
import type { Replica } from '../../src/store/replica.ts';
import type { StoreEvent } from '../../src/store/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createGatedMedium } from '../support/gated-medium.ts';
import {
  contents,
  openReplica,
  pod,
  podKey,
  refusedWith,
  rejection,
  type OpenOptions,
} from '../support/store-objects.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const until = async (isSo: () => boolean) => {
  while (!isSo()) await turn();
};
const put = ({ store }: Replica, name: string, note = '') =>
  store.transact((draft) => draft.put(podKey(name), pod(name, { note })));
const namesIn = ({ store }: Replica) => store.list({ resource: 'pods' }).map(({ key }) => key.name);

/** Follows until `stop`. */
function following(replica: Replica) {
  const controller = new AbortController();
  const ended = replica.follow(controller.signal);
  ended.catch(() => undefined);
  return {
    ended,
    async stop() {
      controller.abort();
      await ended;
    },
  };
}

function watching({ store }: Replica, fromRevision: number) {
  const events: StoreEvent[] = [];
  const controller = new AbortController();
  const ended = (async () => {
    for await (const batch of store.watch({ resource: 'pods', fromRevision }, controller.signal)) events.push(...batch);
  })();
  ended.catch(() => undefined);
  return {
    ended,
    revisions: () => events.map(({ revision }) => revision),
    async stop() {
      controller.abort();
      await ended;
    },
  };
}

describe('replica', () => {
  let storage: MemoryStorage;
  let open: Replica[];
  const replicaOver = (medium: Medium, options: OpenOptions = {}) => {
    const replica = openReplica(medium, options);
    open.push(replica);
    return replica;
  };
  const replicaOf = (options: OpenOptions = {}) => replicaOver(createMemoryMedium(storage, 1200), options);
  const leaderOf = async (options: OpenOptions = {}) => {
    const leader = replicaOf(options);
    await leader.lead();
    return leader;
  };

  beforeEach(() => {
    storage = createMemoryStorage();
    open = [];
  });
  afterEach(() => Promise.all(open.map((replica) => replica.close())));

  describe('following', () => {
    it('reads what is there, then every batch as it comes, and tells watchers', async () => {
      const leader = await leaderOf();
      await put(leader, 'a');
      const standby = replicaOf();
      const follow = following(standby);
      await standby.caughtUp;
      expect([namesIn(standby), standby.sequence]).to.deep.equal([['a'], 1]);
      const watch = watching(standby, 0);
      await put(leader, 'b');
      await leader.store.transact((draft) => draft.delete(podKey('a')));
      await until(() => watch.revisions().length === 3);
      expect(watch.revisions()).to.deep.equal([1, 2, 3]);
      expect(contents(standby.store)).to.deep.equal(contents(leader.store));
      await Promise.all([watch.stop(), follow.stop()]);
    });

    it('goes on from where it was when it follows again', async () => {
      const leader = await leaderOf();
      const asked: number[] = [];
      const medium = createMemoryMedium(storage);
      const standby = replicaOver({
        ...medium,
        follow(from, signal) {
          asked.push(from);
          return medium.follow(from, signal);
        },
      });
      const first = following(standby);
      await standby.caughtUp;
      await put(leader, 'a');
      await until(() => standby.sequence === 1);
      await first.stop();
      await put(leader, 'b');
      const second = following(standby);
      await until(() => standby.sequence === 2);
      await second.stop();
      expect(asked).to.deep.equal([1, 3]);
      expect(namesIn(standby)).to.deep.equal(['a', 'b']);
    });

    it('takes no writes, and says that it does not lead', async () => {
      const error = await refusedWith(put(replicaOf(), 'a'));
      expect([error.reason, error.details?.retryAfterSeconds]).to.deep.equal(['ServiceUnavailable', 1]);
      expect(error.message).to.contain('does not lead').and.to.contain('nothing of this write was kept');
    });

    it('ends with the damage, and shows what was there before it', async () => {
      const leader = await leaderOf();
      await put(leader, 'a');
      const standby = replicaOf();
      const follow = following(standby);
      await standby.caughtUp;
      storage.entries.set(2, Buffer.from('nonsense'));
      storage.last = 2;
      for (const listener of storage.listeners) listener();
      expect(await rejection(follow.ended)).to.be.instanceOf(JournalDamaged);
      expect(namesIn(standby)).to.deep.equal(['a']);
      expect(await rejection(standby.lead())).to.be.instanceOf(JournalDamaged);
    });

    it('waits until the journal can be read, and says so once', async () => {
      await put(await leaderOf(), 'a');
      const medium = createMemoryMedium(storage);
      const [said, clock] = [[] as string[], createFakeClock()];
      const log: Log = {
        ...silentLog,
        info: (_, text) => void said.push(text),
        warn: (_, text) => void said.push(text),
      };
      let [attempts, waits] = [0, 0];
      let open: () => void = () => undefined;
      const standby = replicaOver(
        {
          ...medium,
          snapshots: () =>
            ++attempts < 4 ? Promise.reject(new JournalUnavailable('nobody answers')) : medium.snapshots(),
          reachable() {
            waits++;
            return new Promise<void>((resolve) => (open = resolve));
          },
        },
        { clock, log },
      );
      const follow = following(standby);
      for (let attempt = 1; attempt < 4; attempt++) {
        await until(() => attempts === attempt);
        await turn();
        await clock.advance(1000);
        await until(() => waits === attempt);
        await clock.advance(60_000);
        expect(attempts).to.equal(attempt);
        open();
      }
      await standby.caughtUp;
      expect([said[0], said[1], namesIn(standby)]).to.deep.equal([
        'the journal cannot be read now; waiting for it',
        'the journal can be read again',
        ['a'],
      ]);
      expect(said).to.have.length(3);
      await follow.stop();
    });

    it('lets go while it waits for the journal', async () => {
      const medium = createMemoryMedium(storage);
      const clock = createFakeClock();
      let waits = 0;
      const standby = replicaOver(
        {
          ...medium,
          snapshots: () => Promise.reject(new JournalUnavailable('nobody answers')),
          reachable: (signal) =>
            new Promise((_, reject) => {
              waits++;
              signal.addEventListener('abort', () => reject(signal.reason as Error));
            }),
        },
        { clock },
      );
      const follow = following(standby);
      await turn();
      await clock.advance(1000);
      await until(() => waits === 1);
      await follow.stop();
    });

    it('keeps an unfinished batch until it is known what became of it', async () => {
      const leader = await leaderOf();
      const standby = replicaOf();
      const follow = following(standby);
      const watch = watching(standby, 0);
      await put(leader, 'large', 'x'.repeat(3000));
      await until(() => standby.sequence === storage.last);
      const whole = storage.last;
      // The next writer ends in the middle of its batch, twice.
      for (const survivors of [1, 2]) {
        const medium = createMemoryMedium(storage, 1200);
        const dying = replicaOver({
          ...medium,
          async append(epoch, entries) {
            await medium.append(epoch, entries.slice(0, survivors));
            throw new Error('the power went');
          },
        });
        await dying.lead();
        await rejection(put(dying, 'torn', 'y'.repeat(3000)));
      }
      await until(() => standby.sequence === whole + 3);
      expect(namesIn(standby)).to.deep.equal(['large']);
      await follow.stop();
      await standby.lead();
      await put(standby, 'after');
      expect([namesIn(standby), watch.revisions()]).to.deep.equal([
        ['after', 'large'],
        [1, 2],
      ]);
      await watch.stop();
      const again = await leaderOf();
      expect(namesIn(again)).to.deep.equal(['after', 'large']);
    });
  });

  describe('starting over', () => {
    it('reads the newest snapshot where the log was cut off, and ends watches with Expired', async () => {
      const standby = replicaOf();
      await following(standby).stop();
      const early = following(standby);
      const leader = await leaderOf({ snapshotFromBytes: 1 });
      await put(leader, 'gone');
      await until(() => standby.sequence === 1);
      await early.stop();
      storage.holds.clear();
      const watch = watching(standby, 0);
      await leader.store.transact((draft) => draft.delete(podKey('gone')));
      for (let round = 0; round < 10 || storage.entries.has(2); round++) await put(leader, `pod-${round % 5}`);
      const follow = following(standby);
      expect((await refusedWith(watch.ended)).reason).to.equal('Expired');
      expect((await refusedWith(watching(standby, 1).ended)).reason).to.equal('Expired');
      await until(() => standby.sequence === storage.last);
      expect(contents(standby.store)).to.deep.equal(contents(leader.store));
      expect(standby.store.oldestWatchableRevision).to.be.greaterThan(1);
      await follow.stop();
    });

    it('shows the state that it had until the new one is whole', async () => {
      const leader = await leaderOf({ snapshotFromBytes: 1 });
      await put(leader, 'old');
      const medium = createMemoryMedium(storage);
      let pages = 0;
      const seen: string[][] = [];
      const standby = replicaOver({
        ...medium,
        async *readPieces(snapshot) {
          pages++;
          for await (const page of medium.readPieces(snapshot)) {
            yield page;
            await turn();
            seen.push(namesIn(standby));
          }
        },
      });
      const early = following(standby);
      await standby.caughtUp;
      await early.stop();
      const before = pages;
      storage.holds.clear();
      await leader.store.transact((draft) => draft.delete(podKey('old')));
      for (let round = 0; round < 10 || storage.entries.has(2); round++) await put(leader, 'new');
      seen.splice(0);
      const follow = following(standby);
      await until(() => standby.sequence === storage.last);
      expect(pages).to.be.greaterThan(before);
      expect([seen.at(0), namesIn(standby)]).to.deep.equal([['old'], ['new']]);
      await follow.stop();
    });

    it('begins again when the snapshot that it reads is replaced', async () => {
      const leader = await leaderOf({ snapshotFromBytes: 1 });
      const compactedTo = async (past: number) => {
        for (let round = 0; round < 6 || storage.entries.has(past); round++) await put(leader, `pod-${round % 3}`);
      };
      await compactedTo(1);
      const medium = createMemoryMedium(storage);
      let replaced = 0;
      const standby = replicaOver({
        ...medium,
        hold: () => undefined,
        async *readPieces(snapshot) {
          if (replaced++ === 0) {
            await compactedTo(storage.last);
            await until(() => !storage.snapshots.has(snapshot));
          }
          yield* medium.readPieces(snapshot);
        },
      });
      const follow = following(standby);
      await until(() => standby.sequence === storage.last);
      expect(replaced).to.be.greaterThan(1);
      expect(contents(standby.store)).to.deep.equal(contents(leader.store));
      await follow.stop();
    });

    it('is damage when what was dropped is in no snapshot', async () => {
      const leader = await leaderOf({ snapshotFromBytes: 1 });
      for (let round = 0; round < 6 || storage.entries.has(1); round++) await put(leader, 'a');
      const medium = createMemoryMedium(storage);
      const standby = replicaOver({ ...medium, snapshots: () => Promise.resolve([]) });
      const error = await rejection(following(standby).ended);
      expect(error).to.be.instanceOf(JournalDamaged);
      expect(error.message).to.contain('entry 1: it was dropped, and there is no snapshot that covers it');
    });

    it('tells the writer what it still needs', async () => {
      const leader = await leaderOf();
      const medium = createMemoryMedium(storage);
      const held: (number | undefined)[] = [];
      const standby = replicaOver({ ...medium, hold: (sequence) => held.push(sequence) });
      const follow = following(standby);
      await standby.caughtUp;
      for (let round = 0; round < 1001; round++) await put(leader, 'a');
      await until(() => standby.sequence === 1001);
      await follow.stop();
      await standby.lead();
      expect(held).to.deep.equal([0, 0, 500, 1000, undefined]);
    });
  });

  it('says how far it is when it tells that it got further, in every role', async () => {
    const told = new Map<string, (readonly [sequence: number, revision: number])[]>();
    const open = (name: string) => {
      const all: (readonly [number, number])[] = [];
      told.set(name, all);
      const replica: Replica = replicaOf({
        onAdvance: () => all.push([replica.sequence, replica.store.revision]),
        snapshotFromBytes: 1,
      });
      return replica;
    };
    const leader = open('leader');
    const standby = open('standby');
    const follow = following(standby);
    await leader.lead();
    for (const name of ['a', 'b']) await put(leader, name, 'x'.repeat(2000));
    await until(() => standby.sequence === leader.sequence);
    await until(() => [...storage.snapshots.values()].some(({ seal }) => seal));
    await follow.stop();
    const late = open('late');
    await late.lead();
    const truth = new Map(told.get('leader')!.map(([sequence, revision]) => [revision, sequence]));
    for (const name of ['standby', 'late']) {
      for (const [sequence, revision] of told.get(name)!)
        expect([name, sequence]).to.deep.equal([name, truth.get(revision)]);
    }
    expect(['standby', 'late'].map((name) => told.get(name)!.at(-1)![0])).to.deep.equal([storage.last, storage.last]);
    await put(late, 'c');
    expect(told.get('late')!.at(-1)).to.deep.equal([late.sequence, 3]);
    expect(late.sequence).to.equal(storage.last);
  });

  describe('leading', () => {
    it('reads only what is new, and keeps its watchers and their past', async () => {
      const old = await leaderOf();
      const asked: number[] = [];
      const medium = createMemoryMedium(storage);
      const heir = replicaOver({
        ...medium,
        read(from) {
          asked.push(from);
          return medium.read(from);
        },
      });
      const follow = following(heir);
      const watch = watching(heir, 0);
      for (const name of ['a', 'b']) await put(old, name);
      await until(() => heir.sequence === 2);
      await follow.stop();
      await put(old, 'c');
      const epoch = await heir.lead();
      expect([epoch, asked]).to.deep.equal([2, [1, 3]]);
      expect((await put(heir, 'd')).revision).to.equal(4);
      const late = watching(heir, 1);
      await until(() => late.revisions().length === 3);
      expect([watch.revisions(), late.revisions()]).to.deep.equal([
        [1, 2, 3, 4],
        [2, 3, 4],
      ]);
      await Promise.all([watch.stop(), late.stop()]);
    });

    it('sends several batches at a time, and publishes and answers them in order', async () => {
      const medium = createGatedMedium(storage, 3);
      const leader = replicaOver(medium);
      await leader.lead();
      const answered: string[] = [];
      const writes: Promise<unknown>[] = [];
      for (const name of ['a', 'b', 'c', 'd', 'e']) {
        writes.push(put(leader, name).then(() => answered.push(name)));
        await turn();
        await turn();
      }
      expect(medium.appends).to.deep.equal([1, 1, 1]);
      const watch = watching(leader, 0);
      for (let append = 1; append <= 3; append++) {
        await medium.release();
        await until(() => answered.length === append);
        expect(leader.store.revision).to.equal(append);
      }
      await medium.release();
      await Promise.all(writes);
      expect(answered).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
      await until(() => watch.revisions().length === 5);
      expect([medium.appends, watch.revisions(), leader.sequence]).to.deep.equal([[1, 1, 1, 1], [1, 2, 3, 4, 5], 4]);
      await watch.stop();
    });

    it('pauses and goes on: what is under way stays so', async () => {
      const medium = createGatedMedium(storage);
      const leader = replicaOver(medium);
      await leader.lead();
      const first = put(leader, 'a');
      await turn();
      leader.suspend('the ensemble does not answer');
      for (const attempt of [put(leader, 'b'), leader.store.transact((draft) => draft.get(podKey('a')))]) {
        const error = await refusedWith(attempt);
        expect([error.reason, error.details?.retryAfterSeconds]).to.deep.equal(['ServiceUnavailable', 1]);
        expect(error.message).to.contain('the ensemble does not answer');
      }
      const drained = leader.drained();
      await medium.release();
      await Promise.all([first, drained]);
      leader.resume();
      const second = put(leader, 'c');
      await medium.release();
      expect((await second).revision).to.equal(2);
    });

    it('tells once that it was deposed, and who waits that nothing was kept', async () => {
      const causes: unknown[] = [];
      const old = replicaOver(createMemoryMedium(storage, 1200, 4), { onDeposed: (error) => causes.push(error) });
      await old.lead();
      await put(old, 'a');
      const heir = await leaderOf();
      const refused = [refusedWith(put(old, 'b'))];
      await turn();
      refused.push(refusedWith(put(old, 'c')));
      for (const error of await Promise.all(refused)) {
        expect([error.reason, error.details?.retryAfterSeconds]).to.deep.equal(['ServiceUnavailable', 1]);
      }
      expect(causes).to.have.length(1);
      expect(causes[0]).to.be.instanceOf(JournalFenced);
      await old.stepDown('another server leads');
      const follow = following(old);
      await put(heir, 'd');
      await until(() => old.store.revision === 2);
      expect(namesIn(old)).to.deep.equal(['a', 'd']);
      await follow.stop();
    });
  });

  describe('stepping down', () => {
    it('says of every write what can be known, and takes what was kept from the log', async () => {
      const medium = createGatedMedium(storage, 2);
      const leader = replicaOver(medium);
      await leader.lead();
      const sent: Promise<{ reason: string; message: string }>[] = [];
      for (const name of ['kept', 'kept-too']) {
        sent.push(refusedWith(put(leader, name)));
        await turn();
        await turn();
      }
      const unsent = refusedWith(put(leader, 'unsent'));
      const watch = watching(leader, 0);
      const stepped = leader.stepDown('the session is lost');
      for (const error of await Promise.all(sent)) {
        expect(error.reason).to.equal('Timeout');
        expect(error.message).to.contain('not known').and.to.contain('the session is lost');
      }
      expect((await unsent).message).to.contain('nothing of this write was kept');
      expect((await refusedWith(put(leader, 'later'))).message).to.contain('the session is lost');
      await medium.release();
      medium.fail(new Error('the session is lost'));
      await stepped;
      expect([leader.store.revision, leader.sequence]).to.deep.equal([1, 1]);
      const heir = await leaderOf();
      await put(heir, 'next');
      const follow = following(leader);
      await until(() => leader.store.revision === 2);
      expect(namesIn(leader)).to.deep.equal(['kept', 'next']);
      expect(watch.revisions()).to.deep.equal([1, 2]);
      await Promise.all([watch.stop(), follow.stop()]);
    });

    it('finds in the log what nobody answered', async () => {
      const medium = createMemoryMedium(storage, 1200);
      let isCut = false;
      const leader = replicaOver({
        ...medium,
        async append(epoch, entries) {
          await medium.append(epoch, entries);
          if (isCut) throw new JournalUnavailable('the answer did not come');
        },
      });
      await leader.lead();
      await put(leader, 'a');
      isCut = true;
      expect((await refusedWith(put(leader, 'b', 'x'.repeat(3000)))).reason).to.equal('Timeout');
      expect(namesIn(leader)).to.deep.equal(['a']);
      await leader.stepDown('the answer did not come');
      const follow = following(leader);
      await until(() => leader.store.revision === 2);
      expect(namesIn(leader)).to.deep.equal(['a', 'b']);
      await follow.stop();
      isCut = false;
      await leader.lead();
      expect((await put(leader, 'c')).revision).to.equal(3);
    });

    it('stops a snapshot in progress, and leads again', async () => {
      const medium = createMemoryMedium(storage, 1200);
      let pieces = 0;
      const leader = replicaOver(
        {
          ...medium,
          async putPiece(...piece) {
            pieces++;
            await turn();
            await medium.putPiece(...piece);
          },
        },
        { snapshotFromBytes: 1 },
      );
      await leader.lead();
      const notes = Array.from({ length: 40 }, () => Array.from({ length: 150 }, () => Math.random()).join());
      await leader.store.transact((draft) => {
        for (const [at, note] of notes.entries()) draft.put(podKey(`pod-${at}`), pod(`pod-${at}`, { note }));
      });
      for (let round = 0; pieces === 0; round++) await put(leader, 'a', `${round}`);
      await leader.stepDown('enough');
      expect([...storage.snapshots.values()].some(({ seal }) => seal)).to.equal(false);
      await leader.lead();
      await until(() => storage.snapshots.size === 0);
      await put(leader, 'b');
      expect(namesIn(leader)).to.have.length(42);
    });

    it('does not lead when it was told to step down while it began to', async () => {
      const replica = replicaOf();
      const begun = replica.lead();
      begun.catch(() => undefined);
      await replica.stepDown('the place is lost');
      expect((await rejection(begun)).message).to.contain('the place is lost');
      expect((await refusedWith(put(replica, 'a'))).message).to.contain('the place is lost');
      const follow = following(replica);
      await follow.stop();
    });
  });

  describe('compaction', () => {
    it('is due by the number of entries too, whoever wrote them', async () => {
      const small = (): Medium => ({ ...createMemoryMedium(storage), maxLogEntries: 20 });
      const leader = replicaOver(small());
      await leader.lead();
      for (let round = 0; round < 15; round++) await put(leader, 'a', `${round}`);
      expect(storage.snapshots.size).to.equal(0);
      await leader.stepDown('enough');
      const heir = replicaOver(small());
      await heir.lead();
      for (let round = 0; round < 15; round++) await put(heir, 'a', `${round}`);
      await until(() => !storage.entries.has(20));
      expect(storage.entries.size).to.be.lessThan(15);
    });

    it('compares the log with the stored snapshot where both are compressed', async () => {
      const logBytes = () => [...storage.entries.values()].reduce((sum, bytes) => sum + bytes.length, 0);
      const leader = await leaderOf({ snapshotFromBytes: 2000, deflateFromBytes: 100 });
      // What a new writer does first is done then.
      for (let turns = 0; turns < 10; turns++) await turn();
      await put(leader, 'large', 'x'.repeat(40_000));
      // Half of the state would be 20,000 bytes; as stored it is a few hundred.
      for (let round = 0; storage.snapshots.size === 0 && logBytes() < 6000; round++)
        await put(leader, 'a', `${round}`);
      await until(() => storage.snapshots.size > 0);
    });

    it('does not compress what hardly gets smaller', async () => {
      const leader = await leaderOf({ deflateFromBytes: 1 });
      await put(leader, 'a', 'x'.repeat(900));
      await leader.store.transact((draft) => draft.delete(podKey('a')));
      const lines = [...storage.entries.values()].map((bytes) => Buffer.from(bytes).toString('latin1'));
      expect(lines.map((line) => line.includes('"inflatedLength":0'))).to.deep.equal([false, true]);
      const again = await leaderOf();
      expect([again.store.revision, namesIn(again)]).to.deep.equal([2, []]);
    });
  });
});

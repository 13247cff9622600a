// What servers do with their turns: several replicas over one journal in memory, and an office that they stand for.
import { expect } from 'chai';
import type { Leadership } from '../../src/apiserver/leadership.ts';
import { createTurns, type Turns } from '../../src/cmd/turns.ts';
import { silentLog } from '../../src/lib/log.ts';
import { aborted } from '../../src/lib/run-group.ts';
import { JournalDamaged } from '../../src/store/journal-errors.ts';
import type { Medium } from '../../src/store/medium.ts';
import { createMemoryMedium, createMemoryStorage, type MemoryStorage } from '../../src/store/media/memory.ts';
import type { Replica } from '../../src/store/replica.ts';
import { serverFacts } from '../support/candidate.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { createFakeOffice, type FakeOffice } from '../support/fake-office.ts';
import { createGatedMedium } from '../support/gated-medium.ts';
import { openReplica, pod, podKey, refusedWith, rejection } from '../support/store-objects.ts';

const reasonOf = async (promise: Promise<unknown>) => (await refusedWith(promise)).reason;
const loopTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const until = async (what: string, isSo: () => boolean) => {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 5000) throw new Error(`waited for ${what}`);
    await loopTurn();
  }
};

interface Server {
  readonly id: string;
  readonly replica: Replica;
  readonly turns: Turns;
  readonly leadership: Leadership;
  /** What its acting did: `begin EPOCH`, `end`. */
  readonly acts: string[];
  /** Rejects or resolves as `run` did. */
  readonly ended: Promise<void>;
  put(name: string): Promise<unknown>;
  stop(): Promise<void>;
}

describe('turns', () => {
  let storage: MemoryStorage;
  let office: FakeOffice;
  let clock: FakeClock;
  let servers: Server[];
  /** Called at the beginning of each acting; what it rejects with, acting rejects with. */
  let onAct: (id: string) => Promise<void>;

  beforeEach(() => {
    storage = createMemoryStorage();
    office = createFakeOffice();
    clock = createFakeClock();
    servers = [];
    onAct = () => Promise.resolve();
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop().catch(() => undefined)));
    expect(office.listeners).to.equal(0);
    expect(storage.listeners.size).to.equal(0);
  });

  const start = (id: string, medium: Medium = createMemoryMedium(storage)): Server => {
    const acts: string[] = [];
    const late: { turns?: Turns } = {};
    const replica = openReplica(medium, { clock, onDeposed: (error) => late.turns?.deposed(error) });
    const self = serverFacts(id);
    const turns = createTurns({
      ...{ replica, self, clock, log: silentLog, election: office.electionOf(self) },
      async act(epoch, isActing, signal) {
        acts.push(`begin ${String(epoch)}`);
        try {
          expect(isActing()).to.equal(true);
          await onAct(id);
          await aborted(signal);
        } finally {
          acts.push('end');
        }
      },
    });
    late.turns = turns;
    const stopping = new AbortController();
    const ended = turns.run(stopping.signal);
    ended.catch(() => undefined);
    const server: Server = {
      ...{ id, replica, turns, acts, ended, leadership: turns.leadership },
      put: (name) => replica.store.transact((draft) => draft.put(podKey(name), pod(name))),
      async stop() {
        stopping.abort();
        await ended.finally(() => replica.close());
      },
    };
    servers.push(server);
    return server;
  };

  const leader = () => servers.find(({ leadership }) => leadership.part === 'leading');
  const leads = async (server: Server) => {
    await until(`${server.id} to lead`, () => server.leadership.part === 'leading' && server.acts.at(-1) !== 'end');
    await until('its acting', () => server.acts.length > 0);
  };
  const namesIn = ({ replica }: Server) => replica.store.list({ resource: 'pods' }).map(({ key }) => key.name);

  it('lets the first in line lead; the others know of it, refuse writes and follow the log', async () => {
    const [a, b] = [start('a'), start('b')];
    await leads(a);
    expect(b.leadership).to.deep.include({ part: 'following', leaderApi: 'https://a.example:6443', trouble: '' });
    expect(a.leadership).to.deep.include({ part: 'leading', leaderApi: undefined, trouble: '' });
    await a.put('one');
    await until('b to have read it', () => namesIn(b).includes('one'));
    expect(await reasonOf(b.put('two'))).to.equal('ServiceUnavailable');
    expect(b.acts).to.deep.equal([]);
  });

  it('goes on at the next in line from where the former leader was', async () => {
    const [a, b] = [start('a'), start('b')];
    await leads(a);
    await a.put('one');
    office.revoke();
    expect(a.leadership.part).to.not.equal('leading');
    await leads(b);
    expect([a.acts.at(-1), b.acts]).to.deep.equal(['end', ['begin 2']]);
    await b.put('two');
    await until('a to have read it', () => namesIn(a).includes('two'));
    expect(await reasonOf(a.put('three'))).to.equal('ServiceUnavailable');
    expect(namesIn(b)).to.deep.equal(['one', 'two']);
  });

  it('pauses while it is not certain, and goes on in the same epoch', async () => {
    const a = start('a');
    await leads(a);
    const parts: string[] = [];
    a.leadership.onChange(() => parts.push(a.leadership.part));
    office.trouble = 'ZooKeeper does not answer';
    office.setActing(false);
    // At once, not some time later.
    expect(a.leadership).to.deep.include({ part: 'paused', trouble: 'ZooKeeper does not answer' });
    const refused = await refusedWith(a.put('one'));
    expect(refused.reason).to.equal('ServiceUnavailable');
    expect(refused.message).to.contain('ZooKeeper does not answer');
    await until('acting to end', () => a.acts.at(-1) === 'end');
    office.trouble = undefined;
    office.setActing(true);
    await until('acting again', () => a.acts.length === 3);
    await a.put('two');
    expect(a.acts).to.deep.equal(['begin 1', 'end', 'begin 1']);
    expect(parts).to.deep.equal(['paused', 'leading']);
  });

  it('does not take a moment of certainty for a period, nor a long row of them for a leak', async () => {
    const a = start('a');
    await leads(a);
    office.setActing(false);
    await until('acting to end', () => a.acts.at(-1) === 'end');
    office.setActing(true);
    office.setActing(false);
    for (let turns = 0; turns < 5; turns++) await loopTurn();
    expect(await reasonOf(a.put('one'))).to.equal('ServiceUnavailable');
    expect(a.acts.filter((act) => act === 'end')).to.have.length(a.acts.length / 2);
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const listeners = office.listeners;
    for (let times = 0; times < 50; times++) {
      office.setActing(true);
      await until('acting', () => a.acts.at(-1) !== 'end');
      office.setActing(false);
      await until('the end of acting', () => a.acts.at(-1) === 'end');
    }
    for (let turns = 0; turns < 5; turns++) await loopTurn();
    process.off('warning', onWarning);
    expect(office.listeners).to.equal(listeners);
    expect(warnings).to.deep.equal([]);
  });

  it('answers a write that waits for the journal when the turn ends, even if acting waits for it', async () => {
    const gated = createGatedMedium(storage);
    const a = start('a', gated);
    let outcome: Promise<unknown> = Promise.resolve();
    onAct = async () => {
      outcome = reasonOf(a.put('one'));
      await outcome;
    };
    await until('the write', () => gated.appends.length === 1);
    onAct = () => Promise.resolve();
    office.revoke();
    expect(await outcome).to.equal('Timeout');
    await gated.release();
    await until('the end of acting', () => a.acts.includes('end'));
  });

  it('stands again a second after the journal refused it, and lets others lead meanwhile', async () => {
    const [a, b] = [start('a'), start('b')];
    await leads(a);
    const usurper = createMemoryMedium(storage);
    await usurper.claim();
    expect(await reasonOf(a.put('one'))).to.equal('ServiceUnavailable');
    await leads(b);
    expect(b.acts).to.deep.equal(['begin 3']);
    await b.put('two');
    await b.stop();
    await until('its next turn', () => office.turns === 3);
    for (let turns = 0; turns < 20; turns++) await loopTurn();
    expect(a.acts).to.deep.equal(['begin 1', 'end']);
    await clock.advance(1000);
    await leads(a);
    expect(namesIn(a)).to.deep.equal(['two']);
  });

  it('does not spin when its turns fail, and neither claims nor leads after a turn that ended meanwhile', async () => {
    onAct = (id) => (id === 'a' ? Promise.reject(new Error('it cannot begin')) : Promise.resolve());
    const a = start('a');
    await until('the second turn', () => office.turns === 2);
    for (let turns = 0; turns < 50; turns++) await loopTurn();
    expect([office.turns, a.acts.length, storage.epoch]).to.deep.equal([2, 2, 1]);
    const b = start('b');
    office.revoke();
    await leads(b);
    await clock.advance(5000);
    expect([b.leadership.part, storage.epoch]).to.deep.equal(['leading', 2]);
    await b.put('one');
    await until('a to follow', () => namesIn(a).includes('one'));
  });

  it('hands over what is under way: it is answered, and what comes then is refused', async () => {
    const gated = createGatedMedium(storage);
    const [a, b] = [start('a', gated), start('b')];
    await leads(a);
    const written = a.put('one');
    await until('the write to be sent', () => gated.appends.length === 1);
    const stopped = a.stop();
    await until('its step', () => a.leadership.part === 'following');
    expect(await reasonOf(a.put('two'))).to.equal('ServiceUnavailable');
    await gated.release();
    await written;
    await stopped;
    await leads(b);
    expect(namesIn(b)).to.deep.equal(['one']);
  });

  it('does not wait for ever with a hand-over', async () => {
    const gated = createGatedMedium(storage);
    const a = start('a', gated);
    await leads(a);
    const written = reasonOf(a.put('one'));
    await until('the write to be sent', () => gated.appends.length === 1);
    const stopped = a.stop();
    await until('its step', () => a.leadership.part === 'following');
    await clock.advance(150);
    expect(await written).to.equal('Timeout');
    await gated.release();
    await stopped;
  });

  it('ends with a damaged journal, found at the start or when another turn begins', async () => {
    const a = start('a');
    await leads(a);
    await a.put('one');
    storage.entries.set(2, Buffer.from('no entry'));
    storage.last = storage.acknowledged = 2;
    office.revoke();
    expect(await rejection(a.ended)).to.be.instanceOf(JournalDamaged);
    expect(await rejection(start('b').ended)).to.be.instanceOf(JournalDamaged);
  });

  it('leaves nothing behind after 50 turns of three servers', async () => {
    const three = [start('a'), start('b'), start('c')];
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const count = () => [office.listeners, storage.listeners.size, clock.pendingTimers];
    await until('a leader', () => leader() !== undefined);
    await until('the others to follow', () => storage.listeners.size === 2);
    const first = count();
    for (let turn = 1; turn <= 50; turn++) {
      office.revoke();
      await until('another leader', () => office.turns === turn + 1 && leader() !== undefined);
      await until('it to act', () => leader()?.acts.at(-1) === `begin ${String(turn + 1)}`);
      await leader()?.put(`pod-${String(turn)}`);
    }
    await until('the others to follow', () => storage.listeners.size === 2);
    process.off('warning', onWarning);
    expect(count()).to.deep.equal(first);
    expect(warnings).to.deep.equal([]);
    for (const server of three) await until('all to be read', () => namesIn(server).length === 50);
  });
});

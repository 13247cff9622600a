import { expect } from 'chai';
import { Session, type SessionStatus } from '../../src/zookeeper/session.ts';
import { createLeaseMemory, createLeaseWriter, readLease } from '../../src/zookeeper/lease.ts';
import { ZookeeperRefused, ZookeeperUnavailable } from '../../src/zookeeper/zookeeper.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakeDial } from '../support/fake-dial.ts';
import { rejection } from '../support/rejection.ts';

const timeoutMs = 1200;
const servers = ['a', 'b', 'c'].map((host) => ({ host, port: 2181 }));

function setUp(options: { servers?: typeof servers } = {}) {
  const clock = createFakeClock();
  const fake = createFakeDial();
  const memory = createLeaseMemory();
  const statuses: SessionStatus[] = [];
  let places = 0;
  const session = new Session({
    servers: options.servers ?? servers,
    timeoutMs,
    lastSession: 0,
    clock,
    dial: fake.dial,
    lease: createLeaseWriter(memory),
    // Keeps the order of the servers, and the pauses long.
    random: () => Math.min(1, ++places / 10),
    onStatus: (status) => statuses.push(status),
  });
  return {
    clock,
    fake,
    session,
    statuses,
    states: () => statuses.map(({ state }) => state),
    safeUntil: () => readLease(memory, statuses.at(-1)?.session ?? 0),
  };
}

async function setUpConnected(options: { servers?: typeof servers } = {}) {
  const all = setUp(options);
  await all.clock.advance(0);
  all.fake.last.open();
  all.fake.last.answerWrites();
  return all;
}

describe('session of ZooKeeper', () => {
  describe('beginning', () => {
    it('connects to one server after the other until one grants a session', async () => {
      const { clock, fake, statuses } = setUp();
      await clock.advance(0);
      expect(fake.last.target).to.deep.include({ server: { host: 'a', port: 2181 }, key: undefined, timeoutMs });
      fake.last.events.onClosed('ECONNREFUSED');
      await clock.advance(0);
      fake.last.open();
      expect(statuses.at(-1)).to.deep.include({
        state: 'connected',
        session: 1,
        sessionId: '1',
        server: 'b:2181',
        trouble: '',
      });
      expect(statuses.map(({ trouble }) => trouble)).to.include('a:2181: ECONNREFUSED');
    });

    it('moves on to another server when it is told to, and keeps the session', async () => {
      const { clock, fake, session, statuses } = await setUpConnected();
      const { key } = fake.last.target;
      expect(key).to.equal(undefined);
      session.moveOn('it does not show what it should');
      expect(fake.connections[0]?.isOver).to.equal(true);
      expect(statuses.at(-1)).to.deep.include({ session: 1, server: undefined });
      await clock.advance(0);
      expect(fake.last.target.server.host).to.equal('b');
      fake.last.open();
      expect(statuses.at(-1)).to.deep.include({ state: 'connected', session: 1, server: 'b:2181' });
    });

    it('gives a handshake a third of the timeout', async () => {
      const { clock, fake } = setUp();
      await clock.advance(399);
      expect(fake.connections).to.have.length(1);
      await clock.advance(1);
      expect(fake.connections[0]?.isOver).to.equal(true);
      expect(fake.last.target.server.host).to.equal('b');
    });

    it('counts its safety from when the connection was begun', async () => {
      const { clock, fake, safeUntil } = setUp();
      await clock.advance(100);
      fake.last.open();
      expect(safeUntil()).to.equal((timeoutMs * 2) / 3);
    });

    it('goes on for ever, slowly', async () => {
      const { clock, fake } = setUp();
      for (let second = 0; second < 600; second += 1) {
        if (!fake.connections.at(-1)?.isOver) fake.connections.at(-1)?.events.onClosed('ECONNREFUSED');
        await clock.advance(1000);
      }
      expect(fake.connections.length).to.be.within(500, 1500);
      fake.last.events.onClosed('ECONNREFUSED');
      await clock.advance(1000);
      fake.last.open();
    });
  });

  describe('life', () => {
    it('is suspended after two thirds of the timeout without an answer, counted from sending', async () => {
      const { clock, fake, session, states, safeUntil } = await setUpConnected({ servers: servers.slice(0, 1) });
      await clock.advance(100);
      void session.write([{ kind: 'check', path: '/x' }]);
      await clock.advance(50);
      fake.last.answerWrites();
      expect(safeUntil()).to.equal(100 + 800);
      await clock.advance(749);
      expect(states().at(-1)).to.equal('connected');
      await clock.advance(1);
      expect(states().at(-1)).to.equal('suspended');
      await clock.advance(299);
      expect(states()).not.to.include('lost');
      await clock.advance(101);
      expect(states()).to.include('lost');
      expect(states().at(-1)).to.equal('connecting');
      expect(safeUntil()).to.equal(-Infinity);
    });

    it('is connected again with the first answer of the quorum', async () => {
      const { clock, fake, states } = await setUpConnected({ servers: servers.slice(0, 1) });
      await clock.advance(850);
      expect(states().at(-1)).to.equal('suspended');
      fake.last.open();
      expect(states().at(-1)).to.equal('suspended');
      fake.last.answerWrites();
      expect(states().at(-1)).to.equal('connected');
    });

    it('is not prolonged by reads', async () => {
      const { clock, fake, session, safeUntil } = await setUpConnected();
      const before = safeUntil();
      await clock.advance(50);
      void session.read({ op: 'get', path: '/x' });
      fake.last.reads[0]?.answer();
      expect(safeUntil()).to.equal(before);
    });

    it('asks the quorum every quarter of the timeout, and every twelfth when it has to be safe', async () => {
      const { clock, fake, session } = await setUpConnected();
      await clock.advance(299);
      expect(fake.last.writes).to.have.length(0);
      await clock.advance(1);
      expect(fake.last.writes).to.have.length(1);
      fake.last.answerWrites();
      session.keepSafe(true);
      await clock.advance(100);
      expect(fake.last.writes).to.have.length(1);
      await clock.advance(100);
      expect(fake.last.writes).to.have.length(2);
    });

    it('moves to the next server when one does not answer for a third of the timeout', async () => {
      const { clock, fake, session, statuses } = await setUpConnected();
      const [first] = fake.connections;
      const outcome = session.write([{ kind: 'delete', path: '/x' }]);
      await clock.advance(400);
      expect(first?.isOver).to.equal(true);
      expect((await outcome).kind).to.equal('unknown');
      expect(statuses.at(-1)).to.deep.include({ state: 'connected', server: undefined });
      expect(fake.last.target).to.deep.include({ server: { host: 'b', port: 2181 }, lastSeen: 7n });
      expect(fake.last.target.key).not.to.equal(undefined);
      fake.last.open();
      expect(statuses.at(-1)).to.deep.include({ state: 'connected', session: 1, server: 'b:2181' });
    });

    it('stays with a server that answers slowly, one request after the other', async () => {
      const { clock, fake, session } = await setUpConnected();
      const writes = Array.from({ length: 4 }, () => session.write([{ kind: 'delete', path: '/x' }]));
      for (let answered = 0; answered < 4; answered += 1) {
        await clock.advance(200);
        fake.last.writes[0]?.answer();
      }
      for (const write of writes) expect((await write).kind).to.equal('done');
      expect(fake.connections).to.have.length(1);
    });

    it('is lost when the ensemble says that it expired, and another begins', async () => {
      const { clock, fake, states, statuses } = await setUpConnected();
      fake.last.events.onClosed('ECONNRESET');
      await clock.advance(0);
      fake.last.events.onExpired();
      expect(states().slice(-2)).to.deep.equal(['lost', 'connecting']);
      await clock.advance(200);
      expect(fake.last.target).to.deep.include({ key: undefined, lastSeen: 0n });
      fake.last.open();
      expect(statuses.at(-1)).to.deep.include({ state: 'connected', session: 2, sessionId: '2' });
    });

    it('is taken over and ended before another begins when only our clock says that it is lost', async () => {
      const { clock, fake, statuses } = await setUpConnected({ servers: servers.slice(0, 1) });
      await clock.advance(timeoutMs + 1000);
      const [{ target: first } = { target: undefined }] = fake.connections.slice(1);
      fake.last.open();
      expect(fake.last.target.key).to.equal(first?.key);
      expect(fake.last.endings).to.have.length(1);
      expect(statuses.at(-1)?.state).to.equal('connecting');
      fake.last.endings[0]?.();
      await clock.advance(0);
      expect(fake.last.target.key).to.equal(undefined);
      fake.last.open();
      expect(statuses.at(-1)).to.deep.include({ state: 'connected', session: 2 });
    });

    it('takes a smaller timeout that the ensemble agrees to', async () => {
      const { clock, fake, statuses, safeUntil } = setUp();
      await clock.advance(0);
      fake.last.open(600);
      expect(statuses.at(-1)?.timeoutMs).to.equal(600);
      expect(safeUntil()).to.equal(400);
    });
  });

  describe('requests', () => {
    it('are unsent without a connection, and in another session', async () => {
      const { clock, fake, session } = setUp();
      await clock.advance(0);
      expect((await session.write([{ kind: 'delete', path: '/x' }])).kind).to.equal('unsent');
      fake.last.open();
      fake.last.answerWrites();
      expect((await session.write([{ kind: 'delete', path: '/x' }], 2)).kind).to.equal('unsent');
      expect(fake.last.writes).to.have.length(0);
    });

    it('that read wait for a connection, and are asked again when it breaks', async () => {
      const { clock, fake, session } = setUp();
      const read = session.read({ op: 'exists', path: '/x' });
      await clock.advance(0);
      fake.last.open();
      expect(fake.last.reads).to.have.length(1);
      fake.last.events.onClosed('ECONNRESET');
      await clock.advance(0);
      fake.last.open();
      fake.last.reads[0]?.answer();
      expect(await read).to.equal(undefined);
    });

    it('that read are given up after two thirds of the timeout', async () => {
      const { clock, session } = setUp();
      const read = rejection(session.read({ op: 'exists', path: '/x' }));
      await clock.advance(800);
      expect(await read).to.be.instanceOf(ZookeeperUnavailable);
    });

    it('that read are given up when the session is lost', async () => {
      const { clock, fake, session } = await setUpConnected();
      const read = rejection(session.read({ op: 'exists', path: '/x' }));
      fake.last.events.onClosed('ECONNRESET');
      await clock.advance(0);
      fake.last.events.onExpired();
      expect(await read).to.be.instanceOf(ZookeeperUnavailable);
    });

    it('that read may be refused', async () => {
      const { fake, session } = await setUpConnected();
      const read = rejection(session.read({ op: 'get', path: '/x' }));
      fake.last.reads[0]?.answer({ kind: 'refused', code: 'no-authority', why: 'NO_AUTH' });
      expect(await read)
        .to.be.instanceOf(ZookeeperRefused)
        .with.property('code', 'no-authority');
    });

    it('settle on the connection that there is, by a write that changes nothing', async () => {
      const { clock, fake, session } = await setUpConnected();
      const settled = session.settle();
      fake.last.events.onClosed('ECONNRESET');
      await clock.advance(0);
      fake.last.open();
      const ops = fake.last.writes.flatMap((write) => write.ops.map((op) => op.kind));
      expect(new Set(ops)).to.deep.equal(new Set(['check']));
      fake.last.answerWrites();
      await settled;
    });
  });

  describe('watches', () => {
    it('fire once, on a change', async () => {
      const { fake, session } = await setUpConnected();
      let fired = 0;
      const read = session.read({ op: 'get', path: '/x' }, () => (fired += 1));
      const [sent] = fake.last.reads;
      sent?.answer();
      await read;
      sent?.onChange?.();
      expect(fired).to.equal(1);
      fake.last.events.onClosed('ECONNRESET');
      expect(fired).to.equal(1);
    });

    it('fire when the connection breaks, after the session knows of it', async () => {
      const { fake, session, statuses } = await setUpConnected();
      const seen: (string | undefined)[] = [];
      const read = session.read({ op: 'get', path: '/x' }, () => seen.push(statuses.at(-1)?.server));
      fake.last.reads[0]?.answer();
      await read;
      fake.last.events.onClosed('ECONNRESET');
      expect(seen).to.deep.equal([undefined]);
    });
  });

  describe('end', () => {
    it('is told to the ensemble when it can be reached', async () => {
      const { fake, session, statuses, safeUntil } = await setUpConnected();
      const closed = session.close();
      expect(safeUntil()).to.equal(-Infinity);
      fake.last.endings[0]?.();
      await closed;
      expect(fake.last.isOver).to.equal(true);
      expect(statuses.at(-1)?.state).to.equal('closed');
    });

    it('does not wait for an ensemble that is away', async () => {
      const { clock, fake, session } = await setUpConnected();
      const closed = session.close();
      await clock.advance(400);
      await closed;
      expect(fake.last.isOver).to.equal(true);
      const dialed = fake.connections.length;
      await clock.advance(60_000);
      expect(fake.connections).to.have.length(dialed);
    });

    it('comes to a session whose owner does not answer; another begins when it does', async () => {
      const { clock, fake, session, statuses } = await setUpConnected();
      session.rest('the main thread does not answer');
      await clock.advance(0);
      fake.last.open();
      fake.last.endings[0]?.();
      const dialed = fake.connections.length;
      await clock.advance(60_000);
      expect(fake.connections).to.have.length(dialed);
      session.resume();
      await clock.advance(0);
      fake.last.open();
      expect(statuses.at(-1)).to.deep.include({ state: 'connected', session: 2 });
    });
  });
});

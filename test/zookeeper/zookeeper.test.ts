import { expect } from 'chai';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { parseZookeeperUrl } from '../../src/zookeeper/address.ts';
import { createZookeeper, type ZookeeperOptions } from '../../src/zookeeper/create-zookeeper.ts';
import {
  ZookeeperRefused,
  ZookeeperUnavailable,
  type SessionState,
  type Zookeeper,
} from '../../src/zookeeper/zookeeper.ts';
import { rejection } from '../support/rejection.ts';
import { startEnsemble, type Ensemble } from '../support/zookeeper-ensemble.ts';

const text = (data: Uint8Array | undefined) => data && Buffer.from(data).toString();
const bytes = (content: string) => Buffer.from(content);
const soon = () => AbortSignal.timeout(10_000);

const open: Zookeeper[] = [];

function openSession(url: string, options: Partial<ZookeeperOptions> = {}): Zookeeper {
  const zookeeper = createZookeeper({
    address: parseZookeeperUrl(url),
    sessionTimeoutMs: 4000,
    clock: systemClock,
    log: silentLog,
    ...options,
  });
  open.push(zookeeper);
  return zookeeper;
}

/** Connected, and its path is there. */
async function openReady(url: string, options: Partial<ZookeeperOptions> = {}): Promise<Zookeeper> {
  const zookeeper = openSession(url, options);
  await zookeeper.connected(soon());
  await zookeeper.ensurePath('/');
  return zookeeper;
}

/** Resolves when the session's state, server or number make it true. */
async function until(zookeeper: Zookeeper, isTrue: () => boolean): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const look = () => {
      if (!isTrue()) return;
      stop();
      clearTimeout(timer);
      resolve();
    };
    const stop = zookeeper.onChange(look);
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`it stayed ${zookeeper.state} (${zookeeper.trouble}), session ${zookeeper.session}`));
    }, 15_000);
    look();
  });
}

/** A watch that can be waited for. */
function watch(): { fire: () => void; fired: Promise<void>; count: () => number } {
  let count = 0;
  let resolve: () => void = () => undefined;
  const fired = new Promise<void>((done) => (resolve = done));
  const fire = () => {
    count += 1;
    resolve();
  };
  return { fire, fired, count: () => count };
}

function recordStates(zookeeper: Zookeeper): SessionState[] {
  const states: SessionState[] = [];
  let last = zookeeper.state;
  zookeeper.onChange(() => {
    if (zookeeper.state !== last) states.push(zookeeper.state);
    last = zookeeper.state;
  });
  return states;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((zookeeper) => zookeeper.close()));
});

describe('ZooKeeper: operations on one server', () => {
  let ensemble: Ensemble;
  let paths = 0;
  const url = (credentials?: string) => ensemble.address(`/test-${++paths}`, credentials);

  before(async () => {
    ensemble = await startEnsemble({ servers: 1 });
  });
  after(() => ensemble.destroy());

  it('creates its path and the parents of any other', async () => {
    const zookeeper = openSession(ensemble.address('/deep/er/tepui'));
    await zookeeper.ensurePath('/a/b');
    expect((await zookeeper.exists('/a/b'))?.children).to.equal(0);
    const root = await openReady(ensemble.address('/deep'));
    expect(await root.children('/er/tepui')).to.deep.equal(['a']);
    await zookeeper.ensurePath('/a/b');
  });

  it('writes and reads', async () => {
    const zookeeper = await openReady(url());
    expect(zookeeper.state).to.equal('connected');
    expect(await zookeeper.get('/x')).to.equal(undefined);
    expect(await zookeeper.children('/x')).to.equal(undefined);
    expect(await zookeeper.exists('/x')).to.equal(undefined);
    const outcome = await zookeeper.write([
      { kind: 'create', path: '/x', data: bytes('one') },
      { kind: 'create', path: '/x/c-', data: bytes(''), sequential: true },
      { kind: 'set', path: '/x', data: bytes('two') },
      { kind: 'create', path: '/e-', data: bytes('mine'), ephemeral: true, sequential: true },
    ]);
    expect(outcome).to.deep.equal({ kind: 'done', paths: ['/x', '/x/c-0000000000', '', '/e-0000000001'] });
    const znode = await zookeeper.get('/x');
    expect(text(znode?.data)).to.equal('two');
    expect(znode?.stat).to.deep.include({ version: 1, owner: '0', dataLength: 3, children: 1 });
    expect((await zookeeper.exists('/e-0000000001'))?.owner).to.equal(zookeeper.sessionId);
    expect(await zookeeper.children('/x')).to.deep.equal(['c-0000000000']);
  });

  it('refuses a transaction as a whole and says which operation it was', async () => {
    const zookeeper = await openReady(url());
    await zookeeper.write([{ kind: 'create', path: '/x', data: bytes('1') }]);
    await zookeeper.write([{ kind: 'set', path: '/x', data: bytes('2') }]);
    const create = { kind: 'create', path: '/new', data: bytes('') } as const;
    const codeOf = async (op: Parameters<Zookeeper['write']>[0][number]) => zookeeper.write([create, op]);
    expect(await codeOf({ kind: 'check', path: '/nix' })).to.deep.equal({ kind: 'refused', code: 'no-node', op: 1 });
    expect(await codeOf({ kind: 'set', path: '/x', data: bytes(''), version: 7 })).to.include({ code: 'bad-version' });
    expect(await codeOf({ kind: 'create', path: '/x', data: bytes('') })).to.include({ code: 'node-exists' });
    expect(await codeOf({ kind: 'delete', path: '/' })).to.include({ code: 'not-empty', op: 1 });
    expect(await codeOf({ kind: 'check', path: '/x', version: 0 })).to.include({ code: 'invalid', op: 1 });
    expect(await codeOf({ kind: 'check', path: 'x' })).to.include({ code: 'invalid', op: 1 });
    expect(await zookeeper.exists('/new')).to.equal(undefined);
    expect(await codeOf({ kind: 'check', path: '/x', version: 1 })).to.include({ kind: 'done' });
  });

  it('carries large contents, and refuses what the ensemble would not take', async () => {
    const zookeeper = await openReady(url());
    const pool = Buffer.alloc(3_000_000, 'p');
    const large = pool.subarray(1_000_000, 2_000_000);
    await zookeeper.write([{ kind: 'create', path: '/large', data: large }]);
    expect(pool.length).to.equal(3_000_000);
    const read = await zookeeper.get('/large');
    expect(Buffer.compare(read?.data ?? bytes(''), large)).to.equal(0);
    const tooLarge = { kind: 'set', path: '/large', data: pool.subarray(0, 1024 * 1024) } as const;
    expect(await zookeeper.write([tooLarge])).to.deep.equal({ kind: 'refused', code: 'invalid', op: 0 });
    expect(zookeeper.session).to.equal(1);
  });

  it('does writes in the order in which they were called, a thousand under way', async () => {
    const zookeeper = await openReady(url());
    await zookeeper.write([{ kind: 'create', path: '/n', data: bytes('0') }]);
    const writes = Array.from({ length: 1000 }, (_, index) =>
      zookeeper.write([
        { kind: 'set', path: '/n', data: bytes(String(index + 1)), ...(index > 0 && { version: index }) },
      ]),
    );
    for (const outcome of await Promise.all(writes)) expect(outcome.kind).to.equal('done');
    expect(text((await zookeeper.get('/n'))?.data)).to.equal('1000');
  });

  it('keeps what is created with credentials from everybody else', async () => {
    const place = url();
    const owner = await openReady(place.replace('zk://', 'zk://tepui:secret@'));
    await owner.write([{ kind: 'create', path: '/x', data: bytes('mine') }]);
    const same = await openReady(place.replace('zk://', 'zk://tepui:secret@'));
    expect(text((await same.get('/x'))?.data)).to.equal('mine');
    const other = openSession(place);
    const error = await rejection(other.get('/x'));
    expect(error).to.be.instanceOf(ZookeeperRefused).with.property('code', 'no-authority');
    expect(await other.write([{ kind: 'set', path: '/x', data: bytes('') }])).to.deep.equal({
      kind: 'refused',
      code: 'no-authority',
      op: 0,
    });
    expect(owner.description).not.to.include('secret');
  });

  it('fires watches once, on a change', async () => {
    const zookeeper = await openReady(url());
    const other = await openReady(zookeeper.description);
    const [content, presence, names, coming] = [watch(), watch(), watch(), watch()];
    await zookeeper.write([{ kind: 'create', path: '/x', data: bytes('1') }]);
    await zookeeper.get('/x', content.fire);
    await zookeeper.exists('/y', presence.fire);
    await zookeeper.children('/', names.fire);
    await zookeeper.get('/z', coming.fire);
    await other.write([{ kind: 'set', path: '/x', data: bytes('2') }]);
    await content.fired;
    await other.write([
      { kind: 'create', path: '/y', data: bytes('') },
      { kind: 'create', path: '/z', data: bytes('') },
    ]);
    await Promise.all([presence.fired, names.fired, coming.fired]);
    await other.write([
      { kind: 'set', path: '/x', data: bytes('3') },
      { kind: 'delete', path: '/y' },
    ]);
    await zookeeper.settle();
    expect([content, presence, names, coming].map((each) => each.count())).to.deep.equal([1, 1, 1, 1]);
  });

  it('ends a session at once, with what was ephemeral in it', async () => {
    const zookeeper = await openReady(url());
    const other = await openReady(zookeeper.description);
    await zookeeper.write([{ kind: 'create', path: '/mine', data: bytes(''), ephemeral: true }]);
    const gone = watch();
    await other.exists('/mine', gone.fire);
    const startedMs = performance.now();
    await zookeeper.close();
    await gone.fired;
    expect(performance.now() - startedMs).to.be.lessThan(1000);
    expect(await other.exists('/mine')).to.equal(undefined);
    expect(zookeeper.safeUntilMs).to.equal(-Infinity);
    expect((await zookeeper.write([{ kind: 'delete', path: '/x' }])).kind).to.equal('unsent');
    expect(await rejection(zookeeper.get('/x'))).to.be.instanceOf(ZookeeperUnavailable);
  });

  it('is safe for two thirds of the timeout after sending, and no longer', async () => {
    const zookeeper = await openReady(url());
    const safeForMs = (zookeeper.timeoutMs * 2) / 3;
    zookeeper.keepSafe(true);
    for (let round = 0; round < 20; round += 1) {
      const sentMs = systemClock.monotonicMs();
      await zookeeper.settle();
      const answeredMs = systemClock.monotonicMs();
      // Heartbeats prolong it too; never beyond two thirds from now, and at least so far after this one was sent.
      expect(zookeeper.safeUntilMs).to.be.within(sentMs + safeForMs - 1, answeredMs + safeForMs);
    }
  });

  it('keeps its session while the event loop is busy for two timeouts', async () => {
    const zookeeper = await openReady(url(), { sessionTimeoutMs: 1500 });
    const other = await openReady(zookeeper.description);
    await zookeeper.write([{ kind: 'create', path: '/mine', data: bytes(''), ephemeral: true }]);
    const states = recordStates(zookeeper);
    zookeeper.keepSafe(true);
    const endMs = performance.now() + 2 * zookeeper.timeoutMs;
    let least = Infinity;
    while (performance.now() < endMs) least = Math.min(least, zookeeper.safeUntilMs - performance.now());
    expect(least).to.be.greaterThan(0);
    await zookeeper.settle();
    expect((await other.exists('/mine'))?.owner).to.equal(zookeeper.sessionId);
    expect(zookeeper.session).to.equal(1);
    expect(states).to.deep.equal([]);
  });

  it('loses its session when the main thread does not answer for too long, and takes another then', async () => {
    const zookeeper = await openReady(url(), { patienceMs: 600 });
    const endMs = performance.now() + 1500;
    while (performance.now() < endMs) zookeeper.safeUntilMs.toFixed();
    expect(zookeeper.safeUntilMs).to.equal(-Infinity);
    await until(zookeeper, () => zookeeper.session === 2 && zookeeper.state === 'connected');
  });

  it('waits for a server that comes later', async () => {
    const [server] = ensemble.servers;
    await server!.kill();
    const zookeeper = openSession(url(), { sessionTimeoutMs: 1500 });
    const reading = rejection(zookeeper.get('/x'));
    expect((await zookeeper.write([{ kind: 'delete', path: '/x' }])).kind).to.equal('unsent');
    expect(await reading).to.be.instanceOf(ZookeeperUnavailable);
    expect(zookeeper.trouble).to.match(/127\.0\.0\.1:\d+: /);
    const aborted = await rejection(zookeeper.connected(AbortSignal.timeout(50)));
    expect(aborted).to.have.property('name', 'TimeoutError');
    await server!.restart();
    await zookeeper.connected(soon());
    await zookeeper.ensurePath('/');
  });
});

describe('ZooKeeper: an ensemble of three', () => {
  let ensemble: Ensemble;
  let paths = 0;

  before(async function () {
    this.timeout(40_000);
    ensemble = await startEnsemble({ servers: 3 });
  });
  after(() => ensemble.destroy());

  const url = () => ensemble.address(`/three-${++paths}`);
  const serverOf = (zookeeper: Zookeeper) =>
    ensemble.servers.find(({ address }) => zookeeper.server === `${address.host}:${address.port}`)!;

  it('keeps a session when its server is killed, and fires its watches', async () => {
    const zookeeper = await openReady(url());
    await zookeeper.write([{ kind: 'create', path: '/mine', data: bytes(''), ephemeral: true }]);
    const watched = watch();
    await zookeeper.get('/mine', watched.fire);
    const server = serverOf(zookeeper);
    const { sessionId } = zookeeper;
    await server.kill();
    await watched.fired;
    await until(zookeeper, () => zookeeper.server !== undefined && zookeeper.state === 'connected');
    await zookeeper.settle();
    expect((await zookeeper.get('/mine'))?.stat.owner).to.equal(sessionId);
    expect(zookeeper).to.include({ session: 1, sessionId });
    await server.restart();
  });

  it('keeps a session when its server is frozen; what was in doubt is decided by then', async () => {
    const zookeeper = await openReady(url());
    await zookeeper.write([{ kind: 'create', path: '/x', data: bytes('before') }]);
    zookeeper.keepSafe(true);
    const server = serverOf(zookeeper);
    server.freeze();
    const doubt = zookeeper.write([{ kind: 'set', path: '/x', data: bytes('doubt') }]);
    expect((await doubt).kind).to.equal('unknown');
    await until(zookeeper, () => zookeeper.server !== undefined && serverOf(zookeeper) !== server);
    await zookeeper.settle();
    const settled = text((await zookeeper.get('/x'))?.data);
    server.thaw();
    await server.serving();
    await zookeeper.settle();
    expect(text((await zookeeper.get('/x'))?.data)).to.equal(settled);
    expect(zookeeper.session).to.equal(1);
  });

  it('loses its session when all servers are frozen, and finds another by itself', async () => {
    const zookeeper = await openReady(url(), { sessionTimeoutMs: 1500 });
    await zookeeper.write([{ kind: 'create', path: '/x', data: bytes('before') }]);
    await zookeeper.write([{ kind: 'create', path: '/mine', data: bytes(''), ephemeral: true }]);
    const states = recordStates(zookeeper);
    ensemble.freezeAll();
    const doubt = zookeeper.write([{ kind: 'set', path: '/x', data: bytes('doubt') }]);
    expect((await doubt).kind).to.equal('unknown');
    await until(zookeeper, () => states.includes('lost'));
    expect(states.slice(0, 2)).to.deep.equal(['suspended', 'lost']);
    expect(zookeeper.safeUntilMs).to.equal(-Infinity);
    ensemble.thawAll();
    await until(zookeeper, () => zookeeper.session === 2 && zookeeper.state === 'connected');
    await zookeeper.settle();
    const settled = text((await zookeeper.get('/x'))?.data);
    // The old session was ended first.
    expect(await zookeeper.exists('/mine')).to.equal(undefined);
    await Promise.all(ensemble.servers.map((server) => server.serving()));
    await zookeeper.settle();
    expect(text((await zookeeper.get('/x'))?.data)).to.equal(settled);
    expect((await zookeeper.write([{ kind: 'check', path: '/x' }], 1)).kind).to.equal('unsent');
    expect((await zookeeper.write([{ kind: 'check', path: '/x' }], 2)).kind).to.equal('done');
  });
});

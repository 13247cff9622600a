// The election over real ZooKeeper: hand-overs, leaders that vanish, an ensemble that stands still; never two that act.
import { expect } from 'chai';
import { systemClock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import type { Turn } from '../../../src/store/election.ts';
import { createZookeeperElection } from '../../../src/store/elections/zookeeper.ts';
import { parseZookeeperUrl } from '../../../src/zookeeper/address.ts';
import { createZookeeper } from '../../../src/zookeeper/create-zookeeper.ts';
import type { Zookeeper } from '../../../src/zookeeper/zookeeper.ts';
import { describeElection } from '../../conformance/election.ts';
import { serverFacts, stand, type Candidate } from '../../support/candidate.ts';
import { eventually } from '../../support/eventually.ts';
import { openRelay, type TcpRelay } from '../../support/tcp-relay.ts';
import { startEnsemble, type Ensemble } from '../../support/zookeeper-ensemble.ts';

const sessionTimeoutMs = 2000;

interface Server {
  readonly id: string;
  readonly candidate: Candidate;
  readonly zookeeper: Zookeeper;
  readonly relay: TcpRelay;
}

describe('the election over a real ensemble', function () {
  this.timeout(90_000);
  let ensemble: Ensemble;
  let paths = 0;
  let servers: Server[] = [];
  let epoch = 0;
  let sampler: Sampler;

  before(async () => (ensemble = await startEnsemble({ servers: 3 })));
  after(() => ensemble.destroy());

  const open = (path: string, port?: number) => {
    const url = port === undefined ? ensemble.address(path) : `zk://127.0.0.1:${String(port)}${path}`;
    const address = parseZookeeperUrl(url);
    return createZookeeper({ address, sessionTimeoutMs, clock: systemClock, log: silentLog });
  };

  describeElection('ZooKeeper', () => {
    const zookeeper = open(`/conformance-${String(++paths)}`);
    return Promise.resolve({
      election: createZookeeperElection({
        ...{ zookeeper, self: serverFacts('one') },
        ...{ clock: systemClock, log: silentLog },
      }),
      remove: () => zookeeper.close(),
    });
  });

  const start = async (id: string) => {
    const relay = await openRelay(ensemble.servers[servers.length]!.address);
    const zookeeper = open(`/election-${String(paths)}`, relay.port);
    const parts = { zookeeper, self: serverFacts(id), clock: systemClock, log: silentLog };
    const candidate = stand(createZookeeperElection(parts), () => ++epoch);
    const server = { id, candidate, zookeeper, relay };
    servers.push(server);
    return server;
  };
  const turnOf = ({ id, candidate }: Server) => eventually(`a turn of ${id}`, () => candidate.turn, 30_000);
  const knows = ({ candidate: { election } }: Server, id: string) =>
    eventually(`${id} to be known`, () => election.leader?.server.id === id, 30_000);
  const inLine = (server: Server, count: number) =>
    eventually('the line', async () => (await server.zookeeper.children('/election'))?.length === count);

  describe('of three servers', () => {
    let one: Server, two: Server, three: Server;

    beforeEach(async () => {
      paths++;
      servers = [];
      one = await start('one');
      await knows(one, 'one');
      two = await start('two');
      await inLine(one, 2);
      three = await start('three');
      await inLine(one, 3);
      sampler = startSampler(servers.map(({ candidate }) => candidate));
    });
    afterEach(async () => {
      sampler.stop();
      servers.forEach(({ relay }) => relay.thaw());
      await Promise.all(servers.map(({ candidate }) => candidate.stop()));
      await Promise.all(servers.map(({ zookeeper }) => zookeeper.close()));
      await Promise.all(servers.map(({ relay }) => relay.close()));
    });

    it('hands over at once, to the next in line', async () => {
      await turnOf(one);
      const startMs = performance.now();
      await one.candidate.handOver();
      await turnOf(two);
      const tookMs = performance.now() - startMs;
      for (const server of servers) await knows(server, 'two');
      expect(tookMs, 'a hand-over must not wait for a session to expire').to.be.below(sessionTimeoutMs / 4);
      expect([three.candidate.turns, sampler.most]).to.deep.equal([0, 1]);
    });

    for (const how of ['freeze', 'cut'] as const) {
      it(`goes on without a leader whose connection is ${how === 'cut' ? 'cut' : 'frozen'}, and takes it back`, async () => {
        const turn = await turnOf(one);
        const stopped = lastActing(turn);
        one.relay[how]();
        const stoppedMs = await stopped;
        const next = await turnOf(two);
        await eventually('two to act', () => next.isActing());
        expect(stoppedMs).to.be.below(performance.now());
        await eventually('the turn to end', () => turn.ended.aborted);
        one.relay.thaw();
        await knows(one, 'two');
        await inLine(two, 3);
        expect([one.candidate.turns, sampler.most]).to.deep.equal([1, 1]);
      });
    }

    it('never lets two act, whenever a frozen leader comes back', async () => {
      const moments = {
        'it has stopped acting': (turn: Turn) => !turn.isActing(),
        'its turn has ended': (turn: Turn) => turn.ended.aborted,
        'another acts': (turn: Turn) => !turn.isActing() && sampler.now() === 1,
      };
      const actingOne = () => servers.find(({ candidate: { turn } }) => turn?.isActing());
      for (const [moment, isThen] of [...Object.entries(moments), ...Object.entries(moments)]) {
        const { candidate, relay } = await eventually('a leader', actingOne, 30_000);
        const turn = candidate.turn!;
        relay.freeze();
        await eventually(moment, () => isThen(turn), 30_000);
        relay.thaw();
      }
      await eventually('a leader', actingOne, 30_000);
      expect(sampler.most).to.equal(1);
    });

    it('lets nobody act while the ensemble stands still, and goes on by itself', async () => {
      const turn = await turnOf(one);
      const stopped = lastActing(turn);
      const frozenMs = performance.now();
      ensemble.freezeAll();
      try {
        const stoppedMs = await stopped;
        expect(stoppedMs - frozenMs, 'it must stop before its session can expire').to.be.below(sessionTimeoutMs);
        await eventually('the turn to end', () => turn.ended.aborted);
        expect(one.candidate.election.trouble).to.be.a('string').and.not.equal('');
        expect(sampler.now()).to.equal(0);
      } finally {
        ensemble.thawAll();
      }
      const leader = await eventually(
        'a leader',
        () => servers.find(({ candidate }) => candidate.turn?.isActing()),
        30_000,
      );
      for (const server of servers) await knows(server, leader.id);
      await inLine(leader, 3);
      expect(sampler.most).to.equal(1);
      expect(servers.map(({ candidate }) => candidate.election.trouble)).to.deep.equal([
        undefined,
        undefined,
        undefined,
      ]);
    });
  });
});

/** When it stopped acting for the first time, as it is told. */
function lastActing(turn: Turn): Promise<number> {
  return new Promise((resolve) => {
    turn.onActing((isActing) => {
      if (!isActing) resolve(performance.now());
    });
  });
}

interface Sampler {
  /** How many acted at one moment, at most. */
  readonly most: number;
  now(): number;
  stop(): void;
}

/** Asks all of them at one moment, again and again: in one process that is exact. */
function startSampler(candidates: readonly Candidate[]): Sampler {
  let most = 0;
  const now = () => candidates.filter(({ isActing }) => isActing).length;
  const timer = setInterval(() => (most = Math.max(most, now())), 1);
  return {
    get most() {
      return most;
    },
    now,
    stop: () => clearInterval(timer),
  };
}

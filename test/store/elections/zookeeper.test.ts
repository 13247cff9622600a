// The election over an ensemble in memory: the line, what it leaves in ZooKeeper, and answers that do not come.
import { expect } from 'chai';
import { systemClock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { createZookeeperElection } from '../../../src/store/elections/zookeeper.ts';
import type { WriteOp } from '../../../src/zookeeper/zookeeper.ts';
import { describeElection } from '../../conformance/election.ts';
import { serverFacts, stand, type Candidate } from '../../support/candidate.ts';
import { eventually } from '../../support/eventually.ts';
import { createFakeEnsemble, type FakeEnsemble, type FakeZookeeper } from '../../support/fake-zookeeper.ts';

const electionOf = (zookeeper: FakeZookeeper, id: string) =>
  createZookeeperElection({ zookeeper, self: serverFacts(id), clock: systemClock, log: silentLog });

describeElection('ZooKeeper, in memory', () =>
  Promise.resolve({
    election: electionOf(createFakeEnsemble().connect(), 'one'),
    remove: () => Promise.resolve(),
  }),
);

interface Server extends Candidate {
  readonly zookeeper: FakeZookeeper;
}

describe('the election through ZooKeeper', () => {
  let ensemble: FakeEnsemble;
  let servers: Server[];
  let epoch: number;

  beforeEach(() => {
    ensemble = createFakeEnsemble();
    servers = [];
    epoch = 0;
  });
  afterEach(async () => {
    for (const server of servers) if (server.zookeeper.state !== 'connected') server.zookeeper.reconnect();
    await Promise.all(servers.map((server) => server.stop()));
  });

  const start = (id: string, prepare: (zookeeper: FakeZookeeper) => void = () => undefined) => {
    const zookeeper = ensemble.connect();
    prepare(zookeeper);
    const candidate = stand(electionOf(zookeeper, id), () => ++epoch);
    // The getters of the candidate have to stay alive.
    const server = Object.create(candidate, { zookeeper: { value: zookeeper } }) as Server;
    servers.push(server);
    return server;
  };
  const paths = (prefix: string) => [...ensemble.nodes.keys()].filter((path) => path.startsWith(prefix)).sort();
  const candidates = () => paths('/election/candidate-');
  const infos = () => paths('/json.info_');
  const contentOf = (path: string) => JSON.parse(Buffer.from(ensemble.nodes.get(path)!.data).toString()) as unknown;
  const leading = (server: Server) => eventually('a turn', () => server.turn);
  const known = (server: Server, id: string) =>
    eventually(`${id} to be known as the leader`, () => server.election.leader?.server.id === id);
  const inLine = (count: number) => eventually('the line', () => candidates().length === count);

  /** One, who leads, then two, then three. */
  const startThree = async () => {
    const one = start('one');
    await known(one, 'one');
    const two = start('two');
    await inLine(2);
    const three = start('three');
    await inLine(3);
    return [one, two, three] as const;
  };

  it('lets servers lead in the order in which they came', async () => {
    const [one, two, three] = await startThree();
    for (const server of servers) await known(server, 'one');
    await one.handOver();
    await leading(two);
    for (const server of servers) await known(server, 'two');
    await two.handOver();
    await leading(three);
    await known(one, 'three');
    expect(three.election.members.map(({ id }) => id)).to.deep.equal(['one', 'three', 'two']);
    expect([one.turns, two.turns, three.turns]).to.deep.equal([1, 1, 1]);
  });

  it('leaves the znodes that others and the detectors of Mesos look for', async () => {
    const one = start('one');
    await known(one, 'one');
    expect(contentOf('/leader')).to.deep.equal({ epoch: 1, server: serverFacts('one') });
    expect(infos()).to.have.length(1);
    expect(contentOf(infos()[0]!)).to.deep.equal({
      address: { hostname: '127.0.0.1', ip: '127.0.0.1', port: 5050 },
      capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, { type: 'QUOTA_V2' }],
      hostname: '127.0.0.1',
      id: 'one',
      ip: 16777343,
      pid: 'master@127.0.0.1:5050',
      port: 5050,
      version: '1.11.0',
    });
    for (const path of ['/leader', infos()[0]!, candidates()[0]!, '/servers/one']) {
      expect(ensemble.nodes.get(path)?.owner).to.equal(one.zookeeper.sessionId);
    }
  });

  it('hands over in one transaction', async () => {
    const [one, two] = await startThree();
    const leaving = [candidates()[0], '/leader', infos()[0]];
    await one.handOver();
    await leading(two);
    const deletes = one.zookeeper.writes.filter((ops) => ops.some(({ kind }) => kind === 'delete'));
    expect(deletes.map((ops) => ops.map(({ path }) => path))).to.deep.equal([leaving]);
    await eventually('its new place', () => candidates().length === 3);
    expect(infos()).to.have.length(1);
  });

  it('leaves nothing behind when it stops', async () => {
    const one = start('one');
    await known(one, 'one');
    await one.stop();
    expect([...candidates(), ...infos(), ...paths('/servers/'), ...paths('/leader')]).to.deep.equal([]);
  });

  it('wakes only the next in line', async () => {
    const [one, , three] = await startThree();
    const before = three.zookeeper.writes.length;
    await one.handOver();
    await known(three, 'two');
    expect([three.turns, three.zookeeper.writes.length]).to.deep.equal([0, before]);
  });

  const standing = (ops: readonly WriteOp[]) => ops.some((op) => op.kind === 'create' && op.sequential);
  for (const fault of ['unknown-done', 'unknown-lost', 'unsent', 'refused'] as const) {
    it(`stands exactly once when the answer is ${fault}`, async () => {
      let isFirst = true;
      const one = start('one', (zookeeper) => {
        zookeeper.fault = (ops) => {
          if (!standing(ops) || !isFirst || ops.length > 1) return undefined;
          isFirst = false;
          return fault;
        };
      });
      await known(one, 'one');
      expect([isFirst, candidates().length]).to.deep.equal([false, 1]);
    });

    it(`announces exactly once when the answer is ${fault}`, async () => {
      let isFirst = true;
      const one = start('one', (zookeeper) => {
        zookeeper.fault = (ops) => {
          if (ops[1]?.path !== '/leader' || ops[0]?.kind !== 'check' || !isFirst) return undefined;
          isFirst = false;
          return fault;
        };
      });
      await known(one, 'one');
      await leading(one);
      expect([isFirst, infos().length]).to.deep.equal([false, 1]);
      await eventually('the announcement', () => one.election.leader);
      const two = start('two');
      await inLine(2);
      await one.handOver();
      await known(one, 'two');
      expect([two.turns, infos().length]).to.deep.equal([1, 1]);
    });

    it(`gives its place up when the answer is ${fault}`, async () => {
      const [one, two] = await startThree();
      let isFirst = true;
      one.zookeeper.fault = (ops) => {
        if (ops.length !== 3 || ops[0]?.kind !== 'delete' || !isFirst) return undefined;
        isFirst = false;
        return fault;
      };
      await one.handOver();
      await leading(two);
      await known(one, 'two');
      await inLine(3);
      expect([isFirst, infos().length]).to.deep.equal([false, 1]);
    });
  }

  it('ends a turn with the session, and stands at the end of the line in the next one', async () => {
    const [one, two] = await startThree();
    const turn = await leading(one);
    one.zookeeper.expire();
    expect([turn.isActing(), turn.ended.aborted, one.election.leader]).to.deep.equal([false, true, undefined]);
    expect(one.election.trouble).to.match(/the test said so/);
    await leading(two);
    one.zookeeper.reconnect();
    await inLine(3);
    await known(one, 'two');
    expect(one.turns).to.equal(1);
  });

  it('pauses a turn while the ensemble cannot be asked, and goes on with it', async () => {
    const one = start('one');
    const turn = await leading(one);
    await known(one, 'one');
    const told: boolean[] = [];
    turn.onActing((isActing) => told.push(isActing));
    one.zookeeper.disconnect();
    expect([turn.isActing(), turn.ended.aborted, one.election.leader]).to.deep.equal([false, false, undefined]);
    one.zookeeper.reconnect();
    expect([turn.isActing(), turn.ended.aborted, told]).to.deep.equal([true, false, [false, true]]);
    await known(one, 'one');
    expect(one.turns).to.equal(1);
  });

  it('ends a turn whose candidate was removed by hand, before the next one begins', async () => {
    const [one, two] = await startThree();
    const turn = await leading(one);
    const zookeeper = ensemble.connect();
    await zookeeper.write([{ kind: 'delete', path: candidates()[0]! }]);
    await leading(two);
    expect([turn.ended.aborted, turn.isActing()]).to.deep.equal([true, false]);
    await known(one, 'two');
    await inLine(3);
    expect(infos()).to.have.length(1);
  });

  it('waits for the leader who lost its place to take notice', async () => {
    const [one, two] = await startThree();
    one.zookeeper.disconnect();
    await ensemble.connect().write([{ kind: 'delete', path: candidates()[0]! }]);
    // Two looks at the line sooner than all this takes.
    start('four');
    await inLine(3);
    await known(start('five'), 'one');
    expect(two.turn).to.equal(undefined);
    one.zookeeper.reconnect();
    await leading(two);
  });

  it('takes over from a znode of a leader that nobody owns', async () => {
    const data = Buffer.from('restored by hand');
    await ensemble.connect().write([{ kind: 'create', path: '/leader', data }]);
    await known(start('one'), 'one');
  });

  it('replaces the entry of its former process among the servers', async () => {
    const former = ensemble.connect();
    await former.ensurePath('/servers');
    const data = Buffer.from(JSON.stringify({ ...serverFacts('one'), api: 'old:1', sequence: 1, revision: 1 }));
    await former.write([{ kind: 'create', path: '/servers/one', data, ephemeral: true }]);
    const one = start('one');
    await eventually('its new address', () => one.election.members[0]?.api === serverFacts('one').api);
  });

  it('reports at most once a second, the newest position, and nothing that is known', async () => {
    const one = start('one');
    await eventually('the member', () => one.election.members.length === 1);
    const reports = () => one.zookeeper.writes.filter((ops) => ops[0]?.kind === 'set').length;
    for (let revision = 1; revision <= 50; revision++) {
      one.election.report({ sequence: revision, revision });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually('the report', () => one.election.members[0]?.revision === 50);
    one.election.report({ sequence: 50, revision: 50 });
    expect(reports()).to.equal(1);
  });
});

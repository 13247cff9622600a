// Agents and several servers over real gRPC: how agents find the leader, and what they and their containers notice of a change.
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Node, Pod } from '../../src/api/types.gen.ts';
import { createAsyncQueue } from '../../src/lib/async-queue.ts';
import { silentLog, type Log } from '../../src/lib/log.ts';
import { dialAgentGateway } from '../../src/rpc/agent-gateway-channel.ts';
import type { AgentMessage, ServerMessage } from '../../src/rpc/agent-protocol.ts';
import { createAgentCluster, type AgentCluster, type StartedServer } from '../support/agent-cluster.ts';
import { testAuthority, testClientIdentity } from '../support/authority.ts';
import { createBreakableLink, type BreakableLink } from '../support/breakable-link.ts';
import { eventually } from '../support/eventually.ts';
import { testNode, testPod } from '../support/pods.ts';
import { rejection } from '../support/rejection.ts';

describe('agents and a change of leader', () => {
  let cluster: AgentCluster;
  let link: BreakableLink | undefined;
  beforeEach(async () => {
    cluster = await createAgentCluster();
  });
  afterEach(async () => {
    await cluster.close();
    await link?.close();
    link = undefined;
  });

  const pod = (name: string) => cluster.api.object<Pod>('pods', name);
  const phaseIs = (name: string, phase: string) => () => pod(name)?.status?.phase === phase;
  const statusWrites = (name: string) => cluster.api.writes.filter((line) => line === `update pods/${name} status`);
  const servers = async (count: number) => {
    const all: StartedServer[] = [];
    for (let index = 0; index < count; index += 1) all.push(await cluster.startServer());
    return all as [StartedServer, StartedServer, StartedServer];
  };
  const addresses = (all: readonly StartedServer[]) => all.map(({ address }) => address);

  it('moves to the next leader when the leader vanishes; containers notice nothing, news arrives once', async () => {
    const [first, second, third] = await servers(3);
    first.begin({ epoch: 1 });
    cluster.api.put('pods', testPod('stays'));
    cluster.api.put('pods', testPod('ends', { restartPolicy: 'Never' }));
    await cluster.startAgent({ servers: addresses([first, second, third]) });
    await cluster.api.until(() => phaseIs('stays', 'Running')() && phaseIs('ends', 'Running')());
    const before = cluster.host.running().find(({ key }) => key.podUid === 'uid-stays');
    cluster.host.journal.length = 0;
    await first.stop();
    const ending = cluster.host.running().find(({ key }) => key.podUid === 'uid-ends')!;
    cluster.host.exit('web', 7, 'Error', ending.key.podUid);
    await eventually('agents to wait', () => second.waiting() === 1 && third.waiting() === 1);
    const writes = statusWrites('ends').length;
    third.begin({ epoch: 2 });
    await cluster.api.until(phaseIs('ends', 'Failed'));
    await eventually('the agent to be let in', () => second.waiting() === 0);
    cluster.api.put('pods', testPod('new'));
    await cluster.api.until(phaseIs('new', 'Running'));
    expect(statusWrites('ends')).to.have.length(writes + 1);
    expect(cluster.host.running().find(({ key }) => key.podUid === 'uid-stays')).to.equal(before);
    expect(cluster.host.journal.filter((line) => /^(signal|destroy)/.test(line))).to.deep.equal([]);
    expect(cluster.api.object<Node>('nodes', 'n')?.metadata.uid).to.equal('uid-n');
  });

  it('tells a status again that was written but not acknowledged, and it is written once', async () => {
    const [first, second] = await servers(2);
    let mayAct = true;
    first.begin({ isActing: () => mayAct });
    cluster.api.put('pods', testPod('web', { restartPolicy: 'Never' }));
    await cluster.startAgent({ servers: addresses([first, second]) });
    await cluster.api.until(phaseIs('web', 'Running'));
    const ended = cluster.api.until(() => {
      // In the moment of the write, and so before its acknowledgement.
      mayAct = !phaseIs('web', 'Succeeded')();
      return !mayAct;
    });
    cluster.host.exit('web', 0);
    await ended;
    await eventually('agents to wait', () => second.waiting() === 1);
    const writes = statusWrites('web').length;
    second.begin({ epoch: 2 });
    cluster.api.put('pods', testPod('new'));
    await cluster.api.until(phaseIs('new', 'Running'));
    expect(statusWrites('web')).to.have.length(writes);
  });

  it('learns from a follower where the leader is, and remembers it', async () => {
    const [leader, follower] = await servers(2);
    leader.begin({ epoch: 5 });
    follower.moved([leader.address, follower.address]);
    let registrations = 0;
    const onRegistered = () => void (registrations += 1);
    const agent = await cluster.startAgent({ servers: [leader.address], onRegistered });
    await eventually('a registration', () => registrations === 1);
    await agent.stop();
    const again = await cluster.startAgent({ servers: [follower.address], onRegistered });
    await eventually('a registration', () => registrations === 2);
    await again.stop();
    const saved = JSON.parse(await readFile(`${cluster.folder}/n/servers.json`, 'utf8')) as object;
    expect(saved).to.deep.equal({ epoch: 5, gateways: [leader.address, follower.address] });
  });

  it('finds a leader that it never heard of through a follower', async () => {
    const [leader, follower, former] = await servers(3);
    const joining = former.begin({ epoch: 1 });
    await cluster.startAgent({ servers: addresses([follower, former]) });
    await former.registered('n');
    await joining.stop();
    await eventually('agents to wait', () => follower.waiting() === 1);
    leader.begin({ epoch: 2 });
    follower.moved([leader.address]);
    await leader.registered('n');
    await eventually('the agent to be let in', () => follower.waiting() === 0);
  });

  it('keeps waiting at a follower that believes in a leader who is gone, and is let in when it leads', async () => {
    const [former, follower] = await servers(2);
    former.begin({ epoch: 1 });
    follower.moved([former.address]);
    await cluster.startAgent({ servers: addresses([former, follower]) });
    await former.registered('n');
    await former.stop();
    await eventually('agents to wait', () => follower.waiting() === 1);
    follower.begin({ epoch: 2 });
    await follower.registered('n');
  });

  it('notices a leader that is silent, and leaves it', async () => {
    const [frozen, second] = await servers(2);
    link = await createBreakableLink(frozen.port);
    frozen.begin({ epoch: 1 });
    await cluster.startAgent({
      servers: [link.address, second.address],
      dial: (address, authority, identity) => dialAgentGateway(address, authority, identity, 100),
    });
    await frozen.registered('n');
    second.begin({ epoch: 2 });
    link.cut();
    await second.registered('n');
  });

  it('waits at the other servers while it has a leader, and follows a later one though the first says nothing', async () => {
    const [first, second] = await servers(2);
    first.begin({ epoch: 1 });
    cluster.api.put('pods', testPod('stays'));
    let registrations = 0;
    const onRegistered = () => void (registrations += 1);
    await cluster.startAgent({ servers: addresses([first, second]), onRegistered });
    await cluster.api.until(phaseIs('stays', 'Running'));
    await eventually('the agent to stand by', () => second.waiting() === 1);
    expect([registrations, first.isConnected('n')]).to.deep.equal([1, true]);
    cluster.host.journal.length = 0;
    second.begin({ epoch: 2 });
    await second.registered('n');
    await eventually('the first to be left', () => !first.isConnected('n'));
    await eventually('a second registration', () => registrations === 2);
    expect(cluster.host.journal).to.deep.equal([]);
  });

  it('does not take the session that an agent has with a leader from it, whatever name the leader is called', async () => {
    const [server] = await servers(1);
    server.begin({ epoch: 3 });
    await cluster.startAgent({ servers: [server.address] });
    await server.registered('n');
    const identity = await testClientIdentity('system:node:n');
    const channel = dialAgentGateway(server.address, (await testAuthority()).certificate, identity);
    const known = { known_pod_uids: [], agent_version: '', after_epoch: 3 };
    const node = Buffer.from(JSON.stringify(testNode('n')));
    const register = { node_name: 'n', node, ...known, streams_address: '127.0.0.1:1' };
    const outgoing = createAsyncQueue<AgentMessage>();
    outgoing.push({ register });
    const answers: ServerMessage[] = [];
    for await (const message of channel.session(outgoing, new AbortController().signal)) answers.push(message);
    channel.close();
    expect(answers.map(({ rejected }) => rejected?.reason)).to.deep.equal(['the agent of n follows epoch 3 already']);
    expect(server.isConnected('n')).to.equal(true);
  });

  it('does not obey a leader with an epoch lower than one that it has seen', async () => {
    const [current, deposed] = await servers(2);
    const told: string[] = [];
    const log: Log = { ...silentLog, warn: (fields) => void told.push(JSON.stringify(fields)), child: () => log };
    const period = current.begin({ epoch: 7 });
    await cluster.startAgent({ servers: addresses([current, deposed]), log });
    await current.registered('n');
    cluster.api.put('pods', testPod('web'));
    await cluster.api.until(phaseIs('web', 'Running'));
    await period.stop();
    deposed.begin({ epoch: 6 });
    await eventually('the refusal', () => told.some((line) => line.includes('epoch 6, but epoch 7 was seen before')));
    current.begin({ epoch: 8 });
    await eventually('the session to change', () => current.isConnected('n'));
  });

  const open = async (server: StartedServer) => {
    const { certificate } = await testAuthority();
    const channel = dialAgentGateway(server.address, certificate, await testClientIdentity('system:node:n'));
    const outgoing = createAsyncQueue<AgentMessage>();
    const node = Buffer.from(JSON.stringify(testNode('n')));
    const known = { known_pod_uids: [], agent_version: '', after_epoch: 0 };
    const register = { node_name: 'n', node, ...known, streams_address: '127.0.0.1:1' };
    outgoing.push({ register });
    const stop = new AbortController();
    const messages = channel.session(outgoing, stop.signal)[Symbol.asyncIterator]();
    // The call is made when the first message is asked for.
    let ahead = messages.next();
    ahead.catch(() => undefined);
    return {
      outgoing,
      async next() {
        const { value } = (await ahead) as { value: ServerMessage | undefined };
        ahead = messages.next();
        ahead.catch(() => undefined);
        return value;
      },
      close() {
        stop.abort();
        channel.close();
      },
    };
  };

  it('sends nothing to an agent while it is not certain to lead: neither pods nor acknowledgements', async () => {
    const [server] = await servers(1);
    let mayAct = true;
    server.begin({ isActing: () => mayAct });
    for (const provoke of [
      () => cluster.api.put('pods', testPod('web')),
      (outgoing: { push(message: AgentMessage): boolean }) => {
        const event = { namespace: '', pod_name: '', pod_uid: '', reason: '', message: '', container: '', uuid: 'u' };
        outgoing.push({ event: { ...event, type: 'Normal' } });
      },
    ]) {
      mayAct = true;
      const session = await open(server);
      expect((await session.next())?.registered?.epoch).to.equal(1);
      expect((await session.next())?.pods?.complete).to.equal(true);
      mayAct = false;
      provoke(session.outgoing);
      expect(await rejection(session.next())).to.include({ reason: 'ServiceUnavailable' });
      session.close();
      await eventually('the session to change', () => !server.isConnected('n'));
    }
  });

  it('ends every session with the acting period, and lets agents in again with the next, with the whole grace', async () => {
    const server = await cluster.startServer({ heartbeatGraceMs: 400, heartbeatIntervalMs: 100 });
    cluster.api.put('nodes', testNode('quiet'));
    const period = server.begin({ epoch: 1 });
    const session = await open(server);
    await session.next();
    await session.next();
    await period.stop();
    expect(await rejection(session.next())).to.include({ reason: 'ServiceUnavailable' });
    expect(server.isConnected('n')).to.equal(false);
    session.close();
    const waiting = await open(server);
    await eventually('agents to wait', () => server.waiting() === 1);
    const isUnknown = () =>
      cluster.api.object<Node>('nodes', 'quiet')?.status?.conditions?.some(({ status }) => status === 'Unknown');
    // On a slow machine it may have fallen silent in the first period already.
    cluster.api.put('nodes', testNode('quiet'));
    const startedMs = performance.now();
    server.begin({ epoch: 2 });
    expect((await waiting.next())?.registered?.epoch).to.equal(2);
    await cluster.api.until(() => isUnknown() === true);
    expect(performance.now() - startedMs).to.be.greaterThan(390);
    waiting.close();
  });

  it('holds one waiting session of a node, the newest', async () => {
    const [server] = await servers(1);
    const first = await open(server);
    await eventually('agents to wait', () => server.waiting() === 1);
    const second = await open(server);
    expect(await first.next()).to.equal(undefined);
    expect(server.waiting()).to.equal(1);
    server.begin();
    expect((await second.next())?.registered).to.not.equal(undefined);
    first.close();
    second.close();
  });
});

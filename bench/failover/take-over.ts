// Take-over: how long writes are not answered when the leader is killed or stopped, and until all agents are back.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterStatus, TokenCreated } from '../../src/api/cluster-facts.ts';
import type { ConfigMap } from '../../src/api/types.gen.ts';
import type { HttpClient } from '../../src/client/http-client.ts';
import { readAll } from '../../src/client/streams.ts';
import { packagePath } from '../../src/lib/package-root.ts';
import type { AgentsOrder, AgentsReport } from './agents-process.ts';
import { print, printFigure, quantile, seconds } from './figures.ts';
import { makeIdentities } from './identities.ts';
import { connectionsTo, cpuMs, leadsSince, portOf, residentMb, type BenchServer } from './servers.ts';

export interface TakeOverOptions {
  readonly servers: readonly BenchServer[];
  readonly zk: string;
  readonly folder: string;
  readonly agents: number;
  readonly agentProcesses: number;
  readonly nodePrefix: string;
  readonly rounds: number;
}

interface Round {
  readonly writeMs: number;
  readonly agentsMs: number;
  readonly leadsMs: number;
}

const promises = {
  SIGKILL: { medianMs: 1500, worstMs: 3000 },
  SIGTERM: { medianMs: 300, worstMs: 300 },
} as const;

export async function benchTakeOver(options: TakeOverOptions): Promise<void> {
  const groups = await startAgents(options);
  try {
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const rounds: Round[] = [];
      for (let at = 0; at < options.rounds; at += 1) rounds.push(await takeOver(options, groups, signal));
      report(signal, rounds);
    }
  } finally {
    for (const { child } of groups) child.disconnect();
  }
}

function report(signal: 'SIGKILL' | 'SIGTERM', rounds: readonly Round[]): void {
  const { medianMs, worstMs } = promises[signal];
  const writes = rounds.map(({ writeMs }) => writeMs);
  const [median, worst] = [quantile(writes, 0.5), quantile(writes, 1)];
  printFigure({
    what: `${signal} of the leader: the longest pause of writes through both others`,
    promise: `${seconds(medianMs)} median, ${seconds(worstMs)} worst`,
    seen: `median ${seconds(median)}, worst ${seconds(worst)} of ${rounds.length}`,
    isKept: median <= medianMs && worst <= worstMs,
  });
  const agents = rounds.map(({ agentsMs }) => agentsMs);
  printFigure({
    what: `${signal}: all agents registered, after the new leader began`,
    promise: '1 s',
    seen: `median ${seconds(quantile(agents, 0.5))}, worst ${seconds(quantile(agents, 1))}`,
    isKept: quantile(agents, 1) <= 1000,
  });
}

interface Group {
  readonly child: ChildProcess;
  readonly count: number;
  readonly ask: (order: AgentsOrder) => Promise<AgentsReport>;
}

async function startAgents(options: TakeOverOptions): Promise<Group[]> {
  const { servers, zk, folder, agents, agentProcesses, nodePrefix } = options;
  const leader = await leaderOf(servers);
  const token = await createToken(leader);
  const count = Math.ceil(agents / agentProcesses);
  const groups = Array.from({ length: agentProcesses }, () => createGroup(count));
  const directory = join(folder, 'agents');
  const nodeNames = Array.from({ length: count * agentProcesses }, (_, at) => `${nodePrefix}-${at}`);
  const future = nodeNames.map((nodeName) => ({ nodeName, directory: join(directory, nodeName) }));
  await makeIdentities(zk, leader.home, future);
  const beganMs = performance.now();
  const shared = { count, token, authority: String(leader.target.ca), namePrefix: nodePrefix, folder: directory };
  const gateways = servers.map(({ gateway }) => gateway);
  await Promise.all(
    groups.map(({ ask }, at) => ask({ start: { ...shared, firstIndex: at * count, servers: gateways } })),
  );
  print(`${agents} agents registered for the first time in ${seconds(performance.now() - beganMs)}`);
  return groups;
}

function createGroup(count: number): Group {
  const child = fork(packagePath('dist/bench/failover/agents-process.js'), [], { stdio: 'inherit' });
  return {
    ...{ child, count },
    async ask(order) {
      child.send(order);
      const [answer] = (await once(child, 'message')) as [AgentsReport];
      return answer;
    },
  };
}

async function takeOver(
  options: TakeOverOptions,
  groups: readonly Group[],
  signal: 'SIGKILL' | 'SIGTERM',
): Promise<Round> {
  const { servers } = options;
  await settled(servers, options.agents);
  const leader = await leaderOf(servers);
  const others = servers.filter((server) => server !== leader);
  const before = await Promise.all(groups.map(({ ask }) => ask({ ask: true })));
  const clients = others.map((server) => server.client());
  await Promise.all(clients.map((client) => write(client)));
  const cpuBefore = others.map(({ pid }) => cpuMs(pid));
  const unixMs = Date.now();
  const killedMs = performance.now();
  const hrtime = process.hrtime.bigint();
  const dead = leader.stop(signal);
  const writesMs = await Promise.all(clients.map((client) => longestPause(client, killedMs, dead)));
  const back = await Promise.all(
    groups.map(({ ask, count }, at) => ask({ until: { count, since: before[at]?.registrations ?? 0 } })),
  );
  const leadsMs = Math.max(...others.map(({ home }) => leadsSince(home)).filter((at) => at > unixMs)) - unixMs;
  const agentsMs = Math.max(...back.map(({ lastUnixMs = NaN }) => lastUnixMs)) - unixMs - leadsMs;
  const cpu = others.map(({ pid }, at) => ((cpuMs(pid) - (cpuBefore[at] ?? 0)) / 1000).toFixed(1));
  print(
    `  ${signal}: leads after ${seconds(leadsMs)}, writes after ${writesMs.map(seconds).join(' and ')}, agents ${seconds(agentsMs)} later; ` +
      `CPU of the others ${cpu.join(' and ')} s, memory ${others.map(({ pid }) => residentMb(pid).toFixed(0)).join(' and ')} MB (at ${hrtime / 1000n})`,
  );
  clients.forEach((client) => client.close());
  await leader.restart();
  return { writeMs: Math.max(...writesMs), agentsMs, leadsMs };
}

const writeAgainMs = 10;

/**
 * The longest time without an answered write, until one is answered that began after `over`: then nobody but the new
 * leader can have taken it.
 */
async function longestPause(client: HttpClient, beganMs: number, over: Promise<void>): Promise<number> {
  const end = { isOver: false };
  void over.then(() => (end.isOver = true));
  let [lastMs, longestMs] = [beganMs, 0];
  for (;;) {
    const isLast = end.isOver;
    if (await isWritten(client)) {
      const nowMs = performance.now();
      longestMs = Math.max(longestMs, nowMs - lastMs);
      lastMs = nowMs;
      if (isLast) return longestMs;
    } else await wait(writeAgainMs);
  }
}

async function isWritten(client: HttpClient): Promise<boolean> {
  try {
    await write(client);
    return true;
  } catch {
    return false;
  }
}

const configMaps = { group: '', version: 'v1', plural: 'configmaps' };

async function write(client: HttpClient): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', generateName: 'probe-' } };
  await client.create<ConfigMap>(configMaps, { ...object, data: { of: 'bench' } } as unknown as ConfigMap);
}

async function call<T>(server: BenchServer, method: string, path: string, body?: unknown): Promise<T> {
  const connection = server.connection();
  try {
    const response = await connection.handle({
      ...{ method, path, query: new URLSearchParams(), headers: { 'content-type': 'application/json' } },
      body: body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body)),
      signal: AbortSignal.timeout(10_000),
    });
    const text = Buffer.from(await readAll(response.body)).toString('utf8');
    if (response.status >= 400) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  } finally {
    connection.close();
  }
}

export async function createToken(server: BenchServer, role: 'agent' | 'any' = 'agent'): Promise<string> {
  for (let failures = 0; ; failures += 1) {
    try {
      const { token } = await call<TokenCreated>(server, 'POST', '/tepui/v1/tokens', { role, ttlSeconds: 86_400 });
      return token;
    } catch (error) {
      // On a busy machine a leader may lose its place right after the start.
      if (failures > 20) throw error;
      await wait(500);
    }
  }
}

async function leaderOf(servers: readonly BenchServer[]): Promise<BenchServer> {
  for (;;) {
    const status = await statusOf(servers);
    const api = status?.servers.find(({ role }) => role === 'leader')?.api;
    const leader = servers.find((server) => server.api === api);
    if (leader) return leader;
    await wait(50);
  }
}

function statusOf([first]: readonly BenchServer[]): Promise<ClusterStatus | undefined> {
  if (!first) return Promise.resolve(undefined);
  return call<ClusterStatus>(first, 'GET', '/tepui/v1/status').catch(() => undefined);
}

const standByWithinMs = 60_000;

/** All servers there and caught up, and all agents connected to all of them, as far as the machine manages that. */
async function settled(servers: readonly BenchServer[], agents: number): Promise<void> {
  const deadlineMs = performance.now() + standByWithinMs;
  for (;;) {
    const status = await statusOf(servers);
    const isCaughtUp = status?.servers.length === servers.length && status.servers.every(({ lag }) => lag === 0);
    const connected = servers.map(({ gateway }) => connectionsTo(portOf(gateway)));
    const isLate = performance.now() > deadlineMs;
    if (isCaughtUp && isLate) print(`  only ${connected.join(', ')} of ${agents} agents are connected to the servers`);
    if (isCaughtUp && (isLate || connected.every((count) => count >= agents))) return;
    await wait(500);
  }
}

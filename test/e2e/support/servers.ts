// A production cluster on this machine: an ensemble of three ZooKeeper servers, several `tepui server`, and agents that
// were told of all of them. Every process is a real one, and may be killed.
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import type { ClusterStatus } from '../../../src/api/cluster-facts.ts';
import type { Ensemble } from '../../support/zookeeper-ensemble.ts';
import { eventually } from '../../support/eventually.ts';
import { createCommands, type Commands } from './commands.ts';
import { startTestEnsemble } from './journal.ts';
import { endProgram, mainModule, startProgram } from './program.ts';
import { ask, connectionOf, type Answer, type Question } from './api-answer.ts';

export interface TestServer extends Commands {
  readonly home: string;
  /** `HOST:PORT` of its faces; the same after a restart. */
  readonly addresses: Addresses;
  /** Undefined: it does not run. */
  readonly pid: number | undefined;
  /** What it printed so far. */
  readonly printed: readonly string[];
  start(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** One request to this server, over HTTP, with the answer as it came. */
  ask(question: Question): Promise<Answer>;
}

export interface Addresses {
  readonly api: string;
  readonly gateway: string;
  readonly mesos: string;
}

export interface TestAgent {
  readonly node: string;
  readonly pid: number | undefined;
  start(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ServerCluster {
  readonly ensemble: Ensemble;
  /** Of the cluster in the ensemble; `move` changes it. */
  readonly url: string;
  readonly servers: readonly TestServer[];
  readonly agents: readonly TestAgent[];
  /** For whatever the test wants to keep; goes with the cluster. */
  readonly folder: string;
  /** The server that leads, as all that run agree; waits until they do. */
  leader(): Promise<TestServer>;
  /** Those that run and do not lead. */
  followers(): Promise<readonly TestServer[]>;
  /** Flags of a further server: ports of its own, and no token. */
  flagsFor(home: string): string[];
  /** From the next start on the servers use this URL, and join with this token. */
  move(url: string, token: string): void;
  /** Stops everything and removes every trace. */
  destroy(): Promise<void>;
}

export interface ServerClusterOptions {
  readonly servers: number;
  readonly agents: number;
}

const sessionTimeoutSeconds = 2;
const anyPorts = { api: 0, gateway: 0, mesos: 0 };

interface Site {
  readonly folder: string;
  readonly ensemble: Ensemble;
  url: string;
  /** Lets servers and agents in; the first server makes it. */
  token: string | undefined;
}

/** Resolves when every server is ready and every agent registered. */
export async function startServers(options: ServerClusterOptions): Promise<ServerCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'tepui-servers-'));
  const ensemble = await startTestEnsemble();
  const site: Site = { folder, ensemble, url: ensemble.address(), token: undefined };
  const servers = await Promise.all(
    Array.from({ length: options.servers }, (_, index) => createServer(site, `server-${String(index + 1)}`)),
  );
  const agents = Array.from({ length: options.agents }, (_, index) =>
    createAgent(site, servers, `node-${String(index + 1)}`),
  );
  const cluster = createCluster(site, servers, agents);
  try {
    const [first, ...others] = servers;
    await first?.start();
    site.token = (await first?.tepui(['token', 'create']))?.stdout.trim();
    await Promise.all(others.map((server) => server.start()));
    await Promise.all(agents.map((agent) => agent.start()));
  } catch (error) {
    await cluster.destroy();
    throw error;
  }
  return cluster;
}

function createCluster(site: Site, servers: readonly TestServer[], agents: readonly TestAgent[]): ServerCluster {
  const running = () => servers.filter(({ pid }) => pid !== undefined);
  const cluster: ServerCluster = {
    ...{ servers, agents, folder: site.folder, ensemble: site.ensemble },
    get url() {
      return site.url;
    },
    leader: () => eventually('one leader', () => agreedLeader(running()), 30_000),
    async followers() {
      const leader = await cluster.leader();
      return running().filter((server) => server !== leader);
    },
    flagsFor: (home) => flagsOf(site, home, anyPorts),
    move: (url, token) => void Object.assign(site, { url, token }),
    async destroy() {
      await Promise.all([...servers, ...agents].map((one) => one.stop()));
      const flags = ['dev', '--home', site.folder, '--down'];
      execaSync(process.execPath, [mainModule, ...flags], { reject: false, stdin: 'ignore' });
      await site.ensemble.destroy();
      rmSync(site.folder, { recursive: true, force: true });
    },
  };
  return cluster;
}

async function agreedLeader(running: readonly TestServer[]): Promise<TestServer | undefined> {
  const answers = await Promise.all(
    running.map((server) => server.ask({ path: '/tepui/v1/status' }).catch(() => undefined)),
  );
  const leaders = answers.map((answer) => {
    const status = answer?.status === 200 ? (JSON.parse(answer.text) as ClusterStatus) : undefined;
    return status?.servers.find(({ role }) => role === 'leader')?.api;
  });
  return running.find(({ addresses }) => leaders.every((api) => api === addresses.api));
}

function flagsOf(site: Site, home: string, ports: Readonly<Record<keyof typeof anyPorts, number>>): string[] {
  const chosen = Object.entries(ports).flatMap(([face, port]) => [`--${face}-port`, String(port)]);
  return ['--zk', site.url, '--home', home, '--session-timeout', String(sessionTimeoutSeconds), ...chosen];
}

async function createServer(site: Site, name: string): Promise<TestServer> {
  const home = join(site.folder, name);
  const commands = await createCommands(home, 35);
  const printed: string[] = [];
  let child: ChildProcess | undefined;
  let addresses: Addresses = { api: '', gateway: '', mesos: '' };
  return {
    ...{ ...commands, home, printed },
    get pid() {
      return child?.pid;
    },
    get addresses() {
      return addresses;
    },
    async start() {
      const [api, gateway, mesos] = [addresses.api, addresses.gateway, addresses.mesos].map(portOf);
      const flags = flagsOf(site, home, { api: api ?? 0, gateway: gateway ?? 0, mesos: mesos ?? 0 });
      const token = site.token === undefined ? [] : ['--token', site.token];
      child = await startProgram(['server', ...flags, ...token], printed);
      addresses = printedAddresses(printed);
    },
    async stop(signal = 'SIGTERM') {
      const ending = child;
      child = undefined;
      await endProgram(ending, signal);
    },
    ask: (question) => ask(connectionOf(commands.kubeconfig), question),
  };
}

const portOf = (address: string): number => Number(address.split(':').at(-1) ?? 0);

function printedAddresses(printed: readonly string[]): Addresses {
  const line = printed.findLast((one) => one.startsWith('API: ')) ?? '';
  const [, api = '', gateway = '', mesos = ''] = /^API: https:\/\/(\S+) +agents: (\S+) +Mesos: (\S+)/.exec(line) ?? [];
  return { api, gateway, mesos };
}

/** Its home lies where `--down` looks for those of nodes. */
function createAgent(site: Site, servers: readonly TestServer[], node: string): TestAgent {
  const home = join(site.folder, 'nodes', node);
  let child: ChildProcess | undefined;
  return {
    node,
    get pid() {
      return child?.pid;
    },
    async start() {
      const list = servers.map(({ addresses }) => addresses.api).join(',');
      const token = ['--token', site.token ?? ''];
      const flags = ['--home', home, '--node-name', node, '--port', '0', '--server', list, ...token];
      child = await startProgram(['agent', ...flags], []);
    },
    async stop(signal = 'SIGTERM') {
      const ending = child;
      child = undefined;
      await endProgram(ending, signal);
    },
  };
}

/** Lines of a server's log, for a failure to be understood. */
export function logOf({ home }: TestServer): string {
  return readFileSync(join(home, 'server.log'), 'utf8');
}

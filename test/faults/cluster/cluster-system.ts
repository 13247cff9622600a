// Production as the system under test: three ZooKeeper servers, three `tepui server`, two `tepui agent`, each on a host of
// its own where network namespaces can be made, and with a wall clock of its own where libfaketime is installed.
import { copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenCreated, TokenRequest } from '../../../src/api/cluster-facts.ts';
import { packagePath } from '../../../src/lib/package-root.ts';
import { startEnsemble, type Ensemble } from '../../support/zookeeper-ensemble.ts';
import { connectServer } from '../load/server-connection.ts';
import { freePort } from './free-port.ts';
import { noteAgents, removeAgents, removeLeftAgents } from './leftovers.ts';
import { createManagedProcess } from './managed-process.ts';
import { createNetwork, networkProblem, removeLeftNetworks, type Network } from './network.ts';
import type { Member, Server, System } from './system.ts';
import { createWallClock, findFakeTime, type WallClock } from './wall-clock.ts';
import { zookeeperMember } from './zookeeper-member.ts';

const mainModule = packagePath('dist/src/cmd/main.js');
const zookeeperNames = ['zk1', 'zk2', 'zk3'];
const serverNames = ['s1', 's2', 's3'];
const agentNames = ['a1', 'a2'];
/** Short, so that many faults last longer than it. */
const sessionSeconds = 3;

/** Where a member runs, and by which clock. */
interface Place {
  readonly host: Member['host'];
  readonly clock: WallClock | undefined;
  readonly address: string;
  readonly ports: { readonly api: number; readonly gateway: number; readonly mesos: number; readonly agent: number };
}

type Say = (text: string) => void;

/** @param folder for homes and outputs; kept by the caller */
export async function startClusterSystem(folder: string, say: Say): Promise<System> {
  const parts: Parts = { folder, network: await openNetwork(say), places: new Map() };
  for (const name of [...zookeeperNames, ...serverNames, ...agentNames])
    parts.places.set(name, await placeOf(parts, name));
  try {
    parts.ensemble = await startZookeepers(parts);
    parts.servers = await startServers(parts);
    parts.agents = await startAgents(parts);
    say(`started: ${parts.ensemble.address()}, servers ${serverNames.join(', ')}, agents ${agentNames.join(', ')}`);
  } catch (error) {
    await destroy(parts);
    throw error;
  }
  const { ensemble, servers, agents, network } = parts;
  const zookeepers = zookeeperNames.map((name, index) =>
    zookeeperMember(name, ensemble, index, parts.places.get(name)),
  );
  const journal = ['--zk', ensemble.address('/tepui')];
  return { servers, zookeepers, agents, network, journal, destroy: () => destroy(parts) };
}

/** What has been started so far. */
interface Parts {
  readonly folder: string;
  readonly network: Network | undefined;
  readonly places: Map<string, Place>;
  ensemble?: Ensemble;
  servers?: Server[];
  agents?: System['agents'];
}

async function openNetwork(say: Say): Promise<Network | undefined> {
  const problem = await networkProblem();
  if (problem !== undefined) {
    say(`all on one host: ${problem}`);
    return undefined;
  }
  await removeLeftNetworks();
  await removeLeftAgents();
  return createNetwork([...zookeeperNames, ...serverNames, ...agentNames]);
}

async function placeOf({ folder, network }: Parts, name: string): Promise<Place> {
  const library = findFakeTime();
  const host = network?.host(name);
  const clock = library === undefined ? undefined : createWallClock(library, join(folder, `${name}.clock`));
  const ports = host
    ? { api: 6443, gateway: 6444, mesos: 5050, agent: 5051 }
    : { api: await freePort(), gateway: await freePort(), mesos: await freePort(), agent: await freePort() };
  return { host, clock, address: host?.address ?? '127.0.0.1', ports };
}

const place = ({ places }: Parts, name: string): Place => places.get(name) as Place;

/** The command on the member's host, in the same process. */
const on = ({ host }: Place, command: readonly string[]): string[] => host?.wrap(command) ?? [...command];

function startZookeepers(parts: Parts): Promise<Ensemble> {
  return startEnsemble({
    servers: 3,
    hosts: zookeeperNames.map((name) => place(parts, name).address),
    wrap: (index) => {
      const where = place(parts, zookeeperNames[index] ?? '');
      const clock = Object.entries(where.clock?.environment ?? {}).map(([name, value]) => `${name}=${value}`);
      return on(where, clock.length === 0 ? [] : ['env', ...clock]);
    },
  });
}

/** The first makes the cluster; the others join it. */
async function startServers(parts: Parts): Promise<Server[]> {
  const servers: Server[] = [];
  let token: string | undefined;
  for (const name of serverNames) {
    const server = createServer(parts, name, token);
    servers.push(server);
    parts.servers = servers;
    await server.process.start();
    token ??= await createToken(server.kubeconfig, 'server');
  }
  return servers;
}

function createServer(parts: Parts, name: string, token: string | undefined): Server {
  const { host, clock, address, ports } = place(parts, name);
  const home = join(parts.folder, name);
  const portFlags = (['api', 'gateway', 'mesos'] as const).flatMap((face) => [`--${face}-port`, String(ports[face])]);
  const flags = ['--home', home, '--host', address, '--advertise', address, ...portFlags];
  const joining = token === undefined ? [] : ['--token', token];
  const zookeeper = ['--zk', parts.ensemble?.address('/tepui') ?? '', '--session-timeout', String(sessionSeconds)];
  const child = createManagedProcess({
    name,
    command: on(place(parts, name), [process.execPath, mainModule, 'server', ...zookeeper, ...flags, ...joining]),
    ...(clock ? { environment: clock.environment } : {}),
    logFile: join(parts.folder, `${name}.output`),
    readyLine: /^tepui is ready$/,
  });
  return { name, process: child, host, clock, kubeconfig: join(home, 'kubeconfig') };
}

async function createToken(kubeconfig: string, role: TokenRequest['role']): Promise<string> {
  const server = connectServer(kubeconfig);
  const request: TokenRequest = { role, ttlSeconds: 0 };
  const answer = await server.call('POST', '/tepui/v1/tokens', request);
  server.close();
  const { token } = (answer.kind === 'answer' ? answer.body : {}) as Partial<TokenCreated>;
  if (token === undefined) throw new Error(`expected a token, found ${JSON.stringify(answer)}`);
  return token;
}

const agentsHome = (folder: string) => join(folder, 'agents');

async function startAgents(parts: Parts): Promise<System['agents']> {
  noteAgents(agentsHome(parts.folder));
  const [first] = parts.servers ?? [];
  const token = await createToken(first?.kubeconfig ?? '', 'agent');
  const addresses = serverNames
    .map((name) => place(parts, name))
    .map(({ address, ports }) => `${address}:${String(ports.api)}`)
    .join(',');
  const agents = agentNames.map((name) => {
    const { host, clock, ports } = place(parts, name);
    // As `tepui dev` lays them out, so that its --down can remove what they ran.
    const home = join(agentsHome(parts.folder), 'nodes', name);
    mkdirSync(home, { recursive: true });
    const flags = ['--home', home, '--server', addresses, '--token', token, '--node-name', name];
    const child = createManagedProcess({
      name,
      command: on(place(parts, name), [process.execPath, mainModule, 'agent', ...flags, '--port', String(ports.agent)]),
      ...(clock ? { environment: clock.environment } : {}),
      logFile: join(parts.folder, `${name}.output`),
    });
    return { name, nodeName: name, process: child, host, clock, logFile: join(home, 'agent.log') };
  });
  parts.agents = agents;
  await Promise.all(agents.map(({ process }) => process.start()));
  return agents;
}

/** In the order in which they need each other; what explains a failure is kept. */
async function destroy(parts: Parts): Promise<void> {
  const { folder, agents = [], servers = [], ensemble, network } = parts;
  await Promise.all(agents.map(({ process }) => process.end('SIGTERM')));
  for (const { name, logFile } of agents) if (existsSync(logFile)) copyFileSync(logFile, join(folder, `${name}.log`));
  await removeAgents(agentsHome(folder));
  await Promise.all(servers.map(({ process }) => process.end('SIGTERM')));
  keepZookeepers(parts);
  await ensemble?.destroy();
  await network?.destroy();
}

/** What each server of the ensemble said, and what it holds by itself: they do not always agree. */
function keepZookeepers({ folder, ensemble }: Parts): void {
  for (const [index, server] of (ensemble?.servers ?? []).entries()) {
    const name = zookeeperNames[index] ?? '';
    const output = join(server.folder, 'output.log');
    if (existsSync(output)) copyFileSync(output, join(folder, `${name}.output`));
    cpSync(server.folder, join(folder, `${name}.data`), { recursive: true });
  }
}

// Real ZooKeeper servers on free ports, in temporary folders, that tests may kill, freeze and start again.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describeServer, parseZookeeperUrl, type ServerAddress } from '../../src/zookeeper/address.ts';
import { createTempFolder, type TempFolder } from './temp-folder.ts';

export interface EnsembleOptions {
  /** Default 1. */
  readonly servers?: 1 | 3;
  /** Sessions last 2 to 20 of them. Default 200. */
  readonly tickTimeMs?: number;
  /** Of each server. Default 96. */
  readonly heapMb?: number;
  /** More lines for zoo.cfg, as `name=value`. */
  readonly initialConfig?: readonly string[];
  /** Address of each server. Default: all on 127.0.0.1. With addresses of their own the ports need not be free here. */
  readonly hosts?: readonly string[];
  /** Put before the command of a server, such as `ip netns exec ns1`. */
  wrap?(index: number): readonly string[];
}

export interface EnsembleServer {
  readonly address: ServerAddress;
  readonly pid: number | undefined;
  /** Its data and its output (`output.log`). */
  readonly folder: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP. */
  freeze(): void;
  thaw(): void;
  /** After `kill`, with the data that it had. Resolves when it serves, unless `waits` is false. */
  restart(options?: { readonly waits?: boolean }): Promise<void>;
  /** Resolves with how it serves; waits until it does. */
  serving(): Promise<ServerMode>;
}

export type ServerMode = 'standalone' | 'leader' | 'follower';

export interface Ensemble {
  readonly servers: readonly EnsembleServer[];
  /** `zk://` connection string of all servers. */
  address(path?: string, credentials?: string): string;
  /** Index of the leader; waits until there is one. */
  leader(): Promise<number>;
  freezeAll(): void;
  thawAll(): void;
  destroy(): Promise<void>;
}

const java = {
  // Its manifest names the libraries that it takes.
  classPath: '/usr/share/java/zookeeper.jar',
  main: 'org.apache.zookeeper.server.quorum.QuorumPeerMain',
};
const startWithinMs = 30_000;

/** Resolves when every server serves. Durability is as in production: every write is synced. */
export async function startEnsemble(options: EnsembleOptions = {}): Promise<Ensemble> {
  const folder = await createTempFolder();
  const count = options.servers ?? 1;
  const hosts = Array.from({ length: count }, (_, index) => options.hosts?.[index] ?? '127.0.0.1');
  const ports = await freePorts(3 * count);
  const plans = hosts.map((host, index) => ({
    index,
    host,
    folder: join(folder.path, String(index + 1)),
    client: ports[3 * index] ?? 0,
    quorum: ports[3 * index + 1] ?? 0,
    election: ports[3 * index + 2] ?? 0,
  }));
  await Promise.all(plans.map((plan) => prepare(plan, plans, options)));
  const servers = plans.map((plan) => createEnsembleServer(plan, options));
  const ensemble = createEnsemble(servers, folder);
  try {
    await Promise.all(servers.map((server) => server.restart()));
  } catch (error) {
    await ensemble.destroy();
    throw error;
  }
  return ensemble;
}

interface Plan {
  readonly index: number;
  readonly host: string;
  readonly folder: string;
  readonly client: number;
  readonly quorum: number;
  readonly election: number;
}

async function prepare(plan: Plan, plans: readonly Plan[], options: EnsembleOptions): Promise<void> {
  const members = plans.map(({ index, host, quorum, election }) => `server.${index + 1}=${host}:${quorum}:${election}`);
  const lines = [
    `tickTime=${options.tickTimeMs ?? 200}`,
    'initLimit=50',
    'syncLimit=5',
    `dataDir=${plan.folder}`,
    `clientPortAddress=${plan.host}`,
    `clientPort=${plan.client}`,
    'admin.enableServer=false',
    '4lw.commands.whitelist=srvr',
    'maxClientCnxns=0',
    ...(plans.length > 1 ? members : []),
    ...(options.initialConfig ?? []),
  ];
  await mkdir(plan.folder, { recursive: true });
  await writeFile(join(plan.folder, 'zoo.cfg'), lines.join('\n') + '\n');
  if (plans.length > 1) await writeFile(join(plan.folder, 'myid'), String(plan.index + 1));
}

function createEnsembleServer(plan: Plan, options: EnsembleOptions): EnsembleServer {
  const address = { host: plan.host, port: plan.client };
  const wrap = options.wrap?.(plan.index) ?? [];
  let child: ChildProcess | undefined;
  const signal = (name: NodeJS.Signals) => {
    if (child?.pid === undefined) throw new Error(`ZooKeeper server ${plan.index} does not run`);
    process.kill(child.pid, name);
  };
  const serving = async () => {
    const deadlineMs = performance.now() + startWithinMs;
    for (;;) {
      const mode = await modeOf(address, wrap).catch(() => undefined);
      if (mode) return mode;
      if (!child || child.exitCode !== null || performance.now() > deadlineMs) {
        throw new Error(`ZooKeeper server ${plan.index} does not serve:\n${await outputOf(plan)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    address,
    folder: plan.folder,
    get pid() {
      return child?.pid;
    },
    async kill() {
      if (!child) return;
      const ended = child;
      child = undefined;
      if (ended.exitCode !== null || ended.signalCode !== null) return;
      const exited = once(ended, 'exit');
      ended.kill('SIGKILL');
      await exited;
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async restart({ waits = true } = {}) {
      if (child) throw new Error(`ZooKeeper server ${plan.index} still runs`);
      child = await launch(plan, wrap, options.heapMb ?? 96);
      if (waits) await serving();
    },
    serving,
  };
}

async function launch(plan: Plan, wrap: readonly string[], heapMb: number): Promise<ChildProcess> {
  const command = [
    ...wrap,
    'java',
    `-Xmx${heapMb}m`,
    // For a fast start on few cores.
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Djava.net.preferIPv4Stack=' + String(!plan.host.includes(':')),
    '-cp',
    java.classPath,
    java.main,
    join(plan.folder, 'zoo.cfg'),
  ];
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: plan.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      chunks.push(text);
      void writeFile(join(plan.folder, 'output.log'), chunks.join('')).catch(() => undefined);
    });
  }
  await once(child, 'spawn');
  return child;
}

async function outputOf(plan: Plan): Promise<string> {
  return readFile(join(plan.folder, 'output.log'), 'utf8').catch(() => 'it printed nothing');
}

/** Asks a server over TCP how it serves; undefined: not yet. Through the wrapper's network when there is one. */
async function modeOf(address: ServerAddress, wrap: readonly string[]): Promise<ServerMode | undefined> {
  const text = wrap.length === 0 ? await ask(address) : await askWrapped(address, wrap);
  const mode = /^Mode: (\w+)/m.exec(text)?.[1];
  return mode === 'standalone' || mode === 'leader' || mode === 'follower' ? mode : undefined;
}

async function ask({ host, port }: ServerAddress): Promise<string> {
  const socket = connect({ host, port });
  socket.setTimeout(1000, () => socket.destroy(new Error('no answer')));
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.end('srvr');
  await once(socket, 'close');
  return text;
}

async function askWrapped({ host, port }: ServerAddress, wrap: readonly string[]): Promise<string> {
  const script = `const s=require('net').connect(${port},'${host}');s.setTimeout(1000,()=>s.destroy());s.on('error',()=>{});s.pipe(process.stdout);s.end('srvr')`;
  const [program, ...args] = [...wrap, process.execPath, '-e', script];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(child, 'close');
  return text;
}

function createEnsemble(servers: readonly EnsembleServer[], folder: TempFolder): Ensemble {
  return {
    servers,
    address(path = '/tepui', credentials) {
      const url = `zk://${credentials === undefined ? '' : `${credentials}@`}${servers
        .map((server) => describeServer(server.address))
        .join(',')}${path}`;
      parseZookeeperUrl(url);
      return url;
    },
    async leader() {
      for (;;) {
        const running = servers.filter((server) => server.pid !== undefined);
        const modes = await Promise.all(running.map((server) => server.serving()));
        const at = modes.findIndex((mode) => mode !== 'follower');
        const found = running[at];
        if (found) return servers.indexOf(found);
      }
    },
    freezeAll() {
      for (const server of servers) if (server.pid !== undefined) server.freeze();
    },
    thawAll() {
      for (const server of servers) if (server.pid !== undefined) server.thaw();
    },
    async destroy() {
      await Promise.all(servers.map((server) => server.kill()));
      await folder.remove();
    },
  };
}

/** Ports that were free a moment ago, all different. */
async function freePorts(count: number): Promise<readonly number[]> {
  const probes = await Promise.all(
    Array.from({ length: count }, async () => {
      const probe = createServer().listen(0, '127.0.0.1');
      await once(probe, 'listening');
      return probe;
    }),
  );
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port);
  await Promise.all(probes.map((probe) => once(probe.close(), 'close')));
  return ports;
}

// `tepui agent`: runs the containers of one node.
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { StatusError } from '../api/status-error.ts';
import { systemClock } from '../lib/clock.ts';
import { errorText } from '../lib/error-text.ts';
import { listenFace, type HttpFace } from '../lib/http-face.ts';
import { createLog, type Log } from '../lib/log.ts';
import { productVersion } from '../lib/product.ts';
import { aborted, runGroup } from '../lib/run-group.ts';
import { createAgent } from '../node-agent/agent.ts';
import { createContainerizer } from '../node-agent/create-containerizer.ts';
import { discoverGateways, enrol } from '../node-agent/enrolment.ts';
import { cgroupRootOf } from './cgroup-root.ts';
import { machineName } from './machine-name.ts';
import { mesosRoutes } from './mesos-routes.ts';
import { addressTowards } from './own-address.ts';
import { endOwner, livingOwner, writePidFile } from './pid-file.ts';
import { cannotStartCode, orPortTaken } from './start-problem.ts';
import { stopSignal } from './stop-signal.ts';

export interface AgentOptions {
  readonly home?: string;
  /** `HOST:PORT[,HOST:PORT…]` of servers' APIs; with `ca`, of their gateways. */
  readonly server: string;
  readonly token?: string;
  readonly nodeName?: string;
  readonly host?: string;
  readonly port: number;
  /** The authority is known beforehand, as to the agents of `tepui dev`: nobody has to be asked. */
  readonly ca?: string;
  readonly tokenFile?: string;
  readonly shares: number;
  readonly hide?: string;
  readonly exitWithParent?: boolean;
}

/** Runs until a signal, or, started by `tepui dev`, until that ends. Containers are left running. */
export async function agent(options: AgentOptions): Promise<void> {
  const home = resolve(options.home ?? defaultHome());
  const servers = readServers(options.server);
  prepareHome(home);
  await claimHome(home, options.exitWithParent === true);
  const log = createLog('info', join(home, 'agent.log'));
  const signal = stopSignal(options.exitWithParent === true);
  try {
    await runAgent({ ...options, home, servers, nodeName: options.nodeName ?? machineName() }, log, signal);
  } catch (error) {
    log.error({ err: error }, 'the agent ended');
    // Refused by the cluster: whoever supervises us need not try again.
    if (error instanceof StatusError && finalReasons.includes(error.reason)) process.exitCode = cannotStartCode;
    throw error;
  }
}

const finalReasons: readonly string[] = ['Unauthorized', 'Forbidden', 'BadRequest'];

const defaultHome = () => (process.getuid?.() === 0 ? '/var/lib/tepui/agent' : join(homedir(), '.tepui-agent'));

/** @throws StatusError for what is no list of addresses */
function readServers(text: string): readonly string[] {
  const servers = text.split(',').map((server) => server.trim());
  for (const server of servers) {
    if (/^(\[[0-9a-fA-F:.%]+\]|[^\s:/@]+):\d{1,5}$/.test(server) && Number(server.split(':').at(-1)) <= 65_535)
      continue;
    throw new StatusError('BadRequest', `--server expects HOST:PORT[,HOST:PORT…], found "${server}"`);
  }
  return servers;
}

function prepareHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    const advice = 'choose a folder that you may write with --home DIR';
    throw new StatusError('Forbidden', `cannot keep anything in ${home} (${errorText(error)}): ${advice}`);
  }
}

const killedWithinMs = 10_000;

/**
 * Two agents on one folder would undo each other's work. One whose server was killed may still be about to end, or
 * have been stopped: the agent of the new server ends it, which containers do not notice.
 */
async function claimHome(home: string, mayReplace: boolean): Promise<void> {
  const file = join(home, 'agent.pid');
  const former = await livingOwner(file);
  if (former) {
    const ended = mayReplace && (await endOwner(former, 'SIGKILL', killedWithinMs, systemClock));
    if (!ended) {
      const advice = `stop process ${String(former.pid)} first, or use another --home`;
      throw new StatusError('Conflict', `another agent uses ${home}: ${advice}`);
    }
  }
  await writePidFile(file);
}

interface Settings extends AgentOptions {
  readonly home: string;
  readonly servers: readonly string[];
  readonly nodeName: string;
}

async function runAgent(settings: Settings, log: Log, signal: AbortSignal): Promise<void> {
  const { home, nodeName, servers } = settings;
  const progress = createProgress();
  const cluster = await findCluster(settings, progress, signal);
  if (!cluster) return;
  const host = settings.host ?? (await addressTowards(servers));
  const containerizer = await createContainerizer({
    home: join(home, 'containers'),
    cgroupRoot: cgroupRootOf(home),
    nodeName,
    nodeAddress: () => host,
    hiddenPaths: settings.hide === undefined ? [home] : [settings.hide],
    clock: systemClock,
    log,
  });
  for (const gap of containerizer.capabilities.degraded) log.warn({ ...gap }, 'something cannot be isolated here');
  const nodeAgent = createAgent({
    ...{ nodeName, containerizer, log, ...cluster, ...progress },
    directory: join(home, 'agent'),
    clock: systemClock,
    random: Math.random,
    version: productVersion,
    streams: { host, port: 0 },
    hostIp: host,
    sharedBy: settings.shares,
  });
  await runGroup([(stop) => nodeAgent.run(stop), (stop) => serveFace(settings, host, stop)], signal);
}

/** Whom to believe and where to go, as `createAgent` wants it. Undefined when the signal aborts. */
async function findCluster(settings: Settings, progress: Progress, signal: AbortSignal) {
  const { ca, tokenFile, servers, home } = settings;
  const token = settings.token ?? (tokenFile === undefined ? undefined : readFileSync(tokenFile, 'utf8').trim());
  const withToken = token === undefined ? {} : { token };
  if (ca !== undefined) return { servers, authority: readFileSync(ca, 'utf8'), ...withToken };
  const enrolment = await enrol(
    {
      directory: join(home, 'agent'),
      onTrouble: (problem) => progress.onTrouble(problem),
      clock: systemClock,
      random: Math.random,
      ...{ servers, token },
    },
    signal,
  );
  if (!enrolment) return undefined;
  const discover = (stop: AbortSignal) => discoverGateways(servers, stop);
  return { servers: enrolment.gateways, authority: enrolment.authority, discover, ...withToken };
}

interface Progress {
  readonly onRegistered: () => void;
  readonly onTrouble: (problem: string) => void;
}

/** Tells the user what hinders the start, each thing once, and when it has succeeded; afterwards the log does. */
function createProgress(): Progress {
  const told = new Set<string>();
  let isReady = false;
  return {
    onRegistered() {
      if (!isReady) process.stdout.write('tepui is ready\n');
      isReady = true;
    },
    onTrouble(problem) {
      if (isReady || told.has(problem)) return;
      told.add(problem);
      process.stderr.write(`not yet: ${problem}; trying again\n`);
    },
  };
}

/** The Mesos agent face: `/health` and `/version`. */
async function serveFace({ port, exitWithParent }: AgentOptions, host: string, signal: AbortSignal): Promise<void> {
  const flag = exitWithParent === true ? '--agent-port' : '--port';
  const face: HttpFace = await orPortTaken(listenFace(host, port, mesosRoutes), port, flag).catch((error: unknown) => {
    process.exitCode = cannotStartCode;
    throw error;
  });
  await aborted(signal);
  await face.close();
}

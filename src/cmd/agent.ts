// `tepui agent`: runs the containers of one node.
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StatusError } from '../api/status-error.ts';
import { systemClock } from '../lib/clock.ts';
import { listenFace, type HttpFace } from '../lib/http-face.ts';
import { createLog } from '../lib/log.ts';
import { productVersion } from '../lib/product.ts';
import { aborted, runGroup } from '../lib/run-group.ts';
import { createAgent } from '../node-agent/agent.ts';
import { createContainerizer } from '../node-agent/create-containerizer.ts';
import { cgroupRootOf } from './cgroup-root.ts';
import { mesosRoutes } from './mesos-routes.ts';
import { endOwner, livingOwner, writePidFile } from './pid-file.ts';
import { cannotStartCode, orPortTaken } from './start-problem.ts';
import { stopSignal } from './stop-signal.ts';

export interface AgentOptions {
  readonly home: string;
  /** `HOST:PORT[,HOST:PORT…]` */
  readonly server: string;
  readonly nodeName: string;
  readonly ca: string;
  readonly tokenFile: string;
  readonly port: number;
  readonly shares: number;
  readonly hide?: string;
  readonly exitWithParent?: boolean;
}

const host = '127.0.0.1';

/** Runs until a signal, or, started by `tepui dev`, until that ends. Containers are left running. */
export async function agent(options: AgentOptions): Promise<void> {
  const home = resolve(options.home);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  await claimHome(home, options.exitWithParent === true);
  const log = createLog('info', join(home, 'agent.log'));
  const signal = stopSignal(options.exitWithParent === true);
  try {
    await runAgent(options, home, log, signal);
  } catch (error) {
    log.error({ err: error }, 'the agent ended');
    throw error;
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

async function runAgent(
  options: AgentOptions,
  home: string,
  log: ReturnType<typeof createLog>,
  signal: AbortSignal,
): Promise<void> {
  const containerizer = await createContainerizer({
    home: join(home, 'containers'),
    cgroupRoot: cgroupRootOf(home),
    nodeName: options.nodeName,
    nodeAddress: () => host,
    hiddenPaths: options.hide === undefined ? [home] : [options.hide],
    clock: systemClock,
    log,
  });
  for (const gap of containerizer.capabilities.degraded) log.warn({ ...gap }, 'something cannot be isolated here');
  const nodeAgent = createAgent({
    nodeName: options.nodeName,
    directory: join(home, 'agent'),
    servers: options.server.split(','),
    authority: readFileSync(options.ca, 'utf8'),
    token: readFileSync(options.tokenFile, 'utf8').trim(),
    containerizer,
    clock: systemClock,
    log,
    random: Math.random,
    version: productVersion,
    streams: { host, port: 0 },
    hostIp: host,
    sharedBy: options.shares,
  });
  await runGroup([(stop) => nodeAgent.run(stop), (stop) => serveFace(options, stop)], signal);
}

/** The Mesos agent face: `/health` and `/version`. */
async function serveFace({ port, exitWithParent }: AgentOptions, signal: AbortSignal): Promise<void> {
  const flag = exitWithParent === true ? '--agent-port' : '--port';
  const face: HttpFace = await orPortTaken(listenFace(host, port, mesosRoutes), port, flag).catch((error: unknown) => {
    process.exitCode = cannotStartCode;
    throw error;
  });
  await aborted(signal);
  await face.close();
}

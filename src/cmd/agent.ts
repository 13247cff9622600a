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
import { replaceFile } from './home.ts';
import { mesosRoutes } from './mesos-routes.ts';
import { configurationExit, withPort } from './start-errors.ts';
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
  replaceFile(join(home, 'agent.pid'), `${String(process.pid)}\n`);
  const log = createLog('info', join(home, 'agent.log'));
  const signal = stopSignal(options.exitWithParent === true);
  try {
    await runAgent(options, home, log, signal);
  } catch (error) {
    log.error({ err: error }, 'the agent ended');
    if (!(error instanceof StatusError)) throw error;
    process.stderr.write(`Agent ${options.nodeName}: ${error.message}\n`);
    process.exitCode = configurationExit;
  }
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
  await runGroup([(stop) => nodeAgent.run(stop), (stop) => serveFace(options.port, stop)], signal);
}

/** The Mesos agent face: `/health` and `/version`. */
async function serveFace(port: number, signal: AbortSignal): Promise<void> {
  const face: HttpFace = await withPort('--agent-port', port, listenFace(host, port, mesosRoutes));
  await aborted(signal);
  await face.close();
}

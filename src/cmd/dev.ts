// `tepui dev`: a cluster on this machine — the server in this process, agents as its children, an embedded journal.
import { rmSync } from 'node:fs';
import type { Node } from '../api/types.gen.ts';
import { StatusError } from '../api/status-error.ts';
import { systemClock } from '../lib/clock.ts';
import { listenFace } from '../lib/http-face.ts';
import { createLog, type Log } from '../lib/log.ts';
import { aborted, runGroup, type Actor } from '../lib/run-group.ts';
import { openEmbeddedMedium } from '../store/media/embedded.ts';
import { keepAgent } from './agent-processes.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { createHome, locateHome, type Home } from './home.ts';
import { machineName } from './machine-name.ts';
import { mesosRoutes } from './mesos-routes.ts';
import { livingOwner, writePidFile } from './pid-file.ts';
import { loadSecrets, writeKubeconfig } from './pki.ts';
import { asStartProblem, orPortTaken } from './start-problem.ts';
import { stopSignal } from './stop-signal.ts';

export interface DevOptions {
  readonly home?: string;
  readonly apiPort: number;
  readonly mesosPort: number;
  readonly agentPort: number;
  readonly nodes: number;
  /** Seconds of silence after which a node counts as unreachable. */
  readonly nodeGrace?: number;
}

const host = '127.0.0.1';
const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Runs until a signal. What runs in the cluster goes on running. */
export async function dev(options: DevOptions): Promise<void> {
  process.title = 'tepui dev';
  const home = locateHome(options.home);
  await refuseSecondServer(home);
  createHome(home);
  const log = createLog('info', home.serverLog);
  const signal = stopSignal();
  const { controlPlane, secrets } = await start(home, options, log);
  writeKubeconfig(home, secrets, `https://${host}:${String(controlPlane.apiPort)}`);
  const names = nodeNames(options.nodes);
  const agents = names.map((name, index) => agentActor(home, controlPlane, log, options, name, index));
  try {
    await runGroup(
      [
        (stop) => controlPlane.run(stop),
        (stop) => serveMesos(options.mesosPort, stop),
        (stop) => announceReady(home, controlPlane, names, stop),
        ...agents,
      ],
      signal,
    );
  } finally {
    rmSync(home.pidFile, { force: true });
  }
}

/** Opens the journal and listens. Rejects with StatusError when the user can mend what is wrong. */
async function start(home: Home, options: DevOptions, log: Log) {
  try {
    const medium = await openEmbeddedMedium({ directory: home.journal });
    await writePidFile(home.pidFile);
    const secrets = await loadSecrets(home, systemClock);
    const controlPlane = await startControlPlane({
      ...{ medium, secrets, host, log },
      apiPort: options.apiPort,
      clock: systemClock,
      ...(options.nodeGrace === undefined ? {} : { nodeGraceMs: options.nodeGrace * 1000 }),
      onFailed: (error) => crash(log, error),
    });
    return { controlPlane, secrets };
  } catch (error) {
    throw asStartProblem(error);
  }
}

/** Looked at before anything is touched; two that start at the same moment meet at the lock of the journal. */
async function refuseSecondServer(home: Home): Promise<void> {
  const running = await livingOwner(home.pidFile);
  if (!running) return;
  throw new StatusError(
    'Conflict',
    `tepui dev runs already on ${home.path} (process ${String(running.pid)}). Use it: export KUBECONFIG=${home.kubeconfig}. ` +
      'Or stop it with Ctrl-C or --down, or start another cluster with --home DIR and other ports',
  );
}

/** A server that cannot write has nothing to say any more: whoever supervises it starts a new one. */
function crash(log: Log, error: unknown): never {
  log.error({ err: error }, 'the server cannot go on');
  process.stderr.write(`The server cannot go on: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/** The first node bears the machine's name, as the only one does. */
function nodeNames(count: number): string[] {
  const machine = machineName();
  return Array.from({ length: count }, (_, index) => (index === 0 ? machine : `${machine}-${String(index + 1)}`));
}

function agentActor(
  home: Home,
  { gatewayPort }: ControlPlane,
  log: Log,
  options: DevOptions,
  nodeName: string,
  index: number,
): Actor {
  return async (stop) => {
    const port = await Promise.race([gatewayPort, aborted(stop)]);
    if (port === undefined) return;
    const mesosPort = options.agentPort === 0 ? 0 : options.agentPort + index;
    const agent = { nodeName, server: `${host}:${String(port)}`, port: mesosPort, shares: options.nodes };
    await keepAgent(home, agent, { clock: systemClock, log }, stop);
  };
}

async function serveMesos(port: number, signal: AbortSignal): Promise<void> {
  const face = await orPortTaken(listenFace(host, port, mesosRoutes), port, '--mesos-port');
  await aborted(signal);
  await face.close();
}

/** Tells the user once every agent is here and its node ready, then waits for the end. */
async function announceReady(
  home: Home,
  { informers, ...controlPlane }: ControlPlane,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const nodes = informers.of<Node>({ group: '', version: 'v1', plural: 'nodes' });
  const ready = () => names.every((name) => nodes.list().some((node) => node.metadata.name === name && isReady(node)));
  try {
    await Promise.race([Promise.all(names.map((name) => controlPlane.registered(name))), aborted(signal)]);
    await nodes.until(ready, signal);
  } catch {
    return;
  }
  for (const line of nodes.list().flatMap(degradedLines)) say(line);
  say(`export KUBECONFIG=${home.kubeconfig}`);
  say('Try: kubectl apply -f manifests/examples/hello.yaml && kubectl get apps,deploy,rs,pods');
  say('tepui is ready');
  await aborted(signal);
}

const isReady = (node: Node) =>
  node.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;

/** What a node cannot isolate, why, and how to mend it: one line each, as the agent reported it. */
function degradedLines({ metadata }: Node): string[] {
  const gaps = metadata.annotations?.['tepui.dev/degraded']?.split('\n') ?? [];
  return gaps.map((gap) => `Degraded on ${metadata.name ?? ''}: ${gap}`);
}

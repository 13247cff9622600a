// `tepui dev`: a cluster on this machine — the server in this process, agents as its children, an embedded journal.
import { rmSync } from 'node:fs';
import type { Node } from '../api/types.gen.ts';
import { systemClock } from '../lib/clock.ts';
import { createLog, type Log } from '../lib/log.ts';
import { aborted, runGroup, type Actor } from '../lib/run-group.ts';
import { keepAgent } from './agent-processes.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { createHome, locateHome, type Home } from './home.ts';
import { machineName } from './machine-name.ts';
import { refuseSecondServer, writePidFile } from './pid-file.ts';
import { loadSecrets, writeKubeconfig } from './pki.ts';
import { serverId } from './server-id.ts';
import { asStartProblem } from './start-problem.ts';
import { stopSignal } from './stop-signal.ts';
import { standAlone } from './surroundings.ts';

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
  await refuseSecondServer(home, 'tepui dev');
  createHome(home);
  const log = createLog('info', home.serverLog);
  const signal = stopSignal();
  const controlPlane = await start(home, options, log);
  const names = nodeNames(options.nodes);
  const agents = names.map((name, index) => agentActor(home, controlPlane, log, options, name, index));
  try {
    await runGroup(
      [
        (stop) => controlPlane.run(stop),
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
async function start(home: Home, options: DevOptions, log: Log): Promise<ControlPlane> {
  try {
    const surroundings = await standAlone(home);
    await writePidFile(home.pidFile);
    const { server, joinToken, ...identity } = await loadSecrets(home, systemClock);
    const controlPlane = await startControlPlane({
      ...{ surroundings, identity, host, log },
      certificate: server,
      id: serverId(home),
      ownToken: joinToken,
      advertise: host,
      ports: { api: options.apiPort, gateway: 0, mesos: options.mesosPort },
      clock: systemClock,
      ...(options.nodeGrace === undefined ? {} : { nodeGraceMs: options.nodeGrace * 1000 }),
    });
    writeKubeconfig(home, identity, `https://${controlPlane.facts.api}`);
    return controlPlane;
  } catch (error) {
    throw asStartProblem(error);
  }
}

/** The first node bears the machine's name, as the only one does. */
function nodeNames(count: number): string[] {
  const machine = machineName();
  return Array.from({ length: count }, (_, index) => (index === 0 ? machine : `${machine}-${String(index + 1)}`));
}

function agentActor(
  home: Home,
  { facts }: ControlPlane,
  log: Log,
  options: DevOptions,
  nodeName: string,
  index: number,
): Actor {
  return async (stop) => {
    const mesosPort = options.agentPort === 0 ? 0 : options.agentPort + index;
    const agent = { nodeName, server: facts.gateway, port: mesosPort, shares: options.nodes };
    await keepAgent(home, agent, { clock: systemClock, log }, stop);
  };
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

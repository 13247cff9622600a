// `tepui dev`: a cluster on this machine — the server in this process, agents as its children, an embedded journal.
import { existsSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Node } from '../api/types.gen.ts';
import { systemClock } from '../lib/clock.ts';
import { createLog, type Log } from '../lib/log.ts';
import { aborted, runGroup, type Actor } from '../lib/run-group.ts';
import { keepAgent } from './agent-processes.ts';
import type { Surroundings } from './control-plane-options.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { createHome, locateHome, replaceFile, type Home } from './home.ts';
import type { ClusterIdentity } from './identity/cluster-identity.ts';
import { loadHomeIdentity } from './identity/home-keeper.ts';
import { openServerCertificate } from './identity/server-certificate.ts';
import { machineName } from './machine-name.ts';
import { refuseSecondServer, writePidFile } from './pid-file.ts';
import { loadJoinToken, writeKubeconfig } from './pki.ts';
import { serverId } from './server-id.ts';
import { asStartProblem, readAddress } from './start-problem.ts';
import { stopSignal } from './stop-signal.ts';
import { standAlone, standAmongOthers } from './surroundings.ts';

export interface DevOptions {
  readonly home?: string;
  /** Keep the journal there, not in the home. */
  readonly zk?: string;
  /** With ZooKeeper, in seconds. */
  readonly sessionTimeout: number;
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
  try {
    await run(home, options, log, signal);
  } catch (error) {
    if (!signal.aborted) throw asStartProblem(error);
  } finally {
    rmSync(home.pidFile, { force: true });
  }
}

async function run(home: Home, options: DevOptions, log: Log, signal: AbortSignal): Promise<void> {
  const site = await openSite(home, options, log, signal);
  // Only who has the journal is the server of this home.
  await writePidFile(home.pidFile);
  try {
    const controlPlane = await start(home, options, log, site);
    const names = nodeNames(options.nodes);
    const agents = names.map((name, index) => agentActor(home, controlPlane, log, options, name, index));
    await runGroup(
      [(stop) => controlPlane.run(stop), (stop) => announceReady(home, controlPlane, names, stop), ...agents],
      signal,
    );
  } finally {
    await site.close();
  }
}

interface Site {
  readonly surroundings: Surroundings;
  readonly identity: ClusterIdentity;
  close(): Promise<void>;
}

/** The journal in the home, or, with --zk, in ZooKeeper. */
async function openSite(home: Home, options: DevOptions, log: Log, signal: AbortSignal): Promise<Site> {
  if (options.zk === undefined) {
    const surroundings = await standAlone(home);
    return { surroundings, identity: await loadHomeIdentity(home, systemClock), close: () => Promise.resolve() };
  }
  const address = readAddress(options.zk);
  const { sessionTimeout } = options;
  const onWaiting = (what: string) => say(`Waiting for ${what}`);
  return standAmongOthers(
    { home, address, token: undefined, sessionTimeout, clock: systemClock, log, onWaiting },
    signal,
  );
}

/** Listens. Rejects with StatusError when the user can mend what is wrong. */
async function start(
  home: Home,
  options: DevOptions,
  log: Log,
  { surroundings, identity }: Site,
): Promise<ControlPlane> {
  const { authority } = identity;
  // Where the agents of this machine look for it.
  if (!existsSync(home.authority.certificate)) replaceFile(home.authority.certificate, authority.certificate);
  const controlPlane = await startControlPlane({
    ...{ surroundings, identity, host, log },
    certificate: await openServerCertificate(home, authority, [hostname()], { clock: systemClock, log }),
    id: serverId(home),
    ownToken: loadJoinToken(home, authority.certificate, systemClock),
    advertise: host,
    ports: { api: options.apiPort, gateway: 0, mesos: options.mesosPort },
    clock: systemClock,
    ...(options.nodeGrace === undefined ? {} : { nodeGraceMs: options.nodeGrace * 1000 }),
  });
  writeKubeconfig(home, identity, `https://${controlPlane.facts.api}`);
  return controlPlane;
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

// `tepui server`: one of the servers that share a ZooKeeper path and are one cluster.
import { hostname } from 'node:os';
import { rmSync } from 'node:fs';
import { systemClock } from '../lib/clock.ts';
import { createLog, type Log } from '../lib/log.ts';
import { aborted, runGroup } from '../lib/run-group.ts';
import { hostAddress } from '../node-agent/fingerprint.ts';
import { parseZookeeperUrl, type ZookeeperAddress } from '../zookeeper/address.ts';
import { createZookeeper } from '../zookeeper/create-zookeeper.ts';
import type { Zookeeper } from '../zookeeper/zookeeper.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { createHome, locateHome, type Home } from './home.ts';
import { loadServerCertificate } from './identity/server-certificate.ts';
import { loadSharedIdentity } from './identity/zookeeper-keeper.ts';
import { refuseSecondServer, writePidFile } from './pid-file.ts';
import { writeKubeconfig } from './pki.ts';
import { serverId } from './server-id.ts';
import { asStartProblem } from './start-problem.ts';
import { stopSignal } from './stop-signal.ts';
import { standAmongOthers } from './surroundings.ts';

export interface ServerOptions {
  readonly zk: string;
  readonly home?: string;
  readonly token?: string;
  readonly host?: string;
  readonly advertise?: string;
  readonly apiPort: number;
  readonly gatewayPort: number;
  readonly mesosPort: number;
  /** Seconds. */
  readonly sessionTimeout: number;
  /** Seconds of silence after which a node counts as unreachable. */
  readonly nodeGrace?: number;
}

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Runs until a signal; then it hands over. What runs in the cluster goes on running. */
export async function server(options: ServerOptions): Promise<void> {
  process.title = 'tepui server';
  const home = locateHome(options.home);
  await refuseSecondServer(home, 'tepui server');
  createHome(home);
  const log = createLog('info', home.serverLog);
  const signal = stopSignal();
  const address = asUserError(() => parseZookeeperUrl(options.zk));
  await writePidFile(home.pidFile);
  const zookeeper = createZookeeper({
    ...{ address, log, clock: systemClock },
    sessionTimeoutMs: options.sessionTimeout * 1000,
  });
  try {
    const controlPlane = await start(options, { home, address, zookeeper, log }, signal);
    await runGroup([(stop) => controlPlane.run(stop), (stop) => announceReady(home, controlPlane, stop)], signal);
  } catch (error) {
    if (!signal.aborted) throw asStartProblem(error);
  } finally {
    await zookeeper.close();
    rmSync(home.pidFile, { force: true });
  }
}

function asUserError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStartProblem(error);
  }
}

interface Place {
  readonly home: Home;
  readonly address: ZookeeperAddress;
  readonly zookeeper: Zookeeper;
  readonly log: Log;
}

async function start(options: ServerOptions, place: Place, signal: AbortSignal): Promise<ControlPlane> {
  const { home, address, zookeeper, log } = place;
  const clock = systemClock;
  const patience = clock.after(sayAfterMs, () => {
    if (zookeeper.state !== 'connected') say(`Waiting for ${zookeeper.description}: ${zookeeper.trouble}`);
  });
  const identity = await loadSharedIdentity({ home, zookeeper, clock, log, token: options.token }, signal);
  const host = options.host ?? (isOnLoopback(address) ? loopback : '0.0.0.0');
  const advertise = options.advertise ?? (host === '0.0.0.0' || host === '::' ? hostAddress() : host);
  const certificate = await loadServerCertificate(home, identity.authority, [hostname(), host, advertise], clock);
  const surroundings = await standAmongOthers({ address, zookeeper, identity, clock, log }, signal);
  patience.cancel();
  const controlPlane = await startControlPlane({
    ...{ surroundings, identity, certificate, host, advertise, clock, log },
    id: serverId(home),
    ownToken: undefined,
    ports: { api: options.apiPort, gateway: options.gatewayPort, mesos: options.mesosPort },
    ...(options.nodeGrace === undefined ? {} : { nodeGraceMs: options.nodeGrace * 1000 }),
  });
  writeKubeconfig(home, identity, `https://${localAddress(host, controlPlane.facts.api)}`);
  return controlPlane;
}

/** Whoever starts a server by hand wants to know why nothing happens. */
const sayAfterMs = 3000;
const loopback = '127.0.0.1';

/** All servers of the ensemble on this machine: then so is everything else, and nothing is opened to others. */
function isOnLoopback({ servers }: ZookeeperAddress): boolean {
  return servers.every(({ host }) => host === 'localhost' || host === '::1' || host.startsWith('127.'));
}

/** For the kubeconfig of this machine. */
function localAddress(host: string, advertised: string): string {
  const port = advertised.slice(advertised.lastIndexOf(':'));
  if (host === '0.0.0.0' || host === '::') return `${loopback}${port}`;
  return `${host.includes(':') ? `[${host}]` : host}${port}`;
}

async function announceReady(home: Home, controlPlane: ControlPlane, signal: AbortSignal): Promise<void> {
  await controlPlane.serving(signal);
  if (signal.aborted) return;
  const { facts, leadership } = controlPlane;
  say(leadership.part === 'following' ? `Following ${leadership.leaderApi ?? ''}` : 'Leading');
  say(`API: https://${facts.api}   agents: ${facts.gateway}   Mesos: ${facts.mesos}`);
  say(`export KUBECONFIG=${home.kubeconfig}`);
  say('tepui is ready');
  await aborted(signal);
}

// `tepui server`: one of the servers that share a ZooKeeper path and are one cluster.
import { hostname } from 'node:os';
import { rmSync } from 'node:fs';
import { systemClock } from '../lib/clock.ts';
import { createLog, type Log } from '../lib/log.ts';
import { aborted, runGroup } from '../lib/run-group.ts';
import { hostAddress } from '../node-agent/fingerprint.ts';
import type { ZookeeperAddress } from '../zookeeper/address.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { createHome, locateHome, type Home } from './home.ts';
import { openServerCertificate } from './identity/server-certificate.ts';
import { refuseSecondServer, writePidFile } from './pid-file.ts';
import { writeKubeconfig } from './pki.ts';
import { serverId } from './server-id.ts';
import { asStartProblem, readAddress } from './start-problem.ts';
import { stopSignal } from './stop-signal.ts';
import { standAmongOthers, type Shared } from './surroundings.ts';

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
  const address = readAddress(options.zk);
  createHome(home);
  const log = createLog('info', home.serverLog);
  const signal = stopSignal();
  await writePidFile(home.pidFile);
  try {
    await serve(options, { home, address, log }, signal);
  } catch (error) {
    if (!signal.aborted) throw asStartProblem(error);
  } finally {
    rmSync(home.pidFile, { force: true });
  }
}

interface Place {
  readonly home: Home;
  readonly address: ZookeeperAddress;
  readonly log: Log;
}

async function serve(options: ServerOptions, place: Place, signal: AbortSignal): Promise<void> {
  const { home } = place;
  const shared = await standAmongOthers(
    {
      ...place,
      token: options.token,
      sessionTimeout: options.sessionTimeout,
      clock: systemClock,
      onWaiting: (what) => say(`Waiting for ${what}`),
    },
    signal,
  );
  try {
    const controlPlane = await start(options, place, shared);
    await runGroup([(stop) => controlPlane.run(stop), (stop) => announceReady(home, controlPlane, stop)], signal);
  } finally {
    await shared.close();
  }
}

async function start(options: ServerOptions, place: Place, shared: Shared): Promise<ControlPlane> {
  const { home, address, log } = place;
  const { surroundings, identity } = shared;
  const clock = systemClock;
  const host = options.host ?? (isOnLoopback(address) ? loopback : anyAddress);
  const advertise = options.advertise ?? (host === anyAddress || host === '::' ? hostAddress() : host);
  const names = [hostname(), host, advertise];
  const certificate = await openServerCertificate(home, identity.authority, names, { clock, log });
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

const anyAddress = '0.0.0.0';
const loopback = '127.0.0.1';

/** All servers of the ensemble on this machine: then so is everything else, and nothing is opened to others. */
function isOnLoopback({ servers }: ZookeeperAddress): boolean {
  return servers.every(({ host }) => host === 'localhost' || host === '::1' || host.startsWith('127.'));
}

/** For the kubeconfig of this machine. */
function localAddress(host: string, advertised: string): string {
  const port = advertised.slice(advertised.lastIndexOf(':'));
  if (host === anyAddress || host === '::') return `${loopback}${port}`;
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

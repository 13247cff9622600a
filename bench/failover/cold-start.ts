// A cold start: the only server, over an ensemble that holds a snapshot and a short log; and the ensemble's memory.
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startEnsemble, type Ensemble } from '../../test/support/zookeeper-ensemble.ts';
import { cpuMs, residentMb, startServer } from './servers.ts';
import { print, printFigure, quantile, seconds } from './figures.ts';
import { populate } from './objects.ts';

export interface ColdStartOptions {
  readonly folder: string;
  readonly objects: number;
  readonly rounds: number;
  /** Of each ZooKeeper server. */
  readonly heapMb: number;
  readonly profiles: string | undefined;
}

const promisedMs = 3000;
const promisedMb = 512;
/** For what is written behind a snapshot, and for snapshots that are being written. */
const restMs = 3000;

export async function benchColdStart(options: ColdStartOptions): Promise<void> {
  const { folder, objects, rounds, heapMb, profiles } = options;
  const ensemble = await startEnsemble({ servers: 3, tickTimeMs: 1000, heapMb });
  try {
    const zk = ensemble.address();
    const beganMs = performance.now();
    await populate(zk, { objects, nodes: 0, podsPerNode: 0, nodePrefix: '' });
    print(`${objects} objects written in ${seconds(performance.now() - beganMs)}`);
    const plan = { command: ['server', '--zk', zk, '--session-timeout', '6'], home: join(folder, 'cold'), profiles };
    const server = await startServer(plan);
    const times: number[] = [];
    for (let at = 0; at < rounds; at += 1) {
      await wait(restMs);
      await server.stop('SIGTERM');
      await server.restart();
      times.push(server.readyMs);
      const cpu = seconds(cpuMs(server.pid));
      print(`  ready after ${seconds(server.readyMs)}, CPU ${cpu}, memory ${residentMb(server.pid).toFixed(0)} MB`);
    }
    await server.stop('SIGTERM');
    report(options, times, ensemble);
  } finally {
    await ensemble.destroy();
  }
}

function report({ objects, heapMb }: ColdStartOptions, times: readonly number[], ensemble: Ensemble): void {
  printFigure({
    what: `cold start with ${objects} objects`,
    promise: seconds(promisedMs),
    seen: `median ${seconds(quantile(times, 0.5))}, worst ${seconds(quantile(times, 1))} of ${times.length}`,
    isKept: quantile(times, 0.5) < promisedMs,
  });
  const peaks = ensemble.servers.map(({ pid = 0 }) => residentMb(pid, true));
  printFigure({
    what: `the most memory of each ZooKeeper server with -Xmx${heapMb}m`,
    promise: `${promisedMb} MB`,
    seen: `${peaks.map((peak) => peak.toFixed(0)).join(', ')} MB`,
    isKept: Math.max(...peaks) < promisedMb,
  });
}

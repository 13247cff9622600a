// Durable writes per second through three servers and their ensemble, against one server with the embedded journal.
import { join } from 'node:path';
import { startEnsemble } from '../../test/support/zookeeper-ensemble.ts';
import type { ConfigMap } from '../../src/api/types.gen.ts';
import type { HttpClient } from '../../src/client/http-client.ts';
import { print, printFigure, quantile } from './figures.ts';
import { cpuMs, startServer, type BenchServer } from './servers.ts';
import { createToken } from './take-over.ts';

export interface DurableWritesOptions {
  readonly folder: string;
  readonly rounds: number;
  readonly profiles: string | undefined;
}

const connections = 24;
const callersPerConnection = 4;
const warmUpMs = 1500;
const measuredMs = 4000;
const promisedRatio = 0.5;

export async function benchDurableWrites(options: DurableWritesOptions): Promise<void> {
  const { folder, profiles } = options;
  const ensemble = await startEnsemble({ servers: 3, tickTimeMs: 200, heapMb: 256 });
  const alone = await startServer({ command: ['dev'], home: join(folder, 'alone'), profiles });
  const servers: BenchServer[] = [];
  try {
    for (const at of [1, 2, 3]) {
      const [first] = servers;
      const token = first ? ['--token', await createToken(first, 'any')] : [];
      const command = ['server', '--zk', ensemble.address(), ...token];
      servers.push(await startServer({ command, home: join(folder, `shared-${at}`), profiles }));
    }
    const ratios: number[] = [];
    for (let at = 0; at < options.rounds; at += 1) {
      const embedded = await writesPerSecond([alone]);
      const shared = await writesPerSecond(servers);
      ratios.push(shared / embedded);
      print(`  embedded ${embedded.toFixed(0)} a second, through three servers ${shared.toFixed(0)} a second`);
    }
    printFigure({
      what: 'durable writes through three servers, as a part of those of the embedded journal',
      promise: String(promisedRatio),
      seen: `median ${quantile(ratios, 0.5).toFixed(2)} of ${ratios.length}`,
      isKept: quantile(ratios, 0.5) >= promisedRatio,
    });
  } finally {
    const signal = profiles === undefined ? 'SIGKILL' : 'SIGTERM';
    await Promise.all(servers.map((server) => server.stop(signal)));
    await alone.stop('SIGTERM');
    await ensemble.destroy();
  }
}

/** Clients spread over the servers; each connection has a few writes under way. */
async function writesPerSecond(servers: readonly BenchServer[]): Promise<number> {
  const clients = Array.from({ length: connections }, (_, at) => servers[at % servers.length]!.client());
  const beganMs = performance.now();
  let written = 0;
  const isMeasured = () => performance.now() - beganMs > warmUpMs;
  const work = async (client: HttpClient) => {
    while (performance.now() - beganMs < warmUpMs + measuredMs) {
      await create(client);
      if (isMeasured()) written += 1;
    }
  };
  const before = servers.map(({ pid }) => cpuMs(pid));
  await Promise.all(clients.flatMap((client) => Array.from({ length: callersPerConnection }, () => work(client))));
  const used = servers.map(({ pid }, at) => cpuMs(pid) - (before[at] ?? 0));
  print(`  CPU of the servers ${used.map((ms) => `${ms} ms`).join(', ')} in ${warmUpMs + measuredMs} ms`);
  for (const client of clients) client.close();
  return (written * 1000) / measuredMs;
}

const configMaps = { group: '', version: 'v1', plural: 'configmaps' };
const data = {
  'settings.properties': Array.from({ length: 40 }, (_, at) => `setting.${at}=the value ${at}`).join('\n'),
};

async function create(client: HttpClient): Promise<void> {
  const metadata = { namespace: 'default', generateName: 'settings-' };
  await client.create<ConfigMap>(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
}

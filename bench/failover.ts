// What a production cluster shows when its leader fails: three servers over an ensemble of three, 20,000 objects, 1,000
// agents. By hand: npm run build && node dist/bench/failover.js [--rounds 3] [--only take-over,cold-start,writes] …
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEnsemble } from '../test/support/zookeeper-ensemble.ts';
import { benchColdStart } from './failover/cold-start.ts';
import { benchDurableWrites } from './failover/durable-writes.ts';
import { print } from './failover/figures.ts';
import { populate } from './failover/objects.ts';
import { startServer, type BenchServer } from './failover/servers.ts';
import { benchTakeOver, createToken } from './failover/take-over.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    agents: { type: 'string', default: '1000' },
    'agent-processes': { type: 'string', default: '2' },
    objects: { type: 'string', default: '20000' },
    'pods-per-node': { type: 'string', default: '2' },
    only: { type: 'string', default: 'take-over,cold-start,writes' },
    'cold-objects': { type: 'string', default: '100000' },
    'heap-mb': { type: 'string', default: '384' },
    /** A folder for V8's CPU profiles of the servers. */
    profiles: { type: 'string' },
  },
});
const parts = values.only.split(',');
const nodePrefix = 'node';

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tepui-bench-failover-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function takeOver(folder: string): Promise<void> {
  const ensemble = await startEnsemble({ servers: 3, tickTimeMs: 200, heapMb: 256 });
  const servers: BenchServer[] = [];
  try {
    const zk = ensemble.address();
    const agents = Number(values.agents);
    const population = { objects: Number(values.objects), podsPerNode: Number(values['pods-per-node']) };
    await populate(zk, { ...population, nodes: agents, nodePrefix });
    const command = ['server', '--zk', zk, '--session-timeout', '1'];
    for (const at of [1, 2, 3]) {
      const [first] = servers;
      const token = first ? ['--token', await createToken(first, 'any')] : [];
      const plan = { command: [...command, ...token], home: join(folder, `server-${at}`), profiles: values.profiles };
      const server = await startServer(plan);
      print(`server ${at} is ready after ${server.readyMs.toFixed(0)} ms`);
      servers.push(server);
    }
    const shape = { agents, agentProcesses: Number(values['agent-processes']), rounds: Number(values.rounds) };
    await benchTakeOver({ servers, zk, folder, nodePrefix, ...shape });
  } finally {
    await Promise.all(servers.map((server) => server.stop(values.profiles === undefined ? 'SIGKILL' : 'SIGTERM')));
    await ensemble.destroy();
  }
}

print(`${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} before the start`);
await inFolder(async (folder) => {
  const { profiles } = values;
  const rounds = Number(values.rounds);
  const heapMb = Number(values['heap-mb']);
  if (parts.includes('take-over')) await takeOver(folder);
  if (parts.includes('cold-start')) {
    await benchColdStart({ folder, rounds, heapMb, profiles, objects: Number(values['cold-objects']) });
  }
  if (parts.includes('writes')) await benchDurableWrites({ folder, rounds, profiles });
});

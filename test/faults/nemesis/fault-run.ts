// A run: load and observers around a sequence of faults, each followed by a wait until everything works again; then the end,
// in which all that was written is read once more.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { System } from '../cluster/system.ts';
import { openLineLog, monotonicNs, type LineLog } from '../history/line-log.ts';
import { startLoad } from '../load/load-processes.ts';
import { createRecordedClient, namespace } from '../load/recorded-client.ts';
import { connectServer, type ServerConnection } from '../load/server-connection.ts';
import { observeAgents } from '../observe/agents.ts';
import { missingPods, recordContainers, startLastingPods } from '../observe/containers.ts';
import { recordEpochs } from '../observe/journal.ts';
import { observeLeaders, type LeaderObserver } from '../observe/leaders.ts';
import { until } from './conditions.ts';
import { createHealth } from './health.ts';

export interface RunOptions {
  readonly seed: number;
  /** For the logs of clients and observers. */
  readonly folder: string;
  readonly clients: number;
  readonly clientPauseMs: number;
  /** A fault that the system has not recovered from within this time is a failure. */
  readonly recoverWithinMs: number;
  readonly say: (text: string) => void;
}

export interface Stage {
  readonly leaders: LeaderObserver;
  /** Waits until everything works; says how long that took. Rejects with what does not. */
  readonly recovered: () => Promise<number>;
}

const lastingPods = 4;

/** Rejects when the system does not recover. What the clients saw is in the folder, for the checker. */
export async function runUnderLoad(
  system: System,
  options: RunOptions,
  faults: (stage: Stage) => Promise<void>,
): Promise<void> {
  const log = openLineLog(join(options.folder, 'observers.jsonl'));
  const kubeconfigs = system.servers.map(({ kubeconfig }) => kubeconfig);
  const servers = kubeconfigs.map(connectServer);
  const first = servers[0] as ServerConnection;
  const health = createHealth(system);
  const recovered = () => until(health, options.recoverWithinMs);
  await recovered();
  await first.call('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  if (system.agents.length > 0) await startPods(first, log, options.recoverWithinMs);
  const leaders = observeLeaders(system.servers, log);
  const agents = observeAgents(system.agents, log);
  const { seed, folder, clients, clientPauseMs } = options;
  const load = startLoad({ folder, seed, processes: clients, pauseMs: clientPauseMs, kubeconfigs });
  try {
    await faults({ leaders, recovered });
    await load.stop();
    await load.drain(await readEverything(servers, log));
    if (system.agents.length > 0) await recordContainers(first, log);
    if (system.journal) await recordEpochs(system.journal, log);
  } finally {
    load.kill();
    await Promise.all([leaders.stop(), agents.stop()]);
    servers.forEach((server) => server.close());
    log.close();
  }
}

async function startPods(server: ServerConnection, log: LineLog, withinMs: number): Promise<void> {
  await startLastingPods(server, lastingPods);
  await until(() => missingPods(server, lastingPods), withinMs);
  await recordContainers(server, log);
}

/** Writes a last object and reads all of them through every server. Resolves with the revision of the last write. */
async function readEverything(servers: readonly ServerConnection[], log: LineLog): Promise<number> {
  const client = createRecordedClient('end', log);
  const [first] = servers;
  const last = first ? await client.create(first, 'end') : undefined;
  if (!last) throw new Error('the last object could not be written, though everything had recovered');
  for (const server of servers) {
    const all = await client.list(server);
    if (all) log.write({ line: 'final', at: monotonicNs(), server: server.name, ...all });
  }
  return last.rv;
}

/** Runs the checker, a program of its own, on what was written down. True when the promises were kept. */
export function checkFolder(folder: string): boolean {
  const program = join(import.meta.dirname, '../check.js');
  return spawnSync(process.execPath, [program, folder], { stdio: 'inherit' }).status === 0;
}

/** A moment in which nothing goes wrong. */
export const pause = (ms: number): Promise<void> => wait(ms);

// Three figures of a whole cluster: from apply to the first log line of a pod, CPU when idle, and memory after some use.
// Run by hand: npm run build && node dist/bench/cluster.js
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { startCluster, type Cluster } from '../test/e2e/support/cluster.ts';

const runs = 10;
const idleSeconds = 30;
const sleepers = 20;

const pod = (name: string, command: readonly string[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [{ name: 'main', command }] },
});

interface Latency {
  /** Until the line was written, by the log's own timestamp. */
  readonly writtenMs: number;
  /** Until `kubectl logs` had printed it. */
  readonly readMs: number;
}

/** From the start of `kubectl apply`, its own start included. */
async function applyToFirstLine(cluster: Cluster, name: string): Promise<Latency> {
  const startedMs = Date.now();
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(pod(name, ['/bin/sh', '-c', 'echo first line'])));
  for (;;) {
    const { exitCode, stdout } = await cluster.tryKubectl(['logs', '--timestamps', name]);
    const [timestamp = ''] = stdout.split(' ');
    if (exitCode !== 0 || timestamp === '') continue;
    return { writtenMs: Date.parse(timestamp) - startedMs, readMs: Date.now() - startedMs };
  }
}

/** The floor in the same run: what one kubectl costs that only asks. */
async function kubectlMs(cluster: Cluster): Promise<number> {
  const startedMs = performance.now();
  await cluster.kubectl(['get', '--raw', '/version']);
  return performance.now() - startedMs;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

async function reportLatency(cluster: Cluster): Promise<void> {
  const cold = await applyToFirstLine(cluster, 'cold');
  const latencies: Latency[] = [];
  const floors: number[] = [];
  for (let run = 0; run < runs; run++) {
    latencies.push(await applyToFirstLine(cluster, `run-${String(run)}`));
    floors.push(await kubectlMs(cluster));
  }
  const writtenMs = median(latencies.map((latency) => latency.writtenMs));
  const readMs = median(latencies.map((latency) => latency.readMs));
  const floorMs = median(floors);
  console.log(
    `apply to first log line: median of ${String(runs)} ${writtenMs.toFixed(0)} ms until written, ${readMs.toFixed(0)} ms until read with kubectl ` +
      `(one kubectl that only asks: ${floorMs.toFixed(0)} ms; ratio ${(readMs / floorMs).toFixed(1)}); the very first: ${String(cold.readMs)} ms`,
  );
}

/** What people do all day, before memory is measured. */
async function use(cluster: Cluster): Promise<void> {
  const items = Array.from({ length: sleepers }, (_, index) => pod(`sleeper-${String(index)}`, ['sleep', '1000000']));
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const names = items.map((item) => `pod/${item.metadata.name}`);
  await cluster.kubectl(['wait', '--for=condition=Ready', '--timeout=60s', ...names]);
  await cluster.kubectl(['describe', 'pods']);
  await cluster.kubectl(['explain', 'pod.spec.containers']);
  await cluster.kubectl(['get', 'events', '--output', 'yaml']);
  await cluster.kubectl(['get', '--raw', '/openapi/v2']);
}

const statOf = (pid: number) =>
  readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
/** Ticks are 1/100 s on every Linux that we know. */
const ticksOf = (pid: number) => Number(statOf(pid)[11]) + Number(statOf(pid)[12]);
const rssMb = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) / 1024;

/** Everything that names the cluster's home on its command line and is no kubectl: the agents, and the parent of each container. */
function companions(cluster: Cluster): number[] {
  const isCompanion = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(cluster.home);
    } catch {
      return false; // it has ended
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isCompanion(name))
    .map(Number);
}

async function reportIdle(cluster: Cluster): Promise<void> {
  const pids = [...new Set([cluster.serverPid, ...companions(cluster)])];
  const before = pids.map(ticksOf);
  await wait(idleSeconds * 1000);
  const percent = pids.map((pid, index) => (ticksOf(pid) - (before[index] ?? 0)) / idleSeconds);
  console.log(
    `idle CPU: ${sum(percent).toFixed(2)} % of a core over ${String(pids.length)} processes (server ${String(percent[0]?.toFixed(2))})`,
  );
}

function reportMemory(when: string, pids: readonly number[]): void {
  const [server = NaN, ...agents] = pids.map(rssMb);
  const each = agents.map((mb) => mb.toFixed(0)).join(' + ');
  console.log(
    `memory ${when}: ${(server + sum(agents)).toFixed(0)} MB RSS (server ${server.toFixed(0)}, agents ${each})`,
  );
}

const cluster = await startCluster();
try {
  const pids = [cluster.serverPid, ...(await cluster.nodeNames()).map((node) => cluster.agentPid(node))];
  reportMemory('at the start', pids);
  await reportLatency(cluster);
  await use(cluster);
  reportMemory(`with ${String(sleepers)} pods, right after use`, pids);
  await reportIdle(cluster);
  reportMemory('when idle', pids);
} finally {
  await cluster.destroy();
}

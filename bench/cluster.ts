// Three figures of a whole cluster: from apply to the first log line of a pod, CPU when idle, and memory.
// Run by hand: npm run build && node dist/bench/cluster.js
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { startCluster, type Cluster } from '../test/e2e/support/cluster.ts';

const runs = 10;
const idleSeconds = 30;

const pod = (name: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', command: ['/bin/sh', '-c', 'echo first line'] }] },
  });

/** Milliseconds from the start of `kubectl apply` until the pod's first output is in our hands, kubectl's own start included. */
async function applyToFirstLineMs(cluster: Cluster, name: string): Promise<number> {
  const startedMs = performance.now();
  await cluster.kubectl(['apply', '-f', '-'], pod(name));
  await cluster.kubectl(['wait', `pod/${name}`, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=30s']);
  const logs = spawn(cluster.kubectlPath, ['logs', '-f', name], { env: cluster.environment });
  await once(logs.stdout, 'data');
  return performance.now() - startedMs;
}

/** The floor in the same run: what kubectl costs when it only asks. */
async function kubectlMs(cluster: Cluster): Promise<number> {
  const startedMs = performance.now();
  for (let call = 0; call < 3; call++) await cluster.kubectl(['get', '--raw', '/version']);
  return performance.now() - startedMs;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function processes(cluster: Cluster): Promise<number[]> {
  const nodes = await cluster.nodeNames();
  return [cluster.serverPid, ...nodes.map((node) => cluster.agentPid(node))];
}

const ticksOf = (pid: number) => {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
};
const rssMb = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) / 1024;

const cluster = await startCluster();
try {
  await applyToFirstLineMs(cluster, 'warm-up');
  const times: number[] = [];
  const floors: number[] = [];
  for (let run = 0; run < runs; run++) {
    times.push(await applyToFirstLineMs(cluster, `run-${String(run)}`));
    floors.push(await kubectlMs(cluster));
  }
  const floorMs = median(floors);
  const timeMs = median(times);
  console.log(
    `apply to first log line: median ${timeMs.toFixed(0)} ms of ${String(runs)} (three calls of kubectl that do nothing: ${floorMs.toFixed(0)} ms; ratio ${(timeMs / floorMs).toFixed(2)})`,
  );

  const pids = await processes(cluster);
  const ticksBefore = pids.map(ticksOf);
  await wait(idleSeconds * 1000);
  const idle = pids.map((pid, index) => (ticksOf(pid) - (ticksBefore[index] ?? 0)) / idleSeconds);
  console.log(
    `idle CPU: ${idle.reduce((a, b) => a + b, 0).toFixed(2)} % of a core (server ${String(idle[0]?.toFixed(2))})`,
  );

  const memory = pids.map(rssMb);
  console.log(
    `memory: ${memory.reduce((a, b) => a + b, 0).toFixed(0)} MB RSS (server ${String(memory[0]?.toFixed(0))}, agents ${memory
      .slice(1)
      .map((mb) => mb.toFixed(0))
      .join(' + ')})`,
  );
} finally {
  await cluster.destroy();
}

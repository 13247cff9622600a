// Pods that run all the while, and what the kernel says of their processes: which, and since when.
import { readFileSync } from 'node:fs';
import { longSleep, pidsByPod } from '../../e2e/support/containers.ts';
import { monotonicNs, type LineLog } from '../history/line-log.ts';
import type { Document, ServerConnection } from '../load/server-connection.ts';

const command = longSleep(412);
const namespace = 'lasting';
const path = `/api/v1/namespaces/${namespace}/pods`;

interface PodDocument extends Document {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly { readonly restartCount: number }[];
  };
}

/** Creates them; `missing` says which do not run yet. */
export async function startLastingPods(server: ServerConnection, count: number): Promise<void> {
  const namespaces = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await server.call('POST', '/api/v1/namespaces', namespaces);
  for (let index = 0; index < count; index += 1) {
    await server.call('POST', path, {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: `lasting-${String(index)}` } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'main', command: ['/bin/sh', '-c', `exec ${command}`] }],
      },
    });
  }
}

export async function missingPods(server: ServerConnection, count: number): Promise<string[]> {
  const pods = await listPods(server);
  const running = pods.filter(({ status }) => status?.phase === 'Running').length;
  return running === count ? [] : [`${String(running)} of ${String(count)} pods run`];
}

/** Writes down the main processes of all of them, with one time. */
export async function recordContainers(server: ServerConnection, log: LineLog): Promise<void> {
  const processes = pidsByPod(command);
  const at = monotonicNs();
  for (const { metadata, status } of await listPods(server)) {
    for (const pid of processes.get(metadata.uid) ?? []) {
      const restarts = status?.containerStatuses?.[0]?.restartCount ?? 0;
      log.write({ line: 'container', at, pod: metadata.name, pid, started: startedTicks(pid), restarts });
    }
  }
}

async function listPods(server: ServerConnection): Promise<readonly PodDocument[]> {
  const answer = await server.call('GET', path);
  return answer.kind === 'answer' ? ((answer.body.items ?? []) as readonly PodDocument[]) : [];
}

/** The 22nd field of /proc/PID/stat: ticks after the machine's start. */
function startedTicks(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8').replace(/^.*\) /s, '');
  return Number(stat.split(' ')[19]);
}

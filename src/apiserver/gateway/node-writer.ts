// Writes Node objects: what an agent says of its machine, and whether it is heard of.
import type { Node, NodeCondition, NodeStatus } from '../../api/types.gen.ts';
import type { Client } from '../../client/client.ts';
import type { Clock } from '../../lib/clock.ts';
import { deepEqual } from '../../lib/deep.ts';
import { formatRfc3339 } from '../../lib/rfc3339.ts';
import type { ObjectSource } from './object-source.ts';
import { isReason, retryConflicts } from './retry-conflicts.ts';

export interface NodeWriter {
  /** Creates or updates the Node, Ready. Labels, annotations and taints that others set stay. */
  register(node: Node): Promise<void>;
  /** Replaces facts about the machine. */
  report(nodeName: string, status: NodeStatus): Promise<void>;
  /** One write; nothing when it is so already, or when the Node is gone. */
  markReady(nodeName: string): Promise<void>;
  markUnknown(nodeName: string, message: string): Promise<void>;
}

const resource = { group: '', version: 'v1', plural: 'nodes' };

interface Verdict {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

const ready: Verdict = { type: 'Ready', status: 'True', reason: 'AgentReady', message: 'the agent is connected' };

/** @param nodes a cache: what it shows to be so already needs no request, and what it shows wrongly is a conflict */
export function createNodeWriter(client: Client, clock: Clock, nodes: Pick<ObjectSource<Node>, 'get'>): NodeWriter {
  const get = (name: string) => client.get<Node>({ ...resource, namespace: '', name });

  const changeStatus = async (nodeName: string, change: (status: NodeStatus) => NodeStatus) => {
    try {
      await retryConflicts(async () => {
        const node = await get(nodeName);
        await writeStatus(client, node, change(node.status ?? {}));
      });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  };

  return {
    register: (node) =>
      retryConflicts(async (stale) => {
        const cached = stale ? undefined : nodes.get('', node.metadata.name ?? '');
        const current = cached ?? (await getOrCreate(client, node));
        const stored = await writeMetadata(client, current, node);
        const facts = { ...stored.status, ...node.status };
        const reported = [...(node.status?.conditions ?? []), ready];
        const conditions = mergeConditions(stored.status?.conditions ?? [], reported, clock.now());
        await writeStatus(client, stored, { ...facts, conditions });
      }),
    report: (nodeName, status) =>
      changeStatus(nodeName, (current) => ({
        ...current,
        ...status,
        conditions: mergeConditions(current.conditions ?? [], status.conditions ?? [], clock.now()),
      })),
    markReady: (nodeName) =>
      changeStatus(nodeName, (status) => ({
        ...status,
        conditions: mergeConditions(status.conditions ?? [], [ready], clock.now()),
      })),
    markUnknown: (nodeName, message) =>
      changeStatus(nodeName, (status) => {
        const lost: Verdict = { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message };
        return { ...status, conditions: mergeConditions(status.conditions ?? [], [lost], clock.now()) };
      }),
  };
}

async function getOrCreate(client: Client, node: Node): Promise<Node> {
  const name = node.metadata.name ?? '';
  try {
    return await client.get<Node>({ ...resource, namespace: '', name });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
  const { apiVersion, kind, metadata, spec } = node;
  return client.create<Node>(resource, { apiVersion, kind, metadata, ...(spec ? { spec } : {}) });
}

const degradedAnnotation = 'tepui.dev/degraded';

async function writeMetadata(client: Client, current: Node, node: Node): Promise<Node> {
  const kept = Object.entries(current.metadata.annotations ?? {}).filter(([name]) => name !== degradedAnnotation);
  const metadata = {
    ...current.metadata,
    labels: { ...current.metadata.labels, ...node.metadata.labels },
    annotations: { ...Object.fromEntries(kept), ...node.metadata.annotations },
  };
  return deepEqual(metadata, current.metadata) ? current : client.update<Node>(resource, { ...current, metadata });
}

async function writeStatus(client: Client, node: Node, status: NodeStatus): Promise<void> {
  if (deepEqual(status, node.status)) return;
  await client.update<Node>(resource, { ...node, status }, 'status');
}

/** Times of transition change with the status of a condition only; conditions of others stay. */
function mergeConditions(
  current: readonly NodeCondition[],
  reported: readonly NodeCondition[],
  nowMs: number,
): readonly NodeCondition[] {
  const types = new Set(reported.map((condition) => condition.type));
  const now = formatRfc3339(nowMs);
  const merged = reported.map((condition) => {
    const before = current.find((candidate) => candidate.type === condition.type);
    const isSame = before?.status === condition.status;
    const lastTransitionTime = (isSame ? before.lastTransitionTime : undefined) ?? now;
    // Heartbeats are kept in memory only: the last change stands for them.
    return { ...condition, lastTransitionTime, lastHeartbeatTime: lastTransitionTime };
  });
  return [...current.filter((condition) => !types.has(condition.type)), ...merged];
}

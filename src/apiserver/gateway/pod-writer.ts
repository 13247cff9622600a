// Writes what agents report about their pods: statuses, and the end of pods that are being deleted.
import { deepEqual } from '../../lib/deep.ts';
import type { Client } from '../../client/client.ts';
import type { Pod, PodStatus } from '../../api/types.gen.ts';
import type { PodStatusUpdate, PodTerminated } from '../../rpc/agent-protocol.ts';
import type { ObjectSource } from './object-source.ts';
import { isReason, retryConflicts } from './retry-conflicts.ts';

export interface PodWriter {
  /** Resolves when the status is durable, or not wanted: another pod's, another node's, or nothing new. */
  writeStatus(nodeName: string, update: PodStatusUpdate): Promise<void>;
  /** Removes the pod object now that nothing is left of it. */
  removePod(nodeName: string, terminated: PodTerminated): Promise<void>;
}

const resource = { group: '', version: 'v1', plural: 'pods' };

export function createPodWriter(client: Client, pods: Pick<ObjectSource<Pod>, 'get'>): PodWriter {
  const find = async (update: { readonly namespace: string; readonly name: string }, stale: boolean) => {
    const cached = stale ? undefined : pods.get(update.namespace, update.name);
    if (cached) return cached;
    try {
      return await client.get<Pod>({ ...resource, namespace: update.namespace, name: update.name });
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  };

  return {
    writeStatus: (nodeName, update) =>
      retryConflicts(async (stale) => {
        const pod = await find(update, stale);
        if (pod?.metadata.uid !== update.uid || pod.spec?.nodeName !== nodeName) return;
        const reported = JSON.parse(Buffer.from(update.status).toString('utf8')) as PodStatus;
        const status = mergedStatus(pod.status, reported);
        if (deepEqual(status, pod.status)) return;
        try {
          await client.update<Pod>(resource, { ...pod, status }, 'status');
        } catch (error) {
          if (!isReason(error, 'NotFound')) throw error;
        }
      }),
    async removePod(nodeName, { namespace, name, uid }) {
      const pod = await find({ namespace, name }, false);
      if (pod?.metadata.uid !== uid || pod.spec?.nodeName !== nodeName) return;
      try {
        await client.delete({ ...resource, namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } });
      } catch (error) {
        // Gone already, or a new pod of that name: either way this one is no more.
        if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
      }
    },
  };
}

const isFinal = (status: PodStatus | undefined): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** Conditions that the agent does not know stay, and PodScheduled is the scheduler's. A finished pod stays finished. */
export function mergedStatus(current: PodStatus | undefined, reported: PodStatus): PodStatus {
  if (current && isFinal(current) && !isFinal(reported)) return current;
  const scheduled = current?.conditions?.find((condition) => condition.type === 'PodScheduled');
  const own = (reported.conditions ?? []).map((condition) =>
    condition.type === 'PodScheduled' ? (scheduled ?? condition) : condition,
  );
  const types = new Set(own.map((condition) => condition.type));
  const foreign = (current?.conditions ?? []).filter((condition) => !types.has(condition.type));
  return { ...reported, conditions: [...own, ...foreign] };
}

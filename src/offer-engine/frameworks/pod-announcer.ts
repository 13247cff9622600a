// Tells people what became of their pods: the PodScheduled condition and events. Says nothing twice.
import { StatusError } from '../../api/status-error.ts';
import type { Pod, PodCondition } from '../../api/types.gen.ts';
import type { Client, ObjectRef } from '../../client/client.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';

/** Writes an event about a pod; repeated ones are counted by whoever implements it. */
export type RecordPodEvent = (pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string) => void;

export interface PodAnnouncer {
  /** The pod cannot be placed, and why. Written only when it is news. */
  unschedulable(pod: Pod, message: string): void;
  scheduled(pod: Pod, node: string): void;
  forget(uid: string): void;
}

export interface PodAnnouncerOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly record: RecordPodEvent;
  readonly log: Log;
}

export function createPodAnnouncer({ client, clock, record, log }: PodAnnouncerOptions): PodAnnouncer {
  /** Messages by uid, from here or found in the pod. */
  const told = new Map<string, string>();

  const write = async (pod: Pod, message: string): Promise<void> => {
    const condition = conditionFor(pod, message, clock.now());
    try {
      await client.patch(
        podRef(pod),
        { status: { conditions: [condition] } },
        { type: 'strategic', subresource: 'status' },
      );
    } catch (error) {
      told.delete(pod.metadata.uid ?? '');
      const isGone = error instanceof StatusError && error.reason === 'NotFound';
      if (!isGone)
        log.warn({ pod: pod.metadata.name, error: String(error) }, 'the reason why a pod waits could not be written');
    }
  };

  return {
    unschedulable(pod, message) {
      const uid = pod.metadata.uid ?? '';
      if ((told.get(uid) ?? currentMessage(pod)) === message) return;
      told.set(uid, message);
      record(pod, 'Warning', 'FailedScheduling', message);
      void write(pod, message);
    },
    scheduled(pod, node) {
      told.delete(pod.metadata.uid ?? '');
      record(
        pod,
        'Normal',
        'Scheduled',
        `Successfully assigned ${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''} to ${node}`,
      );
    },
    forget: (uid) => void told.delete(uid),
  };
}

export function podRef(pod: Pod): ObjectRef {
  const { namespace = '', name = '' } = pod.metadata;
  return { group: '', version: 'v1', plural: 'pods', namespace, name };
}

function currentMessage(pod: Pod): string | undefined {
  const condition = findCondition(pod);
  return condition?.status === 'False' && condition.reason === 'Unschedulable' ? condition.message : undefined;
}

function findCondition(pod: Pod): PodCondition | undefined {
  return pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
}

/** The time of transition stays while the status does. */
function conditionFor(pod: Pod, message: string, nowMs: number): PodCondition {
  const before = findCondition(pod);
  const now = new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const lastTransitionTime = before?.status === 'False' && before.lastTransitionTime ? before.lastTransitionTime : now;
  return { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime };
}

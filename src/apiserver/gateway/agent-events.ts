// Turns what agents say about pods into Events, through whoever records them.
import type { ApiObject } from '../../api/object.ts';
import type { AgentEvent } from '../../rpc/agent-protocol.ts';
import type { NodePods } from './node-pods.ts';

/** The part of the event recorder (src/client) that is needed here. */
export interface EventSink {
  /** @param fieldPath the part of the object that is meant: `spec.containers{web}` */
  record(about: ApiObject, type: 'Normal' | 'Warning', reason: string, message: string, fieldPath?: string): void;
}

export interface AgentEvents {
  record(nodeName: string, event: AgentEvent): void;
}

/** An agent may speak about its own pods only; anything else is dropped. */
export function createAgentEvents(nodePods: NodePods, sink: EventSink): AgentEvents {
  return {
    record(nodeName, event) {
      const pod = nodePods.pod(nodeName, event.pod_uid);
      if (!pod) return;
      const isInit = (pod.spec?.initContainers ?? []).some((container) => container.name === event.container);
      const list = isInit ? 'initContainers' : 'containers';
      const fieldPath = event.container === '' ? undefined : `spec.${list}{${event.container}}`;
      sink.record(pod, event.type === 'Warning' ? 'Warning' : 'Normal', event.reason, event.message, fieldPath);
    },
  };
}

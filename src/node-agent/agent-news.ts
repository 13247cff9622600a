// What the pods' side of the agent has to tell the server. session.ts carries it; the reconciler does not care how.
import type { Pod, PodStatus } from '../api/types.gen.ts';

export interface AgentNews {
  /** The newest status of a pod; replaces an earlier one that is not acknowledged yet. */
  status(pod: Pod, status: PodStatus): void;
  /** Nothing of the pod is left here. `onAcknowledged` runs once the server has taken note. */
  terminated(pod: Pod, onAcknowledged: () => void): void;
  /** @param container name, or empty when the whole pod is meant */
  event(pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string, container: string): void;
}

// Why a pod is as it is: the reason, the evidence, the next step. Pure.
import { explainPlacement } from '../api/placement-explanation.ts';
import type { ContainerStatus, Event, Node, Pod, PodCondition } from '../api/types.gen.ts';
import type { Explanation } from './explanation.ts';

/** What stands around the pod. */
export interface Surroundings {
  readonly nodes: readonly Node[];
  /** Of the whole cluster: they take room. */
  readonly pods: readonly Pod[];
}

type Finding = Explanation | undefined;

/**
 * @param events of this pod, oldest first
 * @param around judged anew where it is given; the pod's own conditions may be a moment old
 */
export function explainPod(pod: Pod, events: readonly Event[], around?: Surroundings): Explanation {
  return (
    terminating(pod) ??
    unscheduled(pod, around) ??
    nodeLost(pod, around) ??
    containerTrouble(pod, events) ??
    finished(pod) ??
    notReady(pod, events) ??
    running(pod)
  );
}

const nameOf = (pod: Pod) => pod.metadata.name ?? '';
const condition = (pod: Pod, type: string): PodCondition | undefined =>
  pod.status?.conditions?.find((each) => each.type === type);

function terminating(pod: Pod): Finding {
  const since = pod.metadata.deletionTimestamp;
  if (since === undefined) return undefined;
  const finalizers = pod.metadata.finalizers ?? [];
  const held = finalizers.length > 0;
  return {
    healthy: false,
    reason: held
      ? `It is being deleted, and waits for finalizers: ${finalizers.join(', ')}.`
      : `It is being deleted: its containers have until ${since} to stop.`,
    evidence: [`metadata.deletionTimestamp: ${since}`],
    nextSteps: held
      ? ['Find out who owns these finalizers; that controller has to remove them.']
      : [`To stop waiting: tepui delete pod/${nameOf(pod)} --grace-period=0`],
  };
}

function unscheduled(pod: Pod, around: Surroundings | undefined): Finding {
  if (pod.spec?.nodeName) return undefined;
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled?.status !== 'False') {
    return {
      healthy: false,
      reason: 'It has not been placed yet; no reason has been found so far.',
      evidence: [],
      nextSteps: ['Ask again in a moment; then look at: tepui get nodes'],
    };
  }
  const message = scheduled.message ?? 'no node fits';
  return {
    healthy: false,
    reason: `It cannot be placed: ${message}`,
    evidence: [`condition PodScheduled=False, reason ${scheduled.reason ?? 'unknown'}`, ...roomNow(pod, around)],
    nextSteps: placementAdvice(message),
  };
}

/** Every node judged at this moment: the reasons with the nearest miss, or the nodes where it would fit. */
function roomNow(pod: Pod, around: Surroundings | undefined): string[] {
  if (!around || around.nodes.length === 0) return [];
  const { fitting, reasons } = explainPlacement(pod, around.nodes, around.pods);
  if (fitting.length > 0) return [`by resources and rules it would fit on ${fitting.join(', ')}`];
  return reasons.map(({ reason, nodes, nearestMiss }) => {
    const where = `${String(nodes)} of ${String(around.nodes.length)} nodes: ${reason}`;
    return nearestMiss ? `${where}; nearest miss: ${nearestMiss.text}` : where;
  });
}

const placementRules: readonly { pattern: RegExp; advice: string }[] = [
  { pattern: /insufficient/i, advice: 'Lower resources.requests, free resources, or add a node: tepui describe nodes' },
  { pattern: /taint/i, advice: 'Add a toleration for the taint, or remove it: kubectl taint nodes NODE KEY-' },
  {
    pattern: /selector|affinity/i,
    advice: 'Compare nodeSelector and affinity with the labels of: tepui get nodes -o yaml',
  },
  { pattern: /quota/i, advice: 'Raise the quota or free some of it: tepui describe resourcequota' },
  { pattern: /port/i, advice: 'Another pod has the host port: choose another one, or none' },
  { pattern: /unschedulable|cordon/i, advice: 'Allow the node again: kubectl uncordon NODE' },
];

function placementAdvice(message: string): string[] {
  const advice = placementRules.filter((rule) => rule.pattern.test(message)).map((rule) => rule.advice);
  return advice.length > 0 ? advice : ['Look at the nodes: tepui describe nodes'];
}

function nodeLost(pod: Pod, around: Surroundings | undefined): Finding {
  if (isFinished(pod)) return undefined;
  const nodeName = pod.spec?.nodeName ?? '';
  const node = around?.nodes.find(({ metadata }) => metadata.name === nodeName);
  if (around && !node) return nodeGone(pod, nodeName);
  const evidence = [...silence(node), ...lossInStatus(pod)];
  if (evidence.length === 0) return undefined;
  return {
    healthy: false,
    reason: `Its node ${nodeName} is not heard of; the containers may still run there.`,
    evidence,
    nextSteps: [`Look at the agent of the node: tepui why node/${nodeName}`],
  };
}

function silence(node: Node | undefined): string[] {
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
  if (!ready || ready.status === 'True') return [];
  return [`node condition Ready=${ready.status}: ${ready.message ?? ready.reason ?? ''}`];
}

const lossInStatus = ({ status }: Pod): string[] =>
  status?.reason === 'NodeLost' ? [status.message ?? 'status.reason: NodeLost'] : [];

function nodeGone(pod: Pod, nodeName: string): Explanation {
  return {
    healthy: false,
    reason: `Its node ${nodeName} is no longer in the cluster.`,
    evidence: [`spec.nodeName: ${nodeName}`],
    nextSteps: [`Delete it, so that it is made again elsewhere: tepui delete pod/${nameOf(pod)} --force`],
  };
}

const isFinished = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed';

function containerTrouble(pod: Pod, events: readonly Event[]): Finding {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of statuses) {
    const finding = waitingTrouble(pod, status, events) ?? exitTrouble(pod, status);
    if (finding) return finding;
  }
  return undefined;
}

const waitingAdvice: Readonly<Record<string, (pod: Pod, container: string) => string>> = {
  ErrImagePull: () => 'Correct the image, or add it to the node; the message says which places were searched.',
  ImagePullBackOff: () => 'Correct the image, or add it to the node; it is tried again by itself.',
  InvalidImageName: () => 'Correct spec.containers[].image.',
  CreateContainerConfigError: () =>
    'Create what the message names, or correct the reference; it is tried again by itself.',
  CreateContainerError: (pod) => `See the events: tepui describe pod/${nameOf(pod)}`,
  RunContainerError: (pod) => `See the events: tepui describe pod/${nameOf(pod)}`,
};

function waitingTrouble(pod: Pod, status: ContainerStatus, events: readonly Event[]): Finding {
  const waiting = status.state?.waiting;
  const reason = waiting?.reason;
  if (reason === undefined) return undefined;
  if (reason === 'CrashLoopBackOff') return crashLoop(pod, status);
  const advice = waitingAdvice[reason];
  if (!advice) return undefined;
  return {
    healthy: false,
    reason: `Container ${status.name} cannot start (${reason}): ${waiting?.message ?? 'no message'}`,
    evidence: warnings(events),
    nextSteps: [advice(pod, status.name)],
  };
}

function crashLoop(pod: Pod, status: ContainerStatus): Explanation {
  const last = status.lastState?.terminated;
  return {
    healthy: false,
    reason: `Container ${status.name} keeps ending and is restarted with growing pauses (${describeExit(last)}).`,
    evidence: [
      `${String(status.restartCount)} restarts so far`,
      ...(last?.message === undefined ? [] : [last.message]),
      ...(status.state?.waiting?.message === undefined ? [] : [status.state.waiting.message]),
    ],
    nextSteps: exitAdvice(pod, status, last?.reason),
  };
}

type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

function describeExit(terminated: Terminated | undefined): string {
  if (!terminated) return 'how it ended is not known';
  return `last: ${terminated.reason ?? 'ended'}, exit code ${String(terminated.exitCode)}`;
}

function exitTrouble(pod: Pod, status: ContainerStatus): Finding {
  const terminated = status.state?.terminated;
  if (!terminated || terminated.exitCode === 0) return undefined;
  return {
    healthy: false,
    reason: `Container ${status.name} failed: ${terminated.reason ?? 'Error'}, exit code ${String(terminated.exitCode)}.`,
    evidence: terminated.message === undefined ? [] : [terminated.message],
    nextSteps: exitAdvice(pod, status, terminated.reason),
  };
}

function exitAdvice(pod: Pod, status: ContainerStatus, reason: string | undefined): string[] {
  const previous = status.restartCount > 0 ? ' --previous' : '';
  const readLog = `Read what it said: tepui logs ${nameOf(pod)} -c ${status.name}${previous}`;
  if (reason !== 'OOMKilled') return [readLog];
  const limit = pod.spec?.containers.find((container) => container.name === status.name)?.resources?.limits?.['memory'];
  return [`Raise resources.limits.memory of ${status.name} (now ${limit ?? 'unset'}), or make it use less.`, readLog];
}

function finished(pod: Pod): Finding {
  if (pod.status?.phase !== 'Succeeded') return undefined;
  return {
    healthy: true,
    reason: 'It has completed: all containers ended with exit code 0.',
    evidence: [],
    nextSteps: [],
  };
}

function notReady(pod: Pod, events: readonly Event[]): Finding {
  const ready = condition(pod, 'Ready');
  if (ready?.status === 'True') return undefined;
  const waiting = (pod.status?.containerStatuses ?? []).filter((status) => !status.ready).map((status) => status.name);
  const what =
    waiting.length === 0 ? 'its containers have not been started' : `containers not ready: ${waiting.join(', ')}`;
  return {
    healthy: false,
    reason: `It is not ready: ${ready?.message ?? what}.`,
    evidence: warnings(events),
    nextSteps: [`See probes and events: tepui describe pod/${nameOf(pod)}`],
  };
}

function running(pod: Pod): Explanation {
  return {
    healthy: true,
    reason: `It is running and ready on node ${pod.spec?.nodeName ?? ''}.`,
    evidence: [],
    nextSteps: [],
  };
}

function warnings(events: readonly Event[]): string[] {
  return events
    .filter((event) => event.type === 'Warning')
    .slice(-3)
    .map((event) => `event ${event.reason ?? ''}: ${(event.message ?? '').trimEnd()}${times(event)}`);
}

const times = ({ count = 1 }: Event) => (count === 1 ? '' : ` (${String(count)} times)`);

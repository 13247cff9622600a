// Tells the engine what the API says: nodes become agents, bound pods tasks, quotas limits of roles. Level-triggered, so that
// the same code serves a start, a restart and every change.
import { isHoldingResources } from '../api/placement.ts';
import { demandOf } from '../api/pod-demand.ts';
import type { Node, Pod, ResourceQuota } from '../api/types.gen.ts';
import { deepEqual } from '../lib/deep.ts';
import type { AgentSpec, Task } from './core/state.ts';
import type { OfferEngine } from './engine.ts';
import type { ObjectSource } from './object-source.ts';
import { agentOf, isNodeUsable, limitOf, taskOf } from './registration.ts';

export interface ClusterSources {
  readonly nodes: ObjectSource<Node>;
  readonly pods: ObjectSource<Pod>;
  readonly quotas: ObjectSource<ResourceQuota>;
}

/** Subscribes to the sources. The engine is told everything that it needs before any framework can know of it. */
export function feedCluster(engine: OfferEngine, { nodes, pods, quotas }: ClusterSources): void {
  const tasks = feedPods(engine, pods);
  feedNodes(engine, nodes, tasks);
  feedQuotas(engine, quotas);
}

type TasksByAgent = ReadonlyMap<string, ReadonlyMap<string, Task>>;

/** Heartbeats change nodes all the time: the engine hears of it only when what it knows changed. */
function feedNodes(engine: OfferEngine, nodes: ObjectSource<Node>, tasks: TasksByAgent): void {
  const known = new Map<string, { readonly spec: AgentSpec; readonly isUsable: boolean }>();
  nodes.subscribe({
    upserted(node) {
      const spec = agentOf(node);
      const isUsable = isNodeUsable(node);
      const before = known.get(spec.id);
      if (before?.isUsable === isUsable && deepEqual(before.spec, spec)) return;
      known.set(spec.id, { spec, isUsable });
      engine.dispatch({ type: 'agent-registered', agent: spec });
      if (!isUsable) engine.dispatch({ type: 'agent-lost', agent: spec.id });
      if (!before)
        for (const task of tasks.get(spec.id)?.values() ?? []) engine.dispatch({ type: 'task-observed', task });
    },
    deleted(node) {
      known.delete(node.metadata.name ?? '');
      engine.dispatch({ type: 'agent-removed', agent: node.metadata.name ?? '' });
    },
  });
}

function feedPods(engine: OfferEngine, pods: ObjectSource<Pod>): TasksByAgent {
  const byAgent = new Map<string, Map<string, Task>>();
  const agentOfPod = new Map<string, string>();

  const forget = (uid: string): void => {
    const agent = agentOfPod.get(uid);
    if (agent === undefined) return;
    const task = byAgent.get(agent)?.get(uid);
    agentOfPod.delete(uid);
    byAgent.get(agent)?.delete(uid);
    if (byAgent.get(agent)?.size === 0) byAgent.delete(agent);
    if (task) engine.dispatch({ type: 'task-ended', framework: task.framework, task: uid });
  };

  pods.subscribe({
    upserted(pod) {
      const uid = pod.metadata.uid ?? '';
      const agent = pod.spec?.nodeName ?? '';
      if (agent === '') return;
      if (!isHoldingResources(pod)) {
        forget(uid);
        return;
      }
      const task = taskOf(demandOf(pod), agent);
      if (deepEqual(byAgent.get(agent)?.get(uid), task)) return;
      agentOfPod.set(uid, agent);
      byAgent.set(agent, (byAgent.get(agent) ?? new Map<string, Task>()).set(uid, task));
      engine.dispatch({ type: 'task-observed', task });
    },
    deleted: (pod) => forget(pod.metadata.uid ?? ''),
  });
  return byAgent;
}

function feedQuotas(engine: OfferEngine, quotas: ObjectSource<ResourceQuota>): void {
  const byRole = new Map<string, Map<string, ResourceQuota>>();

  const change = (quota: ResourceQuota, isDeleted: boolean): void => {
    const role = quota.metadata.namespace ?? '';
    const ofRole = byRole.get(role) ?? new Map<string, ResourceQuota>();
    byRole.set(role, ofRole);
    const before = limitOf([...ofRole.values()]);
    if (isDeleted) ofRole.delete(quota.metadata.name ?? '');
    else ofRole.set(quota.metadata.name ?? '', quota);
    if (ofRole.size === 0) byRole.delete(role);
    const limit = limitOf([...ofRole.values()]);
    if (!deepEqual(before, limit)) engine.dispatch({ type: 'role-configured', role, ...(limit ? { limit } : {}) });
  };

  quotas.subscribe({ upserted: (quota) => change(quota, false), deleted: (quota) => change(quota, true) });
}

// Node life cycle: taints nodes that are not ready, and moves pods away when their patience ends.
import type { Node, Pod, Taint } from '../../../api/types.gen.ts';
import { refOf } from '../../../client/paths.ts';
import { deepEqual } from '../../../lib/deep.ts';
import type { ControllerFactory } from '../../context.ts';
import { deleteObject, ignoreMissing } from '../../delete-object.ts';
import { parseKey } from '../../keys.ts';
import { byNode, nodeOf } from '../../pods.ts';
import type { Reconcile } from '../../reconciler.ts';
import { nodes, pods } from '../../resources.ts';
import { itself, mapped } from '../../source.ts';
import {
  isNodeReady,
  planEvictions,
  planReadiness,
  planTaintEvents,
  planTaints,
  type ReadinessChange,
} from './plan.ts';

export const createNodeLifecycleController: ControllerFactory = ({ client, informers, recorder, clock }) => {
  const events = recorder('node-controller');
  const all = informers.of<Node>(nodes);
  const allPods = informers.of<Pod>(pods);
  allPods.addIndex(byNode, nodeOf);

  const setTaints = async (node: Node, taints: readonly Taint[]) => {
    if (deepEqual(taints, node.spec?.taints ?? [])) return;
    await client.update(nodes, { ...node, spec: { ...node.spec, taints } });
    for (const reason of planTaintEvents(node.spec?.taints ?? [], taints)) {
      events.record(node, 'Normal', reason, `Node ${node.metadata.name ?? ''} status is now: ${reason}`);
    }
  };
  const setReadiness = async ({ pod, conditions }: ReadinessChange) => {
    const { uid, resourceVersion } = pod.metadata;
    const body = { metadata: { uid, resourceVersion }, status: { conditions } };
    await ignoreMissing(client.patch(refOf(pods, pod), body, { type: 'merge', subresource: 'status' }));
  };
  const evict = async (pod: Pod, node: string) => {
    events.record(pod, 'Normal', 'TaintManagerEviction', `Moving away from node ${node}, which is not usable`);
    await deleteObject(client, pods, pod);
  };

  const reconcile: Reconcile = async (key) => {
    const { name } = parseKey(key);
    const node = all.get('', name);
    if (!node) return undefined;
    const nowMs = clock.now();
    const taints = planTaints(node, nowMs);
    await setTaints(node, taints);
    const present = allPods.byIndex(byNode, name);
    const { evict: due, requeueAfterMs } = planEvictions(taints, present, nowMs);
    await Promise.all(planReadiness(node, present, nowMs).map(setReadiness));
    await Promise.all(due.map((pod) => evict(pod, name)));
    return { requeueAfterMs };
  };

  /** Pods matter on nodes that are not as they should be, and on those that have just come back. */
  const concerned = (pod: Pod) =>
    nodeOf(pod).filter((name) => {
      const node = all.get('', name);
      return node !== undefined && (!isNodeReady(node) || (node.spec?.taints?.length ?? 0) > 0);
    });
  return {
    name: 'node-lifecycle',
    sources: [itself(all), mapped(allPods, (pod) => concerned(pod).map((name) => `/${name}`))],
    reconcile,
  };
};

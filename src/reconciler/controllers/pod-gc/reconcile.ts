// Pod collection: pods of vanished nodes, pods that end unplaced, and ended pods beyond what is kept.
import type { Node, Pod } from '../../../api/types.gen.ts';
import type { ControllerFactory } from '../../context.ts';
import { deleteObject, ignoreMissing } from '../../delete-object.ts';
import { keyOf, parseKey } from '../../keys.ts';
import { byNode, nodeOf } from '../../pods.ts';
import type { Reconcile } from '../../reconciler.ts';
import { nodes, pods } from '../../resources.ts';
import { mapped, vanished } from '../../source.ts';
import { byEnd, ended, endOf, hasTooManyEnded, isUnplacedEnding, planEnded, planOrphans } from './plan.ts';

const endedKey = 'ended';
const nodeKey = (name: string) => `node:${name}`;
const podKey = (pod: Pod) => `pod:${keyOf(pod)}`;

export const createPodGarbageCollector: ControllerFactory = ({ client, informers, recorder, clock }) => {
  const events = recorder('pod-garbage-collector');
  const allNodes = informers.of<Node>(nodes);
  const allPods = informers.of<Pod>(pods);
  const missingSinceMs = new Map<string, number>();
  allPods.addIndex(byNode, nodeOf);
  allPods.addIndex(byEnd, endOf);

  const force = (pod: Pod) => deleteObject(client, pods, pod, { gracePeriodSeconds: 0 });
  const collectEnded = async () => {
    await Promise.all(planEnded(allPods.byIndex(byEnd, ended)).map(force));
    return undefined;
  };
  const collectOfNode = async (name: string) => {
    // Only the server can say that a node is gone; the cache may not have heard of it yet.
    const node = await ignoreMissing(client.get({ ...nodes, namespace: '', name }));
    const orphans = node ? [] : allPods.byIndex(byNode, name);
    if (orphans.length === 0) {
      missingSinceMs.delete(name);
      return undefined;
    }
    const nowMs = clock.now();
    const sinceMs = missingSinceMs.get(name) ?? nowMs;
    missingSinceMs.set(name, sinceMs);
    const { remove, requeueAfterMs } = planOrphans(orphans, sinceMs, nowMs);
    for (const pod of remove) events.record(pod, 'Normal', 'NodeGone', `Removed: its node ${name} no longer exists`);
    await Promise.all(remove.map(force));
    return { requeueAfterMs };
  };
  const collectUnplaced = async (key: string) => {
    const { namespace, name } = parseKey(key);
    const pod = allPods.get(namespace, name);
    if (pod && isUnplacedEnding(pod)) await force(pod);
    return undefined;
  };

  const reconcile: Reconcile = (key) => {
    if (key === endedKey) return collectEnded();
    const [kind, rest] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
    return kind === 'node' ? collectOfNode(rest) : collectUnplaced(rest);
  };
  const keysOf = (pod: Pod): readonly string[] => [
    ...nodeOf(pod)
      .filter((name) => !allNodes.get('', name))
      .map(nodeKey),
    ...(isUnplacedEnding(pod) ? [podKey(pod)] : []),
    ...(hasTooManyEnded(allPods.countByIndex(byEnd, ended)) ? [endedKey] : []),
  ];
  return {
    name: 'pod-gc',
    sources: [
      mapped(allPods, keysOf),
      vanished(allNodes, (node) => [nodeKey(node.metadata.name ?? '')]),
      () => allNodes.subscribe({ added: ({ metadata }) => void missingSinceMs.delete(metadata.name ?? '') }),
    ],
    reconcile,
  };
};

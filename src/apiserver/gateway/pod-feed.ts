// What one agent has to be told about its pods: first everything, then what changed since, however slowly it listens.
import type { Pod } from '../../api/types.gen.ts';
import type { PodSet, Reference } from '../../rpc/agent-protocol.ts';
import { referenceText, referencesOf } from './node-pods.ts';
import type { NodePods, ReferenceName } from './node-pods.ts';

export interface PodFeed {
  /** The next message; undefined when there is nothing to tell. Changes that waited are merged. */
  take(): PodSet | undefined;
  stop(): void;
}

/** @param onNews called when `take` has something again */
export function createPodFeed(nodePods: NodePods, nodeName: string, onNews: () => void): PodFeed {
  let isFirst = true;
  const changed = new Set<string>();
  const removed = new Set<string>();
  const changedReferences = new Map<string, ReferenceName>();
  /** References that this agent has: a new pod brings only those that are not here. */
  const sent = new Set<string>();

  const stop = nodePods.listen(nodeName, {
    podChanged(uid) {
      removed.delete(uid);
      changed.add(uid);
      onNews();
    },
    podRemoved(uid) {
      changed.delete(uid);
      removed.add(uid);
      onNews();
    },
    referenceChanged(reference) {
      changedReferences.set(referenceText(reference), reference);
      onNews();
    },
  });

  const message = (complete: boolean, pods: readonly Pod[]): PodSet => {
    const wanted = new Map(changedReferences);
    for (const reference of pods.flatMap(referencesOf)) {
      if (!sent.has(referenceText(reference))) wanted.set(referenceText(reference), reference);
    }
    for (const key of wanted.keys()) sent.add(key);
    const set = {
      complete,
      pods: pods.map((pod) => ({ pod: Buffer.from(JSON.stringify(pod)) })),
      removed_uids: [...removed],
      references: [...wanted.values()].map((reference) => encode(nodePods, reference)),
    };
    for (const waiting of [changed, removed, changedReferences]) waiting.clear();
    return set;
  };

  return {
    take() {
      if (isFirst) {
        isFirst = false;
        return message(true, nodePods.podsOf(nodeName));
      }
      if (changed.size + removed.size + changedReferences.size === 0) return undefined;
      const pods = [...changed].map((uid) => nodePods.pod(nodeName, uid)).filter((pod) => pod !== undefined);
      return message(false, pods);
    },
    stop,
  };
}

function encode(nodePods: NodePods, reference: ReferenceName): Reference {
  const object = nodePods.reference(reference);
  return { ...reference, object: object ? Buffer.from(JSON.stringify(object)) : Buffer.alloc(0) };
}

// The built-in framework: places pending pods. Namespace = role; it asks for offers of the nodes where pods fit, accepts by
// binding (one transaction that re-checks "unbound, and it fits"), and says of every pod that waits why it does.
import type { Pod } from '../../api/types.gen.ts';
import type { Client } from '../../client/client.ts';
import { backoffMs } from '../../lib/backoff.ts';
import type { Clock, Timer } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { ClusterSources } from '../cluster-feed.ts';
import type { FrameworkEffect, OfferEngine } from '../engine.ts';
import { podFrameworkId } from '../registration.ts';
import { createPodAnnouncer, podRef, type RecordPodEvent } from './pod-announcer.ts';
import { createPodBoard } from './pod-board.ts';
import { createAffinityWorld, type PodClass } from './pod-classes.ts';
import { matchPods, type Assignment, type HeldOffer } from './pod-matching.ts';
import { createRoleRequests } from './role-requests.ts';
import { explainUnschedulable } from './unschedulable.ts';

export interface PodFrameworkOptions {
  readonly engine: OfferEngine;
  /** The same that feed the engine; `feedCluster` must have subscribed first. */
  readonly sources: ClusterSources;
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  readonly record: RecordPodEvent;
}

export interface PodFramework {
  /** Begins to place pods when all sources are in step. */
  start(): Promise<void>;
  /** Places nothing more; bindings under way end by themselves. */
  stop(): void;
}

/** Only more than was refused is news: an offer that did not suffice need not come again as it was. */
const refuseMs = 3_600_000;
const scoresPerTurn = 20_000;
/** Explanations of pods that were told something before follow changes of the cluster this much later, together. */
const reexplainMs = 1_000;
const bindingBackoff = { initialMs: 100, factor: 2, maxMs: 30_000 };

export function createPodFramework({ engine, sources, client, clock, log, record }: PodFrameworkOptions): PodFramework {
  const announcer = createPodAnnouncer({ client, clock, record, log });
  const held = new Map<string, HeldOffer>();
  const failures = new Map<string, number>();
  const timers = new Set<Timer>();
  let isRunning = false;
  let isNudged = false;
  let needsPlan = false;
  let continuation: Timer | undefined;
  let explanationTimer: Timer | undefined;

  const board = createPodBoard(() => {
    needsPlan = true;
    nudge();
  });
  const requests = createRoleRequests(board, engine);

  /** What changes in one turn is looked at once. */
  function nudge(): void {
    if (!isRunning || isNudged) return;
    isNudged = true;
    queueMicrotask(() => {
      isNudged = false;
      settle();
    });
  }

  /** Goes on until nothing can be placed any more; only then is there something to explain. */
  function settle(): void {
    if (!isRunning) return;
    if (needsPlan) {
      needsPlan = false;
      if (requests.update()) return;
    }
    if (held.size > 0) matchHeld();
    else explainWaiting(false);
  }

  function matchHeld(): void {
    if (continuation) return;
    const isComplete = matchPods(board, held.values(), scoresPerTurn);
    needsPlan = false;
    requests.update();
    for (const each of [...held.values()]) answer(each, isComplete);
    if (isComplete) return;
    continuation = clock.after(0, () => {
      continuation = undefined;
      nudge();
    });
  }

  /** Offers that nobody took part of are kept while there are pods that have not been tried on them. */
  function answer({ offer, taken }: HeldOffer, isComplete: boolean): void {
    if (taken.length === 0 && !isComplete) return;
    held.delete(offer.id);
    const answered = { framework: podFrameworkId, offers: [offer.id] };
    if (taken.length === 0) {
      const isTooSmall = requests.isRequested(offer.role, offer.agent);
      engine.dispatch({ type: 'declined', ...answered, refuseMs: isTooSmall ? refuseMs : 0 });
      return;
    }
    const tasks = taken.map(({ pending, resources }) => ({ id: pending.demand.uid, resources }));
    engine.dispatch({ type: 'accepted', ...answered, tasks, refuseMs: 0 });
    for (const assignment of taken) void bind(assignment);
  }

  async function bind({ pending: { pod, demand }, node }: Assignment): Promise<void> {
    try {
      await client.createSubresource(podRef(pod), 'binding', {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: demand.name, namespace: demand.namespace, uid: demand.uid },
        target: { apiVersion: 'v1', kind: 'Node', name: node },
      });
      failures.delete(demand.uid);
      announcer.scheduled(pod, node);
    } catch (error) {
      putBack(pod, demand.uid, node, error);
    }
  }

  /** Refused: the books say again that the pod is nowhere, and it is tried again a little later. */
  function putBack(pod: Pod, uid: string, node: string, error: unknown): void {
    log.warn(
      { pod: pod.metadata.name, namespace: pod.metadata.namespace, node, error: String(error) },
      'a binding was refused',
    );
    if (!isRunning || !board.unassume(uid)) return;
    engine.dispatch({ type: 'task-ended', framework: podFrameworkId, task: uid });
    const count = (failures.get(uid) ?? 0) + 1;
    failures.set(uid, count);
    const timer = clock.after(backoffMs(bindingBackoff, count), () => {
      timers.delete(timer);
      board.requeue(uid);
    });
    timers.add(timer);
  }

  /** @param everything also those that were told something lately */
  function explainWaiting(everything: boolean): void {
    for (const podClass of board.classes.values()) explainClass(podClass, everything);
  }

  function explainClass(podClass: PodClass, everything: boolean): void {
    if (!podClass.isStale && !podClass.hasNewPods) return;
    const mayWait = podClass.explanation !== undefined && !everything;
    if (podClass.isStale && mayWait) {
      explanationTimer ??= clock.after(reexplainMs, () => {
        explanationTimer = undefined;
        if (isRunning && held.size === 0) explainWaiting(true);
      });
    } else if (podClass.isStale) {
      podClass.isStale = false;
      podClass.explanation = explain(podClass);
    }
    if (podClass.isStale && !podClass.hasNewPods) return;
    podClass.hasNewPods = false;
    for (const { pod } of podClass.pods.values()) announcer.unschedulable(pod, podClass.explanation ?? '');
  }

  function explain(podClass: PodClass): string {
    return explainUnschedulable(podClass.demand, {
      rooms: board.rooms.values(),
      world: createAffinityWorld(board.rooms.values()),
      quotaExcess: board.findExcess(podClass),
      holdersOf: (node) => engine.holdersOf(node).filter(({ framework }) => framework !== podFrameworkId),
    });
  }

  function onEffect(effect: FrameworkEffect): void {
    if (effect.type === 'offers') {
      for (const offer of effect.offers) held.set(offer.id, { offer, left: offer.resources, taken: [] });
    } else if (effect.type === 'rescinded') {
      held.delete(effect.offer);
    }
  }

  function subscribe(): void {
    sources.nodes.subscribe({
      upserted: (node) => board.upsertNode(node),
      deleted: (node) => board.deleteNode(node.metadata.name ?? ''),
    });
    sources.quotas.subscribe({
      upserted: (quota) => board.upsertQuota(quota),
      deleted: (quota) => board.deleteQuota(quota),
    });
    sources.pods.subscribe({
      upserted: (pod) => board.upsertPod(pod),
      deleted(pod) {
        const uid = pod.metadata.uid ?? '';
        board.deletePod(uid);
        announcer.forget(uid);
        failures.delete(uid);
      },
    });
  }

  subscribe();
  return {
    async start() {
      await Promise.all([sources.nodes.synced, sources.pods.synced, sources.quotas.synced]);
      isRunning = true;
      engine.attach(podFrameworkId, { onEffect, onSettled: settle });
      needsPlan = true;
      nudge();
    },
    stop() {
      isRunning = false;
      engine.detach(podFrameworkId);
      engine.dispatch({ type: 'framework-disconnected', framework: podFrameworkId });
      for (const timer of [continuation, explanationTimer, ...timers]) timer?.cancel();
    },
  };
}

// The built-in framework: places pending pods. Namespace = role; it asks for offers of the nodes where pods fit, accepts by
// binding (one transaction that re-checks "unbound, and it fits"), and says of every pod that waits why it does.
import type { Client } from '../../client/client.ts';
import type { Clock, Timer } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { ClusterSources } from '../cluster-feed.ts';
import type { OfferEngine } from '../engine.ts';
import { podFrameworkId } from '../registration.ts';
import { createPodAnnouncer, type RecordPodEvent } from './pod-announcer.ts';
import { createPodBoard, type PodBoard } from './pod-board.ts';
import { createPodBinder } from './pod-binder.ts';
import { createPodExplainer } from './pod-explainer.ts';
import { createPodOffers } from './pod-offers.ts';
import { createRoleRequests } from './role-requests.ts';

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

export function createPodFramework({ engine, sources, client, clock, log, record }: PodFrameworkOptions): PodFramework {
  const announcer = createPodAnnouncer({ client, clock, record, log });
  let isRunning = false;
  let isNudged = false;
  let needsPlan = false;
  let continuation: Timer | undefined;

  const board = createPodBoard(planAnew);
  const requests = createRoleRequests(board, engine);
  const binder = createPodBinder({ client, clock, log, engine, board, announcer });
  const offers = createPodOffers({ engine, board, requests, binder });
  const explainer = createPodExplainer({ board, engine, announcer, clock });

  function planAnew(): void {
    needsPlan = true;
    nudge();
  }

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
    if (offers.hasAny()) matchOffers();
    else explainer.explainWaiting();
  }

  function matchOffers(): void {
    if (continuation) return;
    needsPlan = false;
    if (offers.match()) return;
    continuation = clock.after(0, () => {
      continuation = undefined;
      nudge();
    });
  }

  followSources(sources, board, [announcer, binder]);
  return {
    async start() {
      await Promise.all([sources.nodes.synced, sources.pods.synced, sources.quotas.synced]);
      isRunning = true;
      engine.attach(podFrameworkId, { onEffect: (effect) => offers.onEffect(effect), onSettled: settle });
      planAnew();
    },
    stop() {
      isRunning = false;
      engine.detach(podFrameworkId);
      engine.dispatch({ type: 'framework-disconnected', framework: podFrameworkId });
      binder.stop();
      explainer.stop();
      continuation?.cancel();
    },
  };
}

function followSources(
  { nodes, quotas, pods }: ClusterSources,
  board: PodBoard,
  others: readonly { forget(uid: string): void }[],
): void {
  nodes.subscribe({
    upserted: (node) => board.upsertNode(node),
    deleted: (node) => board.deleteNode(node.metadata.name ?? ''),
  });
  quotas.subscribe({ upserted: (quota) => board.upsertQuota(quota), deleted: (quota) => board.deleteQuota(quota) });
  pods.subscribe({
    upserted: (pod) => board.upsertPod(pod),
    deleted({ metadata: { uid = '' } }) {
      board.deletePod(uid);
      for (const other of others) other.forget(uid);
    },
  });
}

// Says of every pod that waits why it does: at once the first time, later together and not more often than once a second.
import type { Clock, Timer } from '../../lib/clock.ts';
import type { OfferEngine } from '../engine.ts';
import { podFrameworkId } from '../registration.ts';
import type { PodAnnouncer } from './pod-announcer.ts';
import type { PodBoard } from './pod-board.ts';
import { createAffinityWorld, type PodClass } from './pod-classes.ts';
import { explainUnschedulable } from './unschedulable.ts';

export interface PodExplainer {
  /** To be called when nothing more can be placed. */
  explainWaiting(): void;
  stop(): void;
}

export interface PodExplainerOptions {
  readonly board: PodBoard;
  readonly engine: OfferEngine;
  readonly announcer: PodAnnouncer;
  readonly clock: Clock;
}

const reexplainMs = 1_000;

export function createPodExplainer({ board, engine, announcer, clock }: PodExplainerOptions): PodExplainer {
  let timer: Timer | undefined;

  const explain = (podClass: PodClass): string =>
    explainUnschedulable(podClass.demand, {
      rooms: board.rooms.values(),
      world: createAffinityWorld(board.rooms.values()),
      quotaExcess: board.findExcess(podClass),
      holdersOf: (node) => engine.holdersOf(node).filter(({ framework }) => framework !== podFrameworkId),
    });

  const tell = (podClass: PodClass, uids: Iterable<string>): void => {
    for (const uid of uids) {
      const pending = podClass.pods.get(uid);
      if (pending) announcer.unschedulable(pending.pod, podClass.explanation ?? '');
    }
    podClass.newPods.clear();
  };

  const renew = (podClass: PodClass): void => {
    podClass.isStale = false;
    podClass.explanation = explain(podClass);
    tell(podClass, podClass.pods.keys());
  };

  const renewStale = (): void => {
    timer = undefined;
    for (const podClass of board.classes.values()) if (podClass.isStale) renew(podClass);
  };

  return {
    explainWaiting() {
      for (const podClass of board.classes.values()) {
        if (podClass.explanation === undefined) renew(podClass);
        else if (podClass.newPods.size > 0) tell(podClass, podClass.newPods);
        if (podClass.isStale) timer ??= clock.after(reexplainMs, renewStale);
      }
    },
    stop: () => timer?.cancel(),
  };
}

// Binds pods: one transaction of the API server that re-checks "unbound, and it fits". A refused pod is tried again later.
import type { Client } from '../../client/client.ts';
import { backoffMs } from '../../lib/backoff.ts';
import type { Clock, Timer } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { OfferEngine } from '../engine.ts';
import { podFrameworkId } from '../registration.ts';
import { podRef, type PodAnnouncer } from './pod-announcer.ts';
import type { PodBoard } from './pod-board.ts';
import type { Assignment } from './pod-matching.ts';

export interface PodBinder {
  /** An offer has been accepted for this pod; what comes of it is told by `bind` or `giveUp`. */
  expectLaunch(assignment: Assignment): void;
  /** The engine has charged the pod to its agent. */
  bind(uid: string): void;
  /** The engine would not launch it: the offer had been rescinded meanwhile. */
  giveUp(uid: string, reason: string): void;
  forget(uid: string): void;
  /** Nothing is tried again. */
  stop(): void;
}

export interface PodBinderOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  readonly engine: OfferEngine;
  readonly board: PodBoard;
  readonly announcer: PodAnnouncer;
}

const retryBackoff = { initialMs: 100, factor: 2, maxMs: 30_000 };

export function createPodBinder({ client, clock, log, engine, board, announcer }: PodBinderOptions): PodBinder {
  const failures = new Map<string, number>();
  const launching = new Map<string, Assignment>();
  const timers = new Set<Timer>();
  let isStopped = false;

  /** Without an answer the pod is nowhere, unless its source says otherwise: then somebody else was faster. */
  const putBack = ({ pending: { demand }, node }: Assignment, reason: string): void => {
    const { uid, name, namespace } = demand;
    log.warn({ pod: name, namespace, node, reason }, 'a pod could not be bound');
    if (isStopped) return;
    const wasAssumed = board.unassume(uid);
    if (!board.isPlaced(uid)) engine.dispatch({ type: 'task-ended', framework: podFrameworkId, task: uid });
    if (wasAssumed) retryLater(uid);
  };

  const retryLater = (uid: string): void => {
    const count = (failures.get(uid) ?? 0) + 1;
    failures.set(uid, count);
    const timer = clock.after(backoffMs(retryBackoff, count), () => {
      timers.delete(timer);
      board.requeue(uid);
    });
    timers.add(timer);
  };

  const post = async ({ pending: { pod, demand }, node }: Assignment): Promise<void> => {
    const { uid, name, namespace } = demand;
    await client.createSubresource(podRef(pod), 'binding', {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    });
    failures.delete(uid);
    announcer.scheduled(pod, node);
  };

  const take = (uid: string): Assignment | undefined => {
    const assignment = launching.get(uid);
    launching.delete(uid);
    return assignment;
  };

  return {
    expectLaunch: (assignment) => void launching.set(assignment.pending.demand.uid, assignment),
    bind(uid) {
      const assignment = take(uid);
      if (assignment) post(assignment).catch((error: unknown) => putBack(assignment, String(error)));
    },
    giveUp(uid, reason) {
      const assignment = take(uid);
      if (assignment) putBack(assignment, reason);
    },
    forget: (uid) => void failures.delete(uid),
    stop() {
      isStopped = true;
      for (const timer of timers) timer.cancel();
    },
  };
}

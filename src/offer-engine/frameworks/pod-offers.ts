// The offers that the pod framework has in hand: matched with pods, then accepted or declined.
import type { FrameworkEffect, OfferEngine } from '../engine.ts';
import { podFrameworkId } from '../registration.ts';
import type { PodBinder } from './pod-binder.ts';
import type { PodBoard } from './pod-board.ts';
import { matchPods, type HeldOffer } from './pod-matching.ts';
import type { RoleRequests } from './role-requests.ts';

export interface PodOffers {
  onEffect(effect: FrameworkEffect): void;
  hasAny(): boolean;
  /** Places what can be placed and answers the offers. False when there was too much for one turn: call again. */
  match(): boolean;
}

export interface PodOffersOptions {
  readonly engine: OfferEngine;
  readonly board: PodBoard;
  readonly requests: RoleRequests;
  readonly binder: PodBinder;
}

/** Only more than was refused is news: an offer that did not suffice need not come again as it was. */
const refuseMs = 3_600_000;
const scoresPerTurn = 20_000;

export function createPodOffers({ engine, board, requests, binder }: PodOffersOptions): PodOffers {
  const held = new Map<string, HeldOffer>();

  /** Offers that nobody took part of are kept while there are pods that have not been tried on them. */
  const answer = ({ offer, taken }: HeldOffer, isComplete: boolean): void => {
    if (taken.length === 0 && !isComplete) return;
    held.delete(offer.id);
    const answered = { framework: podFrameworkId, offers: [offer.id] };
    if (taken.length === 0) {
      const isTooSmall = requests.isRequested(offer.role, offer.agent);
      engine.dispatch({ type: 'declined', ...answered, refuseMs: isTooSmall ? refuseMs : 0 });
      return;
    }
    for (const assignment of taken) binder.expectLaunch(assignment);
    const tasks = taken.map(({ pending, resources }) => ({ id: pending.demand.uid, resources }));
    engine.dispatch({ type: 'accepted', ...answered, tasks, refuseMs: 0 });
  };

  return {
    hasAny: () => held.size > 0,
    match() {
      const isComplete = matchPods(board, held.values(), scoresPerTurn);
      requests.update();
      for (const each of [...held.values()]) answer(each, isComplete);
      return isComplete;
    },
    onEffect(effect) {
      switch (effect.type) {
        case 'offers':
          for (const offer of effect.offers) held.set(offer.id, { offer, left: offer.resources, taken: [] });
          return;
        case 'rescinded':
          held.delete(effect.offer);
          return;
        case 'launched':
          for (const { id } of effect.tasks) binder.bind(id);
          return;
        case 'refused':
          for (const id of effect.tasks) binder.giveUp(id, effect.message);
          return;
        case 'tasks-lost':
      }
    },
  };
}

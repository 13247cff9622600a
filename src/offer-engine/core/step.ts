// The one door of the offer engine's core: an event goes in, effects come out, nothing else happens.
import { loseAgent, registerAgent, removeAgent } from './agents.ts';
import { allocate, subjectsWithin } from './allocate.ts';
import type { Effect, EngineEvent } from './events.ts';
import { expireFilters } from './filters.ts';
import {
  disconnectFramework,
  removeFramework,
  requestAgents,
  reviveRoles,
  subscribeFramework,
  suppressRoles,
} from './frameworks.ts';
import { rescindOffer } from './offers.ts';
import { acceptOffers, declineOffers, endTask, observeTask } from './operations.ts';
import { configureRole, isOverLimit, pruneRole } from './roles.ts';
import type { EngineState } from './state.ts';
import { createWork, touchSubject, type Work } from './work.ts';

/**
 * Applies the event, then offers whatever it freed, at once. Deterministic: no clock, no randomness.
 * The state is changed in place and returned (see state.ts). Events about the unknown change nothing.
 * @param now milliseconds; never less than in the step before
 * @returns effects in the order in which they are to be executed: news about tasks and offers, then new offers, then `wake`
 */
export function step(
  state: EngineState,
  event: EngineEvent,
  now: number,
): { readonly state: EngineState; readonly effects: readonly Effect[] } {
  const work = createWork(now);
  for (const [subject, agents] of expireFilters(state, now)) touchSubject(work, subject, agents);
  apply(state, event, work);
  allocate(state, work);
  for (const [framework, offers] of work.made) work.effects.push({ type: 'offers', framework, offers });
  planWake(state, work);
  return { state, effects: work.effects };
}

function apply(state: EngineState, event: EngineEvent, work: Work): void {
  switch (event.type) {
    case 'batch':
      for (const each of event.events) apply(state, each, work);
      return;
    case 'agent-registered':
      registerAgent(state, event.agent, work);
      return;
    case 'agent-lost':
      loseAgent(state, event.agent, work);
      return;
    case 'agent-removed':
      removeAgent(state, event.agent, work);
      return;
    case 'role-configured':
      applyRole(state, event, work);
      return;
    case 'task-observed':
      observeTask(state, event.task, work);
      return;
    case 'task-ended':
      endTask(state, event.framework, event.task, work);
      return;
    default:
      applyFramework(state, event, work);
  }
}

type FrameworkEvent = Exclude<
  EngineEvent,
  {
    type:
      | 'batch'
      | 'agent-registered'
      | 'agent-lost'
      | 'agent-removed'
      | 'role-configured'
      | 'task-observed'
      | 'task-ended';
  }
>;

function applyFramework(state: EngineState, event: FrameworkEvent, work: Work): void {
  switch (event.type) {
    case 'framework-subscribed':
      subscribeFramework(state, event, work);
      return;
    case 'framework-disconnected':
      disconnectFramework(state, event.framework, work);
      return;
    case 'framework-removed':
      removeFramework(state, event.framework, work);
      return;
    case 'declined':
      declineOffers(state, event, work);
      return;
    case 'accepted':
      acceptOffers(state, event, work);
      return;
    case 'offer-rescinded':
      applyRescind(state, event.offer, work);
      return;
    case 'woken':
      return;
    default:
      applyDemand(state, event, work);
  }
}

function applyDemand(
  state: EngineState,
  event: Extract<EngineEvent, { type: 'suppressed' | 'revived' | 'requested' }>,
  work: Work,
): void {
  const framework = state.frameworks.get(event.framework);
  if (!framework) return;
  if (event.type === 'suppressed') suppressRoles(framework, event.roles);
  else if (event.type === 'revived') reviveRoles(framework, event.roles, work);
  else requestAgents(framework, event.role, event.agents, work);
}

function applyRole(state: EngineState, event: Extract<EngineEvent, { type: 'role-configured' }>, work: Work): void {
  const role = configureRole(state, event.role, event.weight, event.limit);
  for (const subject of subjectsWithin(role)) {
    for (const offer of [...subject.offers].reverse()) if (isOverLimit(role)) rescindOffer(state, offer, work);
    touchSubject(work, subject, 'all');
  }
  pruneRole(state, role);
}

function applyRescind(state: EngineState, id: string, work: Work): void {
  const offer = state.offers.get(id);
  if (offer) rescindOffer(state, offer, work);
}

function planWake(state: EngineState, work: Work): void {
  const at = state.filters[0]?.expiresAt;
  if (at === state.wakeAt) return;
  state.wakeAt = at;
  work.effects.push({ type: 'wake', at });
}

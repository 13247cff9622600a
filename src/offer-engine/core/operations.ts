// What frameworks do with offers, checked against them: launch tasks, decline; and what is learnt of tasks otherwise.
import {
  isEmptyResources,
  containsResources,
  equalResources,
  formatResources,
  noResources,
  addResources,
  subtractResources,
  type Resources,
} from '../../api/resources.ts';
import { rescindUnfulfillable } from './agents.ts';
import { defaultRefuseMs, type EngineEvent, type RefusalReason, type TaskRequest } from './events.ts';
import { addFilter } from './filters.ts';
import { ensureFramework, ensureSubject, forgetIfUnused } from './frameworks.ts';
import { dropTask, holdTask } from './holdings.ts';
import { closeOffer, partiesOf } from './offers.ts';
import { taskKey, type Agent, type EngineState, type Offer, type Subject, type Task } from './state.ts';
import type { Work } from './work.ts';

type Accepted = Extract<EngineEvent, { type: 'accepted' }>;
type Declined = Extract<EngineEvent, { type: 'declined' }>;

/** Offers that are not (or no longer) the framework's are passed over: they were rescinded while the call was under way. */
export function declineOffers(state: EngineState, event: Declined, work: Work): void {
  const offers = ownOffers(state, event.framework, event.offers);
  for (const offer of offers) closeOffer(state, offer, 'declined', work);
  const refuseMs = event.refuseMs ?? defaultRefuseMs;
  if (refuseMs <= 0) return;
  for (const [subject, refused] of groupBySubject(state, offers))
    addFilter(state, subject, refused, work.now + refuseMs);
}

/**
 * Launches tasks. All offers must be the framework's, of one agent and one role, or nothing is launched; a task that does not
 * fit into what the tasks before it left is refused alone. Either way every offer that was its own is used up.
 */
export function acceptOffers(state: EngineState, event: Accepted, work: Work): void {
  const offers = ownOffers(state, event.framework, event.offers);
  const problem = findOfferProblem(event, offers);
  for (const offer of offers) closeOffer(state, offer, 'accepted', work);
  const [first] = offers;
  if (problem !== undefined || !first) {
    refuse(event.framework, event.tasks, 'invalid-offers', problem ?? 'no offer was named', work);
    return;
  }
  const parties = partiesOf(state, first);
  const offered = offers.reduce<Resources>((sum, offer) => addResources(sum, offer.resources), noResources);
  const rest = launchAll(state, parties, first, event.tasks, offered, work);
  const refuseMs = event.refuseMs ?? defaultRefuseMs;
  if (refuseMs > 0 && !isEmptyResources(rest))
    addFilter(state, parties.subject, [{ agent: parties.agent, resources: rest }], work.now + refuseMs);
}

/** Takes a running task onto the books, whatever is free; offers that can no longer be kept are rescinded. */
export function observeTask(state: EngineState, task: Task, work: Work): void {
  const agent = state.agents.get(task.agent);
  const known = state.tasks.get(taskKey(task.framework, task.id));
  if (known?.agent === task.agent && known.role === task.role && equalResources(known.resources, task.resources))
    return;
  if (known) endTask(state, task.framework, task.id, work);
  if (!agent) return;
  holdTask(state, ensureSubject(state, ensureFramework(state, task.framework), task.role), agent, task);
  rescindUnfulfillable(state, agent, work);
}

export function endTask(state: EngineState, framework: string, id: string, work: Work): void {
  const task = state.tasks.get(taskKey(framework, id));
  if (!task) return;
  const { agent, subject } = partiesOf(state, task);
  dropTask(state, subject, agent, task, work);
  forgetIfUnused(state, subject);
}

interface Refused {
  readonly agent: Agent;
  readonly resources: Resources;
}

function groupBySubject(state: EngineState, offers: readonly Offer[]): ReadonlyMap<Subject, Refused[]> {
  const groups = new Map<Subject, Refused[]>();
  for (const offer of offers) {
    const { agent, subject } = partiesOf(state, offer);
    const group = groups.get(subject);
    if (group) group.push({ agent, resources: offer.resources });
    else groups.set(subject, [{ agent, resources: offer.resources }]);
  }
  return groups;
}

function ownOffers(state: EngineState, framework: string, ids: readonly string[]): Offer[] {
  return [...new Set(ids)].flatMap((id) => {
    const offer = state.offers.get(id);
    return offer?.framework === framework ? [offer] : [];
  });
}

function findOfferProblem(event: Accepted, offers: readonly Offer[]): string | undefined {
  const missing = event.offers.filter((id) => !offers.some((offer) => offer.id === id));
  if (missing.length > 0) return `not offered to framework ${event.framework}, or no longer: ${missing.join(', ')}`;
  const agents = new Set(offers.map(({ agent }) => agent));
  if (agents.size > 1) return `offers of one call must be of one agent, found ${[...agents].join(', ')}`;
  const roles = new Set(offers.map(({ role }) => role));
  return roles.size > 1 ? `offers of one call must be for one role, found ${[...roles].join(', ')}` : undefined;
}

interface Parties {
  readonly agent: Agent;
  readonly subject: Subject;
}

function launchAll(
  state: EngineState,
  { agent, subject }: Parties,
  offer: Offer,
  requests: readonly TaskRequest[],
  offered: Resources,
  work: Work,
): Resources {
  let rest = offered;
  const launched: Task[] = [];
  for (const { id, resources } of requests) {
    const problem = findTaskProblem(state, offer.framework, id, resources, rest);
    if (problem) {
      refuse(offer.framework, [{ id, resources }], problem.reason, problem.message, work);
      continue;
    }
    rest = subtractResources(rest, resources);
    const task: Task = { id, agent: agent.id, framework: offer.framework, role: offer.role, resources };
    holdTask(state, subject, agent, task);
    launched.push(task);
  }
  if (launched.length > 0)
    work.effects.push({ type: 'launched', framework: offer.framework, agent: agent.id, tasks: launched });
  return rest;
}

function findTaskProblem(
  state: EngineState,
  framework: string,
  id: string,
  resources: Resources,
  rest: Resources,
): { readonly reason: RefusalReason; readonly message: string } | undefined {
  if (state.tasks.has(taskKey(framework, id))) return { reason: 'already-running', message: `task ${id} runs already` };
  if (containsResources(rest, resources)) return undefined;
  return {
    reason: 'exceeds-offer',
    message: `task ${id} needs ${formatResources(resources)}, the offer has ${formatResources(rest)} left`,
  };
}

function refuse(
  framework: string,
  tasks: readonly TaskRequest[],
  reason: RefusalReason,
  message: string,
  work: Work,
): void {
  if (tasks.length > 0)
    work.effects.push({ type: 'refused', framework, tasks: tasks.map(({ id }) => id), reason, message });
}

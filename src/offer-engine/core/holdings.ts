// The books: what tasks and offers hold, on agents and in roles. Nothing else changes `used`, `offered`, `free` or `held`.
import {
  addResources,
  addScalars,
  containsResources,
  isEmptyResources,
  noResources,
  remainder,
  remainingScalars,
  type Resources,
} from '../../api/resources.ts';
import { charge, release } from './drf.ts';
import { taskKey, type Agent, type EngineState, type Offer, type RoleNode, type Subject, type Task } from './state.ts';
import type { Work } from './work.ts';

export function holdTask(state: EngineState, subject: Subject, agent: Agent, task: Task): void {
  state.tasks.set(taskKey(task.framework, task.id), task);
  agent.tasks.set(taskKey(task.framework, task.id), task);
  agent.used = addResources(agent.used, task.resources);
  take(state, subject, task.resources);
  refreshFree(state, agent);
}

export function dropTask(state: EngineState, subject: Subject, agent: Agent, task: Task, work: Work): void {
  state.tasks.delete(taskKey(task.framework, task.id));
  agent.tasks.delete(taskKey(task.framework, task.id));
  agent.used = withoutItem(agent.used, task.resources, agent.tasks.values());
  giveBack(state, subject, task.resources, work);
  refreshFree(state, agent);
  work.agents.add(agent);
}

export function holdOffer(state: EngineState, subject: Subject, agent: Agent, offer: Offer): void {
  state.offers.set(offer.id, offer);
  agent.offers.set(offer.id, offer);
  subject.offers.add(offer);
  agent.offered = addResources(agent.offered, offer.resources);
  take(state, subject, offer.resources);
  refreshFree(state, agent);
}

export function dropOffer(state: EngineState, subject: Subject, agent: Agent, offer: Offer, work: Work): void {
  state.offers.delete(offer.id);
  agent.offers.delete(offer.id);
  subject.offers.delete(offer);
  agent.offered = withoutItem(agent.offered, offer.resources, agent.offers.values());
  giveBack(state, subject, offer.resources, work);
  refreshFree(state, agent);
  work.agents.add(agent);
}

/** To be called when `used`, `offered`, the total or `active` changed. */
export function refreshFree(state: EngineState, agent: Agent): void {
  agent.free = remainder(remainder(agent.spec.total, agent.used), agent.offered);
  agent.blocking = undefined;
  if (agent.active && !isEmptyResources(agent.free)) state.idle.add(agent);
  else state.idle.delete(agent);
}

/** True while the agent's outstanding offers promise something that it does not have beside its tasks. */
export function isOverdrawn(agent: Agent): boolean {
  return !containsResources(remainder(agent.spec.total, agent.used), agent.offered);
}

/** Adds an agent's scalars to the cluster's, or with -1 takes them away. */
export function countTotal(state: EngineState, total: Resources, sign: 1 | -1): void {
  const { totals } = state;
  totals.scalars =
    sign > 0 ? addScalars(totals.scalars, total.scalars) : remainingScalars(totals.scalars, total.scalars);
  totals.version++;
}

function take(state: EngineState, subject: Subject, resources: Resources): void {
  subject.holdings++;
  charge(subject.sharer, resources.scalars, state.totals);
}

function giveBack(state: EngineState, subject: Subject, resources: Resources, work: Work): void {
  subject.holdings--;
  release(subject.sharer, resources.scalars, state.totals);
  for (let role: RoleNode | undefined = subject.role; role; role = role.parent)
    if (role.limit) work.relaxedRoles.add(role);
}

/** Ranges and sets that several hold at once (facts from outside may say so) stay with those who are left. */
function withoutItem(sum: Resources, item: Resources, left: Iterable<{ readonly resources: Resources }>): Resources {
  const hasNames = Object.keys(item.ranges).length + Object.keys(item.sets).length > 0;
  if (!hasNames) return { ...sum, scalars: remainingScalars(sum.scalars, item.scalars) };
  let rest = noResources;
  for (const { resources } of left) rest = addResources(rest, resources);
  return rest;
}

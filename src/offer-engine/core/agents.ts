// Agents come, change, fall silent and go.
import { equalResources, noResources } from '../../api/resources.ts';
import { clearRefusals } from './filters.ts';
import { forgetIfUnused } from './frameworks.ts';
import { countTotal, dropTask, isOverdrawn, refreshFree } from './holdings.ts';
import { partiesOf, rescindOffer } from './offers.ts';
import type { Agent, AgentSpec, EngineState } from './state.ts';
import type { Work } from './work.ts';

/** Adds an agent, or takes over what changed about it. Offers that it can no longer keep are rescinded. */
export function registerAgent(state: EngineState, spec: AgentSpec, work: Work): void {
  const known = state.agents.get(spec.id);
  const agent = known ?? createAgent(spec);
  if (!known) {
    state.agents.set(spec.id, agent);
    countTotal(state, spec.total, 1);
  } else if (!equalResources(known.spec.total, spec.total)) {
    countTotal(state, known.spec.total, -1);
    countTotal(state, spec.total, 1);
  }
  agent.spec = spec;
  agent.active = true;
  clearRefusals(agent);
  refreshFree(state, agent);
  rescindUnfulfillable(state, agent, work);
  work.agents.add(agent);
}

/** Nothing of the agent is offered until it registers again; its tasks stay on the books. */
export function loseAgent(state: EngineState, id: string, work: Work): void {
  const agent = state.agents.get(id);
  if (!agent) return;
  agent.active = false;
  for (const offer of [...agent.offers.values()]) rescindOffer(state, offer, work);
  refreshFree(state, agent);
}

/** Forgets the agent; its tasks' resources are freed and their frameworks told. */
export function removeAgent(state: EngineState, id: string, work: Work): void {
  const agent = state.agents.get(id);
  if (!agent) return;
  loseAgent(state, id, work);
  const lost = new Map<string, string[]>();
  for (const task of [...agent.tasks.values()]) {
    const { subject } = partiesOf(state, task);
    dropTask(state, subject, agent, task, work);
    forgetIfUnused(state, subject);
    lost.set(task.framework, [...(lost.get(task.framework) ?? []), task.id]);
  }
  for (const [framework, tasks] of lost) work.effects.push({ type: 'tasks-lost', framework, agent: id, tasks });
  countTotal(state, agent.spec.total, -1);
  state.agents.delete(id);
  state.idle.delete(agent);
  work.agents.delete(agent);
}

/** Newest offers go first, until the agent can keep the rest. */
export function rescindUnfulfillable(state: EngineState, agent: Agent, work: Work): void {
  for (const offer of [...agent.offers.values()].reverse()) if (isOverdrawn(agent)) rescindOffer(state, offer, work);
}

function createAgent(spec: AgentSpec): Agent {
  return {
    id: spec.id,
    spec,
    active: true,
    tasks: new Map(),
    offers: new Map(),
    used: noResources,
    offered: noResources,
    free: noResources,
    refusals: [],
    blocking: undefined,
  };
}

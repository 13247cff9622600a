// Allocation: who gets offers of what changed. An agent goes whole to the first in DRF order that wants it, as in Mesos;
// what limits and reservations keep back goes on to the next.
//
// The invariant that makes it cheap: after every step nobody wants anything that is free. So a change needs a look only
// at the agents that changed (everybody may want them), and at the subjects that changed (they may want any agent).
import { isEmptyResources, remainder, type Resources, type Scalars } from '../../api/resources.ts';
import { compareLeaves, inOrder } from './drf.ts';
import { isRefused } from './filters.ts';
import { makeOffer } from './offers.ts';
import { scalarsWithheld } from './reservations.ts';
import { cutToLimits } from './roles.ts';
import type { Agent, EngineState, RoleNode, Sharer, Subject } from './state.ts';
import { touchSubject, type Work } from './work.ts';

/** With more changed subjects than this, walking all of them in order per agent is cheaper than comparing them. */
const fewSubjects = 16;

export function allocate(state: EngineState, work: Work): void {
  for (const role of work.relaxedRoles)
    for (const subject of activeSubjects(role.sharer)) touchSubject(work, subject, 'all');
  const changed = [...work.subjects.keys()].filter((subject) => subject.sharer.active > 0);
  const isCrowd = changed.length > fewSubjects;
  for (const agent of work.agents) offerToAll(state, agent, work);
  if (isCrowd) {
    for (const agent of crowdedAgents(state, work, changed)) offerToAll(state, agent, work);
  } else {
    for (const [agent, subjects] of collectCandidates(state, work, changed)) offerToFew(state, agent, subjects, work);
  }
}

function crowdedAgents(state: EngineState, work: Work, changed: readonly Subject[]): ReadonlySet<Agent> {
  const sources = new Set(changed.map((subject) => agentsFor(state, work, subject)));
  return new Set([...sources].flatMap((agents) => [...agents]));
}

/** The agents that a few changed subjects may want, each with those subjects. */
function collectCandidates(state: EngineState, work: Work, changed: readonly Subject[]): ReadonlyMap<Agent, Subject[]> {
  const candidates = new Map<Agent, Subject[]>();
  for (const subject of changed) {
    for (const agent of agentsFor(state, work, subject)) {
      if (work.agents.has(agent)) continue;
      const subjects = candidates.get(agent);
      if (subjects) subjects.push(subject);
      else candidates.set(agent, [subject]);
    }
  }
  return candidates;
}

function agentsFor(state: EngineState, work: Work, subject: Subject): Iterable<Agent> {
  const touched = work.subjects.get(subject);
  const ids = touched === undefined || touched === 'all' ? subject.request : touched;
  if (!ids) return state.idle;
  return [...ids].flatMap((id) => state.agents.get(id) ?? []);
}

/** Walks everybody in DRF order until nobody wants the rest. */
function offerToAll(state: EngineState, agent: Agent, work: Work): void {
  if (!state.idle.has(agent)) return;
  const served = new Set<Subject>();
  for (;;) {
    const taker = firstTaker(state, state.root, agent, served, work);
    if (!taker || isEmptyResources(agent.free)) return;
    served.add(taker);
  }
}

function firstTaker(
  state: EngineState,
  sharer: Sharer,
  agent: Agent,
  served: ReadonlySet<Subject>,
  work: Work,
): Subject | undefined {
  for (const child of inOrder(sharer, state.totals)) {
    if (child.active === 0) continue;
    const taker = child.subject
      ? takes(state, child.subject, agent, served, work)
      : firstTaker(state, child, agent, served, work);
    if (taker) return taker;
  }
  return undefined;
}

function takes(
  state: EngineState,
  subject: Subject,
  agent: Agent,
  served: ReadonlySet<Subject>,
  work: Work,
): Subject | undefined {
  return !served.has(subject) && tryOffer(state, subject, agent, work) ? subject : undefined;
}

function offerToFew(state: EngineState, agent: Agent, subjects: readonly Subject[], work: Work): void {
  if (!state.idle.has(agent)) return;
  const waiting = [...subjects];
  while (waiting.length > 0 && !isEmptyResources(agent.free)) {
    let first = 0;
    for (let index = 1; index < waiting.length; index++)
      if (comesBefore(state, waiting[index], waiting[first])) first = index;
    const [subject] = waiting.splice(first, 1);
    if (subject) tryOffer(state, subject, agent, work);
  }
}

function comesBefore(state: EngineState, a: Subject | undefined, b: Subject | undefined): boolean {
  return a !== undefined && b !== undefined && compareLeaves(a.sharer, b.sharer, state.totals) < 0;
}

/** Makes an offer of all that the subject may have of the agent, unless it does not want that. */
function tryOffer(state: EngineState, subject: Subject, agent: Agent, work: Work): boolean {
  const { request, framework } = subject;
  if (request && !request.has(agent.id)) return false;
  if (agent.spec.offerOnlyTo && !agent.spec.offerOnlyTo.includes(framework.id)) return false;
  const candidate = candidateFor(agent, subject);
  if (!isWorthwhile(candidate, framework.minimum) || isRefused(agent, subject, candidate)) return false;
  makeOffer(state, subject, agent, candidate, work);
  return true;
}

function candidateFor(agent: Agent, subject: Subject): Resources {
  const withheld = agent.spec.reservations
    ? scalarsWithheld(agent, agent.spec.reservations, subject.role.path)
    : undefined;
  const open = withheld ? remainder(agent.free, { scalars: withheld, ranges: {}, sets: {} }) : agent.free;
  return cutToLimits(subject.role, open);
}

function isWorthwhile(candidate: Resources, minimum: readonly Scalars[]): boolean {
  if (minimum.length === 0) return !isEmptyResources(candidate);
  for (const wanted of minimum) {
    let enough = true;
    for (const name in wanted) enough &&= (candidate.scalars[name] ?? 0) >= (wanted[name] ?? 0);
    if (enough) return true;
  }
  return false;
}

function activeSubjects(sharer: Sharer): Subject[] {
  if (sharer.active === 0) return [];
  return sharer.subject ? [sharer.subject] : sharer.children.flatMap(activeSubjects);
}

/** Every active subject below a role. */
export function subjectsWithin(role: RoleNode): readonly Subject[] {
  return activeSubjects(role.sharer);
}

// Decline filters: a framework that refused some resources of an agent is not offered them, or less, until a moment.
// On an agent they are bit sets over frameworks, one per distinct refused amount, so that 1,000 refusals cost one look.
import { containsResources, equalResources, type Resources } from '../../api/resources.ts';
import type { Agent, EngineState, Filter, Refusal, Subject } from './state.ts';

/** @param refused the agents and what of each was refused */
export function addFilter(
  state: EngineState,
  subject: Subject,
  refused: readonly { readonly agent: Agent; readonly resources: Resources }[],
  expiresAt: number,
): void {
  const refusals = refused.map(({ agent, resources }) => refusalOf(agent, resources));
  for (const refusal of refusals) setBit(refusal, subject.index);
  const filter: Filter = { subject, expiresAt, refusals };
  subject.filters.add(filter);
  state.filters.splice(positionAfter(state.filters, expiresAt), 0, filter);
}

/** True when the subject refused this much, or more, of the agent before. `candidate` may be the agent's `free` itself. */
export function isRefused(agent: Agent, subject: Subject, candidate: Resources): boolean {
  if (agent.refusals.length === 0) return false;
  if (candidate === agent.free) {
    agent.blocking ??= agent.refusals.filter((refusal) => containsResources(refusal.refused, agent.free));
    for (const refusal of agent.blocking) if (hasBit(refusal, subject.index)) return true;
    return false;
  }
  return agent.refusals.some(
    (refusal) => hasBit(refusal, subject.index) && containsResources(refusal.refused, candidate),
  );
}

/** Lets go of the filters that end at `now` or earlier; the agents that are open again, by subject. */
export function expireFilters(state: EngineState, now: number): ReadonlyMap<Subject, ReadonlySet<string>> {
  const reopened = new Map<Subject, Set<string>>();
  const due = positionAfter(state.filters, now);
  for (const filter of state.filters.splice(0, due)) {
    if (!filter.subject.filters.delete(filter)) continue;
    const agents = reopened.get(filter.subject) ?? new Set();
    for (const refusal of filter.refusals) {
      clearBit(refusal, filter.subject.index);
      agents.add(refusal.agent.id);
    }
    reopened.set(filter.subject, agents);
  }
  return reopened;
}

/** Forgets all that the subject refused (revive, removal). */
export function clearFilters(subject: Subject): void {
  for (const filter of subject.filters) for (const refusal of filter.refusals) clearBit(refusal, subject.index);
  subject.filters.clear();
}

/** Forgets all that was refused of the agent: it is a different one now. */
export function clearRefusals(agent: Agent): void {
  agent.refusals = [];
  agent.blocking = undefined;
}

function refusalOf(agent: Agent, refused: Resources): Refusal {
  const known = agent.refusals.find(
    (refusal) => refusal.refused === refused || equalResources(refusal.refused, refused),
  );
  if (known) return known;
  const refusal: Refusal = { agent, refused, bits: new Uint32Array(1), count: 0 };
  agent.refusals.push(refusal);
  agent.blocking = undefined;
  return refusal;
}

function setBit(refusal: Refusal, index: number): void {
  if (hasBit(refusal, index)) return;
  const word = index >>> 5;
  if (word >= refusal.bits.length) {
    const wider = new Uint32Array(Math.max(word + 1, refusal.bits.length * 2));
    wider.set(refusal.bits);
    refusal.bits = wider;
  }
  refusal.bits[word] = (refusal.bits[word] ?? 0) | (1 << (index & 31));
  refusal.count++;
}

function clearBit(refusal: Refusal, index: number): void {
  if (!hasBit(refusal, index)) return;
  const word = index >>> 5;
  refusal.bits[word] = (refusal.bits[word] ?? 0) & ~(1 << (index & 31));
  refusal.count--;
  if (refusal.count > 0) return;
  refusal.agent.refusals = refusal.agent.refusals.filter((other) => other !== refusal);
  refusal.agent.blocking = undefined;
}

function hasBit(refusal: Refusal, index: number): boolean {
  return ((refusal.bits[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
}

/** The first place whose filter ends later than `expiresAt`. */
function positionAfter(filters: readonly Filter[], expiresAt: number): number {
  let low = 0;
  let high = filters.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((filters[middle]?.expiresAt ?? Infinity) <= expiresAt) low = middle + 1;
    else high = middle;
  }
  return low;
}

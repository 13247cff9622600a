// What one step gathers: whom the allocation at its end must look at, and the effects so far.
import type { Effect } from './events.ts';
import type { Agent, Offer, RoleNode, Subject } from './state.ts';

export interface Work {
  readonly now: number;
  /** Something of these became free, or they changed: everybody may want them. */
  readonly agents: Set<Agent>;
  /** These may want what they did not want before, of these agents or of all. */
  readonly subjects: Map<Subject, ReadonlySet<string> | 'all'>;
  /** These have limits under which there is more room than before. */
  readonly relaxedRoles: Set<RoleNode>;
  readonly effects: Effect[];
  /** Offers made in this step, by framework. */
  readonly made: Map<string, Offer[]>;
}

export function createWork(now: number): Work {
  return { now, agents: new Set(), subjects: new Map(), relaxedRoles: new Set(), effects: [], made: new Map() };
}

export function touchSubject(work: Work, subject: Subject, agents: ReadonlySet<string> | 'all'): void {
  const known = work.subjects.get(subject);
  if (known === 'all') return;
  work.subjects.set(subject, agents === 'all' || !known ? agents : new Set([...known, ...agents]));
}

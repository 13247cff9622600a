// Frameworks subscribe in roles, suppress and revive them, disconnect and go.
import { createSharer, detach, setActive } from './drf.ts';
import { defaultMinimum, type EngineEvent } from './events.ts';
import { clearFilters } from './filters.ts';
import { dropTask } from './holdings.ts';
import { partiesOf, rescindOffer } from './offers.ts';
import { ensureRole, pruneRole } from './roles.ts';
import type { EngineState, Framework, Subject } from './state.ts';
import { touchSubject, type Work } from './work.ts';

type Subscribed = Extract<EngineEvent, { type: 'framework-subscribed' }>;

export function subscribeFramework(state: EngineState, event: Subscribed, work: Work): void {
  const framework = ensureFramework(state, event.framework);
  framework.name = event.name;
  framework.active = true;
  framework.minimum = event.minimum ?? defaultMinimum;
  for (const role of event.roles) {
    const subject = ensureSubject(state, framework, role);
    if (!subject.subscribed) subject.suppressed = event.suppressed ?? false;
    subject.subscribed = true;
  }
  for (const subject of [...framework.subjects.values()]) {
    if (event.roles.includes(subject.role.path)) activate(subject, work);
    else unsubscribe(state, subject, work);
  }
}

/** Offers are rescinded and no more are made; tasks stay. */
export function disconnectFramework(state: EngineState, id: string, work: Work): void {
  const framework = state.frameworks.get(id);
  if (!framework) return;
  framework.active = false;
  for (const subject of framework.subjects.values()) {
    setActive(subject.sharer, false);
    rescindAll(state, subject, work);
    clearFilters(subject);
  }
}

export function removeFramework(state: EngineState, id: string, work: Work): void {
  const framework = state.frameworks.get(id);
  if (!framework) return;
  disconnectFramework(state, id, work);
  for (const task of [...state.tasks.values()].filter((candidate) => candidate.framework === id)) {
    const { agent, subject } = partiesOf(state, task);
    dropTask(state, subject, agent, task, work);
  }
  for (const subject of [...framework.subjects.values()]) unsubscribe(state, subject, work);
  state.frameworks.delete(id);
}

export function suppressRoles(framework: Framework, roles: readonly string[] | undefined): void {
  for (const subject of subjectsOf(framework, roles)) {
    subject.suppressed = true;
    setActive(subject.sharer, false);
  }
}

/** Forgets what the framework refused and requested in these roles, and offers again. */
export function reviveRoles(framework: Framework, roles: readonly string[] | undefined, work: Work): void {
  for (const subject of subjectsOf(framework, roles)) {
    subject.suppressed = false;
    subject.request = undefined;
    clearFilters(subject);
    activate(subject, work);
  }
}

/** Offers again, but of these agents only. */
export function requestAgents(framework: Framework, role: string, agents: readonly string[], work: Work): void {
  for (const subject of subjectsOf(framework, [role])) {
    subject.suppressed = false;
    subject.request = new Set(agents);
    activate(subject, work);
  }
}

/** The subject's books, made when something is first held. A framework that is not subscribed yet gets no offers. */
export function ensureSubject(state: EngineState, framework: Framework, path: string): Subject {
  const known = framework.subjects.get(path);
  if (known) return known;
  const role = ensureRole(state, path);
  const sharer = createSharer(framework.id, role.own);
  const subject: Subject = {
    index: state.freeSubjectIndexes.pop() ?? state.subjectCount++,
    framework,
    role,
    sharer,
    subscribed: false,
    suppressed: false,
    request: undefined,
    offers: new Set(),
    filters: new Set(),
    holdings: 0,
  };
  sharer.subject = subject;
  framework.subjects.set(path, subject);
  return subject;
}

export function ensureFramework(state: EngineState, id: string): Framework {
  const known = state.frameworks.get(id);
  if (known) return known;
  const framework: Framework = { id, name: id, active: false, minimum: defaultMinimum, subjects: new Map() };
  state.frameworks.set(id, framework);
  return framework;
}

/** Forgets a subject that is neither subscribed nor holds anything, and then a framework that never was more. */
export function forgetIfUnused(state: EngineState, subject: Subject): void {
  if (subject.subscribed || subject.holdings > 0) return;
  const { framework, role } = subject;
  if (framework.subjects.get(role.path) !== subject) return;
  clearFilters(subject);
  detach(subject.sharer);
  framework.subjects.delete(role.path);
  state.freeSubjectIndexes.push(subject.index);
  pruneRole(state, role);
  if (framework.subjects.size === 0 && !framework.active) state.frameworks.delete(framework.id);
}

function activate(subject: Subject, work: Work): void {
  const active = subject.framework.active && subject.subscribed && !subject.suppressed;
  setActive(subject.sharer, active);
  if (active) touchSubject(work, subject, 'all');
}

function unsubscribe(state: EngineState, subject: Subject, work: Work): void {
  subject.subscribed = false;
  setActive(subject.sharer, false);
  rescindAll(state, subject, work);
  forgetIfUnused(state, subject);
}

function rescindAll(state: EngineState, subject: Subject, work: Work): void {
  for (const offer of [...subject.offers]) rescindOffer(state, offer, work);
}

function subjectsOf(framework: Framework, roles: readonly string[] | undefined): Subject[] {
  const subjects = [...framework.subjects.values()].filter((subject) => subject.subscribed);
  return roles ? subjects.filter((subject) => roles.includes(subject.role.path)) : subjects;
}

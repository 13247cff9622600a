// The language of the offer engine's scenarios: one command a line, effects as text.
import { formatResources, formatThousandths, parseResources, type Scalars } from '../../src/api/resources.ts';
import { createState } from '../../src/offer-engine/core/create-state.ts';
import { dominantShare } from '../../src/offer-engine/core/drf.ts';
import type { Effect, EngineEvent } from '../../src/offer-engine/core/events.ts';
import type { EngineState } from '../../src/offer-engine/core/state.ts';
import { step } from '../../src/offer-engine/core/step.ts';

export interface ScenarioRun {
  /** Runs the commands of one block and returns what they print. */
  execute(commands: readonly string[]): string;
}

/** A fresh engine at time 0. */
export function createScenarioRun(): ScenarioRun {
  const state = createState();
  let now = 0;

  const send = (event: EngineEvent) => step(state, event, now).effects.map(formatEffect);

  const run = (line: string): readonly string[] => {
    const [verb = '', ...rest] = line.split(/\s+/);
    if (verb === 'state') return describe(state);
    if (verb === 'advance') {
      now += milliseconds(rest[0] ?? '');
      return send({ type: 'woken' });
    }
    if (verb === 'batch') return send({ type: 'batch', events: rest.join(' ').split(' | ').map(readCommand) });
    return send(readCommand(line));
  };

  return {
    execute(commands) {
      const lines = commands.flatMap(run);
      return lines.length === 0 ? 'nothing happens' : lines.join('\n');
    },
  };
}

type Parser = (words: readonly string[], options: ReadonlyMap<string, string>) => EngineEvent;

const parsers: Readonly<Record<string, Parser>> = {
  agent: ([id = '', total = ''], options) => ({
    type: 'agent-registered',
    agent: {
      id,
      hostname: id,
      attributes: {},
      total: parseResources(total),
      ...(options.has('reserve') ? { reservations: reservationsOf(options.get('reserve') ?? '') } : {}),
      ...(options.has('only') ? { offerOnlyTo: list(options.get('only')) } : {}),
    },
  }),
  lost: ([agent = '']) => ({ type: 'agent-lost', agent }),
  removed: ([agent = '']) => ({ type: 'agent-removed', agent }),
  framework: ([framework = ''], options) => ({
    type: 'framework-subscribed',
    framework,
    name: framework,
    roles: list(options.get('roles')),
    ...(options.has('minimum') ? { minimum: [scalars(options.get('minimum'))] } : {}),
  }),
  disconnected: ([framework = '']) => ({ type: 'framework-disconnected', framework }),
  gone: ([framework = '']) => ({ type: 'framework-removed', framework }),
  role: ([role = ''], options) => ({
    type: 'role-configured',
    role,
    ...(options.has('weight') ? { weight: Number(options.get('weight')) } : {}),
    ...(options.has('limit') ? { limit: scalars(options.get('limit')) } : {}),
  }),
  suppress: ([framework = '', roles]) => ({ type: 'suppressed', framework, ...(roles ? { roles: list(roles) } : {}) }),
  revive: ([framework = '', roles]) => ({ type: 'revived', framework, ...(roles ? { roles: list(roles) } : {}) }),
  request: ([framework = '', role = '', agents]) => ({ type: 'requested', framework, role, agents: list(agents) }),
  decline: ([framework = '', offers], options) => ({
    type: 'declined',
    framework,
    offers: list(offers),
    ...(options.has('for') ? { refuseMs: milliseconds(options.get('for') ?? '') } : {}),
  }),
  accept: ([framework = '', offers, ...tasks], options) => ({
    type: 'accepted',
    framework,
    offers: list(offers),
    tasks: tasks.map((task) => ({ id: task.split('@')[0] ?? '', resources: parseResources(task.split('@')[1] ?? '') })),
    ...(options.has('for') ? { refuseMs: milliseconds(options.get('for') ?? '') } : {}),
  }),
  observe: ([framework = '', role = '', id = '', agent = '', resources = '']) => ({
    type: 'task-observed',
    task: { id, agent, framework, role, resources: parseResources(resources) },
  }),
  ended: ([framework = '', task = '']) => ({ type: 'task-ended', framework, task }),
  rescind: ([offer = '']) => ({ type: 'offer-rescinded', offer }),
};

function readCommand(line: string): EngineEvent {
  const [verb = '', ...rest] = line.trim().split(/\s+/);
  const parse = parsers[verb];
  if (!parse) throw new Error(`unknown command "${line}": known are ${Object.keys(parsers).join(', ')}`);
  const options = rest
    .filter((word) => word.includes('='))
    .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const);
  return parse(
    rest.filter((word) => !word.includes('=')),
    new Map(options),
  );
}

function formatEffect(effect: Effect): string {
  switch (effect.type) {
    case 'offers':
      return effect.offers
        .map(
          (offer) =>
            `${effect.framework} is offered ${offer.id} of ${offer.agent} for ${offer.role}: ${formatResources(offer.resources)}`,
        )
        .join('\n');
    case 'rescinded':
      return `${effect.framework} loses offer ${effect.offer}`;
    case 'launched':
      return `${effect.agent} launches for ${effect.framework}: ${effect.tasks.map((task) => `${task.id} (${formatResources(task.resources)})`).join(', ')}`;
    case 'refused':
      return `${effect.framework} is refused ${effect.tasks.join(', ')}: ${effect.reason}: ${effect.message}`;
    case 'tasks-lost':
      return `${effect.framework} loses tasks on ${effect.agent}: ${effect.tasks.join(', ')}`;
    case 'wake':
      return effect.at === undefined ? 'nothing to wait for' : `wake at ${effect.at / 1000}s`;
  }
}

function describe(state: EngineState): string[] {
  const agents = [...state.agents.values()].map(
    (agent) =>
      `agent ${agent.id}${agent.active ? '' : ' (lost)'}: used ${formatResources(agent.used)}, offered ${formatResources(agent.offered)}, free ${formatResources(agent.free)}`,
  );
  const roles = [...state.roles.values()].map(
    (role) =>
      `role ${role.path}: share ${dominantShare(role.sharer.held, state.totals).toFixed(3)}${role.limit ? `, limit ${formatScalars(role.limit)}` : ''}`,
  );
  return [
    ...agents,
    ...roles,
    `filters ${state.filters.filter((filter) => filter.subject.filters.has(filter)).length}`,
  ];
}

function formatScalars(amounts: Scalars): string {
  return Object.entries(amounts)
    .map(([name, amount]) => `${name}:${formatThousandths(amount)}`)
    .join(';');
}

const list = (text: string | undefined) => (text ?? '').split(',').filter((item) => item !== '');
const scalars = (text: string | undefined): Scalars => parseResources(text ?? '').scalars;
const milliseconds = (text: string) => Number.parseFloat(text) * 1000;

function reservationsOf(text: string): Record<string, Scalars> {
  return Object.fromEntries(text.split('+').map((part) => [part.split('@')[0] ?? '', scalars(part.split('@')[1])]));
}

// Laws of the core under random events: the books balance, nothing is promised twice, the same events give the same state.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  addResources,
  containsResources,
  equalResources,
  noResources,
  remainder,
  type Resources,
} from '../../../src/api/resources.ts';
import { allocate } from '../../../src/offer-engine/core/allocate.ts';
import { createState } from '../../../src/offer-engine/core/create-state.ts';
import type { EngineEvent } from '../../../src/offer-engine/core/events.ts';
import type { EngineState } from '../../../src/offer-engine/core/state.ts';
import { step } from '../../../src/offer-engine/core/step.ts';
import { createWork } from '../../../src/offer-engine/core/work.ts';

const agents = ['a1', 'a2', 'a3'];
const frameworks = ['f1', 'f2', 'f3'];
const roles = ['x', 'y', 'y/z'];

const resources = (cpus: number, mem: number, port = 0): Resources => ({
  scalars: { ...(cpus > 0 ? { cpus } : {}), ...(mem > 0 ? { mem } : {}) },
  ranges: port > 0 ? { ports: [{ begin: port, end: port + 2 }] } : {},
  sets: {},
});

const amount = fc.integer({ min: 0, max: 4000 });
const anyResources = fc
  .tuple(amount, amount, fc.integer({ min: 0, max: 5 }))
  .map(([cpus, mem, port]) => resources(cpus, mem * 100, port));
const agent = fc.constantFrom(...agents);
const framework = fc.constantFrom(...frameworks);
const role = fc.constantFrom(...roles);
const someRoles = fc.subarray(roles);
const offerIds = fc.array(
  fc.integer({ min: 1, max: 60 }).map((id) => `O${id}`),
  { maxLength: 3 },
);
const refuseMs = fc.constantFrom(0, 1000, 60_000);
const task = fc.integer({ min: 1, max: 12 }).map((id) => `t${id}`);

const anyEvent: fc.Arbitrary<EngineEvent> = fc.oneof(
  fc.record({
    type: fc.constant('agent-registered' as const),
    agent: fc.record({ id: agent, hostname: agent, attributes: fc.constant({}), total: anyResources }),
  }),
  fc.record({ type: fc.constantFrom('agent-lost' as const, 'agent-removed' as const), agent }),
  fc.record({
    type: fc.constant('framework-subscribed' as const),
    framework,
    name: framework,
    roles: someRoles,
    minimum: fc.constant([]),
  }),
  fc.record({ type: fc.constantFrom('framework-disconnected' as const, 'framework-removed' as const), framework }),
  fc.record({
    type: fc.constant('role-configured' as const),
    role,
    weight: fc.constantFrom(1, 2),
    limit: fc.record({ cpus: amount }),
  }),
  fc.record({ type: fc.constantFrom('suppressed' as const, 'revived' as const), framework, roles: someRoles }),
  fc.record({ type: fc.constant('requested' as const), framework, role, agents: fc.subarray(agents) }),
  fc.record({ type: fc.constant('declined' as const), framework, offers: offerIds, refuseMs }),
  fc.record({
    type: fc.constant('accepted' as const),
    framework,
    offers: offerIds,
    tasks: fc.array(fc.record({ id: task, resources: anyResources }), { maxLength: 3 }),
    refuseMs,
  }),
  fc.record({ type: fc.constant('task-ended' as const), framework, task }),
  fc.record({
    type: fc.constant('offer-rescinded' as const),
    offer: fc.integer({ min: 1, max: 60 }).map((id) => `O${id}`),
  }),
);

const observed: fc.Arbitrary<EngineEvent> = fc.record({
  type: fc.constant('task-observed' as const),
  task: fc.record({ id: task, agent, framework, role, resources: anyResources }),
});

/** Most random offer ids miss; so declines and acceptances are steered to offers that exist. */
function steer(state: EngineState, event: EngineEvent): EngineEvent {
  if (event.type !== 'accepted' && event.type !== 'declined') return event;
  const open = [...state.offers.values()];
  const chosen = open[event.offers.length % Math.max(1, open.length)];
  return chosen && event.offers.length > 0 ? { ...event, framework: chosen.framework, offers: [chosen.id] } : event;
}

const sum = (items: Iterable<{ readonly resources: Resources }>): Resources => {
  let total = noResources;
  for (const item of items) total = addResources(total, item.resources);
  return total;
};

function checkBooks(state: EngineState): void {
  for (const each of state.agents.values()) {
    const [used, offered] = [sum(each.tasks.values()), sum(each.offers.values())];
    expect(equalResources(each.used, used), `used of ${each.id}`).to.equal(true);
    expect(equalResources(each.offered, offered), `offered of ${each.id}`).to.equal(true);
    expect(
      equalResources(each.free, remainder(remainder(each.spec.total, used), offered)),
      `free of ${each.id}`,
    ).to.equal(true);
    expect(
      containsResources(remainder(each.spec.total, used), offered),
      `${each.id} offers what it does not have`,
    ).to.equal(true);
    expect(each.active || each.offers.size === 0, `${each.id} is lost but offered`).to.equal(true);
  }
  for (const [path, node] of state.roles) {
    const holdings = [...state.tasks.values(), ...state.offers.values()].filter(
      (item) => item.role === path || item.role.startsWith(`${path}/`),
    );
    const held = Object.entries(node.sharer.held).filter(([, value]) => value !== 0);
    const expected: Record<string, number> = {};
    for (const {
      resources: { scalars },
    } of holdings)
      for (const name in scalars) expected[name] = (expected[name] ?? 0) + scalars[name]!;
    expect(Object.fromEntries(held), `held of role ${path}`).to.deep.equal(expected);
  }
}

describe('step', () => {
  it('keeps the books balanced whatever happens', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 12, arbitrary: anyEvent }, { weight: 1, arbitrary: observed }), { maxLength: 60 }),
        (events) => {
          const state = createState();
          events.forEach((event, index) => {
            step(state, steer(state, event), index * 700);
            checkBooks(state);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never uses more of an agent than it has, as long as nothing happens behind its back', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 80 }), (events) => {
        const state = createState();
        const totals = new Map<string, Resources>();
        events.forEach((event, index) => {
          // An agent that comes back smaller is news from outside: here each keeps the size it first had.
          const fixed: EngineEvent =
            event.type === 'agent-registered'
              ? { ...event, agent: { ...event.agent, total: totals.get(event.agent.id) ?? event.agent.total } }
              : event;
          if (fixed.type === 'agent-registered') totals.set(fixed.agent.id, fixed.agent.total);
          step(state, steer(state, fixed), index * 700);
          for (const each of state.agents.values()) {
            const all = addResources(addResources(each.used, each.offered), each.free);
            expect(equalResources(all, each.spec.total), `used + offered + free of ${each.id}`).to.equal(true);
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  it('leaves nothing free that somebody wants', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        const state = createState();
        events.forEach((event, index) => step(state, steer(state, event), index * 700));
        const everything = createWork(0);
        for (const each of state.agents.values()) everything.agents.add(each);
        allocate(state, everything);
        expect([...everything.made.values()].flat()).to.deep.equal([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is deterministic', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 50 }), (events) => {
        const run = () => {
          const state = createState();
          return events.map((event, index) => JSON.stringify(step(state, event, index * 700).effects));
        };
        expect(run()).to.deep.equal(run());
      }),
    );
  });

  it('forgets what is gone: no role, subject or task outlives its reason', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        const state = createState();
        events.forEach((event, index) => step(state, steer(state, event), index * 700));
        const now = events.length * 700;
        for (const id of agents) step(state, { type: 'agent-removed', agent: id }, now);
        for (const id of frameworks) step(state, { type: 'framework-removed', framework: id }, now);
        for (const path of roles) step(state, { type: 'role-configured', role: path }, now);
        step(state, { type: 'woken' }, now + 100_000);
        expect([
          state.agents.size,
          state.idle.size,
          state.tasks.size,
          state.offers.size,
          state.frameworks.size,
          state.roles.size,
          state.filters.length,
          state.root.active,
        ]).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 0]);
        expect(state.root.children).to.have.length(0);
        expect(state.totals.scalars).to.deep.equal({});
        expect(state.freeSubjectIndexes).to.have.length(state.subjectCount);
      }),
      { numRuns: 200 },
    );
  });

  it('throws rather than close an offer twice', () => {
    const state = createState();
    step(state, { type: 'framework-subscribed', framework: 'f', name: 'f', roles: ['x'] }, 0);
    step(
      state,
      { type: 'agent-registered', agent: { id: 'a', hostname: 'a', attributes: {}, total: resources(1000, 0) } },
      0,
    );
    const offer = state.offers.get('O1')!;
    offer.state = 'accepted';
    expect(() => step(state, { type: 'declined', framework: 'f', offers: ['O1'] }, 0)).to.throw(
      /O1 is accepted and cannot become declined/,
    );
  });

  it('serves a crowd: fifty frameworks share what is there, and each refusal counts for itself alone', () => {
    const state = createState();
    const ids = Array.from({ length: 50 }, (_, index) => `f${index}`);
    for (let index = 0; index < 100; index++) {
      step(
        state,
        {
          type: 'agent-registered',
          agent: { id: `a${index}`, hostname: 'a', attributes: {}, total: resources(1000, 0) },
        },
        0,
      );
    }
    const events = ids.map((id): EngineEvent => ({
      type: 'framework-subscribed',
      framework: id,
      name: id,
      roles: ['x'],
    }));
    step(state, { type: 'batch', events }, 0);
    const offersOf = (id: string) =>
      [...state.offers.values()].filter((offer) => offer.framework === id).map((offer) => offer.id);
    for (const id of ids) expect(offersOf(id)).to.have.length(2);
    step(state, { type: 'batch', events: ids.map((framework): EngineEvent => ({ type: 'suppressed', framework })) }, 0);
    for (const id of ids.slice(0, 49))
      step(state, { type: 'declined', framework: id, offers: offersOf(id), refuseMs: 1000 }, 0);
    expect(state.offers.size).to.equal(2);
    const revived = ids
      .slice(0, 49)
      .map((framework): EngineEvent => ({ type: 'requested', framework, role: 'x', agents: ['a0', 'a1', 'a2'] }));
    step(state, { type: 'batch', events: revived }, 500);
    expect(state.offers.size).to.be.within(4, 5);
    step(state, { type: 'framework-removed', framework: 'f49' }, 500);
    expect(offersOf('f49')).to.have.length(0);
  });
});

// The properties that DRF promises (Ghodsi et al., NSDI 2011), with tasks small beside the cluster: up to the rounding that whole tasks bring.
import { expect } from 'chai';
import fc from 'fast-check';
import { containsScalars, type Scalars } from '../../../src/api/resources.ts';
import { createState } from '../../../src/offer-engine/core/create-state.ts';
import type { Effect, EngineEvent } from '../../../src/offer-engine/core/events.ts';
import { step } from '../../../src/offer-engine/core/step.ts';

interface User {
  readonly name: string;
  readonly role: string;
  readonly weight?: number;
  /** What one task really needs. */
  readonly task: Scalars;
  /** What it says that one task needs. */
  readonly claimed?: Scalars;
}

const total: Scalars = { cpus: 100_000, mem: 100_000_000 };

/** Everybody launches one task per offer, for as long as one fits; the rest of the offer goes back. Returns tasks per user. */
function fill(users: readonly User[]): ReadonlyMap<string, number> {
  const state = createState();
  const launched = new Map(users.map(({ name }) => [name, 0]));
  const queue: EngineEvent[] = [
    ...users.flatMap(({ role, weight }): EngineEvent[] =>
      weight === undefined ? [] : [{ type: 'role-configured', role: role.split('/')[0]!, weight }],
    ),
    {
      type: 'batch',
      events: users.map((user) => ({
        type: 'framework-subscribed',
        framework: user.name,
        name: user.name,
        roles: [user.role],
        minimum: [claimOf(user)],
      })),
    },
    {
      type: 'agent-registered',
      agent: { id: 'a', hostname: 'a', attributes: {}, total: { scalars: total, ranges: {}, sets: {} } },
    },
  ];
  const answer = (effect: Effect): void => {
    if (effect.type !== 'offers') return;
    const user = users.find(({ name }) => name === effect.framework)!;
    const count = launched.get(user.name)! + 1;
    launched.set(user.name, count);
    const tasks = [{ id: `t${count}`, resources: { scalars: claimOf(user), ranges: {}, sets: {} } }];
    queue.push({
      type: 'accepted',
      framework: user.name,
      offers: effect.offers.map(({ id }) => id),
      tasks,
      refuseMs: 0,
    });
  };
  for (let event = queue.shift(); event; event = queue.shift()) step(state, event, 0).effects.forEach(answer);
  return launched;
}

const claimOf = (user: User): Scalars => user.claimed ?? user.task;

const times = (amounts: Scalars, factor: number): Scalars =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, amount * factor]));
const plus = (a: Scalars, b: Scalars): Scalars => ({
  cpus: (a['cpus'] ?? 0) + (b['cpus'] ?? 0),
  mem: (a['mem'] ?? 0) + (b['mem'] ?? 0),
});

/** How many tasks of this size fit into the bundle. */
const tasksIn = (bundle: Scalars, task: Scalars): number =>
  Math.floor(Math.min(...Object.keys(task).map((name) => (bundle[name] ?? 0) / task[name]!)) + 1e-9);

const shareOf = (task: Scalars): number => Math.max(...Object.keys(task).map((name) => task[name]! / total[name]!));

/** Shares are equal up to the largest task: so many tasks of the user's own that is, rounded up, and one for the end. */
const slack = (user: User, users: readonly User[]): number =>
  1 + Math.ceil(Math.max(...users.map(({ task }) => shareOf(task))) / shareOf(user.task));

const anyTask = fc.record({
  cpus: fc.integer({ min: 500, max: 4000 }),
  mem: fc.integer({ min: 500_000, max: 4_000_000 }),
});
const anyUsers = fc
  .array(anyTask, { minLength: 2, maxLength: 5 })
  .map((tasks) => tasks.map((task, index): User => ({ name: `u${index}`, role: `r${index}`, task })));

describe('fair shares', () => {
  it('gives the example of the paper its answer', () => {
    const [cpu, gigabyte] = [11_111, 5_555_555];
    const a: User = { name: 'a', role: 'a', task: { cpus: cpu, mem: 4 * gigabyte } };
    const b: User = { name: 'b', role: 'b', task: { cpus: 3 * cpu, mem: gigabyte } };
    expect([...fill([a, b]).values()]).to.deep.equal([3, 2]);
  });

  it('sharing incentive: nobody has less than an equal part of the cluster would give', () => {
    fc.assert(
      fc.property(anyUsers, (users) => {
        const launched = fill(users);
        const part = times(total, 1 / users.length);
        for (const user of users)
          expect(launched.get(user.name)! + slack(user, users)).to.be.at.least(tasksIn(part, user.task));
      }),
      { numRuns: 60 },
    );
  });

  it('envy-freeness: nobody would rather have what another has', () => {
    fc.assert(
      fc.property(anyUsers, (users) => {
        const launched = fill(users);
        for (const user of users) {
          for (const other of users) {
            const bundle = times(other.task, launched.get(other.name)!);
            expect(launched.get(user.name)! + slack(user, users)).to.be.at.least(tasksIn(bundle, user.task));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('Pareto efficiency: nobody could still launch anything', () => {
    fc.assert(
      fc.property(anyUsers, (users) => {
        const launched = fill(users);
        const used = users.reduce<Scalars>((sum, user) => plus(sum, times(user.task, launched.get(user.name)!)), {});
        const left = plus(total, times(used, -1));
        for (const user of users) expect(containsScalars(left, user.task)).to.equal(false);
      }),
      { numRuns: 60 },
    );
  });

  it('strategy-proofness: asking for more than a task needs gives no more tasks', () => {
    fc.assert(
      fc.property(
        anyUsers,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (users, cpuFactor, memFactor) => {
          const [liar, ...others] = users;
          const claimed = { cpus: liar!.task['cpus']! * cpuFactor, mem: liar!.task['mem']! * memFactor };
          const honest = fill(users).get('u0')!;
          const lying = fill([{ ...liar!, claimed }, ...others]);
          const usable = tasksIn(times(claimed, lying.get('u0')!), liar!.task);
          expect(usable).to.be.at.most(honest + Math.max(cpuFactor, memFactor));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives a role with twice the weight twice as much, and splits it among its children', () => {
    const task = { cpus: 100, mem: 100_000 };
    const launched = fill([
      { name: 'web', role: 'eng/web', weight: 2, task },
      { name: 'db', role: 'eng/db', task },
      { name: 'ops', role: 'ops', task },
    ]);
    expect(launched.get('web')! + launched.get('db')!).to.be.closeTo(2 * launched.get('ops')!, 2);
    expect(launched.get('web')).to.be.closeTo(launched.get('db')!, 1);
  });
});

// How long the offer engine's core takes for 10,000 agents and 1,000 frameworks that decline everything, beside a floor that does
// nothing but the bare comparisons. Run: node dist/bench/offer-engine.js [agents] [frameworks]
import { createState } from '../src/offer-engine/core/create-state.ts';
import type { Effect, EngineEvent } from '../src/offer-engine/core/events.ts';
import { addFilter } from '../src/offer-engine/core/filters.ts';
import { step } from '../src/offer-engine/core/step.ts';

const agentCount = Number(process.argv[2] ?? 10_000);
const frameworkCount = Number(process.argv[3] ?? 1_000);
const never = 1_000_000_000;
/** Every framework sees an agent once before all have refused everything: so many cycles are measured of these. */
const cycles = 10;

const total = {
  scalars: { cpus: 24_000, mem: 4_096_000, disk: 4_096_000 },
  ranges: { ports: [{ begin: 31_000, end: 32_000 }] },
  sets: {},
};

const agents: EngineEvent[] = Array.from({ length: agentCount }, (_, index) => ({
  type: 'agent-registered',
  agent: { id: `agent-${index}`, hostname: `agent-${index}`, attributes: {}, total },
}));
const frameworks: EngineEvent[] = Array.from({ length: frameworkCount }, (_, index) => ({
  type: 'framework-subscribed',
  framework: `framework-${index}`,
  name: `framework-${index}`,
  roles: ['*'],
}));

const state = createState();
report('add agents, one event each', () => agents.forEach((event) => step(state, event, 0)));
let effects: readonly Effect[] = [];
const first = report('add frameworks and first full cycle', () => {
  effects = step(state, { type: 'batch', events: frameworks }, 0).effects;
});
console.log(`  ${offersIn(effects)} offers`);

let slowest = 0;
for (let cycle = 1; cycle <= cycles; cycle++) {
  const declines = declinesFor(effects);
  const started = performance.now();
  effects = step(state, { type: 'batch', events: declines }, cycle).effects;
  slowest = Math.max(slowest, performance.now() - started);
}
console.log(
  `decline all and offer again, slowest of ${cycles} cycles: ${slowest.toFixed(0)} ms, ${offersIn(effects)} offers`,
);

report('setting a filter for every pair', refuseEverything);
const empty = report('cycle in which all have refused all', () => {
  effects = step(state, { type: 'batch', events: frameworks }, cycles + 2).effects;
});
console.log(`  ${offersIn(effects)} offers`);
const one = report('one task ends on one of the agents', () => {
  step(
    state,
    {
      type: 'task-observed',
      task: {
        id: 't',
        agent: 'agent-7',
        framework: 'framework-3',
        role: '*',
        resources: { scalars: { cpus: 1000 }, ranges: {}, sets: {} },
      },
    },
    cycles + 3,
  );
  step(state, { type: 'task-ended', framework: 'framework-3', task: 't' }, cycles + 3);
});

const floor = report('floor: that many bit tests in a typed array', bitTests);
console.log(
  `ratios to the floor: full cycle ${ratio(first)}, decline-all cycle ${ratio(slowest)}, empty cycle ${ratio(empty)}, one task ${ratio(one)}`,
);
console.log(`memory: ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB resident`);

function report(what: string, work: () => void): number {
  const started = performance.now();
  work();
  const took = performance.now() - started;
  console.log(`${what}: ${took.toFixed(took < 10 ? 2 : 0)} ms`);
  return took;
}

function ratio(took: number): string {
  return (took / floor).toFixed(2);
}

function offersIn(some: readonly Effect[]): number {
  return some.reduce((count, effect) => count + (effect.type === 'offers' ? effect.offers.length : 0), 0);
}

function declinesFor(some: readonly Effect[]): EngineEvent[] {
  return some.flatMap((effect): EngineEvent[] =>
    effect.type === 'offers'
      ? [{ type: 'declined', framework: effect.framework, offers: effect.offers.map(({ id }) => id), refuseMs: never }]
      : [],
  );
}

/** As if every framework had declined every agent: playing all these offers takes minutes and measures nothing new. */
function refuseEverything(): void {
  const refused = [...state.agents.values()].map((agent) => ({ agent, resources: total }));
  for (const framework of state.frameworks.values()) {
    for (const subject of framework.subjects.values()) addFilter(state, subject, refused, never);
  }
  step(state, { type: 'batch', events: declinesFor(effects) }, cycles + 1);
}

function bitTests(): void {
  const words = Math.ceil(frameworkCount / 32);
  const bits = new Uint32Array(agentCount * words).fill(0xffff_ffff);
  let refused = 0;
  for (let agent = 0; agent < agentCount; agent++) {
    for (let framework = 0; framework < frameworkCount; framework++) {
      refused += ((bits[agent * words + (framework >>> 5)] ?? 0) >>> (framework & 31)) & 1;
    }
  }
  if (refused !== agentCount * frameworkCount) throw new Error('the floor does not do its work');
}

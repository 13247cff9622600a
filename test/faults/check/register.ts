// Linearizability of one key: whether its operations can be put in one order, each at a moment between its invocation and
// its answer, so that every answer is the one that the order gives. The search goes through the answers in time and keeps
// every state that may be at that moment ("just-in-time linearization": G. Lowe, Testing for Linearizability, 2017).
import type { Operation } from '../history/history.ts';

/** An operation on one key, with what it needs of the state before it and what it leaves. */
export interface Step {
  readonly name: string;
  readonly from: number;
  /** Infinite: it may be done at any later time, or never. */
  readonly to: number;
  /** State: the tag, or undefined when the key is absent. */
  readonly allowed: (state: string | undefined) => boolean;
  /** Absent: the step only looks. */
  readonly writes?: { readonly tag: string | undefined };
}

/** What may be at a moment: the state, and those of the open steps that have been done. */
interface Possibility {
  readonly state: string | undefined;
  readonly done: ReadonlySet<Step>;
}

export type Decision =
  | { readonly kind: 'linearizable' }
  | { readonly kind: 'violated'; readonly step: Step; readonly possible: readonly (string | undefined)[] }
  | { readonly kind: 'undecided'; readonly step: Step };

const mostPossibilities = 20_000;

/** The key is absent at first. */
export function decide(steps: readonly Step[]): Decision {
  const moments = steps
    .flatMap((step) => [
      { at: step.from, step, isEnd: false },
      ...(step.to === Infinity ? [] : [{ at: step.to, step, isEnd: true }]),
    ])
    // At the same time beginnings go first: that only allows more.
    .sort((a, b) => a.at - b.at || Number(a.isEnd) - Number(b.isEnd));
  let possible: Possibility[] = [{ state: undefined, done: new Set() }];
  const open = new Set<Step>();
  for (const { step, isEnd } of moments) {
    if (!isEnd) {
      open.add(step);
      continue;
    }
    const reached = explore(possible, open);
    if (!reached) return { kind: 'undecided', step };
    const after = reached.filter(({ done }) => done.has(step));
    if (after.length === 0)
      return { kind: 'violated', step, possible: [...new Set(reached.map(({ state }) => state))] };
    open.delete(step);
    possible = withoutDominated(after.map(({ state, done }) => ({ state, done: without(done, step) })));
  }
  return { kind: 'linearizable' };
}

/** Everything that open steps can make of what is possible; undefined when that is too much. */
function explore(possible: readonly Possibility[], open: ReadonlySet<Step>): Possibility[] | undefined {
  const found = new Map<string, Possibility>();
  const numbers = new Map([...open].map((step, index) => [step, index]));
  const queue: Possibility[] = [];
  const add = (possibility: Possibility) => {
    const looked = withLooks(possibility, open);
    const name = `${looked.state ?? ''} ${[...looked.done]
      .map((step) => numbers.get(step))
      .sort()
      .join()}`;
    if (found.has(name)) return;
    found.set(name, looked);
    queue.push(looked);
  };
  possible.forEach(add);
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (found.size > mostPossibilities) return undefined;
    for (const step of open) {
      if (!step.writes || next.done.has(step) || !step.allowed(next.state)) continue;
      add({ state: step.writes.tag, done: new Set([...next.done, step]) });
    }
  }
  return [...found.values()];
}

/** A step that only looks is done as soon as it can be: that takes nothing from the others. */
function withLooks({ state, done }: Possibility, open: ReadonlySet<Step>): Possibility {
  const looks = [...open].filter((step) => !step.writes && !done.has(step) && step.allowed(state));
  return looks.length === 0 ? { state, done } : { state, done: new Set([...done, ...looks]) };
}

const without = (done: ReadonlySet<Step>, step: Step) => new Set([...done].filter((other) => other !== step));

/**
 * Steps that need never be done are only a choice: of two possibilities with the same state, the one that used up more
 * of them, and nothing else differs, can do nothing that the other cannot.
 */
function withoutDominated(possible: readonly Possibility[]): Possibility[] {
  const kept = new Map<string, Possibility[]>();
  const mustBeDone = ({ state, done }: Possibility) =>
    `${state ?? ''} ${[...done]
      .filter((step) => step.to !== Infinity)
      .map((step) => step.name)
      .sort()
      .join()}`;
  for (const one of [...possible].sort((a, b) => a.done.size - b.done.size)) {
    const group = kept.get(mustBeDone(one)) ?? [];
    if (!group.some((other) => [...other.done].every((step) => one.done.has(step)))) group.push(one);
    kept.set(mustBeDone(one), group);
  }
  return [...kept.values()].flat();
}

/** The step of an operation on a key, or undefined when it says nothing about it. */
export function stepOf(operation: Operation, key: string): Step | undefined {
  const { id, from, to, op } = operation;
  const look = lookOf(operation, key);
  if (look) return { name: id, from, to, allowed: look };
  if (operation.outcome === 'fail' || op === 'get' || op === 'list') return undefined;
  const expected = operation.expect?.tag;
  const allowed = (state: string | undefined) => {
    if (op === 'create') return state === undefined;
    return state !== undefined && (expected === undefined || state === expected);
  };
  return { name: id, from, to, allowed, writes: { tag: op === 'delete' ? undefined : operation.tag } };
}

/** What reads and refused writes tell of the state. */
function lookOf(operation: Operation, key: string): Step['allowed'] | undefined {
  const { op, outcome, refusal, expect, items } = operation;
  if (op === 'get' || op === 'list') {
    if (outcome !== 'ok' || operation.stale) return undefined;
    const seen = items.find((item) => item.key === key)?.tag;
    return (state) => state === seen;
  }
  if (outcome !== 'fail') return undefined;
  if (refusal === 'exists') return (state) => state !== undefined;
  if (refusal === 'absent') return (state) => state === undefined;
  if (refusal === 'conflict') return (state) => state !== expect?.tag;
  return undefined;
}

// The search for an order of operations: it finds reads of the past and of the future, and allows what unknown outcomes allow.
import { expect } from 'chai';
import fc from 'fast-check';
import { checkLinearizability } from './linearizability.ts';
import { decide, type Step } from './register.ts';
import { ScriptedHistory, item, version } from './scripted-history.ts';

const a0 = version('a0', 0, 1);
const a1 = version('a1', 1, 2);
const a2 = version('a2', 2, 3);
const problems = (script: ScriptedHistory) => checkLinearizability(script.history()).violations.join('\n');
const updated = () => new ScriptedHistory().create('k', 'a0', { rv: 1 }).update('k', a0, 'a1', { rv: 2 });

describe('the check of linearizability', () => {
  it('accepts a plain story, and reads beside a write that show either', () => {
    expect(problems(updated().get('k', a1).delete('k', a1).get('k', undefined).create('k', 'b0'))).to.equal('');
    const beside = () => new ScriptedHistory().create('k', 'a0').update('k', a0, 'a1', { from: 10, to: 20 });
    expect(problems(beside().get('k', a0, { from: 11, to: 12 }).get('k', a1, { from: 13, to: 14 }))).to.equal('');
    expect(problems(beside().get('k', a1, { from: 11, to: 12 }).get('k', a0, { from: 13, to: 14 }))).to.contain(
      'k is not',
    );
  });

  it('finds a read that is older than an acknowledged write, and one of a list', () => {
    expect(problems(updated().get('k', a0))).to.contain('a read of a0');
    expect(problems(updated().get('k', undefined))).to.contain('a read of nothing');
    expect(problems(updated().list([item('k', 'a0', 0, 1)]))).to.contain('a read of a0');
  });

  it('accepts an old read that is marked as stale, but not an invented one', () => {
    expect(problems(updated().get('k', a0, { stale: true }))).to.equal('');
    expect(problems(updated().get('k', version('zz', 0, 9), { stale: true }))).to.contain('nobody had begun to write');
    const early = new ScriptedHistory().get('k', a0, { stale: true }).create('k', 'a0');
    expect(problems(early)).to.contain('nobody had begun to write');
  });

  it('lets a write of unknown outcome happen late or never, but once', () => {
    const maybe = () => new ScriptedHistory().create('k', 'a0').update('k', a0, 'a1', { outcome: 'unknown' });
    expect(problems(maybe().get('k', a0).get('k', a0))).to.equal('');
    expect(problems(maybe().get('k', a0).get('k', a1))).to.equal('');
    expect(problems(maybe().get('k', a1).get('k', a0))).to.contain('k is not linearizable');
    expect(problems(maybe().update('k', a0, 'a2').get('k', a1))).to.contain('k is not linearizable');
  });

  it('finds refusals that were not true, and updates of what was not there', () => {
    expect(problems(updated().create('k', 'x', { outcome: 'fail', refusal: 'exists' }))).to.equal('');
    expect(problems(updated().update('k', a1, 'x', { outcome: 'fail', refusal: 'conflict' }))).to.contain('conflict');
    expect(problems(updated().update('k', a1, 'x', { outcome: 'fail', refusal: 'absent' }))).to.contain('absent');
    expect(problems(updated().update('k', a2, 'x'))).to.contain('update of k to x');
    expect(problems(updated().create('k', 'x'))).to.contain('create of k to x');
  });

  it('finds answers that were cut short', () => {
    expect(problems(updated().list([], { outcome: 'unknown', broken: true }))).to.contain('a body that is not whole');
  });

  it('reads the final state', () => {
    expect(problems(updated().final([item('k', 'a1', 1, 2)]))).to.equal('');
    expect(problems(updated().final([item('k', 'a0', 0, 1)]))).to.contain('final s1');
  });

  it('stays small with many unknown outcomes, and says when it does not', () => {
    const script = new ScriptedHistory().create('k', 'a0');
    for (let round = 0; round < 300; round += 1)
      script.update('k', a0, `u${String(round)}`, { outcome: 'unknown' }).get('k', a0);
    expect(problems(script)).to.equal('');
    const open: Step[] = Array.from({ length: 20 }, (_, index) => ({
      ...{ name: String(index), from: 1, to: 3, allowed: () => true, writes: { tag: String(index) } },
    }));
    expect(decide(open).kind).to.equal('undecided');
  });

  it('decides as trying every order does', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 6 }), (steps) => {
        expect(decide(steps).kind === 'linearizable').to.equal(hasOrder(steps, undefined));
      }),
      { numRuns: 2000 },
    );
  });
});

const states = fc.constantFrom(undefined, 'a', 'b');
const anyStep = fc
  .record({
    from: fc.nat(8),
    length: fc.constantFrom(1, 2, 4, Infinity),
    sees: states,
    leaves: states,
    looks: fc.boolean(),
  })
  .map(({ from, length, sees, leaves, looks }): Step => ({
    ...{ name: `${String(from)}-${String(sees)}-${String(leaves)}`, from, to: from + length },
    allowed: (state) => state === sees,
    ...(looks ? {} : { writes: { tag: leaves } }),
  }));

/** The definition, word by word. */
function hasOrder(left: readonly Step[], state: string | undefined): boolean {
  if (left.every((step) => step.to === Infinity)) return true;
  const firstEnd = Math.min(...left.map((step) => step.to));
  return left.some((step) => {
    if (step.from > firstEnd || !step.allowed(state)) return false;
    const rest = left.filter((other) => other !== step);
    return hasOrder(rest, step.writes ? step.writes.tag : state);
  });
}

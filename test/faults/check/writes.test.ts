// The check of acknowledged writes finds each kind of loss, and nothing in good histories.
import { expect } from 'chai';
import { ScriptedHistory, item, version } from './scripted-history.ts';
import { checkWrites } from './writes.ts';

const a0 = version('a0', 0, 1);
const a1 = version('a1', 1, 2);
const created = () => new ScriptedHistory().create('k', 'a0', { rv: 1 });
const problems = (script: ScriptedHistory) => checkWrites(script.history()).violations.join('\n');

describe('the check of acknowledged writes', () => {
  it('accepts what is there, was replaced, or may have been', () => {
    expect(
      problems(
        created()
          .update('k', a0, 'a1', { rv: 2 })
          .final([item('k', 'a1', 1, 2)]),
      ),
    ).to.equal('');
    expect(problems(created().delete('k', a0).final([]))).to.equal('');
    expect(problems(created().delete('k', a0, { outcome: 'unknown' }).final([]))).to.equal('');
    expect(
      problems(
        created()
          .update('k', a0, 'a1', { outcome: 'unknown' })
          .final([item('k', 'a1', 1, 2)]),
      ),
    ).to.equal('');
  });

  it('finds an acknowledged write that is gone', () => {
    expect(problems(created().final([]))).to.contain('acknowledged create of k to a0');
    const rolledBack = created()
      .update('k', a0, 'a1', { rv: 2 })
      .final([item('k', 'a0', 0, 1)]);
    expect(problems(rolledBack)).to.contain('acknowledged update of k to a1');
    const refused = created().delete('k', a0, { outcome: 'fail', refusal: 'conflict' }).final([]);
    expect(problems(refused)).to.contain('is gone');
  });

  it('finds a deleted object that is back', () => {
    const back = created()
      .delete('k', a0)
      .final([item('k', 'a0', 0, 1)]);
    expect(problems(back)).to.contain('acknowledged delete of k');
  });

  it('finds two updates of the same version, and a counter that is too small', () => {
    const twice = created().update('k', a0, 'a1', { rv: 2 }).update('k', a0, 'a2', { rv: 3 });
    const found = problems(twice.final([item('k', 'a2', 1, 3)]));
    expect(found).to.contain('lost update');
    expect(found).to.contain('k counts 1 in the end, but 2 increments');
  });

  it('finds a version with two meanings, and servers that differ in the end', () => {
    const split = created()
      .update('k', a0, 'a1', { rv: 2 })
      .get('k', version('a9', 1, 2));
    expect(problems(split.final([item('k', 'a1', 1, 2)]))).to.contain('resource version 2 is k a1 for one');
    const differing = created()
      .update('k', a0, 'a1', { rv: 2 })
      .final([{ key: 'k', ...a1 }])
      .final([], 's2');
    expect(problems(differing)).to.contain('servers s1 and s2 show different objects');
  });

  it('does not accept a run in which nothing happened', () => {
    expect(problems(new ScriptedHistory().final([]))).to.contain('no write was acknowledged');
  });
});

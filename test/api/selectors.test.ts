// Label selectors: parsing, matching, formatting, and what an index can serve.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  formatLabelSelector,
  matchesLabels,
  parseLabelSelector,
  requiredLabels,
  selectorOf,
} from '../../src/api/selectors.ts';
import { StatusError } from '../../src/api/status-error.ts';

const problemOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    expect(error).to.be.instanceOf(StatusError);
    expect((error as StatusError).reason).to.equal('BadRequest');
    return (error as StatusError).message;
  }
  throw new Error('nothing was refused');
};

describe('parseLabelSelector', () => {
  const selects = (text: string, labels: Record<string, string>): boolean =>
    matchesLabels(parseLabelSelector(text), labels);

  it('understands every operator', () => {
    const labels = { app: 'web', tier: 'front', 'example.com/size': '3', empty: '' };
    for (const text of [
      '',
      'app=web',
      'app == web',
      'app!=db',
      'other!=x',
      'app in (db,web)',
      'app notin (db)',
      'other notin (x)',
      'app',
      '!other',
      ' app = web , ! other ,tier in ( front ) ',
      'example.com/size>2',
      'example.com/size<10',
      'empty=',
      'empty in ()',
      'empty in (a,)',
      'empty',
    ])
      expect(selects(text, labels), text).to.equal(true);
    for (const text of [
      'app=db',
      'app!=web',
      'app in (db)',
      'app notin (web)',
      'other',
      '!app',
      'other in (x)',
      'example.com/size>3',
      'app>1',
      'other<1',
      'empty!=',
      'app=web,tier=back',
    ])
      expect(selects(text, labels), text).to.equal(false);
  });

  it('takes keywords for values and keys where they stand for them', () => {
    expect(selects('in in (in,notin)', { in: 'notin' })).to.equal(true);
    expect(selects('notin=in', { notin: 'in' })).to.equal(true);
  });

  it('refuses bad syntax with what was found and expected', () => {
    expect(problemOf(() => parseLabelSelector('a=b c'))).to.equal(
      "unable to parse label selector \"a=b c\": found 'c', expected ',' or the end",
    );
    expect(problemOf(() => parseLabelSelector('a,'))).to.contain('found the end, expected a label key');
    expect(problemOf(() => parseLabelSelector('=a'))).to.contain("found '=', expected a label key");
    expect(problemOf(() => parseLabelSelector('a in b'))).to.contain("found 'b', expected '('");
    expect(problemOf(() => parseLabelSelector('a in (b'))).to.contain("found the end, expected ',' or ')'");
    expect(problemOf(() => parseLabelSelector('a b'))).to.contain("found 'b', expected one of = == != in notin > <");
    expect(problemOf(() => parseLabelSelector('a=(b)'))).to.contain("found '(', expected a label value");
    expect(problemOf(() => parseLabelSelector('!a=b'))).to.contain("found '=', expected ',' or the end");
  });

  it('refuses bad keys and values by name', () => {
    expect(problemOf(() => parseLabelSelector('a/b/c'))).to.contain('key "a/b/c": its part after the');
    expect(problemOf(() => parseLabelSelector(`a=${'x'.repeat(64)}`))).to.contain('of "a": has 64 characters');
    expect(problemOf(() => parseLabelSelector('a>b'))).to.contain('value "b" of "a": must be an integer');
  });
});

describe('selectorOf', () => {
  it('selects nothing without a selector and everything with an empty one', () => {
    expect(matchesLabels(selectorOf(undefined), {})).to.equal(false);
    expect(matchesLabels(selectorOf(undefined), { '': '' })).to.equal(false);
    expect(matchesLabels(selectorOf({}), undefined)).to.equal(true);
  });

  it('joins labels and expressions', () => {
    const selector = selectorOf({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['b', 'a', 'a'] },
        { key: 'old', operator: 'DoesNotExist' },
        { key: 'x', operator: 'Exists' },
        { key: 'y', operator: 'NotIn', values: ['1'] },
      ],
    });
    expect(formatLabelSelector(selector)).to.equal('app=web,!old,tier in (a,b),x,y notin (1)');
    expect(matchesLabels(selector, { app: 'web', tier: 'a', x: '' })).to.equal(true);
    expect(matchesLabels(selector, { app: 'web', tier: 'c', x: '' })).to.equal(false);
  });

  it('refuses unknown operators and wrong numbers of values', () => {
    const of = (operator: string, values?: string[]) => () =>
      selectorOf({ matchExpressions: [{ key: 'a', operator, ...(values ? { values } : {}) }] });
    expect(problemOf(of('Equals', ['b']))).to.contain('operator "Equals" of "a" is unknown');
    expect(problemOf(of('In'))).to.contain('"a" needs at least one value');
    expect(problemOf(of('Exists', ['b']))).to.contain('takes no values');
  });
});

describe('requiredLabels', () => {
  it('lists the equalities only', () => {
    const selector = parseLabelSelector('a=1,b in (2),c in (3,4),d!=5,e,!f');
    expect(requiredLabels(selector)).to.deep.equal({ a: '1', b: '2' });
  });
});

describe('formatLabelSelector', () => {
  const key = fc.constantFrom('a', 'b', 'example.com/c');
  const value = fc.constantFrom('', 'x', 'y');
  const expression = fc.oneof(
    fc.record({ key, operator: fc.constantFrom('In', 'NotIn'), values: fc.array(value, { minLength: 1 }) }),
    fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
  );
  const selectors = fc.record({
    matchLabels: fc.dictionary(key, value),
    matchExpressions: fc.array(expression, { maxLength: 4 }),
  });

  it('is read back to the same selector', () => {
    fc.assert(
      fc.property(selectors, (object) => {
        const selector = selectorOf(object);
        expect(parseLabelSelector(formatLabelSelector(selector))).to.deep.equal(selector);
      }),
    );
  });
});

// $(NAME) as Kubernetes expands it.
import { expect } from 'chai';
import { expandVariables } from '../../src/isolators/variables.ts';

describe('variables', () => {
  it('expands what is known, keeps what is not, and halves double dollars', () => {
    const known = new Map([
      ['A', 'one'],
      ['B', '$(A)'],
    ]);
    const cases = [
      ['$(A)', 'one'],
      ['x$(A)y$(A)', 'xoneyone'],
      ['$(B)', '$(A)'],
      ['$(NONE)', '$(NONE)'],
      ['$$(A)', '$(A)'],
      ['$$$(A)', '$one'],
      ['$A ${A} $(A', '$A ${A} $(A'],
      ['$', '$'],
      ['$$', '$'],
    ];
    for (const [text = '', expected] of cases) expect(expandVariables(text, known), text).to.equal(expected);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { createPostings, type Postings, type Slot } from '../../src/store/postings.ts';

describe('postings', () => {
  const slots: Slot[] = ['a', 'b', 'c', 'd'].map((name) => ({ name, current: undefined }));
  const namesOf = (postings: Postings, value: string) => postings.slots(['app', value]).map(({ name }) => name);

  it('file slots under terms and forget them again', () => {
    const postings = createPostings();
    const [a, b] = slots as [Slot, Slot];
    const shown = () => ['web', 'db'].map((value) => [postings.count(['app', value]), ...namesOf(postings, value)]);
    postings.add('app', 'web', a);
    postings.add('app', 'web', b);
    postings.add('app', 'db', b);
    expect(shown()).to.deep.equal([
      [2, 'a', 'b'],
      [1, 'b'],
    ]);
    postings.remove('app', 'web', a);
    expect(shown()).to.deep.equal([
      [1, 'b'],
      [1, 'b'],
    ]);
    postings.remove('app', 'web', b);
    postings.remove('app', 'db', b);
    postings.remove('none', 'none', b);
    expect(shown()).to.deep.equal([[0], [0]]);
  });

  it('equal sets, whatever comes, goes and comes again, looked at or not', () => {
    const change = fc.record({ slot: fc.constantFrom(...slots), isLookedAt: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const [postings, model] = [createPostings(), new Set<Slot>()];
        for (const { slot, isLookedAt } of changes) {
          if (model.delete(slot)) postings.remove('app', 'web', slot);
          else {
            model.add(slot);
            postings.add('app', 'web', slot);
          }
          expect(postings.count(['app', 'web'])).to.equal(model.size);
          if (!isLookedAt) continue;
          expect(namesOf(postings, 'web').sort()).to.deep.equal([...model].map(({ name }) => name).sort());
        }
      }),
    );
  });
});

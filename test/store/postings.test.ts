import { expect } from 'chai';
import { createPostings, type Slot } from '../../src/store/postings.ts';

describe('postings', () => {
  const [a, b]: Slot[] = ['a', 'b'].map((name) => ({ name, current: undefined }));

  it('file slots under terms and forget them again', () => {
    const postings = createPostings();
    const counts = () => ['web', 'db'].map((value) => postings.count(['app', value]));
    postings.add('app', 'web', a!);
    postings.add('app', 'web', a!);
    postings.add('app', 'web', b!);
    postings.add('app', 'db', b!);
    expect([counts(), [...postings.slots(['app', 'web'])]]).to.deep.equal([
      [2, 1],
      [a, b],
    ]);
    postings.remove('app', 'web', a!);
    postings.remove('app', 'db', a!);
    expect([counts(), [...postings.slots(['app', 'web'])]]).to.deep.equal([[1, 1], [b]]);
    postings.remove('app', 'web', b!);
    postings.remove('app', 'db', b!);
    postings.remove('none', 'none', b!);
    expect([counts(), [...postings.slots(['app', 'web'])]]).to.deep.equal([[0, 0], []]);
  });
});

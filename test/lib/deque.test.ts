import { expect } from 'chai';
import fc from 'fast-check';
import { createDeque } from '../../src/lib/deque.ts';

describe('deque', () => {
  it('equals an array under any sequence of pushes and shifts', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat()), { maxLength: 400 }), fc.nat(5), fc.nat(50), (work, start, end) => {
        const deque = createDeque<number>();
        const array: number[] = [];
        for (const item of work) {
          if (item === null) expect(deque.shift()).to.equal(array.shift());
          else {
            deque.push(item);
            array.push(item);
          }
        }
        expect(deque.length).to.equal(array.length);
        expect(deque.at(start)).to.equal(array[start]);
        expect(deque.at(-1)).to.equal(undefined);
        expect(deque.slice(start, end)).to.deep.equal(array.slice(start, end));
      }),
    );
  });
});

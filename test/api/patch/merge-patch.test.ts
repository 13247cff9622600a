// JSON merge patch, by the examples of RFC 7386 and its laws.
import { expect } from 'chai';
import fc from 'fast-check';
import { applyMergePatch } from '../../../src/api/patch/merge-patch.ts';
import { deepFreeze } from '../../../src/lib/deep.ts';
import type { ApiObject } from '../../../src/api/object.ts';

const patched = (target: object, patch: object): unknown =>
  applyMergePatch(deepFreeze(target) as ApiObject, deepFreeze(patch));

describe('applyMergePatch', () => {
  it('behaves as the examples of the RFC', () => {
    expect(patched({ a: 'b' }, { a: 'c' })).to.deep.equal({ a: 'c' });
    expect(patched({ a: 'b' }, { b: 'c' })).to.deep.equal({ a: 'b', b: 'c' });
    expect(patched({ a: 'b', b: 'c' }, { a: null })).to.deep.equal({ b: 'c' });
    expect(patched({ a: ['b'] }, { a: 'c' })).to.deep.equal({ a: 'c' });
    expect(patched({ a: { b: 'c' } }, { a: { b: 'd', c: null } })).to.deep.equal({ a: { b: 'd' } });
    expect(patched({ a: [{ b: 'c' }] }, { a: [1] })).to.deep.equal({ a: [1] });
    expect(patched({ e: null }, { a: 1 })).to.deep.equal({ e: null, a: 1 });
    expect(patched({}, { a: { bb: { ccc: null } } })).to.deep.equal({ a: { bb: {} } });
    expect(patched({ a: 'b' }, { a: { c: null, d: 1 } })).to.deep.equal({ a: { d: 1 } });
  });

  it('refuses anything but an object', () => {
    expect(() => applyMergePatch({ apiVersion: 'v1', kind: 'A', metadata: {} }, [])).to.throw('must be a JSON object');
  });

  it('is idempotent', () => {
    const json = fc.dictionary(fc.constantFrom('a', 'b'), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const once = patched(target, patch);
        expect(patched(once as object, patch)).to.deep.equal(once);
      }),
    );
  });
});

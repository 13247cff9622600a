// JSON patch: the failures and their reasons; the operations themselves are the library's.
import { expect } from 'chai';
import { applyJsonPatch } from '../../../src/api/patch/json-patch.ts';
import { StatusError } from '../../../src/api/status-error.ts';
import { deepFreeze } from '../../../src/lib/deep.ts';

const object = deepFreeze({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', labels: { x: '1' }, finalizers: ['p', 'q'] },
  data: { k: 'v' },
});
const reasonOf = (patch: unknown): [string, string] => {
  try {
    applyJsonPatch(object, patch);
  } catch (error) {
    if (error instanceof StatusError) return [error.reason, error.message];
    throw error;
  }
  throw new Error('the patch was accepted');
};

describe('applyJsonPatch', () => {
  it('patches a copy', () => {
    const patched = applyJsonPatch(object, [
      { op: 'test', path: '/data/k', value: 'v' },
      { op: 'replace', path: '/data/k', value: 'w' },
      { op: 'add', path: '/metadata/finalizers/-', value: 'r' },
      { op: 'remove', path: '/metadata/labels/x' },
      { op: 'add', path: '/metadata/annotations', value: { 'a/b': '1' } },
      { op: 'copy', from: '/data/k', path: '/metadata/annotations/a~1c' },
    ]);
    expect(patched).to.deep.equal({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', labels: {}, finalizers: ['p', 'q', 'r'], annotations: { 'a/b': '1', 'a/c': 'w' } },
      data: { k: 'w' },
    });
  });

  it('answers Invalid to a failed test and to what cannot be carried out', () => {
    expect(reasonOf([{ op: 'test', path: '/data/k', value: 'x' }])).to.deep.equal([
      'Invalid',
      'the JSON patch cannot be applied (test /data/k): Test operation failed',
    ]);
    expect(reasonOf([{ op: 'remove', path: '/data/zzz' }])[0]).to.equal('Invalid');
    expect(reasonOf([{ op: 'add', path: '/nowhere/x', value: 1 }])[0]).to.equal('Invalid');
    expect(reasonOf([{ op: 'jump', path: '/data' }])[0]).to.equal('Invalid');
    expect(reasonOf([{ op: 'replace', path: '', value: [] }])).to.deep.equal([
      'Invalid',
      'the JSON patch leaves no object behind',
    ]);
  });

  it('answers BadRequest to what is no patch, and sets a limit', () => {
    expect(reasonOf({ data: {} })[0]).to.equal('BadRequest');
    expect(reasonOf([1])[0]).to.equal('BadRequest');
    const many = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/kind', value: 'ConfigMap' }));
    expect(reasonOf(many)[0]).to.equal('RequestEntityTooLarge');
  });

  it('does not touch prototypes', () => {
    expect(reasonOf([{ op: 'add', path: '/__proto__/polluted', value: 1 }])[0]).to.equal('Invalid');
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });
});

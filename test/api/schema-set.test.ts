// Merging schema files.
import { expect } from 'chai';
import { closureOf, createSchemaSet, referencesOf } from '../../src/api/schema-set.ts';

const a = { $defs: { A: { type: 'object', properties: { b: { $ref: 'deep/b.json#/$defs/B' } } } } };
const b = {
  $defs: { B: { properties: { $ref: { type: 'string' }, c: { $ref: '#/$defs/C' } } }, C: { type: 'string' } },
};

describe('schema set', () => {
  it('merges files and makes every reference local, a property called $ref aside', () => {
    const set = createSchemaSet([a, b]);
    expect(Object.keys(set)).to.deep.equal(['A', 'B', 'C']);
    expect(set['A']?.properties?.['b']).to.deep.equal({ $ref: '#/$defs/B' });
    expect(set['B']?.properties?.['$ref']).to.deep.equal({ type: 'string' });
  });

  it('freezes what it returns', () => {
    expect(Object.isFrozen(createSchemaSet([a, b])['A']?.properties)).to.equal(true);
  });

  it('refuses a definition given twice, a reference to nowhere and a file without definitions', () => {
    expect(() => createSchemaSet([b, b])).to.throw('schema B is defined twice');
    expect(() => createSchemaSet([a])).to.throw('schema A refers to B, which is not defined');
    expect(() => createSchemaSet([{}])).to.throw('needs $defs');
    expect(() => createSchemaSet([null])).to.throw('needs $defs');
  });

  it('finds direct references and everything that a definition leads to', () => {
    const set = createSchemaSet([a, b]);
    expect(referencesOf(set['A'])).to.deep.equal(['B']);
    expect(closureOf(set, ['A'])).to.deep.equal(['A', 'B', 'C']);
    expect(closureOf(set, ['C'])).to.deep.equal(['C']);
  });
});

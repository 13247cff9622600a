// Field sets: their laws, and FieldsV1.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  differenceOf,
  equalFieldSets,
  fieldSetOfPaths,
  formatFieldPath,
  formatFieldsV1,
  intersectionOf,
  isEmptyFieldSet,
  keyElement,
  parseFieldsV1,
  pathsOf,
  unionOf,
  type FieldSet,
} from '../../../src/api/patch/field-set.ts';

const element = fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'k:{"port":1,"protocol":"TCP"}', 'v:"s"', 'v:1');
const sets = fc.array(fc.array(element, { minLength: 1, maxLength: 3 }), { maxLength: 6 }).map(fieldSetOfPaths);
const paths = (set: FieldSet): string[] => pathsOf(set).map(formatFieldPath).sort();

describe('field sets', () => {
  it('are sets of paths', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const [inA, inB] = [paths(a), paths(b)];
        expect(paths(unionOf(a, b))).to.deep.equal([...new Set([...inA, ...inB])].sort());
        expect(paths(intersectionOf(a, b))).to.deep.equal(inA.filter((path) => inB.includes(path)));
        expect(paths(differenceOf(a, b))).to.deep.equal(inA.filter((path) => !inB.includes(path)));
        expect(equalFieldSets(a, b)).to.equal(inA.join() === inB.join());
        expect(isEmptyFieldSet(a)).to.equal(inA.length === 0);
      }),
    );
  });

  it('survive FieldsV1', () => {
    fc.assert(
      fc.property(sets, (set) => {
        const wire: unknown = JSON.parse(JSON.stringify(formatFieldsV1(set)));
        expect(paths(parseFieldsV1(wire))).to.deep.equal(paths(set));
        expect(formatFieldsV1(parseFieldsV1(wire))).to.deep.equal(wire);
      }),
    );
  });
});

describe('FieldsV1', () => {
  it('marks what is owned beside what is below it', () => {
    const set = fieldSetOfPaths([['f:a'], ['f:a', 'f:b'], ['f:c', 'f:d']]);
    expect(formatFieldsV1(set)).to.deep.equal({ 'f:a': { '.': {}, 'f:b': {} }, 'f:c': { 'f:d': {} } });
  });

  it('knows an element by its keys in any order and spelling', () => {
    const set = parseFieldsV1({ 'k:{ "protocol":"TCP", "port" : 1}': {}, 'v:"\\u003c"': {} });
    expect([...set.children.keys()]).to.deep.equal([keyElement({ port: 1, protocol: 'TCP' }), 'v:"<"']);
  });

  it('refuses what it is not', () => {
    for (const bad of [null, [], { 'f:a': 1 }, { a: {} }, { 'k:x': {} }, { 'k:1': {} }, { 'x:"a"': {} }])
      expect(() => parseFieldsV1(bad), JSON.stringify(bad)).to.throw('fieldsV1 that cannot be read');
  });
});

describe('formatFieldPath', () => {
  it('writes paths as Kubernetes does', () => {
    const key = keyElement({ protocol: 'TCP', containerPort: 80 });
    expect(formatFieldPath(['f:spec', 'f:ports', key, 'f:name'])).to.equal(
      '.spec.ports[containerPort=80,protocol="TCP"].name',
    );
    expect(formatFieldPath(['f:metadata', 'f:finalizers', 'v:"x"'])).to.equal('.metadata.finalizers[="x"]');
    expect(formatFieldPath(['f:list', 'i:3'])).to.equal('.list[3]');
  });
});

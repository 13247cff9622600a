// Resource vectors: the algebra that the offer engine's books rest on.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  addResources,
  addScalars,
  containsResources,
  createResources,
  equalResources,
  formatResources,
  formatThousandths,
  isEmptyResources,
  noResources,
  parseResources,
  remainder,
  subtractResources,
  toThousandths,
  type Resources,
} from '../../src/api/resources.ts';

const names = ['cpus', 'mem', 'gpus'];
const anyScalars = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 0, max: 2 ** 40 }));
const anyRange = fc.tuple(fc.nat(60), fc.nat(8)).map(([begin, length]) => ({ begin, end: begin + length }));
const anyRanges = fc.dictionary(fc.constantFrom('ports', 'vlans'), fc.array(anyRange, { maxLength: 4 }));
const anySets = fc.dictionary(
  fc.constantFrom('disks'),
  fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 }),
);
const anyResources: fc.Arbitrary<Resources> = fc
  .record({ scalars: anyScalars, ranges: anyRanges, sets: anySets })
  .map(createResources);

describe('resources', () => {
  it('read and write the form of the Mesos flag', () => {
    const text = 'cpus:1.5; mem:512; ports:[31000-31005, 31010-31010]; disks:{a, b}';
    const parsed = parseResources('mem:512;cpus:1.5;ports:[31010-31010,31000-31003,31002-31005];disks:{b,a,b}');
    expect(formatResources(parsed)).to.equal(text);
    expect(parsed.scalars).to.deep.equal({ mem: 512_000, cpus: 1500 });
    expect(formatResources(noResources)).to.equal('nothing');
    expect(parseResources('nothing')).to.deep.equal(noResources);
    for (const bad of ['cpus', 'cpus:x', 'ports:[5-1]', 'ports:[a]', ':1'])
      expect(() => parseResources(bad), bad).to.throw(/not a resource/);
  });

  it('survive text', () => {
    fc.assert(
      fc.property(anyResources, (a) => {
        expect(parseResources(formatResources(a))).to.deep.equal(a);
      }),
    );
  });

  it('have three exact decimals', () => {
    expect(toThousandths(0.1) + toThousandths(0.2)).to.equal(toThousandths(0.3));
    expect(toThousandths(1.0005)).to.equal(1001);
    expect(formatThousandths(1500)).to.equal('1.5');
    expect(() => toThousandths(Number.NaN)).to.throw();
    expect(() => toThousandths(1e15)).to.throw(/three decimals/);
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 40)), (amounts) => {
        const sum = amounts.reduce((total, amount) => addScalars(total, { cpus: amount }), {});
        const expected = amounts.reduce((total, amount) => total + BigInt(amount), 0n);
        expect(BigInt((sum as Record<string, number>)['cpus'] ?? 0)).to.equal(expected);
      }),
    );
  });

  it('merge adjacent ranges and cut them apart again', () => {
    const ports = (text: string) => parseResources(`ports:[${text}]`);
    expect(formatResources(addResources(ports('1-3'), ports('4-6')))).to.equal('ports:[1-6]');
    expect(formatResources(subtractResources(ports('1-10'), ports('4-6')))).to.equal('ports:[1-3, 7-10]');
    expect(formatResources(subtractResources(ports('1-10'), ports('1-2, 9-10')))).to.equal('ports:[3-8]');
    expect(containsResources(ports('1-3, 5-9'), ports('2-6'))).to.equal(false);
    expect(containsResources(ports('1-9'), parseResources('vlans:[1-1]'))).to.equal(false);
    expect(containsResources(parseResources('disks:{a}'), parseResources('disks:{a,b}'))).to.equal(false);
    expect(containsResources(ports('1-9'), parseResources('disks:{a}'))).to.equal(false);
  });

  it('refuse to give what is not there', () => {
    expect(() => subtractResources(parseResources('cpus:1'), parseResources('cpus:1.001'))).to.throw(
      /cannot take cpus:1.001 from cpus:1/,
    );
  });

  it('obey the laws of arithmetic', () => {
    fc.assert(
      fc.property(anyResources, anyResources, anyResources, (a, b, c) => {
        expect(addResources(a, b)).to.deep.equal(addResources(b, a));
        expect(equalResources(addResources(a, addResources(b, c)), addResources(addResources(a, b), c))).to.equal(true);
        expect(containsResources(addResources(a, b), a)).to.equal(true);
        expect(containsResources(a, remainder(a, b))).to.equal(true);
        expect(equalResources(addResources(a, noResources), a)).to.equal(true);
        expect(isEmptyResources(remainder(a, a))).to.equal(true);
        expect(equalResources(a, b)).to.equal(JSON.stringify(normal(a)) === JSON.stringify(normal(b)));
      }),
    );
  });

  it('give back what was taken', () => {
    fc.assert(
      fc.property(anyResources, anyResources, (a, b) => {
        const taken = remainder(a, b);
        expect(equalResources(addResources(subtractResources(a, taken), taken), a)).to.equal(true);
      }),
    );
  });
});

const normal = (resources: Resources): unknown => formatResources(resources);

// Quantities: exact, rounded up below 10^-9, canonical on the way out.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  canonicalQuantity,
  compareQuantities,
  formatBytes,
  formatMilli,
  formatQuantity,
  memoryUnitHint,
  milliOf,
  parseQuantity,
  quantityProblem,
  unitsOf,
} from '../../src/api/quantity.ts';

describe('quantities', () => {
  const canonical: readonly (readonly [string | number, string])[] = [
    ['500m', '500m'],
    ['1000m', '1'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['1.', '1'],
    [2, '2'],
    [0.1, '100m'],
    ['0', '0'],
    ['-0', '0'],
    ['1024Ki', '1Mi'],
    ['1.5Gi', '1536Mi'],
    ['1000Ki', '1000Ki'],
    ['0.5Ki', '512'],
    ['0.5Mi', '512Ki'],
    ['1e3', '1e3'],
    ['1E3', '1e3'],
    ['1500e-3', '1500e-3'],
    ['2e0', '2'],
    ['1E', '1E'],
    ['100k', '100k'],
    ['1000k', '1M'],
    ['-1.5', '-1500m'],
    ['+3', '3'],
    ['1n', '1n'],
    ['0.1n', '1n'],
    ['1.0000000001', '1000000001n'],
    ['1025', '1025'],
    ['1025.5Ki', '1050112'],
    ['0.3Ki', '307200m'],
  ];
  for (const [given, expected] of canonical) {
    it(`${JSON.stringify(given)} is ${expected}`, () => expect(canonicalQuantity(given)).to.equal(expected));
  }

  it('counts cpu in thousandths and memory in bytes, rounding up', () => {
    expect(['1', '250m', '0.1', '1u', 3].map(milliOf)).to.deep.equal([1000, 250, 100, 1, 3000]);
    expect(['1Gi', '128974848', '129e6', '123Mi', '128m', '1.5'].map(unitsOf)).to.deep.equal([
      2 ** 30,
      128974848,
      129e6,
      123 * 2 ** 20,
      1,
      2,
    ]);
  });

  it('says what is wrong', () => {
    for (const bad of ['', 'abc', '1 Gi', '1GiB', '--1', '1e', '1e99', 'Ki', '1..2', 'NaN', '0x10']) {
      expect(quantityProblem(bad), bad).to.be.a('string');
      expect(() => parseQuantity(bad), bad).to.throw(/quantity|unit/);
    }
    expect(quantityProblem('1Gib')).to.contain('unknown unit "Gib"');
    expect(quantityProblem('12Mi')).to.equal(undefined);
    expect(() => unitsOf('1e20')).to.throw(/too large/);
  });

  it('suspects amounts of memory below a byte', () => {
    expect(memoryUnitHint('128m')).to.contain('Did you mean 128Mi?');
    expect(memoryUnitHint('0.5')).to.be.a('string').and.not.contain('Did you mean');
    for (const fine of ['128M', '128Mi', '0', 'nonsense', '1000m'])
      expect(memoryUnitHint(fine), fine).to.equal(undefined);
  });

  it('formats and compares', () => {
    expect([
      formatMilli(1500),
      formatMilli(2000),
      formatBytes(134217728),
      formatBytes(0),
      formatBytes(1000),
    ]).to.deep.equal(['1500m', '2', '128Mi', '0', '1k']);
    expect(compareQuantities('1', '1000m')).to.equal(0);
    expect(compareQuantities('1Gi', '1G')).to.be.greaterThan(0);
    expect(compareQuantities('1m', '1')).to.be.lessThan(0);
  });

  it('canonical text means the same and is its own canonical text', () => {
    const suffix = fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'e-2');
    const number = fc.tuple(fc.boolean(), fc.nat(1_000_000), fc.option(fc.nat(999), { nil: undefined }));
    fc.assert(
      fc.property(number, suffix, ([negative, whole, fraction], unit) => {
        const text = `${negative ? '-' : ''}${whole}${fraction === undefined ? '' : `.${fraction}`}${unit}`;
        const once = canonicalQuantity(text);
        expect(canonicalQuantity(once)).to.equal(once);
        expect(parseQuantity(once).nanos).to.equal(parseQuantity(text).nanos);
        expect(once).to.not.contain('.');
      }),
    );
  });

  it('integers survive both formats exactly', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 60n }),
        fc.constantFrom('DecimalSI' as const, 'BinarySI' as const, 'DecimalExponent' as const),
        (nanos, format) => {
          expect(parseQuantity(formatQuantity({ nanos, format })).nanos).to.equal(nanos);
        },
      ),
    );
  });
});

// Quantities as numbers for the kernel.
import { expect } from 'chai';
import { formatBytes, parseAmount } from '../../src/isolators/amounts.ts';

describe('amounts', () => {
  it('reads suffixes of both kinds, exponents and plain numbers', () => {
    const texts = ['250m', '2', '0.5', '64Mi', '1G', '1e3'];
    expect(texts.map((text) => parseAmount(text, 'x'))).to.deep.equal([0.25, 2, 0.5, 67_108_864, 1e9, 1000]);
  });

  it('names the field of what is no quantity', () => {
    for (const text of ['', 'much', '1.2.3', '5 Mi'])
      expect(() => parseAmount(text, 'limits.cpu')).to.throw(/^limits\.cpu: /);
  });

  it('writes bytes for people', () => {
    expect([0, 512, 2048, 64 * 2 ** 20].map(formatBytes)).to.deep.equal(['0 B', '512 B', '2.0 KiB', '64.0 MiB']);
  });
});

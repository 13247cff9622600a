import { expect } from 'chai';
import fc from 'fast-check';
import { duplicateKeys } from '../../src/apiserver/duplicate-keys.ts';

describe('duplicateKeys', () => {
  it('names each repeated key by its path, once', () => {
    const text = '{"a":1,"b":[{"c":1},{"c":1,"d":{"e":1,"e":2,"e":3}}],"a":"{\\"x\\":1,\\"x\\":2}","\\u0061":3}';
    expect(duplicateKeys(text)).to.deep.equal(['b[1].d.e', 'a']);
  });

  it('finds nothing in what JSON.stringify writes', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => duplicateKeys(JSON.stringify(value)).length === 0));
  });

  it('finds a key that is repeated anywhere', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, key) => {
        const pair = `${JSON.stringify(key)}:${JSON.stringify(value)}`;
        return duplicateKeys(`[{${pair},${pair}}]`).length > 0;
      }),
    );
  });
});

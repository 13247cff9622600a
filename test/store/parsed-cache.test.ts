import { expect } from 'chai';
import { createParsedCache, type Parsable } from '../../src/store/parsed-cache.ts';

const record = (name: string): Parsable => ({
  bytes: Buffer.from(JSON.stringify({ metadata: { name }, padding: 'x'.repeat(100) })),
  parsed: undefined,
  recent: false,
});
const isKept = ({ parsed }: Parsable) => parsed !== undefined && !(parsed instanceof WeakRef);

describe('parsed cache', () => {
  it('parses once, and freezes all the way down', () => {
    const cache = createParsedCache(1000);
    const one = record('a');
    const object = cache.read(one);
    expect([object.metadata.name, cache.read(one) === object]).to.deep.equal(['a', true]);
    expect([Object.isFrozen(object), Object.isFrozen(object.metadata)]).to.deep.equal([true, true]);
  });

  it('keeps what was used lately, up to its limit', () => {
    const cache = createParsedCache(400);
    const records = ['a', 'b', 'c'].map(record);
    for (const each of records) cache.read(each);
    cache.read(records[0]!);
    cache.read(record('d'));
    expect(records.map(isKept)).to.deep.equal([true, false, false]);
  });

  it('gives the same object as long as somebody holds it', () => {
    const cache = createParsedCache(0);
    const one = record('a');
    const object = cache.read(one);
    expect([isKept(one), cache.read(one) === object]).to.deep.equal([false, true]);
  });

  it('reads text beyond ASCII', () => {
    const cache = createParsedCache(1000);
    expect(cache.read(record('käse 🧀')).metadata.name).to.equal('käse 🧀');
  });
});

// Guessing the field that somebody meant.
import { expect } from 'chai';
import { closestWord, suggestField } from '../../src/api/suggest-field.ts';
import { createResolve } from '../../src/api/schema-tree.ts';
import type { SchemaDefinitions } from '../../src/api/schema.ts';

const set: SchemaDefinitions = {
  Root: { type: 'object', properties: { spec: { $ref: '#/$defs/Spec' }, status: { $ref: '#/$defs/Status' } } },
  Status: { type: 'object', properties: { phase: { type: 'string' }, self: { $ref: '#/$defs/Status' } } },
  Spec: {
    type: 'object',
    properties: {
      replicas: { type: 'integer', 'x-tepui-also-called': ['instances'] },
      items: { type: 'array', items: { $ref: '#/$defs/Item' } },
    },
  },
  Item: { type: 'object', properties: { image: { type: 'string' }, next: { $ref: '#/$defs/Item' } } },
};
const resolve = createResolve(set);
const suggest = (parent: string, name: string): string | undefined =>
  suggestField(resolve, set['Root'] ?? {}, set[parent] ?? {}, name);

describe('field suggestions', () => {
  it('prefers a sibling that is spelt alike, whatever its case', () => {
    expect(suggest('Spec', 'replica')).to.equal('replicas');
    expect(suggest('Spec', 'Replicas')).to.equal('replicas');
    expect(suggest('Item', 'imagee')).to.equal('image');
  });

  it('knows what a field is called elsewhere', () => {
    expect(suggest('Spec', 'instances')).to.equal('replicas');
    expect(suggest('Spec', 'instance')).to.equal('replicas');
  });

  it('falls back on the same name deeper or higher in the kind, nearest to the top', () => {
    expect(suggest('Spec', 'image')).to.equal('spec.items[].image');
    expect(suggest('Item', 'replicas')).to.equal('spec.replicas');
  });

  it('offers nothing that only the cluster fills in, and nothing far-fetched', () => {
    expect(suggest('Spec', 'phase')).to.equal(undefined);
    expect(suggest('Spec', 'colour')).to.equal(undefined);
  });

  it('takes a word for close when at most a third of it differs', () => {
    expect(closestWord(['Always', 'Never'], 'always')).to.equal('Always');
    expect(closestWord(['Always', 'Never'], 'newer')).to.equal('Never');
    expect(closestWord(['TCP', 'UDP'], 'XYZ')).to.equal(undefined);
    expect(closestWord(['limits', 'limit'], 'limit')).to.equal('limit');
    expect(closestWord([], 'x')).to.equal(undefined);
  });
});

// The table of subresources.
import { expect } from 'chai';
import { kindByResource } from '../../src/api/kinds.ts';
import type { KindDefinition } from '../../src/api/kinds.ts';
import { subresourcesOf } from '../../src/api/subresources.ts';

const pods = kindByResource('', 'v1', 'pods') as KindDefinition;

describe('subresources', () => {
  it('speak of the resource itself unless they have a kind of their own', () => {
    const [status, binding, eviction, log] = subresourcesOf(pods);
    expect(status).to.deep.equal({
      name: 'status',
      verbs: ['get', 'patch', 'update'],
      kind: { group: '', version: 'v1', kind: 'Pod' },
      schema: 'io.k8s.api.core.v1.Pod',
      isText: false,
    });
    expect(binding).to.deep.include({ name: 'binding', verbs: ['create'], schema: 'io.k8s.api.core.v1.Binding' });
    expect(eviction).to.deep.include({ name: 'eviction', schema: 'io.k8s.api.policy.v1.Eviction' });
    expect(log).to.deep.include({ name: 'log', verbs: ['get'], isText: true });
  });

  it('must be described', () => {
    expect(() => subresourcesOf({ ...pods, subresources: ['dance'] })).to.throw('subresource dance of Pod');
  });
});

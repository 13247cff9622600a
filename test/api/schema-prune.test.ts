// Pruning: absent and unknown fields.
import { expect } from 'chai';
import fc from 'fast-check';
import { definitions, validator } from '../support/schemas.ts';

const deployment = 'io.k8s.api.apps.v1.Deployment';
const secret = 'io.k8s.api.core.v1.Secret';

describe('prune', () => {
  it('removes unknown fields and nulls at any depth', () => {
    const value = {
      kind: 'Deployment',
      bogus: 1,
      metadata: { name: 'web', creationTimestamp: null },
      spec: { replicas: 2, template: { spec: { containers: [{ name: 'a', imagee: 'x', image: 'y' }] } } },
    };
    expect(validator.prune(deployment, value)).to.deep.equal({
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { replicas: 2, template: { spec: { containers: [{ name: 'a', image: 'y' }] } } },
    });
  });

  it('returns the same value when there is nothing to remove', () => {
    const value = { kind: 'Deployment', spec: { replicas: 2, template: { spec: { containers: [{ name: 'a' }] } } } };
    expect(validator.prune(deployment, value)).to.equal(value);
  });

  it('keeps every key of a map, and turns null in a map of texts into the empty text', () => {
    const value = { data: { a: 'YQ==', b: null }, metadata: { labels: { anything: 'x' } } };
    expect(validator.prune(secret, value)).to.deep.equal({
      data: { a: 'YQ==', b: '' },
      metadata: { labels: { anything: 'x' } },
    });
  });

  it('leaves free-form objects alone', () => {
    const value = { metadata: { managedFields: [{ fieldsV1: { 'f:a': { '.': {} } } }] } };
    expect(validator.prune(secret, value)).to.equal(value);
  });

  it('takes the empty text of a closed set of words, and 0 below the minimum of a defaulted field, for absent', () => {
    const value = { spec: { strategy: { type: '' }, template: { spec: { containers: [probed(0)] } } } };
    expect(validator.prune(deployment, value)).to.deep.equal({
      spec: { strategy: {}, template: { spec: { containers: [{ livenessProbe: {} }] } } },
    });
    const kept = { spec: { replicas: 0, template: { spec: { containers: [probed(2)] } } } };
    expect(validator.prune(deployment, kept)).to.equal(kept);
    const emptyText = { spec: { template: { spec: { containers: [{ env: [{ name: 'A', value: '' }] }] } } } };
    expect(validator.prune(deployment, emptyText)).to.equal(emptyText);
  });

  it('does not change its input, and pruning twice is pruning once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(definitions)), fc.jsonValue(), (definition, value) => {
        const before = structuredClone(value);
        const once = validator.prune(definition, value);
        expect(value).to.deep.equal(before);
        expect(validator.prune(definition, once)).to.equal(once);
      }),
    );
  });
});

const probed = (timeoutSeconds: number): object => ({ livenessProbe: { timeoutSeconds } });

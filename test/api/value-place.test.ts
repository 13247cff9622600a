// Paths as people read them.
import { expect } from 'chai';
import { createResolve } from '../../src/api/schema-tree.ts';
import { placeAt } from '../../src/api/value-place.ts';
import { definitions } from '../support/schemas.ts';

const resolve = createResolve(definitions);
const place = (definition: string, value: unknown, pointer: string) =>
  placeAt(resolve, definitions[definition] ?? {}, value, pointer);

describe('value places', () => {
  it('writes fields with dots, items and keys of maps in brackets', () => {
    const pod = { metadata: { labels: { 'a/b~c': 'x' } }, spec: { containers: [{}, { image: 'y' }] } };
    expect(place('io.k8s.api.core.v1.Pod', pod, '').path).to.equal('');
    expect(place('io.k8s.api.core.v1.Pod', pod, '/metadata/labels/a~1b~0c').path).to.equal('metadata.labels[a/b~c]');
    const image = place('io.k8s.api.core.v1.Pod', pod, '/spec/containers/1/image');
    expect(image.path).to.equal('spec.containers[1].image');
    expect(image.value).to.equal('y');
    expect(image.schema.type).to.equal('string');
  });

  it('reads an App variable in its map and in its list form', () => {
    expect(place('dev.tepui.v1.App', { spec: { env: { A: 1 } } }, '/spec/env/A').path).to.equal('spec.env[A]');
    expect(place('dev.tepui.v1.App', { spec: { env: [{ name: 1 }] } }, '/spec/env/0/name').path).to.equal(
      'spec.env[0].name',
    );
  });

  it('knows what must not be quoted', () => {
    const secret = { data: { key: 'x' }, type: 'y' };
    expect(place('io.k8s.api.core.v1.Secret', secret, '/data/key').isSensitive).to.equal(true);
    expect(place('io.k8s.api.core.v1.Secret', secret, '/type').isSensitive).to.equal(false);
  });
});

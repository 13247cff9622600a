// Schemas as OpenAPI publishes them.
import { expect } from 'chai';
import { publishedSchema, version2, version3 } from '../../../src/apiserver/openapi/published-schema.ts';
import type { SchemaNode } from '../../../src/api/schema.ts';

const node: SchemaNode = {
  type: 'object',
  description: 'A thing.',
  required: ['a'],
  'x-tepui-one-of': ['a', 'b'],
  'x-kubernetes-map-type': 'atomic',
  properties: {
    a: { type: 'string', format: 'dns-label', enum: ['x'], default: 'x', minLength: 1 },
    b: { $ref: '#/$defs/B', description: 'Another.', default: {} },
    c: { $ref: '#/$defs/C' },
    d: { type: 'array', items: { type: 'integer', format: 'int32', minimum: 1 }, 'x-kubernetes-list-type': 'atomic' },
    e: { type: 'object', additionalProperties: { type: 'string' }, items: { type: 'string' } },
  },
};

describe('published schemas', () => {
  it('leave out limits and keep keywords beside references in version 2', () => {
    expect(publishedSchema(version2, node)).to.deep.equal({
      type: 'object',
      description: 'A thing.',
      required: ['a'],
      'x-kubernetes-map-type': 'atomic',
      properties: {
        a: { type: 'string' },
        b: { $ref: '#/definitions/B', description: 'Another.' },
        c: { $ref: '#/definitions/C' },
        d: { type: 'array', items: { type: 'integer', format: 'int32' }, 'x-kubernetes-list-type': 'atomic' },
        e: { type: 'object', additionalProperties: { type: 'string' } },
      },
    });
  });

  it('carry limits and wrap references in version 3', () => {
    const { properties } = publishedSchema(version3, node) as { properties: object };
    expect(properties).to.deep.equal({
      a: { type: 'string', enum: ['x'], default: 'x', minLength: 1 },
      b: { description: 'Another.', default: {}, allOf: [{ $ref: '#/components/schemas/B' }] },
      c: { $ref: '#/components/schemas/C' },
      d: { type: 'array', items: { type: 'integer', format: 'int32', minimum: 1 }, 'x-kubernetes-list-type': 'atomic' },
      e: { type: 'object', additionalProperties: { type: 'string' } },
    });
  });

  it('say in their own way that a value has two forms', () => {
    const either: SchemaNode = { type: 'string', format: 'int-or-string', 'x-kubernetes-int-or-string': true };
    const quantity: SchemaNode = { type: 'string', format: 'quantity', description: 'How much.' };
    expect(publishedSchema(version2, either)).to.deep.equal({ type: 'string', format: 'int-or-string' });
    expect(publishedSchema(version2, quantity)).to.deep.equal({ type: 'string', description: 'How much.' });
    expect(publishedSchema(version3, either)).to.deep.equal({
      format: 'int-or-string',
      oneOf: [{ type: 'integer' }, { type: 'string' }],
    });
    expect(publishedSchema(version3, quantity)).to.deep.equal({
      description: 'How much.',
      oneOf: [{ type: 'number' }, { type: 'string' }],
    });
  });
});

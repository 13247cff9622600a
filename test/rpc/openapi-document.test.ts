// The protobuf form of OpenAPI version 2.
import { expect } from 'chai';
import type { OpenApiDocument } from '../../src/rpc/openapi-document.ts';
import { encodeOpenApi, openApiMessages } from '../../src/rpc/openapi-document.ts';

const document: OpenApiDocument = {
  swagger: '2.0',
  info: { title: 'T', version: 'v1' },
  paths: {
    '/x/{name}': {
      parameters: [{ name: 'name', in: 'path', type: 'string', required: true, description: 'Its name.' }],
      patch: {
        operationId: 'patchX',
        description: 'Change it.',
        consumes: ['application/merge-patch+json'],
        produces: ['application/json'],
        parameters: [
          { name: 'body', in: 'body', required: true, schema: { $ref: '#/definitions/X' } },
          { name: 'dryRun', in: 'query', type: 'string', uniqueItems: true },
        ],
        responses: { 200: { description: 'OK', schema: { $ref: '#/definitions/X' } }, 204: { description: 'Nothing' } },
        'x-kubernetes-group-version-kind': { group: 'g', version: 'v1', kind: 'X' },
      },
    },
  },
  definitions: {
    X: {
      type: 'object',
      description: 'An X.',
      required: ['a'],
      properties: {
        a: { type: 'array', items: { type: 'string' }, 'x-kubernetes-patch-merge-key': 'name' },
        b: { additionalProperties: { format: 'int32', type: 'integer' } },
        c: { additionalProperties: true },
        d: { $ref: '#/definitions/X', description: 'Another.' },
      },
    },
  },
};

const decoded = (): Record<string, unknown> => {
  const type = openApiMessages().lookupType('Document');
  return type.toObject(type.decode(encodeOpenApi(document)));
};

describe('openapi.v2.Document', () => {
  it('carries paths and operations, with extensions as YAML', () => {
    const { path } = decoded()['paths'] as { path: unknown[] };
    expect(path).to.deep.equal([
      {
        name: '/x/{name}',
        value: {
          parameters: [
            {
              parameter: {
                nonBody: {
                  path: { required: true, in: 'path', description: 'Its name.', name: 'name', type: 'string' },
                },
              },
            },
          ],
          patch: {
            description: 'Change it.',
            operationId: 'patchX',
            consumes: ['application/merge-patch+json'],
            produces: ['application/json'],
            parameters: [
              { parameter: { body: { name: 'body', in: 'body', required: true, schema: { ref: '#/definitions/X' } } } },
              { parameter: { nonBody: { query: { in: 'query', name: 'dryRun', type: 'string', uniqueItems: true } } } },
            ],
            responses: {
              responseCode: [
                {
                  name: '200',
                  value: { response: { description: 'OK', schema: { schema: { ref: '#/definitions/X' } } } },
                },
                { name: '204', value: { response: { description: 'Nothing' } } },
              ],
            },
            vendorExtension: [
              {
                name: 'x-kubernetes-group-version-kind',
                value: { yaml: '{"group":"g","version":"v1","kind":"X"}' },
              },
            ],
          },
        },
      },
    ]);
  });

  it('carries definitions', () => {
    const { additionalProperties } = decoded()['definitions'] as { additionalProperties: unknown[] };
    expect(additionalProperties).to.deep.equal([
      {
        name: 'X',
        value: {
          description: 'An X.',
          required: ['a'],
          type: { value: ['object'] },
          properties: {
            additionalProperties: [
              {
                name: 'a',
                value: {
                  type: { value: ['array'] },
                  items: { schema: [{ type: { value: ['string'] } }] },
                  vendorExtension: [{ name: 'x-kubernetes-patch-merge-key', value: { yaml: '"name"' } }],
                },
              },
              {
                name: 'b',
                value: { additionalProperties: { schema: { format: 'int32', type: { value: ['integer'] } } } },
              },
              { name: 'c', value: { additionalProperties: { boolean: true } } },
              { name: 'd', value: { ref: '#/definitions/X', description: 'Another.' } },
            ],
          },
        },
      },
    ]);
  });

  it('has the bytes that the format prescribes', () => {
    const tiny = encodeOpenApi({ ...document, paths: {}, definitions: {} });
    // swagger = 1, info = 2 { title = 1, version = 2 }, paths = 8 and definitions = 9, both empty
    expect(Buffer.from(tiny).toString('hex')).to.equal(
      ['0a03', hex('2.0'), '1207', '0a01', hex('T'), '1202', hex('v1'), '4200', '4a00'].join(''),
    );
  });
});

const hex = (text: string): string => Buffer.from(text).toString('hex');

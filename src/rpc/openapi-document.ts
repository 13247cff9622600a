// OpenAPI version 2 in the protobuf form that clients up to kubectl 1.28 and helm 3.12 insist upon.
// Field numbers: openapi.v2.Document of the gnostic project. Extensions travel as YAML text; JSON is YAML.
import protobuf from 'protobufjs/light.js';

type Json = Readonly<Record<string, unknown>>;

export interface OpenApiSchema extends Json {
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema | boolean;
}

export interface OpenApiParameter extends Json {
  readonly in: 'body' | 'path' | 'query';
  readonly name: string;
  readonly type?: string;
  readonly schema?: OpenApiSchema;
}

export interface OpenApiOperation extends Json {
  readonly operationId: string;
  readonly parameters?: readonly OpenApiParameter[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly schema?: OpenApiSchema }>>;
}

export type OpenApiPathItem = Readonly<Record<string, OpenApiOperation | readonly OpenApiParameter[]>>;

/** The part of OpenAPI version 2 that we publish. */
export interface OpenApiDocument {
  readonly swagger: '2.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, OpenApiPathItem>>;
  readonly definitions: Readonly<Record<string, OpenApiSchema>>;
}

type Field = readonly [type: string, id: number, rule?: 'repeated'];

const messages: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  Document: { swagger: ['string', 1], info: ['Info', 2], paths: ['Paths', 8], definitions: ['NamedSchemas', 9] },
  Info: { title: ['string', 1], version: ['string', 2] },
  Paths: { path: ['NamedPathItem', 2, 'repeated'] },
  NamedPathItem: { name: ['string', 1], value: ['PathItem', 2] },
  PathItem: {
    get: ['Operation', 2],
    put: ['Operation', 3],
    post: ['Operation', 4],
    delete: ['Operation', 5],
    patch: ['Operation', 8],
    parameters: ['ParametersItem', 9, 'repeated'],
  },
  Operation: {
    description: ['string', 3],
    operationId: ['string', 5],
    produces: ['string', 6, 'repeated'],
    consumes: ['string', 7, 'repeated'],
    parameters: ['ParametersItem', 8, 'repeated'],
    responses: ['Responses', 9],
    vendorExtension: ['NamedAny', 13, 'repeated'],
  },
  ParametersItem: { parameter: ['Parameter', 1] },
  Parameter: { body: ['BodyParameter', 1], nonBody: ['NonBodyParameter', 2] },
  BodyParameter: { name: ['string', 2], in: ['string', 3], required: ['bool', 4], schema: ['Schema', 5] },
  NonBodyParameter: { query: ['QueryParameter', 3], path: ['PathParameter', 4] },
  QueryParameter: {
    in: ['string', 2],
    description: ['string', 3],
    name: ['string', 4],
    type: ['string', 6],
    uniqueItems: ['bool', 20],
  },
  PathParameter: {
    required: ['bool', 1],
    in: ['string', 2],
    description: ['string', 3],
    name: ['string', 4],
    type: ['string', 5],
    uniqueItems: ['bool', 19],
  },
  Responses: { responseCode: ['NamedResponseValue', 1, 'repeated'] },
  NamedResponseValue: { name: ['string', 1], value: ['ResponseValue', 2] },
  ResponseValue: { response: ['Response', 1] },
  Response: { description: ['string', 1], schema: ['SchemaItem', 2] },
  SchemaItem: { schema: ['Schema', 1] },
  NamedSchemas: { additionalProperties: ['NamedSchema', 1, 'repeated'] },
  NamedSchema: { name: ['string', 1], value: ['Schema', 2] },
  Schema: {
    ref: ['string', 1],
    format: ['string', 2],
    description: ['string', 4],
    required: ['string', 19, 'repeated'],
    additionalProperties: ['AdditionalPropertiesItem', 21],
    type: ['TypeItem', 22],
    items: ['ItemsItem', 23],
    properties: ['NamedSchemas', 25],
    vendorExtension: ['NamedAny', 31, 'repeated'],
  },
  AdditionalPropertiesItem: { schema: ['Schema', 1], boolean: ['bool', 2] },
  TypeItem: { value: ['string', 1, 'repeated'] },
  ItemsItem: { schema: ['Schema', 1, 'repeated'] },
  NamedAny: { name: ['string', 1], value: ['Any', 2] },
  Any: { yaml: ['string', 2] },
};

/** The message types by name, for tests and tools that read a document back. */
export function openApiMessages(): protobuf.Root {
  const nested = Object.entries(messages).map(([name, fields]) => [
    name,
    {
      fields: Object.fromEntries(
        Object.entries(fields).map(([field, [type, id, rule]]) => [
          field,
          rule === undefined ? { type, id } : { type, id, rule },
        ]),
      ),
    },
  ]);
  return protobuf.Root.fromJSON({ nested: Object.fromEntries(nested) as NonNullable<protobuf.INamespace['nested']> });
}

/** Encodes a document. What has no place in the message (limits, defaults) is left out. */
export function encodeOpenApi(document: OpenApiDocument): Uint8Array {
  const message = {
    swagger: document.swagger,
    info: document.info,
    paths: { path: named(document.paths, pathItem) },
    definitions: { additionalProperties: named(document.definitions, schema) },
  };
  return openApiMessages().lookupType('Document').encode(message).finish();
}

function named<T>(map: Readonly<Record<string, T>>, convert: (value: T) => Json): readonly Json[] {
  return Object.entries(map).map(([name, value]) => ({ name, value: convert(value) }));
}

function pathItem(item: OpenApiPathItem): Json {
  const members = Object.entries(item).map(([name, value]): [string, unknown] =>
    Array.isArray(value)
      ? [name, (value as readonly OpenApiParameter[]).map(parameter)]
      : [name, operation(value as OpenApiOperation)],
  );
  return Object.fromEntries(members);
}

function operation(given: OpenApiOperation): Json {
  const responses = named(given.responses, ({ description, schema: content }) => ({
    response: { description, ...(content === undefined ? {} : { schema: { schema: schema(content) } }) },
  }));
  return {
    ...given,
    parameters: (given.parameters ?? []).map(parameter),
    responses: { responseCode: responses },
    vendorExtension: extensions(given),
  };
}

function parameter(given: OpenApiParameter): Json {
  if (given.in === 'body') {
    const body = { ...given, ...(given.schema === undefined ? {} : { schema: schema(given.schema) }) };
    return { parameter: { body } };
  }
  return { parameter: { nonBody: { [given.in]: given } } };
}

function schema(given: OpenApiSchema): Json {
  const { $ref, type, format, description, required, properties, items, additionalProperties } = given;
  return {
    ref: $ref,
    format,
    description,
    required,
    ...(type === undefined ? {} : { type: { value: [type] } }),
    ...(properties === undefined ? {} : { properties: { additionalProperties: named(properties, schema) } }),
    ...(items === undefined ? {} : { items: { schema: [schema(items)] } }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: openness(additionalProperties) }),
    vendorExtension: extensions(given),
  };
}

const openness = (given: OpenApiSchema | boolean): Json =>
  typeof given === 'boolean' ? { boolean: given } : { schema: schema(given) };

function extensions(given: Json): readonly Json[] {
  const found = Object.entries(given).filter(([name]) => name.startsWith('x-'));
  return found.map(([name, value]) => ({ name, value: { yaml: JSON.stringify(value) } }));
}

// The OpenAPI version 2 document: one for the whole API.
import type { KindDefinition } from '../../api/kinds.ts';
import { closureOf } from '../../api/schema-set.ts';
import type { SchemaDefinitions, SchemaNode } from '../../api/schema.ts';
import type {
  OpenApiDocument,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiPathItem,
} from '../../rpc/openapi-document.ts';
import type { Operation } from './operations.ts';
import { definitionsOf, pathsOf } from './operations.ts';
import type { Parameter } from './parameters.ts';
import { publishedSchema, version2 } from './published-schema.ts';

const plainText = ['text/plain'];
const produces = ['application/json', 'application/yaml'];

/** @param version of the API, for `info` */
export function openApiV2(
  definitions: SchemaDefinitions,
  kinds: readonly KindDefinition[],
  version: string,
): OpenApiDocument {
  const paths = kinds.flatMap(pathsOf).map(({ path, parameters, operations }): [string, OpenApiPathItem] => [
    path,
    {
      ...Object.fromEntries(operations.map((operation) => [operation.method, operationV2(operation)])),
      ...(parameters.length === 0 ? {} : { parameters: parameters.map(parameterV2) }),
    },
  ]);
  const published = closureOf(definitions, kinds.flatMap(definitionsOf)).map((name) => [
    name,
    publishedSchema(version2, definitions[name] as SchemaNode),
  ]);
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: Object.fromEntries(paths),
    definitions: Object.fromEntries(published) as OpenApiDocument['definitions'],
  };
}

function operationV2(operation: Operation): OpenApiOperation {
  const { id, description, consumes, action, kind, answer, status } = operation;
  const body = bodyV2(operation);
  return {
    description,
    operationId: id,
    ...(consumes.length === 0 ? {} : { consumes }),
    produces: answer === undefined ? plainText : produces,
    parameters: [...(body === undefined ? [] : [body]), ...operation.parameters.map(parameterV2)],
    responses: {
      [status]: { description: 'OK', schema: answer === undefined ? { type: 'string' } : reference(answer) },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kind,
  };
}

function bodyV2({ action, body }: Operation): OpenApiParameter | undefined {
  if (action === 'patch') return { name: 'body', in: 'body', required: true, schema: { type: 'object' } };
  const required = action === 'post' || action === 'put';
  return body === undefined ? undefined : { name: 'body', in: 'body', required, schema: reference(body) };
}

const parameterV2 = (parameter: Parameter): OpenApiParameter => ({
  ...parameter,
  uniqueItems: true,
  ...(parameter.in === 'path' ? { required: true } : {}),
});

const reference = (definition: string): { $ref: string } => ({ $ref: version2.refPrefix + definition });

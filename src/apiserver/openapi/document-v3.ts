// OpenAPI version 3: one document per group version, each complete in itself.
import type { KindDefinition } from '../../api/kinds.ts';
import { closureOf } from '../../api/schema-set.ts';
import type { SchemaDefinitions, SchemaNode } from '../../api/schema.ts';
import type { Operation } from './operations.ts';
import { definitionsOf, pathsOf } from './operations.ts';
import type { Parameter } from './parameters.ts';
import type { JsonRecord } from './published-schema.ts';
import { publishedSchema, version3 } from './published-schema.ts';

/** @param kinds those of one group version */
export function openApiV3(
  definitions: SchemaDefinitions,
  kinds: readonly KindDefinition[],
  version: string,
): JsonRecord {
  const paths = kinds.flatMap(pathsOf).map(({ path, parameters, operations }) => [
    path,
    {
      ...Object.fromEntries(operations.map((operation) => [operation.method, operationV3(operation)])),
      ...(parameters.length === 0 ? {} : { parameters: parameters.map(parameterV3) }),
    },
  ]);
  const schemas = closureOf(definitions, kinds.flatMap(definitionsOf)).map((name) => [
    name,
    publishedSchema(version3, definitions[name] as SchemaNode),
  ]);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths: Object.fromEntries(paths) as unknown,
    components: { schemas: Object.fromEntries(schemas) as unknown },
  };
}

function operationV3(operation: Operation): JsonRecord {
  const { id, description, parameters, action, kind, answer, status } = operation;
  const body = bodyV3(operation);
  return {
    description,
    operationId: id,
    parameters: parameters.map(parameterV3),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      [status]: {
        description: 'OK',
        content:
          answer === undefined ? content(['text/plain'], { type: 'string' }) : content(answerTypes, reference(answer)),
      },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kind,
  };
}

const answerTypes = ['application/json', 'application/yaml'];

function bodyV3({ action, body, consumes }: Operation): JsonRecord | undefined {
  if (action === 'patch') return { required: true, content: content(consumes, { type: 'object' }) };
  if (body === undefined) return undefined;
  const required = action === 'post' || action === 'put';
  return { ...(required ? { required } : {}), content: content(consumes, reference(body)) };
}

const content = (types: readonly string[], schema: JsonRecord): JsonRecord =>
  Object.fromEntries(types.map((type) => [type, { schema }]));

const parameterV3 = ({ name, in: place, type, description }: Parameter): JsonRecord => ({
  name,
  in: place,
  description,
  ...(place === 'path' ? { required: true } : {}),
  schema: { type, uniqueItems: true },
});

const reference = (definition: string): JsonRecord => ({ $ref: version3.refPrefix + definition });

// What is special about config maps and secrets: text folded into data, and content that may be frozen.
import type { ApiObject } from '../../api/object.ts';
import type { StatusCause } from '../../api/status-error.ts';
import type { Secret } from '../../api/types.gen.ts';
import { deepEqual } from '../../lib/deep.ts';
import { forbiddenField, immutable, invalidValue, required } from '../causes.ts';
import { recordAt, textAt, valueAt, without } from '../json-path.ts';
import type { Strategy } from '../strategy.ts';

export const configMapStrategy: Strategy = {
  validate: (object) =>
    Object.keys(recordAt(object, 'binaryData'))
      .filter((key) => key in recordAt(object, 'data'))
      .map((key) => invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData')),
  validateUpdate: (next, live) => checkFrozen(next, live, ['data', 'binaryData']),
};

export const secretStrategy: Strategy = {
  defaults: foldText,
  validate: checkType,
  validateUpdate: (next, live) => [
    ...(textAt(next, 'type') === textAt(live, 'type') ? [] : [immutable('type', textAt(next, 'type'))]),
    ...checkFrozen(next, live, ['data']),
  ],
};

/** stringData is for writing only. */
function foldText(object: ApiObject): ApiObject {
  const { stringData } = object as unknown as Secret;
  if (stringData === undefined) return object;
  const encoded = Object.entries(stringData).map(([key, text]): [string, string] => [
    key,
    Buffer.from(text).toString('base64'),
  ]);
  const added: Readonly<Record<string, string>> = Object.fromEntries(encoded);
  const data = { ...recordAt(object, 'data'), ...added };
  return { ...(without(object, 'stringData') as ApiObject), data };
}

const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

function checkType(object: ApiObject): readonly StatusCause[] {
  const data = recordAt(object, 'data');
  const missing = (requiredKeys[textAt(object, 'type')] ?? []).filter((key) => !(key in data));
  return missing.map((key) => required(`data[${key}]`));
}

function checkFrozen(next: ApiObject, live: ApiObject, fields: readonly string[]): readonly StatusCause[] {
  if (valueAt(live, 'immutable') !== true) return [];
  const text = 'field is immutable when `immutable` is set';
  return [
    ...(valueAt(next, 'immutable') === true ? [] : [forbiddenField('immutable', text)]),
    ...fields.filter((field) => !deepEqual(next[field], live[field])).map((field) => forbiddenField(field, text)),
  ];
}

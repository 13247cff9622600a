// Unknown and repeated fields: refused, warned about or ignored, as the caller asked; then the schema's own rules.
import type { ApiObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import type { StatusCause } from '../api/status-error.ts';
import type { UnknownField, Validator } from '../api/validation.ts';
import type { FieldValidation } from './write-options.ts';

export interface CheckedObject {
  /** Without unknown fields, and without those given as null. */
  readonly object: ApiObject;
  /** What the schema does not allow. */
  readonly causes: readonly StatusCause[];
}

/**
 * Throws BadRequest in Kubernetes' words, and our suggestion, when `mode` is Strict and something is unknown or repeated.
 * @param schema name of the definition
 */
export function checkFields(
  validator: Validator,
  schema: string,
  given: { readonly object: ApiObject; readonly duplicates: readonly string[] },
  mode: FieldValidation,
  warn: (text: string) => void,
): CheckedObject {
  const { object } = given;
  const { unknownFields, causes } = validator.validate(schema, object);
  const problems = [
    ...unknownFields.map(describeUnknown),
    ...given.duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`),
  ];
  if (problems.length > 0 && mode === 'Strict') {
    const version = object.apiVersion.slice(object.apiVersion.indexOf('/') + 1);
    throw new StatusError(
      'BadRequest',
      `${object.kind} in version "${version}" cannot be handled as a ${object.kind}: ` +
        `strict decoding error: ${problems.join(', ')}`,
    );
  }
  if (mode === 'Warn') problems.forEach(warn);
  return { object: validator.prune(schema, object), causes };
}

function describeUnknown(unknown: UnknownField): string {
  const text = `unknown field ${JSON.stringify(unknown.path)}`;
  return unknown.suggestion === undefined ? text : `${text}, did you mean ${JSON.stringify(unknown.suggestion)}?`;
}

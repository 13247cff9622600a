// From what a caller sent to a complete, well-formed object: spellings, unknown fields, schema, defaults.
import type { ApiObject } from '../api/object.ts';
import { invalid } from '../api/status-error.ts';
import type { StatusCause } from '../api/status-error.ts';
import { checkFields } from './field-validation.ts';
import type { Resource } from './registry.ts';
import type { WriteContext } from './strategy.ts';
import type { WriteOptions } from './write-options.ts';

export interface GivenObject {
  readonly object: ApiObject;
  /** Paths of keys that the body holds twice. */
  readonly duplicates: readonly string[];
  /** Set when server-side apply has already worked out who owns what. */
  readonly tracked?: boolean;
}

/** Throws BadRequest (strict) or Invalid. */
export function prepareObject(
  resource: Resource,
  context: WriteContext,
  options: WriteOptions,
  given: GivenObject,
): ApiObject {
  const { strategy, definition } = resource;
  const { validator } = context.deps;
  const { duplicates } = given;
  const object = strategy.normalise?.(given.object) ?? given.object;
  const { fieldValidation } = options;
  const checked = checkFields(validator, definition.schema, { object, duplicates }, fieldValidation, (text) =>
    context.warn(text),
  );
  refuse(resource, object, checked.causes);
  const complete = validator.withDefaults(definition.schema, checked.object);
  return strategy.defaults?.(complete) ?? complete;
}

/** Throws Invalid when there are causes; each is named once. */
export function refuse(resource: Resource, object: ApiObject, causes: readonly StatusCause[]): void {
  if (causes.length === 0) return;
  const once = new Map(causes.map((cause) => [`${cause.field ?? ''} ${cause.message}`, cause]));
  throw invalid(resource.definition, object.metadata.name ?? object.metadata.generateName ?? '', [...once.values()]);
}

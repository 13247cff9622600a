// The contract of schema validation; create-validator.ts implements it over ajv and schemas/.
import type { StatusCause } from './status-error.ts';

/** A field that the schema does not know. */
export interface UnknownField {
  /** `spec.template.spec.containers[0].imagee` */
  readonly path: string;
  /** The sibling that is probably meant; failing that, the path of the same name elsewhere in the kind. */
  readonly suggestion?: string;
}

export interface Validation {
  readonly unknownFields: readonly UnknownField[];
  /** Wrong types, missing required fields, values outside an enum or a range: with paths and what was expected. */
  readonly causes: readonly StatusCause[];
}

export interface Validator {
  /**
   * Checks a JSON value against a definition (`io.k8s.api.core.v1.Pod`). Pure: the value is not changed.
   * Compiled once per definition, on first use. A field given as `null` counts as absent, as does the empty text for an
   * enumeration: `prune` removes both.
   */
  validate(definition: string, value: unknown): Validation;
  /** A copy with the schema's `default`s filled in where a field is absent; the same value when nothing was missing. */
  withDefaults<T>(definition: string, value: T): T;
  /** A copy without unknown and absent fields (see `validate`); the same value when there were none. */
  prune<T>(definition: string, value: T): T;
}

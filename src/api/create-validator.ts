// Schema validation over ajv: each kind is compiled on first use, each definition once.
import { Ajv, type ValidateFunction } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { ajvSchema } from './ajv-schema.ts';
import { createFill } from './schema-defaults.ts';
import { schemaKeywords } from './schema-keywords.ts';
import { pruned } from './schema-prune.ts';
import { closureOf } from './schema-set.ts';
import type { Resolve } from './schema-tree.ts';
import { createResolve } from './schema-tree.ts';
import type { SchemaDefinitions, SchemaNode } from './schema.ts';
import { textFormats } from './text-formats.ts';
import type { Validation, Validator } from './validation.ts';
import { causeOf, unknownFieldOf } from './violations.ts';

/**
 * The validator of one set of definitions (see `createSchemaSet`). Its methods throw for a definition that is not in the
 * set: a mistake of the caller. As in Kubernetes, a field given as `null` counts as absent.
 */
export function createValidator(definitions: SchemaDefinitions): Validator {
  const resolve = createResolve(definitions);
  const fill = createFill(resolve);
  const compiled = createCompiler(definitions, resolve);
  const root = (definition: string): SchemaNode => {
    const found = definitions[definition];
    if (found === undefined) throw new Error(`there is no schema ${definition}`);
    return found;
  };
  return {
    validate(definition, value) {
      const schema = root(definition);
      const given = pruned(resolve, schema, value, false);
      return findings(resolve, schema, given, compiled(definition));
    },
    withDefaults: <T>(definition: string, value: T) => fill(root(definition), value) as T,
    prune: <T>(definition: string, value: T) => pruned(resolve, root(definition), value, true) as T,
  };
}

function findings(resolve: Resolve, schema: SchemaNode, value: unknown, check: ValidateFunction): Validation {
  const errors = check(value) ? [] : (check.errors ?? []);
  check.errors = null; // ajv keeps the checked value alive through its errors
  const [unknown, wrong] = [true, false].map((side) =>
    errors.filter((error) => (error.keyword === 'additionalProperties') === side),
  );
  return {
    unknownFields: (unknown ?? []).map((error) => unknownFieldOf(resolve, schema, value, error)),
    causes: (wrong ?? []).flatMap((error) => causeOf(resolve, schema, value, error) ?? []),
  };
}

/** Compiles a definition on first use. Only definitions that it leads to are translated. */
function createCompiler(definitions: SchemaDefinitions, resolve: Resolve): (definition: string) => ValidateFunction {
  const ajv = createAjv();
  const added = new Set<string>();
  const compiled = new Map<string, ValidateFunction>();
  return (definition) => {
    const before = compiled.get(definition);
    if (before !== undefined) return before;
    for (const name of closureOf(definitions, [definition]).filter((each) => !added.has(each))) {
      added.add(name);
      ajv.addSchema(ajvSchema(resolve, definitions[name] ?? {}), name);
    }
    const check = ajv.getSchema(definition);
    if (check === undefined) throw new Error(`schema ${definition} does not compile`);
    compiled.set(definition, check);
    return check;
  };
}

function createAjv(): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    messages: false,
    allowUnionTypes: true,
    inlineRefs: false,
    validateSchema: false,
    logger: false,
  });
  for (const name of ['int32', 'int64', 'date-time', 'byte'] as const) ajv.addFormat(name, fullFormats[name]);
  for (const [name, format] of Object.entries(textFormats)) ajv.addFormat(name, format.accepts);
  for (const keyword of schemaKeywords) ajv.addKeyword(keyword);
  return ajv;
}

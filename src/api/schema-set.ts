// Merges the parsed files of schemas/ into one set of definitions. Reading the files is the caller's work.
import { deepFreeze } from '../lib/deep.ts';
import type { SchemaDefinitions, SchemaNode } from './schema.ts';
import { refName } from './schema.ts';

/**
 * One set of definitions out of many files, deeply frozen, every `$ref` rewritten to `#/$defs/NAME`. Throws where a
 * definition is given twice, a reference leads nowhere, or a file has no `$defs`: a mistake of the package, not of a user.
 */
export function createSchemaSet(files: readonly unknown[]): SchemaDefinitions {
  const definitions: Record<string, SchemaNode> = {};
  for (const [name, node] of files.flatMap(definitionsOf)) {
    if (definitions[name] !== undefined) throw new Error(`schema ${name} is defined twice`);
    definitions[name] = localised(node) as SchemaNode;
  }
  checkReferences(definitions);
  return deepFreeze(definitions);
}

function definitionsOf(file: unknown): [string, unknown][] {
  const defs = (file as { $defs?: unknown } | null)?.$defs;
  if (typeof defs !== 'object' || defs === null) throw new Error('a schema file needs $defs');
  return Object.entries(defs);
}

/** A copy whose references are local; a property that happens to be called `$ref` is an object and stays. */
function localised(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(localised);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) =>
      key === '$ref' && typeof value === 'string' ? [key, `#/$defs/${refName(value)}`] : [key, localised(value)],
    ),
  );
}

function checkReferences(definitions: SchemaDefinitions): void {
  for (const [name, node] of Object.entries(definitions))
    for (const target of referencesOf(node))
      if (definitions[target] === undefined)
        throw new Error(`schema ${name} refers to ${target}, which is not defined`);
}

/** Names of the definitions that a schema refers to directly, each once, in order of appearance. */
export function referencesOf(node: unknown): readonly string[] {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const [key, value] of Object.entries(part))
      if (key === '$ref' && typeof value === 'string') found.add(refName(value));
      else visit(value);
  };
  visit(node);
  return [...found];
}

/** Names of a definition and of everything that it leads to. */
export function closureOf(definitions: SchemaDefinitions, roots: readonly string[]): readonly string[] {
  const reached = new Set(roots);
  for (const name of reached) for (const next of referencesOf(definitions[name])) reached.add(next);
  return [...reached];
}

// The paths that a configuration sets, and the paths in which two objects differ.
import { deepEqual } from '../../lib/deep.ts';
import type { SchemaDefinitions, SchemaNode } from '../schema.ts';
import { StatusError } from '../status-error.ts';
import { fieldSetOfPaths, formatFieldPath, type FieldPath, type FieldSet } from './field-set.ts';
import { isNamedField } from './schema-walk.ts';
import { fieldElements, listElements, nodeBelow, shapeOf, type TypedElement } from './typed-shape.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/**
 * The paths of all leaves and elements of a value, and of objects and lists that are empty.
 * @param isStrict throw BadRequest when a list with named elements has one without a name or two of the same name; else
 *   such a list counts as a leaf, and such elements as one.
 */
export function fieldSetOf(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  value: unknown,
  isStrict = false,
): FieldSet {
  const paths: FieldPath[] = [];
  const visit = (at: SchemaNode | undefined, current: unknown, path: FieldPath): void => {
    const shape = shapeOf(at, current);
    const elements = shape === 'list' ? listElements(definitions, at, current) : fieldElements(current);
    if (isStrict) checkElements(path, elements);
    if (shape === 'leaf' || typeof elements === 'string') {
      paths.push(path);
      return;
    }
    for (const [element, values] of byElement(elements)) {
      const below = [...path, element];
      if (values.length === 1) visit(nodeBelow(definitions, at, element), values[0], below);
      if (values.length > 1 || isOwnedItself(at, element, values[0])) paths.push(below);
    }
  };
  visit(node, value, []);
  return fieldSetOfPaths(paths);
}

/** Elements of lists and entries of maps are owned beside what is in them; named fields only when nothing is. */
function isOwnedItself(node: SchemaNode | undefined, element: string, value: unknown): boolean {
  if (!element.startsWith('f:') || !isNamedField(node, element.slice(2))) return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function checkElements(path: FieldPath, elements: TypedElement[] | string): void {
  const problem =
    typeof elements === 'string'
      ? elements
      : [...byElement(elements)]
          .filter(([, values]) => values.length > 1)
          .map(([element]) => `there is more than one element ${formatFieldPath([element])}`)[0];
  if (problem !== undefined) throw new StatusError('BadRequest', `${formatFieldPath(path)}: ${problem}`);
}

/** Compares two values; undefined and null both mean that there is none. */
export function compareTyped(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  before: unknown,
  after: unknown,
): Comparison {
  const walk = createWalk(definitions);
  walk.visit(node, before ?? undefined, after ?? undefined, []);
  return {
    added: fieldSetOfPaths(walk.added),
    modified: fieldSetOfPaths(walk.modified),
    removed: fieldSetOfPaths(walk.removed),
  };
}

interface Walk {
  readonly added: FieldPath[];
  readonly modified: FieldPath[];
  readonly removed: FieldPath[];
  visit(node: SchemaNode | undefined, before: unknown, after: unknown, path: FieldPath): void;
}

function createWalk(definitions: SchemaDefinitions): Walk {
  const walk: Walk = { added: [], modified: [], removed: [], visit };
  return walk;

  function visit(node: SchemaNode | undefined, before: unknown, after: unknown, path: FieldPath): void {
    if (before === undefined && after === undefined) return;
    const left = elementsOf(definitions, node, before);
    const right = elementsOf(definitions, node, after);
    const isLeaf = left === 'leaf' || right === 'leaf' || left.length + right.length === 0;
    if (isLeaf || Array.isArray(before ?? after) !== Array.isArray(after ?? before))
      visitLeaf(node, before, after, path);
    else visitElements(node, left, right, path);
  }

  function visitLeaf(node: SchemaNode | undefined, before: unknown, after: unknown, path: FieldPath): void {
    if (before === undefined) walk.added.push(path);
    else if (after === undefined) walk.removed.push(path);
    else if (!deepEqual(before, after)) {
      walk.modified.push(path);
      // Where an object or a list became something else, what was in it is gone, and the other way round.
      if (elementsOf(definitions, node, before) !== 'leaf') visit(node, before, undefined, path);
      if (elementsOf(definitions, node, after) !== 'leaf') visit(node, undefined, after, path);
    }
  }

  function visitElements(
    node: SchemaNode | undefined,
    left: readonly TypedElement[],
    right: readonly TypedElement[],
    path: FieldPath,
  ): void {
    const [before, after] = [byElement(left), byElement(right)];
    for (const element of new Set([...before.keys(), ...after.keys()])) {
      const [olds, news] = [before.get(element) ?? [], after.get(element) ?? []];
      const [at, below] = [nodeBelow(definitions, node, element), [...path, element]];
      visitElement(at, olds, news, below);
      // A struct is there because of its fields; anything else is owned beside what is in it.
      if (at?.properties !== undefined && element.startsWith('f:') && isNamedField(node, element.slice(2))) continue;
      if (olds.length === 0) walk.added.push(below);
      if (news.length === 0) walk.removed.push(below);
    }
  }

  /** Elements of the same name count as one leaf. */
  function visitElement(
    node: SchemaNode | undefined,
    olds: readonly unknown[],
    news: readonly unknown[],
    path: FieldPath,
  ): void {
    if (olds.length < 2 && news.length < 2) visit(node, olds[0], news[0], path);
    else if (olds.length > 1 && news.length > 1) visitLeaf(undefined, olds, news, path);
    else if (olds.length > 1) {
      visit(node, undefined, news[0], path);
      walk.removed.push(path);
    } else {
      visit(node, olds[0], undefined, path);
      walk.added.push(path);
    }
  }
}

function elementsOf(
  definitions: SchemaDefinitions,
  node: SchemaNode | undefined,
  value: unknown,
): TypedElement[] | 'leaf' {
  if (value === undefined) return [];
  const shape = shapeOf(node, value);
  if (shape === 'map') return fieldElements(value).filter((field) => field.value !== null);
  const elements = shape === 'list' ? listElements(definitions, node, value) : '';
  return typeof elements === 'string' ? 'leaf' : elements;
}

function byElement(elements: readonly TypedElement[]): ReadonlyMap<string, readonly unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const { element, value } of elements) {
    const values = found.get(element);
    if (values === undefined) found.set(element, [value]);
    else values.push(value);
  }
  return found;
}

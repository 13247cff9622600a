// Sets of field paths, as managedFields records them, and their wire form FieldsV1: `f:` names a field, `k:` a list
// element by its keys, `v:` an element of a set by its value, `.` the thing itself beside what is below it.
import { StatusError } from '../status-error.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

/** A tree of path elements in wire form. No child is empty; the root itself is never owned. */
export interface FieldSet {
  /** Whether the path that leads here is in the set. */
  readonly owned: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

/** Path elements in wire form: `f:spec`, `k:{"name":"web"}`, `v:"x"`. */
export type FieldPath = readonly string[];

export const emptyFieldSet: FieldSet = { owned: false, children: new Map() };

export const fieldElement = (name: string): string => `f:${name}`;
export const valueElement = (value: unknown): string => `v:${JSON.stringify(value)}`;
/** Keys are in order of their names, so that equal elements are equal text. */
export const keyElement = (keys: JsonObject): string => `k:${JSON.stringify(sortedByName(keys))}`;

export function isEmptyFieldSet(set: FieldSet): boolean {
  return !set.owned && set.children.size === 0;
}

/** Paths in either. */
export function unionOf(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptyFieldSet(a)) return b;
  if (isEmptyFieldSet(b)) return a;
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const mine = children.get(element);
    children.set(element, mine === undefined ? child : unionOf(mine, child));
  }
  return { owned: a.owned || b.owned, children };
}

/** Paths in both. */
export function intersectionOf(a: FieldSet, b: FieldSet): FieldSet {
  return filterChildren(a.owned && b.owned, a, (child, element) => {
    const other = b.children.get(element);
    return other === undefined ? emptyFieldSet : intersectionOf(child, other);
  });
}

/** Paths of `a` that are not in `b`. A path stays although one above or below it is in `b`. */
export function differenceOf(a: FieldSet, b: FieldSet): FieldSet {
  return filterChildren(a.owned && !b.owned, a, (child, element) => {
    const other = b.children.get(element);
    return other === undefined ? child : differenceOf(child, other);
  });
}

function filterChildren(
  owned: boolean,
  set: FieldSet,
  change: (child: FieldSet, element: string) => FieldSet,
): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const changed = change(child, element);
    if (!isEmptyFieldSet(changed)) children.set(element, changed);
  }
  return { owned, children };
}

export function equalFieldSets(a: FieldSet, b: FieldSet): boolean {
  return isEmptyFieldSet(differenceOf(a, b)) && isEmptyFieldSet(differenceOf(b, a));
}

/** The set of these paths. */
export function fieldSetOfPaths(paths: Iterable<FieldPath>): FieldSet {
  interface Node {
    owned: boolean;
    readonly children: Map<string, Node>;
  }
  const root: Node = { owned: false, children: new Map() };
  for (const path of paths) {
    let node = root;
    for (const element of path) {
      const next = node.children.get(element) ?? { owned: false, children: new Map<string, Node>() };
      node.children.set(element, next);
      node = next;
    }
    if (path.length > 0) node.owned = true;
  }
  return root;
}

/** All paths: at each level first the things themselves, then what is below them, both in order of their names. */
export function pathsOf(set: FieldSet, prefix: FieldPath = []): FieldPath[] {
  const children = inOrder(set.children);
  const own = children.filter(([, child]) => child.owned).map(([element]) => [...prefix, element]);
  return [...own, ...children.flatMap(([element, child]) => pathsOf(child, [...prefix, element]))];
}

/** `.spec.containers[name="web"].image`, `.metadata.finalizers[="x"]`. */
export function formatFieldPath(path: FieldPath): string {
  return path.map(formatElement).join('');
}

function formatElement(element: string): string {
  const content = element.slice(2);
  if (element.startsWith('f:')) return `.${content}`;
  if (element.startsWith('v:')) return `[=${content}]`;
  if (!element.startsWith('k:')) return `[${content}]`;
  const keys = Object.entries(JSON.parse(content) as JsonObject);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}

export function formatFieldsV1(set: FieldSet): Record<string, unknown> {
  const children = inOrder(set.children).map(([element, child]) => [element, formatFieldsV1(child)] as const);
  const self: [string, unknown][] = set.owned && set.children.size > 0 ? [['.', {}]] : [];
  return Object.fromEntries([...self, ...children]);
}

/** Throws BadRequest when it is not FieldsV1. */
export function parseFieldsV1(fields: unknown): FieldSet {
  if (!isJsonObject(fields)) throw notFieldsV1('an object was expected');
  const children = new Map<string, FieldSet>();
  for (const [element, below] of Object.entries(fields)) {
    if (element === '.') continue;
    const child = parseFieldsV1(below);
    children.set(canonical(element), { ...child, owned: child.children.size === 0 || isSelfNamed(below) });
  }
  return { owned: false, children };
}

function isSelfNamed(fields: unknown): boolean {
  return isJsonObject(fields) && Object.hasOwn(fields, '.');
}

function canonical(element: string): string {
  if (element.startsWith('f:') || element.startsWith('i:')) return element;
  const content = parsedContent(element);
  if (element.startsWith('v:')) return valueElement(content);
  if (element.startsWith('k:') && isJsonObject(content)) return keyElement(content);
  throw notFieldsV1(`"${element}" must begin with f:, k:{…}, v: or i:`);
}

function parsedContent(element: string): unknown {
  try {
    return JSON.parse(element.slice(2));
  } catch {
    throw notFieldsV1(`"${element}" must begin with f:, k:{…}, v: or i: and go on with JSON`);
  }
}

function notFieldsV1(problem: string): StatusError {
  return new StatusError('BadRequest', `metadata.managedFields holds a fieldsV1 that cannot be read: ${problem}`);
}

function inOrder(children: ReadonlyMap<string, FieldSet>): [string, FieldSet][] {
  return [...children].sort(([a], [b]) => (a < b ? -1 : 1));
}

function sortedByName(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

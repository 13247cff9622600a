// Where a field that the server names stands in the YAML file: line and column.
import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node } from 'yaml';

export interface Position {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export type PathSegment = string | number;

/** `spec.containers[0].image` → spec, containers, 0, image; `metadata.labels[a.b/c]` → metadata, labels, a.b/c. */
export function parseFieldPath(path: string): PathSegment[] {
  return [...path.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, bracketed, plain]) => {
    if (bracketed === undefined) return plain ?? '';
    return /^\d+$/.test(bracketed) ? Number(bracketed) : bracketed;
  });
}

/** Position of the field; of what should contain it, where it is absent. */
export function positionOf(document: Document, lines: LineCounter, path: readonly PathSegment[]): Position {
  let node = resolved(document, document.contents);
  let offset = offsetOf(node);
  for (const segment of path) {
    const found = memberOf(document, node, segment);
    if (!found) break;
    ({ offset, node } = found);
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

interface Member {
  /** Of the key in a map, of the value in a list. */
  readonly offset: number;
  readonly node: Node | null;
}

function memberOf(document: Document, node: Node | null, segment: PathSegment): Member | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(segment)] as Node | undefined;
    return item === undefined ? undefined : { offset: offsetOf(item), node: resolved(document, item) };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
  if (!pair) return undefined;
  return { offset: offsetOf(pair.key as Node), node: resolved(document, pair.value as Node | null) };
}

const offsetOf = (node: Node | null): number => node?.range?.[0] ?? 0;

function resolved(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}

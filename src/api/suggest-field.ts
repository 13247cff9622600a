// Guesses which field somebody meant: a sibling spelt alike, a word from elsewhere for it, or the same name deeper in.
import { distance } from 'fastest-levenshtein';
import type { SchemaNode } from './schema.ts';
import type { Resolve } from './schema-tree.ts';

/**
 * The sibling that is most likely meant by `name`; where none is close, the path of the field of that name nearest to
 * the top of the kind (`spec.template.spec.containers[].image`). Undefined when there is nothing worth saying.
 */
export function suggestField(resolve: Resolve, root: SchemaNode, parent: SchemaNode, name: string): string | undefined {
  return closestSibling(resolve, parent, name) ?? sameNameElsewhere(resolve, root, name);
}

/** The word among `candidates` that is spelt most like `word`, if it is close: at most a third of its letters differ. */
export function closestWord(candidates: readonly string[], word: string): string | undefined {
  const scored = candidates
    .map((candidate) => ({ candidate, score: distance(candidate.toLowerCase(), word.toLowerCase()) }))
    .filter(({ candidate, score }) => score <= Math.floor(Math.max(candidate.length, word.length, 3) / 3));
  return scored.sort((a, b) => a.score - b.score)[0]?.candidate;
}

function closestSibling(resolve: Resolve, parent: SchemaNode, name: string): string | undefined {
  const words = Object.entries(parent.properties ?? {}).flatMap(([field, node]) =>
    [field, ...(resolve(node)['x-tepui-also-called'] ?? [])].map((word) => [word, field] as const),
  );
  const exact = words.find(([word]) => word === name);
  if (exact !== undefined) return exact[1];
  const close = closestWord(
    words.map(([word]) => word),
    name,
  );
  return words.find(([word]) => word === close)?.[1];
}

interface Place {
  readonly path: string;
  readonly node: SchemaNode;
}

/** Breadth first, so that the shallowest wins; what the cluster fills in is no place to put a wish. */
function sameNameElsewhere(resolve: Resolve, root: SchemaNode, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const seen = new Set<SchemaNode>();
  let level: readonly Place[] = [{ path: '', node: root }];
  while (level.length > 0) {
    const fields = level.flatMap((place) => fieldsOf(place));
    const found = fields.find(({ path }) => path.slice(path.lastIndexOf('.') + 1).toLowerCase() === wanted);
    if (found !== undefined) return found.path;
    level = fields.map(({ path, node }) => contentOf(resolve, path, node)).filter(({ node }) => isNew(seen, node));
  }
  return undefined;
}

function fieldsOf({ path, node }: Place): readonly Place[] {
  return Object.entries(node.properties ?? {})
    .filter(([field]) => path !== '' || (field !== 'status' && field !== 'metadata'))
    .map(([field, child]) => ({ path: path === '' ? field : `${path}.${field}`, node: child }));
}

function contentOf(resolve: Resolve, path: string, node: SchemaNode): Place {
  const schema = resolve(node);
  return schema.type === 'array' && schema.items !== undefined
    ? { path: `${path}[]`, node: resolve(schema.items) }
    : { path, node: schema };
}

function isNew(seen: Set<SchemaNode>, node: SchemaNode): boolean {
  if (seen.has(node)) return false;
  seen.add(node);
  return true;
}

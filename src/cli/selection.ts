// Arguments that name objects: `pods`, `pod web`, `pod/web deploy/api`, `pods,deploy`.
import { StatusError } from '../api/status-error.ts';
import type { Catalog, CatalogEntry } from './catalog.ts';

export interface Selection {
  readonly resource: CatalogEntry;
  /** Empty: all of them. */
  readonly names: readonly string[];
}

/** Throws StatusError BadRequest when names and TYPE/NAME are mixed, NotFound for an unknown type. */
export function parseSelection(words: readonly string[], catalog: Catalog): Selection[] {
  const slashed = words.filter((word) => word.includes('/'));
  if (slashed.length > 0 && slashed.length < words.length) {
    throw new StatusError('BadRequest', `give either TYPE NAME … or TYPE/NAME …, not both: ${words.join(' ')}`);
  }
  if (slashed.length > 0) return merged(words.map((word) => parseSlashed(word, catalog)));
  const [types = '', ...names] = words;
  const resources = types.split(',').flatMap((type) => catalog.resolve(type));
  if (names.length > 0 && resources.length > 1) {
    throw new StatusError('BadRequest', `"${types}" means several types: give one type with names, or use TYPE/NAME`);
  }
  return resources.map((resource) => ({ resource, names }));
}

/** Names of one type that follow each other belong together. */
function merged(selections: readonly Selection[]): Selection[] {
  const result: Selection[] = [];
  for (const selection of selections) {
    const last = result.at(-1);
    if (last?.resource !== selection.resource) result.push(selection);
    else result[result.length - 1] = { ...last, names: [...last.names, ...selection.names] };
  }
  return result;
}

function parseSlashed(word: string, catalog: Catalog): Selection {
  const [type = '', name = '', ...rest] = word.split('/');
  if (name === '' || rest.length > 0) {
    throw new StatusError('BadRequest', `"${word}" should be TYPE/NAME, such as pod/web`);
  }
  return { resource: firstOf(catalog.resolve(type), type), names: [name] };
}

function firstOf(entries: readonly CatalogEntry[], type: string): CatalogEntry {
  const [first, second] = entries;
  if (!first || second) throw new StatusError('BadRequest', `"${type}" means several types: a name needs one`);
  return first;
}

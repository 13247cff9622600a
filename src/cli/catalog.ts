// What the server serves, from its discovery documents: resolves `po`, `pod`, `deployments.apps`, `all` as kubectl does.
import levenshtein from 'fastest-levenshtein';
import { StatusError } from '../api/status-error.ts';
import type { ResourceRef } from '../client/client.ts';
import type { Session } from './session.ts';

export interface CatalogEntry extends ResourceRef {
  readonly kind: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export interface Catalog {
  /** One resource for a name, several for a category. Throws StatusError NotFound with a suggestion. */
  resolve(name: string): readonly CatalogEntry[];
  /** The resource of a manifest. Throws StatusError NotFound. */
  forObject(apiVersion: string, kind: string): CatalogEntry;
}

interface DiscoveredResource {
  readonly resource: string;
  readonly responseKind?: { readonly kind: string };
  readonly scope: 'Namespaced' | 'Cluster';
  readonly singularResource?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly verbs: readonly string[];
}

interface GroupList {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly { readonly version: string; readonly resources: readonly DiscoveredResource[] }[];
  }[];
}

const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Two requests, core and groups. */
export async function loadCatalog(session: Session): Promise<Catalog> {
  const documents = await Promise.all(['/api', '/apis'].map((path) => session.json<GroupList>({ path, accept })));
  return createCatalog(documents.flatMap(entriesOf));
}

function entriesOf(list: GroupList): CatalogEntry[] {
  return list.items.flatMap((group) =>
    group.versions.flatMap(({ version, resources }) =>
      resources.map((resource) => ({
        group: group.metadata.name ?? '',
        version,
        plural: resource.resource,
        kind: resource.responseKind?.kind ?? '',
        singular: resource.singularResource ?? '',
        shortNames: resource.shortNames ?? [],
        categories: resource.categories ?? [],
        namespaced: resource.scope === 'Namespaced',
        verbs: resource.verbs,
      })),
    ),
  );
}

/** Earlier entries win: groups come in the server's order of preference. */
export function createCatalog(entries: readonly CatalogEntry[]): Catalog {
  return {
    resolve(name) {
      const wanted = name.toLowerCase();
      const category = entries.filter((entry) => entry.categories.includes(wanted));
      if (category.length > 0) return category;
      const found = entries.find((entry) => namesOf(entry).includes(wanted));
      if (found) return [found];
      throw unknownResource(name, entries);
    },
    forObject(apiVersion, kind) {
      const found = entries.find((entry) => entry.kind === kind && versionOf(entry) === apiVersion);
      if (found) return found;
      const elsewhere = entries.filter((entry) => entry.kind === kind).map(versionOf);
      const hint =
        elsewhere.length > 0 ? `; the server has ${kind} in ${elsewhere.join(', ')}` : suggest(kind, entries);
      throw new StatusError('NotFound', `the server does not serve kind ${kind} of ${apiVersion}${hint}`);
    },
  };
}

const versionOf = (entry: CatalogEntry) => (entry.group === '' ? entry.version : `${entry.group}/${entry.version}`);

function namesOf(entry: CatalogEntry): string[] {
  const plain = [entry.plural, entry.singular, entry.kind.toLowerCase(), ...entry.shortNames];
  if (entry.group === '') return plain;
  const qualified = [entry.plural, entry.singular].flatMap((name) => [
    `${name}.${entry.group}`,
    `${name}.${entry.version}.${entry.group}`,
  ]);
  return [...plain, ...qualified];
}

function unknownResource(name: string, entries: readonly CatalogEntry[]): StatusError {
  return new StatusError('NotFound', `the server does not serve a resource called "${name}"${suggest(name, entries)}`);
}

function suggest(name: string, entries: readonly CatalogEntry[]): string {
  const known = entries.flatMap((entry) => [entry.plural, entry.singular, entry.kind]);
  const closest = levenshtein.closest(name, known);
  return levenshtein.distance(name, closest) <= 3 ? `; did you mean "${closest}"?` : '';
}

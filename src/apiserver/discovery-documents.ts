// The contents of discovery documents, from rows of kinds. Shapes: meta/v1 and apidiscovery.k8s.io.
import type { KindDefinition } from '../api/kinds.ts';
import { formatApiVersion } from '../api/object.ts';
import type { GroupVersionKind, Subresource } from '../api/subresources.ts';
import { subresourcesOf } from '../api/subresources.ts';

export interface GroupVersions {
  readonly name: string;
  /** In order of preference. */
  readonly versions: readonly VersionKinds[];
}

export interface VersionKinds {
  readonly version: string;
  readonly kinds: readonly KindDefinition[];
}

/** Kinds by group and version, in the order of their rows. */
export function groupsOf(kinds: readonly KindDefinition[]): readonly GroupVersions[] {
  return groupedBy(kinds, ({ group }) => group).map(([name, members]) => ({
    name,
    versions: groupedBy(members, ({ version }) => version).map(([version, rows]) => ({ version, kinds: rows })),
  }));
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly [string, readonly T[]])[] {
  const keys = [...new Set(items.map(keyOf))];
  return keys.map((key) => [key, items.filter((item) => keyOf(item) === key)] as const);
}

/** `APIGroup` without kind and apiVersion. */
export function apiGroup({ name, versions }: GroupVersions): object {
  const all = versions.map(({ version }) => ({ groupVersion: formatApiVersion(name, version), version }));
  return { name, versions: all, preferredVersion: all[0] };
}

/** `APIResourceList` of one group version. Subresources follow their resource. */
export function resourceList(group: string, { version, kinds }: VersionKinds): object {
  const resources = kinds.flatMap((kind) => [
    legacyResource(kind),
    ...subresourcesOf(kind).map((subresource) => legacySubresource(kind, subresource)),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: formatApiVersion(group, version), resources };
}

function legacyResource(kind: KindDefinition): object {
  return {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: kind.verbs,
    ...namesOf(kind),
  };
}

/** Group and version appear only where they differ from those of the list. */
function legacySubresource(owner: KindDefinition, { name, kind, verbs }: Subresource): object {
  const isForeign = kind.group !== owner.group || kind.version !== owner.version;
  return {
    name: `${owner.plural}/${name}`,
    singularName: '',
    namespaced: owner.namespaced,
    ...(isForeign ? { group: kind.group, version: kind.version } : {}),
    kind: kind.kind,
    verbs,
  };
}

const namesOf = ({ shortNames, categories }: KindDefinition): object => ({
  ...(shortNames.length === 0 ? {} : { shortNames }),
  ...(categories.length === 0 ? {} : { categories }),
});

/** `APIGroupDiscoveryList` of some groups. The core group is an item without a name. */
export function aggregatedGroups(groups: readonly GroupVersions[], version: string): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: { ...(name === '' ? {} : { name }), creationTimestamp: null },
      versions: versions.map((each) => ({
        version: each.version,
        resources: each.kinds.map(aggregatedResource),
        freshness: 'Current',
      })),
    })),
  };
}

function aggregatedResource(kind: KindDefinition): object {
  const subresources = subresourcesOf(kind).map((each) => ({
    subresource: each.name,
    responseKind: responseKind(each.kind),
    verbs: each.verbs,
  }));
  return {
    resource: kind.plural,
    responseKind: responseKind(kind),
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...namesOf(kind),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}

const responseKind = ({ group, version, kind }: GroupVersionKind): GroupVersionKind => ({ group, version, kind });

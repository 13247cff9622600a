// The table of kinds: one row each. Registry, discovery, OpenAPI, clients and the command line read it.

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export interface KindDefinition {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  /** Names of subresources: `status`, `scale`, `log`, … */
  readonly subresources: readonly string[];
  /** Name of the definition in schemas/: `io.k8s.api.apps.v1.Deployment`. */
  readonly schema: string;
  /** Where objects are kept, when another version or group shares the storage (`events.k8s.io`). */
  readonly storedAs?: string;
}

const allVerbs: readonly Verb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

type Row = Partial<KindDefinition> & Pick<KindDefinition, 'group' | 'version' | 'kind' | 'plural'>;

const schemaPrefix: Readonly<Record<string, string>> = {
  '': 'io.k8s.api.core',
  apps: 'io.k8s.api.apps',
  'discovery.k8s.io': 'io.k8s.api.discovery',
  'coordination.k8s.io': 'io.k8s.api.coordination',
  'scheduling.k8s.io': 'io.k8s.api.scheduling',
  'events.k8s.io': 'io.k8s.api.events',
  'tepui.dev': 'dev.tepui',
};

const row = (given: Row): KindDefinition => ({
  singular: given.kind.toLowerCase(),
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: allVerbs,
  subresources: [],
  schema: `${schemaPrefix[given.group] ?? given.group}.${given.version}.${given.kind}`,
  ...given,
});

const core = { group: '', version: 'v1' };
const apps = { group: 'apps', version: 'v1' };

export const kinds: readonly KindDefinition[] = [
  row({
    ...core,
    kind: 'Namespace',
    plural: 'namespaces',
    shortNames: ['ns'],
    namespaced: false,
    subresources: ['status', 'finalize'],
    verbs: allVerbs.filter((verb) => verb !== 'deletecollection'),
  }),
  row({ ...core, kind: 'Node', plural: 'nodes', shortNames: ['no'], namespaced: false, subresources: ['status'] }),
  row({
    ...core,
    kind: 'Pod',
    plural: 'pods',
    shortNames: ['po'],
    categories: ['all'],
    subresources: ['status', 'binding', 'eviction', 'log'],
  }),
  row({
    ...core,
    kind: 'Service',
    plural: 'services',
    shortNames: ['svc'],
    categories: ['all'],
    subresources: ['status'],
  }),
  row({ ...core, kind: 'Endpoints', plural: 'endpoints', singular: 'endpoints', shortNames: ['ep'] }),
  row({ ...core, kind: 'ConfigMap', plural: 'configmaps', shortNames: ['cm'] }),
  row({ ...core, kind: 'Secret', plural: 'secrets' }),
  row({ ...core, kind: 'ServiceAccount', plural: 'serviceaccounts', shortNames: ['sa'] }),
  row({ ...core, kind: 'Event', plural: 'events', shortNames: ['ev'] }),
  row({ ...core, kind: 'ResourceQuota', plural: 'resourcequotas', shortNames: ['quota'], subresources: ['status'] }),
  row({
    ...apps,
    kind: 'Deployment',
    plural: 'deployments',
    shortNames: ['deploy'],
    categories: ['all'],
    subresources: ['status', 'scale'],
  }),
  row({
    ...apps,
    kind: 'ReplicaSet',
    plural: 'replicasets',
    shortNames: ['rs'],
    categories: ['all'],
    subresources: ['status', 'scale'],
  }),
  row({ group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice', plural: 'endpointslices' }),
  row({ group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases' }),
  row({
    group: 'scheduling.k8s.io',
    version: 'v1',
    kind: 'PriorityClass',
    plural: 'priorityclasses',
    shortNames: ['pc'],
    namespaced: false,
  }),
  row({
    group: 'events.k8s.io',
    version: 'v1',
    kind: 'Event',
    plural: 'events',
    shortNames: ['ev'],
    storedAs: 'events',
  }),
  row({
    group: 'tepui.dev',
    version: 'v1',
    kind: 'App',
    plural: 'apps',
    categories: ['all'],
    subresources: ['status', 'scale'],
  }),
];

/** Finds a kind by group, version and plural. */
export function kindByResource(group: string, version: string, plural: string): KindDefinition | undefined {
  return kinds.find((kind) => kind.group === group && kind.version === version && kind.plural === plural);
}

/** Finds a kind by what an object says of itself. */
export function kindByName(group: string, version: string, name: string): KindDefinition | undefined {
  return kinds.find((kind) => kind.group === group && kind.version === version && kind.kind === name);
}

/** The storage of a kind: `pods`, `deployments.apps`. */
export function storageOf(kind: KindDefinition): string {
  return kind.storedAs ?? (kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`);
}

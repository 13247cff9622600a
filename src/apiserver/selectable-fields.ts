// Which fields of which resource can be selected on, and their values. The store indexes them (FieldsOf).
import type { ApiObject } from '../api/object.ts';
import type { FieldsOf } from '../store/store.ts';

/** Changes whenever `fieldsOf` means something else (see `StoreOptions`). */
export const fieldsVersion = '1';

const selectable: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.name',
    'involvedObject.namespace',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'type',
    'source',
  ],
  secrets: ['type'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  'replicasets.apps': ['status.replicas'],
  services: ['spec.clusterIP', 'spec.type'],
};

/** Fields whose absence reads as a value, as in Kubernetes. */
const absent: Readonly<Record<string, string>> = {
  'spec.hostNetwork': 'false',
  'spec.unschedulable': 'false',
  'status.replicas': '0',
};

type Getter = (object: ApiObject) => unknown;

const special: Readonly<Record<string, Getter>> = {
  'status.podIPs': (object) => at(object, ['status', 'podIPs', '0', 'ip']),
  source: (object) => at(object, ['source', 'component']) ?? at(object, ['reportingComponent']),
};

const getters = new Map(
  Object.entries(selectable).map(([resource, paths]) => [resource, paths.map((path) => [path, getter(path)] as const)]),
);

/** The values for the store's record of an object. */
export const fieldsOf: FieldsOf = (resource, object) => {
  const fields: Record<string, string> = {
    'metadata.name': object.metadata.name ?? '',
    'metadata.namespace': object.metadata.namespace ?? '',
  };
  for (const [path, get] of getters.get(resource) ?? []) fields[path] = asText(get(object)) ?? absent[path] ?? '';
  return fields;
};

/** Other groups call some fields of a stored object by other names. */
const aliases: Readonly<Record<string, string>> = {
  'regarding.kind': 'involvedObject.kind',
  'regarding.name': 'involvedObject.name',
  'regarding.namespace': 'involvedObject.namespace',
  'regarding.uid': 'involvedObject.uid',
  'regarding.apiVersion': 'involvedObject.apiVersion',
  'regarding.resourceVersion': 'involvedObject.resourceVersion',
  'regarding.fieldPath': 'involvedObject.fieldPath',
  reportingController: 'reportingComponent',
};

/** The names one can select `resource` by. */
export function selectableFields(resource: string): ReadonlySet<string> {
  const other = resource === 'events' ? Object.keys(aliases) : [];
  return new Set(['metadata.name', 'metadata.namespace', ...(selectable[resource] ?? []), ...other]);
}

/** The name under which the store knows a selectable field. */
export function storedField(resource: string, path: string): string {
  return resource === 'events' ? (aliases[path] ?? path) : path;
}

function getter(path: string): Getter {
  const steps = path.split('.');
  return special[path] ?? ((object) => at(object, steps));
}

function at(value: unknown, steps: readonly string[]): unknown {
  let current = value;
  for (const step of steps) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string, unknown>)[step];
  }
  return current;
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

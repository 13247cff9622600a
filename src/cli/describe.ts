// `tepui describe`: an object as a person reads it — identity, what its kind has to say, conditions, events.
import type { ApiObject } from '../api/object.ts';
import type { Event } from '../api/types.gen.ts';
import { StatusError } from '../api/status-error.ts';
import { loadCatalog } from './catalog.ts';
import { describeNode, describeQuota } from './describe/cluster.ts';
import { describeConfigMap, describeSecret } from './describe/configuration.ts';
import type { DescribeKind } from './describe/context.ts';
import { describePod } from './describe/pod.ts';
import { fields, none, pairLines, table, yamlBlock, type Field } from './describe/text.ts';
import { describeApp, describeDeployment, describeReplicaSet } from './describe/workload.ts';
import { formatAge } from './duration.ts';
import { eventsAbout, lastSeen } from './events.ts';
import { relatedTo } from './related.ts';
import { parseSelection, type Selection } from './selection.ts';
import type { Session } from './session.ts';

export interface DescribeOptions {
  readonly selector?: string;
  readonly allNamespaces?: boolean;
}

/** Goes on after an absent name. Returns the number of absent ones. */
export async function describe(session: Session, words: readonly string[], options: DescribeOptions): Promise<number> {
  const missing: StatusError[] = [];
  let shown = 0;
  for (const selection of parseSelection(words, await loadCatalog(session))) {
    for (const object of await fetchAll(session, selection, options, missing)) {
      if (shown++ > 0) session.print('\n');
      const [events, related] = await Promise.all([
        eventsAbout(session.client, object),
        relatedTo(session.client, object),
      ]);
      session.print(describeObject(object, events, Date.now(), related));
    }
  }
  for (const error of missing) session.complain(`error: ${error.message}`);
  if (shown + missing.length === 0) session.complain('No resources found');
  return missing.length;
}

async function fetchAll(
  session: Session,
  { resource, names }: Selection,
  options: DescribeOptions,
  missing: StatusError[],
): Promise<readonly ApiObject[]> {
  const namespace = resource.namespaced && options.allNamespaces !== true ? session.namespace : '';
  if (names.length === 0) {
    const selector = options.selector === undefined ? {} : { labelSelector: options.selector };
    return (await session.client.list(resource, { ...selector, ...(namespace === '' ? {} : { namespace }) })).items;
  }
  const found: ApiObject[] = [];
  for (const name of names) {
    try {
      found.push(await session.client.get({ ...resource, namespace, name }));
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
      missing.push(error);
    }
  }
  return found;
}

const kinds: Readonly<Record<string, DescribeKind>> = {
  App: describeApp,
  ConfigMap: describeConfigMap,
  Deployment: describeDeployment,
  Node: describeNode,
  Pod: describePod,
  ReplicaSet: describeReplicaSet,
  ResourceQuota: describeQuota,
  Secret: describeSecret,
};

/**
 * @param nowMs ages are counted from it
 * @param related as `relatedTo` finds them
 */
export function describeObject(
  object: ApiObject,
  events: readonly Event[],
  nowMs: number,
  related: readonly ApiObject[] = [],
): string {
  const { conditions } = (object['status'] ?? {}) as { conditions?: readonly Record<string, string>[] };
  const { facts, blocks } = (kinds[object.kind] ?? describeAny)(object, { nowMs, related });
  return [
    fields([...identity(object, nowMs), ...facts]),
    ...blocks,
    ...(Array.isArray(conditions) ? [conditionTable(conditions, nowMs)] : []),
    eventTable(events, nowMs),
  ].join('\n');
}

function identity({ apiVersion, kind, metadata }: ApiObject, nowMs: number): Field[] {
  const hidden = (key: string) =>
    key === 'kubectl.kubernetes.io/last-applied-configuration' || isShownElsewhere(kind, key);
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !hidden(key));
  return [
    ['Name', metadata.name],
    ['Namespace', metadata.namespace],
    ['Kind', `${kind} (${apiVersion})`],
    ['Age', formatAge(nowMs - Date.parse(metadata.creationTimestamp ?? ''))],
    ['Labels', pairLines(metadata.labels)],
    ['Annotations', pairLines(Object.fromEntries(annotations))],
    ['Controlled by', metadata.ownerReferences?.map((owner) => `${owner.kind}/${owner.name}`).join(', ')],
    ['Finalizers', metadata.finalizers?.join(', ')],
    ['Deletion', metadata.deletionTimestamp && `requested, due ${metadata.deletionTimestamp}`],
  ];
}

const isShownElsewhere = (kind: string, key: string) =>
  kind === 'Node' && ['tepui.dev/launcher', 'tepui.dev/isolators', 'tepui.dev/degraded'].includes(key);

/** Any other kind: its fields as YAML. */
const describeAny: DescribeKind = (object) => {
  const fieldsOfStatus = Object.entries(object['status'] ?? {}).filter(([field]) => field !== 'conditions');
  const status = Object.fromEntries(fieldsOfStatus);
  const rest = Object.entries(object).filter(
    ([field]) => !['apiVersion', 'kind', 'metadata', 'status'].includes(field),
  );
  const title = (field: string) => `${field.slice(0, 1).toUpperCase()}${field.slice(1)}`;
  return {
    facts: [],
    blocks: [
      ...rest.map(([field, value]) => yamlBlock(title(field), value)),
      ...(Object.keys(status).length === 0 ? [] : [yamlBlock('Status', status)]),
    ],
  };
};

function conditionTable(conditions: readonly Record<string, string>[], nowMs: number): string {
  const rows = conditions.map((condition) => [
    condition['type'] ?? '',
    condition['status'] ?? '',
    formatAge(nowMs - Date.parse(condition['lastTransitionTime'] ?? '')),
    condition['reason'] ?? '',
    condition['message'] ?? '',
  ]);
  return table('Conditions', ['TYPE', 'STATUS', 'SINCE', 'REASON', 'MESSAGE'], rows);
}

function eventTable(events: readonly Event[], nowMs: number): string {
  const rows = events.map((event) => [
    formatAge(nowMs - Date.parse(lastSeen(event))),
    String(event.count ?? 1),
    event.type ?? '',
    event.reason ?? '',
    event.message ?? none,
  ]);
  return table('Events', ['LAST SEEN', 'COUNT', 'TYPE', 'REASON', 'MESSAGE'], rows);
}

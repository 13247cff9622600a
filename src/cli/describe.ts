// `tepui describe`: an object as a person reads it — identity, desired and observed state, conditions, events.
import { stringify } from 'yaml';
import type { ApiObject } from '../api/object.ts';
import type { Event } from '../api/types.gen.ts';
import { loadCatalog } from './catalog.ts';
import { eventsAbout, lastSeen } from './events.ts';
import { parseSelection, type Selection } from './selection.ts';
import type { Session } from './session.ts';
import { alignColumns } from './table.ts';

export async function describe(session: Session, words: readonly string[]): Promise<void> {
  const objects: ApiObject[] = [];
  for (const selection of parseSelection(words, await loadCatalog(session))) {
    objects.push(...(await fetchAll(session, selection)));
  }
  if (objects.length === 0) session.complain('No resources found');
  for (const [index, object] of objects.entries()) {
    if (index > 0) session.print('\n');
    session.print(describeObject(object, await eventsAbout(session.client, object), Date.now()));
  }
}

async function fetchAll(session: Session, { resource, names }: Selection): Promise<readonly ApiObject[]> {
  const namespace = resource.namespaced ? session.namespace : '';
  const identity = {
    apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`,
    kind: resource.kind,
  };
  if (names.length > 0) return Promise.all(names.map((name) => session.client.get({ ...resource, namespace, name })));
  const list = await session.client.list(resource, namespace === '' ? {} : { namespace });
  return list.items.map((item) => ({ ...item, ...identity }));
}

/** @param nowMs ages are counted from it */
export function describeObject(object: ApiObject, events: readonly Event[], nowMs: number): string {
  const { metadata } = object;
  const { conditions, ...status } = (object['status'] ?? {}) as Record<string, unknown>;
  const rest = Object.entries(object).filter(
    ([field]) => !['apiVersion', 'kind', 'metadata', 'status'].includes(field),
  );
  const head = [
    ['Name:', metadata.name ?? ''],
    ...(metadata.namespace === undefined ? [] : [['Namespace:', metadata.namespace]]),
    ['Kind:', `${object.kind} (${object.apiVersion})`],
    ['Age:', formatAge(nowMs - Date.parse(metadata.creationTimestamp ?? ''))],
    ['Labels:', pairs(metadata.labels)],
    ['Annotations:', pairs(metadata.annotations)],
    ...(metadata.ownerReferences ?? []).map((owner) => ['Controlled by:', `${owner.kind}/${owner.name}`]),
    ...(metadata.deletionTimestamp === undefined
      ? []
      : [['Deletion:', `requested, due ${metadata.deletionTimestamp}`]]),
  ];
  return [
    alignColumns(head),
    ...rest.map(([field, value]) => section(field, hidden(object, field) ? '(not shown)' : value)),
    ...(Object.keys(status).length === 0 ? [] : [section('status', status)]),
    ...(Array.isArray(conditions) ? [conditionTable(conditions as Record<string, string>[], nowMs)] : []),
    eventTable(events, nowMs),
  ].join('\n');
}

/** Secrets are never printed. */
const hidden = (object: ApiObject, field: string) => object.kind === 'Secret' && field === 'data';

const pairs = (map: Readonly<Record<string, string>> = {}) =>
  Object.entries(map)
    .filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration')
    .map(([key, value]) => `${key}=${value}`)
    .join(', ') || '<none>';

function section(title: string, value: unknown): string {
  const heading = `${title.slice(0, 1).toUpperCase()}${title.slice(1)}:`;
  if (typeof value !== 'object' || value === null)
    return `${heading} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  return `${heading}\n${indent(stringify(value).trimEnd())}`;
}

function conditionTable(conditions: readonly Record<string, string>[], nowMs: number): string {
  const rows = conditions.map((condition) => [
    condition['type'] ?? '',
    condition['status'] ?? '',
    formatAge(nowMs - Date.parse(condition['lastTransitionTime'] ?? '')),
    condition['reason'] ?? '',
    condition['message'] ?? '',
  ]);
  return `Conditions:\n${indent(alignColumns([['TYPE', 'STATUS', 'SINCE', 'REASON', 'MESSAGE'], ...rows]))}`;
}

function eventTable(events: readonly Event[], nowMs: number): string {
  if (events.length === 0) return 'Events: <none>';
  const rows = events.map((event) => [
    formatAge(nowMs - Date.parse(lastSeen(event))),
    String(event.count ?? 1),
    event.type ?? '',
    event.reason ?? '',
    event.message ?? '',
  ]);
  return `Events:\n${indent(alignColumns([['LAST SEEN', 'COUNT', 'TYPE', 'REASON', 'MESSAGE'], ...rows]))}`;
}

const indent = (text: string) => text.replace(/^/gm, '  ');

/** `5s`, `3m`, `2h`, `4d`; empty when unknown. */
function formatAge(ms: number): string {
  if (Number.isNaN(ms)) return '';
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${String(seconds)}s`;
  if (seconds < 7200) return `${String(Math.floor(seconds / 60))}m`;
  if (seconds < 172_800) return `${String(Math.floor(seconds / 3600))}h`;
  return `${String(Math.floor(seconds / 86_400))}d`;
}

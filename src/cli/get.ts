// `tepui get`: tables as the server renders them, or whole objects as YAML, JSON or names.
import { stringify } from 'yaml';
import type { ApiObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import { collectionPath, objectPath } from '../client/paths.ts';
import { loadCatalog } from './catalog.ts';
import { parseSelection, type Selection } from './selection.ts';
import type { Session } from './session.ts';
import { renderTable, type Table } from './table.ts';

export interface GetOptions {
  readonly output?: string;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly allNamespaces?: boolean;
}

const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const outputs = ['wide', 'yaml', 'json', 'name'];

export async function get(session: Session, words: readonly string[], options: GetOptions): Promise<void> {
  if (options.output !== undefined && !outputs.includes(options.output)) {
    throw new StatusError('BadRequest', `unknown output "${options.output}": expected one of ${outputs.join(', ')}`);
  }
  const selections = parseSelection(words, await loadCatalog(session));
  const asTable = options.output === undefined || options.output === 'wide';
  await (asTable ? printTables(session, selections, options) : printObjects(session, selections, options));
}

async function printTables(session: Session, selections: readonly Selection[], options: GetOptions): Promise<void> {
  const several = selections.length > 1;
  let printed = 0;
  for (const selection of selections) {
    const table = await fetchTable(session, selection, options);
    if (table.rows.length === 0) continue;
    if (printed++ > 0) session.print('');
    const { plural, group, singular } = selection.resource;
    const text = renderTable(table, {
      wide: options.output === 'wide',
      withNamespace: options.allNamespaces === true && selection.resource.namespaced,
      ...(several ? { prefix: group === '' ? singular || plural : `${singular || plural}.${group}` } : {}),
    });
    session.print(text);
  }
  if (printed === 0) session.complain(nothingFound(session, selections, options));
}

function nothingFound(session: Session, selections: readonly Selection[], options: GetOptions): string {
  const everywhere = options.allNamespaces === true || selections.every((selection) => !selection.resource.namespaced);
  return everywhere ? 'No resources found' : `No resources found in namespace ${session.namespace}.`;
}

/** Several names become one table. */
async function fetchTable(session: Session, selection: Selection, options: GetOptions): Promise<Table> {
  const tables: Table[] = [];
  for (const path of pathsOf(session, selection, options)) {
    tables.push(await session.json<Table>({ path, query: queryOf(options), accept: tableAccept }));
  }
  return { columnDefinitions: tables[0]?.columnDefinitions ?? [], rows: tables.flatMap((table) => table.rows) };
}

function pathsOf(session: Session, { resource, names }: Selection, options: GetOptions): string[] {
  const namespace = !resource.namespaced || options.allNamespaces === true ? '' : session.namespace;
  if (names.length === 0) return [collectionPath(resource, namespace)];
  return names.map((name) => objectPath({ ...resource, namespace, name }));
}

function queryOf(options: GetOptions): Record<string, string> {
  return {
    ...(options.selector === undefined ? {} : { labelSelector: options.selector }),
    ...(options.fieldSelector === undefined ? {} : { fieldSelector: options.fieldSelector }),
  };
}

async function printObjects(session: Session, selections: readonly Selection[], options: GetOptions): Promise<void> {
  const objects: ApiObject[] = [];
  for (const selection of selections) objects.push(...(await fetchObjects(session, selection, options)));
  if (options.output === 'name') {
    for (const object of objects) session.print(nameOf(object));
    return;
  }
  const single = objects.length === 1 && selections[0]?.names.length === 1;
  const document = single ? objects[0] : { apiVersion: 'v1', kind: 'List', metadata: {}, items: objects };
  session.print(options.output === 'json' ? JSON.stringify(document, undefined, 4) : stringify(document).trimEnd());
}

async function fetchObjects(session: Session, selection: Selection, options: GetOptions): Promise<ApiObject[]> {
  const found: ApiObject[] = [];
  const { group, version, kind } = selection.resource;
  const identity = { apiVersion: group === '' ? version : `${group}/${version}`, kind };
  for (const path of pathsOf(session, selection, options)) {
    const answer = await session.json<ApiObject & { items?: ApiObject[] }>({ path, query: queryOf(options) });
    found.push(...(answer.items ?? [answer]).map((object) => withoutManagedFields({ ...identity, ...object })));
  }
  return found;
}

function withoutManagedFields(object: ApiObject): ApiObject {
  const entries = Object.entries(object.metadata).filter(([field]) => field !== 'managedFields');
  return { ...object, metadata: Object.fromEntries(entries) };
}

/** `deployment.apps/web`, as kubectl prints names. */
export function nameOf(object: ApiObject): string {
  const slash = object.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${object.apiVersion.slice(0, slash)}`;
  return `${object.kind.toLowerCase()}${group}/${object.metadata.name ?? ''}`;
}

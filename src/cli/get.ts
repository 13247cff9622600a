// `tepui get`: tables as the server renders them, or whole objects as YAML, JSON or names.
import type { ApiObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import { collectionPath, objectPath } from '../client/paths.ts';
import { loadCatalog } from './catalog.ts';
import {
  asPrinted,
  formatDocument,
  isTable,
  namespaceOf,
  queryOf,
  tableAccept,
  tableOptions,
  type GetOptions,
} from './get-request.ts';
import { watchSelection } from './get-watch.ts';
import { nameOf } from './object-name.ts';
import { parseSelection, type Selection } from './selection.ts';
import type { Session } from './session.ts';
import { renderTable, type Table } from './table.ts';

const outputs = ['wide', 'yaml', 'json', 'name'];

/** Shows what there is and goes on after an absent name. Returns the number of absent ones. */
export async function get(session: Session, words: readonly string[], options: GetOptions): Promise<number> {
  if (options.output !== undefined && !outputs.includes(options.output)) {
    throw new StatusError('BadRequest', `unknown output "${options.output}": expected one of ${outputs.join(', ')}`);
  }
  const selections = parseSelection(words, await loadCatalog(session));
  refuseContradictions(selections, options);
  if (options.watch === true) {
    await watchSelection(session, selections, options);
    return 0;
  }
  const missing: StatusError[] = [];
  await (isTable(options)
    ? printTables(session, selections, options, missing)
    : printObjects(session, selections, options, missing));
  if (options.ignoreNotFound === true) return 0;
  for (const error of missing) session.complain(`error: ${error.message}`);
  return missing.length;
}

function refuseContradictions(selections: readonly Selection[], options: GetOptions): void {
  if (selections.every(({ names }) => names.length === 0)) return;
  if (options.allNamespaces === true && selections.some(({ resource }) => resource.namespaced)) {
    throw new StatusError('BadRequest', 'a name means one object in one namespace: drop --all-namespaces or the name');
  }
  if (options.selector !== undefined || options.fieldSelector !== undefined) {
    throw new StatusError('BadRequest', 'give either names or a selector, not both');
  }
}

type Missing = StatusError[];

async function printTables(
  session: Session,
  selections: readonly Selection[],
  options: GetOptions,
  missing: Missing,
): Promise<void> {
  let printed = 0;
  for (const selection of selections) {
    const table = await fetchTable(session, selection, options, missing);
    if (table.rows.length === 0) continue;
    if (printed++ > 0) session.print('');
    session.print(renderTable(table, tableOptions(selection, options, selections.length > 1)));
  }
  if (printed === 0 && missing.length === 0) session.complain(nothingFound(session, selections, options));
}

function nothingFound(session: Session, selections: readonly Selection[], options: GetOptions): string {
  const everywhere = options.allNamespaces === true || selections.every((selection) => !selection.resource.namespaced);
  return everywhere ? 'No resources found' : `No resources found in namespace ${session.namespace}.`;
}

/** Several names become one table. */
async function fetchTable(
  session: Session,
  selection: Selection,
  options: GetOptions,
  missing: Missing,
): Promise<Table> {
  const tables: Table[] = [];
  for (const path of pathsOf(session, selection, options)) {
    const call = { path, query: queryOf(options), accept: tableAccept };
    const table = await unlessMissing(session.json<Table>(call), missing);
    if (table) tables.push(table);
  }
  return { columnDefinitions: tables[0]?.columnDefinitions ?? [], rows: tables.flatMap((table) => table.rows) };
}

async function unlessMissing<T>(answer: Promise<T>, missing: Missing): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
    missing.push(error);
    return undefined;
  }
}

function pathsOf(session: Session, selection: Selection, options: GetOptions): string[] {
  const { resource, names } = selection;
  const namespace = namespaceOf(session, selection, options);
  if (names.length === 0) return [collectionPath(resource, namespace)];
  return names.map((name) => objectPath({ ...resource, namespace, name }));
}

async function printObjects(
  session: Session,
  selections: readonly Selection[],
  options: GetOptions,
  missing: Missing,
): Promise<void> {
  const objects: ApiObject[] = [];
  for (const selection of selections) objects.push(...(await fetchObjects(session, selection, options, missing)));
  if (options.output === 'name') {
    for (const object of objects) session.print(nameOf(object));
    return;
  }
  const isSingle = selections.length === 1 && selections[0]?.names.length === 1;
  if (isSingle && objects.length === 0) return;
  const list = { apiVersion: 'v1', kind: 'List', metadata: {}, items: objects };
  session.print(formatDocument(isSingle ? objects[0] : list, options.output));
}

async function fetchObjects(
  session: Session,
  selection: Selection,
  options: GetOptions,
  missing: Missing,
): Promise<ApiObject[]> {
  const found: ApiObject[] = [];
  for (const path of pathsOf(session, selection, options)) {
    const call = { path, query: queryOf(options) };
    const answer = await unlessMissing(session.json<ApiObject & { items?: ApiObject[] }>(call), missing);
    if (answer) found.push(...(answer.items ?? [answer]).map((object) => asPrinted(object, selection)));
  }
  return found;
}

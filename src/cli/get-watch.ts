// `tepui get --watch`: what there is, then a line for each change until it is interrupted.
import type { ApiObject } from '../api/object.ts';
import { notFound, StatusError, type Status } from '../api/status-error.ts';
import { collectionPath } from '../client/paths.ts';
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
import { nameOf } from './object-name.ts';
import type { Selection } from './selection.ts';
import type { Session } from './session.ts';
import { alignColumns, rowsOf, type Table } from './table.ts';

interface Versioned {
  readonly metadata?: { readonly resourceVersion?: string };
}
type WatchedTable = Table & Versioned;
type TableChange = Pick<Table, 'rows'> & Versioned & { readonly columnDefinitions: Table['columnDefinitions'] | null };

/** Throws StatusError BadRequest unless it is one type, at most one name. Runs until the session's signal. */
export async function watchSelection(
  session: Session,
  selections: readonly Selection[],
  options: GetOptions,
): Promise<void> {
  const [selection] = selections;
  if (!selection || selections.length > 1 || selection.names.length > 1) {
    throw new StatusError('BadRequest', 'a watch shows one type, and at most one name of it');
  }
  await (isTable(options) ? watchTable : watchObjects)(session, selection, options);
}

async function watchTable(session: Session, selection: Selection, options: GetOptions): Promise<void> {
  const shown = tableOptions(selection, options, false);
  const widths: number[] = [];
  const first = await session.json<WatchedTable>(callFor(session, selection, options));
  if (first.rows.length === 0) refuseAbsent(selection);
  else session.print(alignColumns(rowsOf(first, shown), widths));
  let { columnDefinitions } = first;
  let hasHeader = first.rows.length > 0;
  for await (const table of changes<TableChange>(session, selection, options, first)) {
    // Column definitions come with the first change only.
    columnDefinitions = table.columnDefinitions ?? columnDefinitions;
    const rows = rowsOf(
      { ...table, columnDefinitions },
      { ...shown, withoutHeader: hasHeader || options.headers === false },
    );
    hasHeader = true;
    session.print(alignColumns(rows, widths));
  }
}

async function watchObjects(session: Session, selection: Selection, options: GetOptions): Promise<void> {
  const first = await session.json<Versioned & { items: ApiObject[] }>(callFor(session, selection, options));
  if (first.items.length === 0) refuseAbsent(selection);
  const print = (object: ApiObject) => {
    const whole = asPrinted(object, selection);
    if (options.output === 'name') session.print(nameOf(whole));
    else session.print(`${options.output === 'yaml' ? '---\n' : ''}${formatDocument(whole, options.output)}`);
  };
  first.items.forEach(print);
  for await (const object of changes<ApiObject>(session, selection, options, first)) print(object);
}

function refuseAbsent({ resource, names }: Selection): void {
  if (names[0] !== undefined) throw notFound(resource, names[0]);
}

function callFor(session: Session, selection: Selection, options: GetOptions, more: Record<string, string> = {}) {
  const [name] = selection.names;
  const query = {
    ...queryOf(options),
    ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }),
    ...more,
  };
  const path = collectionPath(selection.resource, namespaceOf(session, selection, options));
  return { path, query, ...(isTable(options) ? { accept: tableAccept } : {}) };
}

/** What the watch reports, in order. The server ends a watch now and then: it goes on where it was. */
async function* changes<T extends TableChange | ApiObject>(
  session: Session,
  selection: Selection,
  options: GetOptions,
  since: Versioned,
): AsyncGenerator<T> {
  let resourceVersion = since.metadata?.resourceVersion ?? '0';
  while (!session.signal.aborted) {
    const more = { watch: 'true', allowWatchBookmarks: 'true', resourceVersion };
    for await (const line of session.lines(callFor(session, selection, options, more))) {
      const event = JSON.parse(line) as { readonly type: string; readonly object: T };
      if (event.type === 'ERROR') throw StatusError.fromStatus(event.object as unknown as Partial<Status>, 500);
      resourceVersion = versionOf(event.object) ?? resourceVersion;
      if (event.type !== 'BOOKMARK') yield event.object;
    }
  }
}

function versionOf(object: TableChange | ApiObject): string | undefined {
  const { rows } = object as Partial<TableChange>;
  return rows?.at(-1)?.object?.metadata?.resourceVersion ?? object.metadata?.resourceVersion;
}

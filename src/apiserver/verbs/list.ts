// GET of a collection, whole or page by page. All pages of one list show the same revision.
import type { ApiResponse } from '../../api/request.ts';
import { StatusError } from '../../api/status-error.ts';
import type { StoredObject } from '../../store/store.ts';
import { chunked, createPacer } from '../chunks.ts';
import { decodeContinue, encodeContinue, expiredContinue } from '../continue-token.ts';
import type { ContinueToken } from '../continue-token.ts';
import { checkNotFuture, readListOptions } from '../list-options.ts';
import type { ListOptions } from '../list-options.ts';
import { negotiate } from '../negotiation.ts';
import { createRenderer } from '../rendering.ts';
import type { ListMetadata, Renderer } from '../rendering.ts';
import { finishResponse, respondBytes } from '../respond.ts';
import { readSelection } from '../selection.ts';
import type { Selection } from '../selection.ts';
import type { Call } from '../server-parts.ts';

/** Everything that a list will show, and where in it this page begins. */
interface Source {
  readonly revision: number;
  readonly items: readonly StoredObject[];
  readonly start: number;
  /** Name of the snapshot these items come from; empty when they are not kept. */
  readonly snapshot: string;
}

interface Page {
  readonly items: readonly StoredObject[];
  /** Index behind the last item that was looked at. */
  readonly end: number;
}

export async function list(call: Call): Promise<ApiResponse> {
  const { deps } = call.parts;
  const { query, headers } = call.request;
  const negotiated = negotiate(headers['accept'], query);
  const options = readListOptions(query, 'list');
  const selection = readSelection(call.info.resource.storage, options);
  const source = open(call, options, selection);
  const pace = createPacer(() => deps.clock.monotonicMs());
  const page = await takePage(source, selection, options.limit, pace);
  const metadata = describePage(call, options, selection, source, page);
  const renderer = createRenderer(call.info.resource, negotiated, deps.clock.now());
  return finishResponse(respondBytes(200, encodeList(renderer, metadata, page.items, pace)), negotiated, call.warnings);
}

function open(call: Call, options: ListOptions, selection: Selection): Source {
  if (options.continueToken !== '') return resume(call, decodeContinue(options.continueToken), selection);
  const { revision } = call.parts.deps.store;
  checkNotFuture(options.resourceVersion, revision);
  if (options.match === 'Exact' && options.resourceVersion !== revision) {
    throw new StatusError(
      'Expired',
      `The provided resource version ${options.resourceVersion ?? 0} is no longer available for an exact list; ` +
        `the current one is ${revision}`,
    );
  }
  return { revision, items: readAll(call, selection), start: 0, snapshot: '' };
}

function resume(call: Call, token: ContinueToken, selection: Selection): Source {
  if (token.revision === 0) {
    const items = readAll(call, selection);
    return { revision: call.parts.deps.store.revision, items, start: startAfter(items, token), snapshot: '' };
  }
  const snapshot = call.parts.snapshots.find(token.snapshot);
  if (snapshot === undefined) throw expiredContinue(token);
  if (snapshot.query !== queryOf(call)) {
    throw new StatusError('BadRequest', 'continue key is not valid: it belongs to a list with other parameters');
  }
  const { revision, items } = snapshot;
  return { revision, items, start: startAfter(items, token), snapshot: token.snapshot };
}

function readAll(call: Call, selection: Selection): readonly StoredObject[] {
  const { resource, namespace } = call.info;
  return call.parts.deps.store.list({
    resource: resource.storage,
    ...(namespace === '' ? {} : { namespace }),
    ...selection.indexed,
  });
}

/** Binary search: items are in order of namespace, then name. */
function startAfter(items: readonly StoredObject[], token: ContinueToken): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = items[middle]?.key;
    const before =
      key && (key.namespace < token.namespace || (key.namespace === token.namespace && key.name <= token.name));
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function takePage(
  source: Source,
  selection: Selection,
  limit: number,
  pace: () => Promise<void> | undefined,
): Promise<Page> {
  const { items, start } = source;
  const wanted = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  if (selection.everything) {
    const end = Math.min(items.length, start + wanted);
    return { items: items.slice(start, end), end };
  }
  const taken: StoredObject[] = [];
  let end = start;
  for (; end < items.length && taken.length < wanted; end++) {
    const item = items[end];
    if (item && selection.matches(item)) taken.push(item);
    const wait = end % 256 === 255 ? pace() : undefined;
    if (wait) await wait;
  }
  return { items: taken, end };
}

function describePage(
  call: Call,
  options: ListOptions,
  selection: Selection,
  source: Source,
  page: Page,
): ListMetadata {
  const resourceVersion = String(source.revision);
  const remaining = source.items.length - page.end;
  const last = source.items[page.end - 1];
  if (options.limit === 0 || remaining <= 0 || last === undefined) return { resourceVersion };
  const snapshot =
    source.snapshot === ''
      ? call.parts.snapshots.keep({ revision: source.revision, items: source.items, query: queryOf(call) })
      : source.snapshot;
  const { namespace, name } = last.key;
  const token = encodeContinue({ revision: source.revision, namespace, name, snapshot });
  return { resourceVersion, continue: token, ...(selection.everything ? { remainingItemCount: remaining } : {}) };
}

function queryOf(call: Call): string {
  const { query } = call.request;
  const selectors = [query.get('labelSelector') ?? '', query.get('fieldSelector') ?? ''];
  return JSON.stringify([call.info.resource.storage, call.info.namespace, ...selectors]);
}

const comma = Buffer.from(',');

async function* encodeList(
  renderer: Renderer,
  metadata: ListMetadata,
  items: readonly StoredObject[],
  pace: () => Promise<void> | undefined,
): AsyncGenerator<Uint8Array> {
  yield renderer.listHead(metadata);
  let first = true;
  yield* chunked(
    items,
    (item) => {
      const piece = renderer.listItem(item);
      if (!first) return [comma, piece];
      first = false;
      return [piece];
    },
    pace,
  );
  yield renderer.listTail;
}

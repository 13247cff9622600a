// DELETE of a collection: everything that the selectors choose, a chunk per transaction.
import type { ApiResponse } from '../../api/request.ts';
import type { StoredObject } from '../../store/store.ts';
import { readDeleteOptions } from '../delete-options.ts';
import type { DeleteOptions } from '../delete-options.ts';
import { deleteObject } from '../delete-object.ts';
import { readListOptions } from '../list-options.ts';
import { negotiate } from '../negotiation.ts';
import { createRenderer } from '../rendering.ts';
import { finishResponse, respondBytes } from '../respond.ts';
import { readSelection } from '../selection.ts';
import type { Call } from '../server-parts.ts';
import { runTransaction } from '../transaction.ts';
import { createWriteContext } from '../write-context.ts';

/** Small enough that one transaction does not hold the loop. */
const objectsAtOnce = 50;

/** Answers with the list of what was chosen. Objects that go away meanwhile are passed over. */
export async function deleteCollection(call: Call): Promise<ApiResponse> {
  const { parts, request, info } = call;
  const { store, decodeProtobuf, clock } = parts.deps;
  const negotiated = negotiate(request.headers['accept'], request.query);
  const listOptions = readListOptions(request.query, 'list');
  const options = readDeleteOptions(request, decodeProtobuf);
  const selection = readSelection(info.resource.storage, listOptions);
  const scope = info.namespace === '' ? {} : { namespace: info.namespace };
  const chosen = store
    .list({ resource: info.resource.storage, ...scope, ...selection.indexed })
    .filter((stored) => selection.matches(stored));
  for (let start = 0; start < chosen.length; start += objectsAtOnce) {
    await deleteChunk(call, options, chosen.slice(start, start + objectsAtOnce));
  }
  const renderer = createRenderer(info.resource, negotiated, clock.now());
  const head = renderer.listHead({ resourceVersion: String(store.revision) });
  const items = chosen.flatMap((stored, index) => [
    ...(index === 0 ? [] : [Buffer.from(',')]),
    renderer.listItem(stored),
  ]);
  const body = Buffer.concat([head, ...items, renderer.listTail]);
  return finishResponse(respondBytes(200, body), negotiated, call.warnings);
}

async function deleteChunk(call: Call, options: DeleteOptions, chunk: readonly StoredObject[]): Promise<void> {
  await runTransaction(call.parts.deps.store, options.dryRun, (draft) => {
    for (const { key, uid } of chunk) {
      const live = draft.get(key);
      const context = { ...createWriteContext(call, draft, options.dryRun), namespace: key.namespace };
      if (live?.uid === uid) deleteObject(call.info.resource, context, options, live);
    }
  });
}

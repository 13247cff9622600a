// GET of one object.
import type { ApiResponse } from '../../api/request.ts';
import { checkNotFuture, readResourceVersion } from '../list-options.ts';
import { negotiate } from '../negotiation.ts';
import { createRenderer } from '../rendering.ts';
import { finishResponse, respondBytes } from '../respond.ts';
import { requireStored } from '../server-parts.ts';
import type { Call } from '../server-parts.ts';

/** Always the newest state; `resourceVersion` asks for "not older than", which is then met or too new. */
export async function get(call: Call): Promise<ApiResponse> {
  const { deps } = call.parts;
  const { query, headers } = call.request;
  const negotiated = negotiate(headers['accept'], query);
  checkNotFuture(readResourceVersion(query.get('resourceVersion')), deps.store.revision);
  const stored = requireStored(deps.store, call.info);
  const renderer = createRenderer(call.info.resource, negotiated, deps.clock.now());
  return finishResponse(respondBytes(200, renderer.single(stored)), negotiated, call.warnings);
}

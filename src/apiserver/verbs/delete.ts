// DELETE of one object.
import type { ApiResponse } from '../../api/request.ts';
import { readDeleteOptions } from '../delete-options.ts';
import { deleteObject } from '../delete-object.ts';
import { negotiate } from '../negotiation.ts';
import { createRenderer } from '../rendering.ts';
import { finishResponse, respondBytes, respondSuccess } from '../respond.ts';
import { requireStored } from '../server-parts.ts';
import type { Call } from '../server-parts.ts';
import { runTransaction } from '../transaction.ts';
import { createWriteContext } from '../write-context.ts';

/** 200 with `status: Success` when the object is gone, with the object while something still holds it. */
export async function deleteOne(call: Call): Promise<ApiResponse> {
  const { parts, request, info } = call;
  const negotiated = negotiate(request.headers['accept'], request.query);
  const options = readDeleteOptions(request, parts.deps.decodeProtobuf);
  const { stored, gone } = await runTransaction(parts.deps.store, options.dryRun, (draft) =>
    deleteObject(info.resource, createWriteContext(call, draft, options.dryRun), options, requireStored(draft, info)),
  );
  if (!gone) {
    const renderer = createRenderer(info.resource, negotiated, parts.deps.clock.now());
    return finishResponse(respondBytes(200, renderer.single(stored)), negotiated, call.warnings);
  }
  const { group, plural } = info.resource.definition;
  const details = { name: stored.key.name, ...(group === '' ? {} : { group }), kind: plural, uid: stored.uid };
  return finishResponse(respondSuccess(200, details), negotiated, call.warnings);
}

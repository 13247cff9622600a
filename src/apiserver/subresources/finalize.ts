// PUT namespaces/NAME/finalize: the last step of a namespace's life. Only spec.finalizers counts.
import type { ApiResponse } from '../../api/request.ts';
import { readBody } from '../body.ts';
import { decodeObject } from '../decode-object.ts';
import { listAt, withSpec } from '../json-path.ts';
import { negotiate } from '../negotiation.ts';
import { createRenderer } from '../rendering.ts';
import { finishResponse, respondBytes } from '../respond.ts';
import { requireStored } from '../server-parts.ts';
import type { Call } from '../server-parts.ts';
import { modified } from '../update-object.ts';
import { putObject, removeObject, runTransaction } from '../transaction.ts';
import { createWriteContext } from '../write-context.ts';
import { readWriteOptions } from '../write-options.ts';

/** With no finalizer left, in spec and metadata, a deleted namespace is gone. */
export async function finalize(call: Call): Promise<ApiResponse> {
  const { deps } = call.parts;
  const { headers, query } = call.request;
  const negotiated = negotiate(headers['accept'], query);
  const options = readWriteOptions(call.request, 'UpdateOptions');
  const given = decodeObject(readBody(call.request, deps.decodeProtobuf).value, call.info.resource.definition);
  const stored = await runTransaction(deps.store, options.dryRun, (draft) => {
    const context = createWriteContext(call, draft, options.dryRun);
    const live = requireStored(draft, call.info);
    const { resourceVersion = '' } = given.metadata;
    if (resourceVersion !== '' && resourceVersion !== String(live.revision)) {
      throw modified(call.info.resource, call.info.name);
    }
    const finalizers = listAt(given, 'spec', 'finalizers');
    const next = withSpec(live.object(), { finalizers });
    const written = putObject(context, live.key, next, live.object());
    const { deletionTimestamp, finalizers: others = [] } = next.metadata;
    const isHeld = deletionTimestamp === undefined || finalizers.length > 0 || others.length > 0;
    return isHeld ? written : removeObject(context, live.key, next);
  });
  const renderer = createRenderer(call.info.resource, negotiated, deps.clock.now());
  return finishResponse(respondBytes(200, renderer.single(stored)), negotiated, call.warnings);
}

// POST pods/NAME/eviction: `kubectl drain`. There are no disruption budgets yet, so it deletes.
import type { ApiResponse } from '../../api/request.ts';
import { StatusError } from '../../api/status-error.ts';
import { readBody } from '../body.ts';
import { readDeleteOptions } from '../delete-options.ts';
import { deleteObject } from '../delete-object.ts';
import { encodeJson, respondSuccess } from '../respond.ts';
import { isRecord } from '../json-path.ts';
import { requireStored } from '../server-parts.ts';
import type { Call } from '../server-parts.ts';
import { runTransaction } from '../transaction.ts';
import { createWriteContext } from '../write-context.ts';

export async function evict(call: Call): Promise<ApiResponse> {
  const { deps } = call.parts;
  const { value } = readBody(call.request, deps.decodeProtobuf);
  if (!isRecord(value)) throw new StatusError('BadRequest', 'the body must be an object of kind Eviction');
  const asked = { ...call.request, headers: {}, body: encodeJson(value['deleteOptions'] ?? {}) };
  const options = readDeleteOptions(asked, deps.decodeProtobuf);
  await runTransaction(deps.store, options.dryRun, (draft) => {
    const context = createWriteContext(call, draft, options.dryRun);
    deleteObject(call.info.resource, context, options, requireStored(draft, call.info));
  });
  return respondSuccess(201);
}

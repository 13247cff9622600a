// POST to a collection.
import type { ApiResponse } from '../../api/request.ts';
import { StatusError } from '../../api/status-error.ts';
import { readBody } from '../body.ts';
import { createObject } from '../create-object.ts';
import { decodeObject } from '../decode-object.ts';
import { negotiate } from '../negotiation.ts';
import { createRenderer } from '../rendering.ts';
import { finishResponse, respondBytes } from '../respond.ts';
import type { Call } from '../server-parts.ts';
import { runTransaction } from '../transaction.ts';
import { createWriteContext } from '../write-context.ts';
import { readWriteOptions } from '../write-options.ts';
import { shown } from '../written.ts';

export async function create(call: Call): Promise<ApiResponse> {
  const { parts, request, info } = call;
  const negotiated = negotiate(request.headers['accept'], request.query);
  const options = readWriteOptions(request, 'CreateOptions');
  const body = readBody(request, parts.deps.decodeProtobuf);
  const object = decodeObject(body.value, info.resource.definition);
  checkPlace(call, object.metadata.namespace);
  const given = { object, duplicates: body.duplicates };
  const stored = await runTransaction(parts.deps.store, options.dryRun, (draft) =>
    createObject(call, createWriteContext(call, draft, options.dryRun), options, given),
  );
  const renderer = createRenderer(info.resource, negotiated, parts.deps.clock.now());
  return finishResponse(
    respondBytes(201, renderer.single(options.dryRun ? shown(stored, '') : stored)),
    negotiated,
    call.warnings,
  );
}

/** A namespaced object is made in the namespace of the path; the body may leave it out but not contradict. */
export function checkPlace(call: Call, namespace: string | undefined): void {
  const { info } = call;
  if (!info.resource.definition.namespaced) return;
  if (info.namespace === '') {
    throw new StatusError(
      'BadRequest',
      'the namespace of the provided object must be named in the path of the request',
    );
  }
  if (namespace === undefined || namespace === '' || namespace === info.namespace) return;
  throw new StatusError(
    'BadRequest',
    `the namespace of the provided object does not match the namespace sent on the request ` +
      `(object: ${namespace}, request: ${info.namespace})`,
  );
}

// PUT of one object or of its status.
import type { ApiResponse } from '../../api/request.ts';
import { StatusError, notFound } from '../../api/status-error.ts';
import type { StoredObject } from '../../store/store.ts';
import { readBody } from '../body.ts';
import { createObject } from '../create-object.ts';
import { decodeObject } from '../decode-object.ts';
import { negotiate } from '../negotiation.ts';
import { createRenderer } from '../rendering.ts';
import { finishResponse, respondBytes } from '../respond.ts';
import type { Call } from '../server-parts.ts';
import type { WriteContext } from '../strategy.ts';
import { runTransaction } from '../transaction.ts';
import type { GivenObject } from '../prepare-object.ts';
import { updateObject } from '../update-object.ts';
import type { Part } from '../update-object.ts';
import { createWriteContext } from '../write-context.ts';
import { readWriteOptions } from '../write-options.ts';
import type { WriteOptions } from '../write-options.ts';
import { shown } from '../written.ts';
import { checkPlace } from './create.ts';

/** What a write came to. */
export interface Written {
  readonly stored: StoredObject;
  readonly created: boolean;
}

export async function update(call: Call, part: Part = 'object'): Promise<ApiResponse> {
  const { parts, request, info } = call;
  const options = readWriteOptions(request, 'UpdateOptions');
  const body = readBody(request, parts.deps.decodeProtobuf);
  const object = decodeObject(body.value, info.resource.definition);
  checkPlace(call, object.metadata.namespace);
  checkName(info.name, object.metadata.name);
  const given = { object, duplicates: body.duplicates };
  return write(call, options, (context) => replace(call, context, options, given, part));
}

/** Runs one write and answers with the object: 201 when it was created, else 200. */
export async function write(
  call: Call,
  options: WriteOptions,
  body: (context: WriteContext) => Written,
): Promise<ApiResponse> {
  const { deps } = call.parts;
  const { request, info } = call;
  const negotiated = negotiate(request.headers['accept'], request.query);
  let before = '';
  const { stored, created } = await runTransaction(deps.store, options.dryRun, (draft) => {
    const key = { resource: info.resource.storage, namespace: info.namespace, name: info.name };
    before = String(draft.get(key)?.revision ?? '');
    return body(createWriteContext(call, draft, options.dryRun));
  });
  const renderer = createRenderer(info.resource, negotiated, deps.clock.now());
  const bytes = renderer.single(options.dryRun ? shown(stored, before) : stored);
  return finishResponse(respondBytes(created ? 201 : 200, bytes), negotiated, call.warnings);
}

function replace(call: Call, context: WriteContext, options: WriteOptions, given: GivenObject, part: Part): Written {
  const { resource, namespace, name } = call.info;
  const live = context.draft.get({ resource: resource.storage, namespace, name });
  if (live) return { stored: updateObject(call, context, options, live, given, part).stored, created: false };
  if (!resource.strategy.createOnUpdate || part !== 'object') throw notFound(resource.definition, name);
  return { stored: createObject(call, context, options, given), created: true };
}

/** The name in the body must be that of the path. */
export function checkName(expected: string, found: string | undefined): void {
  if (found === undefined || found === '') {
    throw new StatusError('BadRequest', 'name must be provided: the object has no metadata.name');
  }
  if (found === expected) return;
  throw new StatusError(
    'BadRequest',
    `the name of the object (${found}) does not match the name on the URL (${expected})`,
  );
}

// PATCH of one object or of its status, in the four formats. There is one writer: a patch never has to be retried.
import { applyJsonPatch } from '../../api/patch/json-patch.ts';
import { applyMergePatch } from '../../api/patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../../api/patch/strategic-merge.ts';
import { serverSideApply } from '../../api/patch/server-side-apply.ts';
import type { ApiObject } from '../../api/object.ts';
import type { ApiResponse } from '../../api/request.ts';
import { StatusError, invalid, notFound } from '../../api/status-error.ts';
import type { StoredObject } from '../../store/store.ts';
import { checkSize, mediaType, parseJson, parseYaml, unsupported } from '../body.ts';
import type { DecodedBody } from '../body.ts';
import { required } from '../causes.ts';
import { createObject } from '../create-object.ts';
import { decodeObject } from '../decode-object.ts';
import { checkFields } from '../field-validation.ts';
import type { GivenObject } from '../prepare-object.ts';
import { wireObject } from '../server-parts.ts';
import type { Call } from '../server-parts.ts';
import type { WriteContext } from '../strategy.ts';
import { updateObject } from '../update-object.ts';
import type { Part } from '../update-object.ts';
import { readWriteOptions } from '../write-options.ts';
import type { WriteOptions } from '../write-options.ts';
import { checkName, write } from './update.ts';
import type { Written } from './update.ts';

export const applyType = 'application/apply-patch+yaml';

const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  applyType,
] as const;
export type PatchType = (typeof patchTypes)[number];

export interface Patch {
  readonly type: PatchType;
  readonly body: DecodedBody;
}

export async function patch(call: Call, part: Part = 'object'): Promise<ApiResponse> {
  const options = readWriteOptions(call.request, 'PatchOptions');
  const given = readPatch(call);
  if (given.type !== applyType) return write(call, options, (context) => change(call, context, options, given, part));
  checkApply(options);
  return write(call, options, (context) => apply(call, context, options, given, part));
}

/** Throws UnsupportedMediaType that lists the formats, or BadRequest for a body that cannot be read. */
export function readPatch(call: Call): Patch {
  const { request } = call;
  checkSize(request.body);
  const given = mediaType(request);
  const type = patchTypes.find((known) => known === given);
  if (type === undefined) throw unsupported(patchTypes);
  return { type, body: type === applyType ? parseYaml(request.body) : parseJson(request.body) };
}

/** The object after a patch other than apply. */
export function patched(call: Call, object: ApiObject, given: Patch, schema: string): ApiObject {
  const { definitions } = call.parts.deps;
  switch (given.type) {
    case 'application/json-patch+json':
      return applyJsonPatch(object, given.body.value);
    case 'application/merge-patch+json':
      return applyMergePatch(object, given.body.value);
    case 'application/strategic-merge-patch+json':
      return applyStrategicMergePatch(definitions, schema, object, given.body.value);
    case 'application/apply-patch+yaml':
      throw new StatusError('BadRequest', 'an apply configuration is no patch');
  }
}

function change(call: Call, context: WriteContext, options: WriteOptions, given: Patch, part: Part): Written {
  const { resource, name } = call.info;
  const live = liveOf(call, context);
  if (live === undefined) throw notFound(resource.definition, name);
  const before = wireObject(resource, live);
  const object = decodeObject(patched(call, before, given, resource.definition.schema), resource.definition);
  const duplicates = given.body.duplicates;
  return { stored: updateObject(call, context, options, live, { object, duplicates }, part).stored, created: false };
}

function apply(call: Call, context: WriteContext, options: WriteOptions, given: Patch, part: Part): Written {
  const { resource, name, subresource } = call.info;
  const { definitions } = call.parts.deps;
  const live = liveOf(call, context);
  if (live === undefined && part !== 'object') throw notFound(resource.definition, name);
  const applied = readApplied(call, context, options, given);
  const object = serverSideApply({
    definitions,
    definition: resource.definition.schema,
    live: live === undefined ? undefined : wireObject(resource, live),
    applied,
    manager: options.fieldManager,
    force: options.force,
    subresource,
    time: context.time,
  });
  const next: GivenObject = { object, duplicates: [], tracked: true };
  if (live === undefined) return { stored: createObject(call, context, options, next), created: true };
  return { stored: updateObject(call, context, options, live, next, part).stored, created: false };
}

/** The configuration without unknown fields: nobody can own what is not stored. */
function readApplied(call: Call, context: WriteContext, options: WriteOptions, given: Patch): ApiObject {
  const { resource, name, namespace } = call.info;
  const { definition, strategy } = resource;
  const decoded = decodeObject(given.body.value, definition);
  if ((decoded.metadata.managedFields?.length ?? 0) > 0) {
    throw new StatusError('BadRequest', 'metadata.managedFields must be nil');
  }
  if (decoded.metadata.name !== undefined) checkName(name, decoded.metadata.name);
  const place = definition.namespaced ? { name, namespace } : { name };
  const object = strategy.normalise?.(decoded) ?? decoded;
  const placed = { ...object, metadata: { ...object.metadata, ...place } };
  const { duplicates } = given.body;
  const warn = (text: string) => context.warn(text);
  return checkFields(
    context.deps.validator,
    definition.schema,
    { object: placed, duplicates },
    options.fieldValidation,
    warn,
  ).object;
}

function checkApply(options: WriteOptions): void {
  if (options.fieldManagerGiven) return;
  const cause = required('fieldManager', 'is required for apply patch');
  throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [cause]);
}

function liveOf(call: Call, context: WriteContext): StoredObject | undefined {
  const { resource, namespace, name } = call.info;
  return context.draft.get({ resource: resource.storage, namespace, name });
}

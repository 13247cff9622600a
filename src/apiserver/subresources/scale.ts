// The subresource scale: the number of replicas of anything, in one shape (autoscaling/v1 Scale).
import type { ApiObject } from '../../api/object.ts';
import type { ApiResponse } from '../../api/request.ts';
import { formatLabelSelector, selectorOf } from '../../api/selectors.ts';
import type { LabelSelectorObject } from '../../api/selectors.ts';
import { StatusError, invalid, notFound } from '../../api/status-error.ts';
import type { Scale } from '../../api/types.gen.ts';
import type { StoredObject } from '../../store/store.ts';
import { readBody } from '../body.ts';
import { decodeObject } from '../decode-object.ts';
import { checkFields } from '../field-validation.ts';
import { numberAt, recordAt, textAt, withSpec } from '../json-path.ts';
import { negotiate } from '../negotiation.ts';
import { finishResponse, respondJson } from '../respond.ts';
import { requireStored, wireObject } from '../server-parts.ts';
import type { Call } from '../server-parts.ts';
import { runTransaction } from '../transaction.ts';
import { updateObject } from '../update-object.ts';
import { applyType, patched, readPatch } from '../verbs/patch.ts';
import { createWriteContext } from '../write-context.ts';
import { readWriteOptions } from '../write-options.ts';
import type { WriteOptions } from '../write-options.ts';

const scaleType = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
const scaleSchema = 'io.k8s.api.autoscaling.v1.Scale';

export async function getScale(call: Call): Promise<ApiResponse> {
  return respondScale(call, requireStored(call.parts.deps.store, call.info));
}

export async function updateScale(call: Call): Promise<ApiResponse> {
  const options = readWriteOptions(call.request, 'UpdateOptions');
  const body = readBody(call.request, call.parts.deps.decodeProtobuf);
  return writeScale(call, options, () => ({ value: body.value, duplicates: body.duplicates }));
}

export async function patchScale(call: Call): Promise<ApiResponse> {
  const options = readWriteOptions(call.request, 'PatchOptions');
  const given = readPatch(call);
  return writeScale(call, options, (scale) =>
    given.type === applyType
      ? {
          value: { ...scale, ...recordAt(given.body.value), metadata: scale.metadata },
          duplicates: given.body.duplicates,
        }
      : { value: patched(call, scale, given, scaleSchema), duplicates: given.body.duplicates },
  );
}

/** An object's scale. */
function scaleOf(object: ApiObject): ApiObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const scale: Scale = {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...pick({ namespace, uid, resourceVersion, creationTimestamp }),
    },
    spec: { replicas: numberAt(object, 'spec', 'replicas') ?? 1 },
    status: { replicas: currentReplicas(object), selector: selectorText(object) },
  };
  return { ...scale };
}

function pick(fields: Readonly<Record<string, string | undefined>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Deployments count `status.replicas`, apps `status.replicas.updated` and their like. */
function currentReplicas(object: ApiObject): number {
  const counts = recordAt(object, 'status', 'replicas');
  return numberAt(object, 'status', 'replicas') ?? numberAt(counts, 'current') ?? numberAt(counts, 'ready') ?? 0;
}

function selectorText(object: ApiObject): string {
  const stored = textAt(object, 'status', 'selector');
  const selector = recordAt(object, 'spec')['selector'] as LabelSelectorObject | undefined;
  return selector === undefined ? stored : formatLabelSelector(selectorOf(selector));
}

interface GivenScale {
  readonly value: unknown;
  readonly duplicates: readonly string[];
}

async function writeScale(
  call: Call,
  options: WriteOptions,
  given: (scale: ApiObject) => GivenScale,
): Promise<ApiResponse> {
  const { resource, namespace, name } = call.info;
  const stored = await runTransaction(call.parts.deps.store, options.dryRun, (draft) => {
    const context = createWriteContext(call, draft, options.dryRun);
    const live = draft.get({ resource: resource.storage, namespace, name });
    if (live === undefined) throw notFound(resource.definition, name);
    const object = wireObject(resource, live);
    const { value, duplicates } = given(scaleOf(object));
    const scale = decodeObject(value, scaleType);
    const checked = checkFields(
      context.deps.validator,
      scaleSchema,
      { object: scale, duplicates },
      options.fieldValidation,
      (text) => context.warn(text),
    );
    if (checked.causes.length > 0) throw invalid(scaleType, name, checked.causes);
    const next = scaled(object, scale);
    return updateObject(call, context, options, live, { object: next, duplicates: [] }, 'object').stored;
  });
  return respondScale(call, stored);
}

/** The object with the replicas of a scale, and with its claim on the version. */
function scaled(object: ApiObject, scale: ApiObject): ApiObject {
  const replicas = numberAt(scale, 'spec', 'replicas') ?? 0;
  if (!Number.isInteger(replicas) || replicas < 0) {
    throw new StatusError('BadRequest', `spec.replicas: expected a whole number of at least 0, got ${replicas}`);
  }
  const { resourceVersion, uid } = scale.metadata;
  const metadata = { ...object.metadata, ...pick({ resourceVersion, uid }) };
  return withSpec({ ...object, metadata }, { replicas });
}

function respondScale(call: Call, stored: StoredObject): Promise<ApiResponse> {
  const { headers, query } = call.request;
  const negotiated = negotiate(headers['accept'], query, false);
  return finishResponse(respondJson(200, scaleOf(wireObject(call.info.resource, stored))), negotiated, call.warnings);
}

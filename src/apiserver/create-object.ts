// Creation of one object inside a transaction: defaults, system fields, rules, admission, storage.
import type { ApiObject } from '../api/object.ts';
import { StatusError, alreadyExists } from '../api/status-error.ts';
import type { StoredObject } from '../store/store.ts';
import { checkNamespace } from './admission/namespace-lifecycle.ts';
import { recordOwner } from './field-owners.ts';
import { checkMetadata, checkName, hasGeneration, withSystemFields } from './metadata-rules.ts';
import { prepareObject, refuse } from './prepare-object.ts';
import type { GivenObject } from './prepare-object.ts';
import type { Call } from './server-parts.ts';
import type { WriteContext } from './strategy.ts';
import { putObject } from './transaction.ts';
import type { WriteOptions } from './write-options.ts';

/** Throws AlreadyExists, NotFound or Forbidden for the namespace, Invalid, and what admission refuses. */
export function createObject(
  call: Call,
  context: WriteContext,
  options: WriteOptions,
  given: GivenObject,
): StoredObject {
  const { resource, namespace } = call.info;
  const { strategy } = resource;
  const name = nameFor(call, context, given.object);
  checkNamespace(context, resource, namespace, name);
  const complete = prepareObject(resource, context, options, given);
  const key = { resource: resource.storage, namespace, name };
  if (context.draft.get(key)) throw alreadyExists(resource.definition, name);
  const identified = withIdentity(call, context, complete, name);
  const prepared = strategy.prepareForCreate?.(identified, context) ?? identified;
  refuse(resource, prepared, [
    ...checkName(resource.definition, name),
    ...checkMetadata(prepared),
    ...(strategy.validate?.(prepared) ?? []),
  ]);
  const admitted = strategy.admit?.(prepared, undefined, context) ?? prepared;
  strategy.warnings?.(admitted).forEach((text) => context.warn(text));
  const owned = given.tracked ? admitted : recordOwner(call, context, options, undefined, admitted);
  return putObject(context, key, strategy.shape?.toStored(owned) ?? owned, undefined);
}

const nameTries = 8;
/** Leaves room for the suffix within a DNS label. */
const longestStem = 58;

/** The given name, or a free one that begins with `generateName`. */
function nameFor(call: Call, context: WriteContext, object: ApiObject): string {
  const { name, generateName } = object.metadata;
  if (name !== undefined && name !== '') return name;
  if (generateName === undefined || generateName === '') return '';
  const stem = generateName.slice(0, longestStem);
  const { resource, namespace } = call.info;
  let candidate = '';
  for (let tried = 0; tried < nameTries; tried++) {
    candidate = stem + context.deps.ids.nameSuffix();
    if (!context.draft.get({ resource: resource.storage, namespace, name: candidate })) return candidate;
  }
  throw alreadyExists(resource.definition, candidate);
}

function withIdentity(call: Call, context: WriteContext, object: ApiObject, name: string): ApiObject {
  const { resource, namespace } = call.info;
  const { resourceVersion, managedFields, ...metadata } = object.metadata;
  if (resourceVersion !== undefined && resourceVersion !== '') {
    throw new StatusError('BadRequest', 'resourceVersion should not be set on objects to be created');
  }
  const named: ApiObject = {
    ...object,
    metadata: {
      ...metadata,
      ...(managedFields === undefined ? {} : { managedFields }),
      name,
      ...(resource.definition.namespaced ? { namespace } : {}),
    },
  };
  const identified = withSystemFields(named, {
    uid: context.deps.ids.uid(),
    creationTimestamp: context.time,
    ...(hasGeneration(object) ? { generation: 1 } : {}),
  });
  return hasStatus(resource.definition.subresources) && !resource.strategy.keepsStatusOnCreate
    ? { ...identified, status: {} }
    : identified;
}

/** Kinds with a status subresource take no status from a caller of the main resource. */
export function hasStatus(subresources: readonly string[]): boolean {
  return subresources.includes('status');
}

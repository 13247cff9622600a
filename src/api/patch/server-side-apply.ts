// Server-side apply: merges a configuration into the live object, knowing whose fields are whose.
import { deepEqual } from '../../lib/deep.ts';
import type { ApiObject } from '../object.ts';
import type { SchemaDefinitions, SchemaNode } from '../schema.ts';
import { StatusError } from '../status-error.ts';
import { applyConflict, type Conflict } from './apply-conflict.ts';
import {
  differenceOf,
  emptyFieldSet,
  equalFieldSets,
  fieldSetOfPaths,
  intersectionOf,
  isEmptyFieldSet,
  pathsOf,
  unionOf,
  type FieldSet,
} from './field-set.ts';
import { omit } from './json-object.ts';
import { fieldsUnchangedSinceLastApply, withLastApplied } from './last-applied.ts';
import {
  fieldsOutOfReach,
  ownable,
  ownerId,
  ownersAfter,
  readOwners,
  withoutFields,
  withOwners,
  type Owner,
  type Owners,
} from './field-owners.ts';
import { definitionNode } from './schema-walk.ts';
import { trackUpdate } from './managed-fields.ts';
import { compareTyped, fieldSetOf, type Comparison } from './typed-field-set.ts';
import { mergeTyped, removeTyped, withoutEmptyLists } from './typed-merge.ts';
import { withStructs } from './typed-structs.ts';

export interface ApplyRequest {
  readonly definitions: SchemaDefinitions;
  /** Name of the object's definition: `io.k8s.api.apps.v1.Deployment`. */
  readonly definition: string;
  /** Undefined when the apply creates the object. */
  readonly live: ApiObject | undefined;
  readonly applied: ApiObject;
  readonly manager: string;
  /** Take fields over from whoever owns them, instead of failing. */
  readonly force: boolean;
  readonly subresource?: string | undefined;
  /** RFC 3339. */
  readonly time: string;
}

/** Owns the fields of an object that nobody kept books of before its first apply. */
const beforeFirstApply = 'before-first-apply';

/**
 * Returns the object to store, without defaults for what was removed; `live` itself when nothing changes, so that its
 * resourceVersion stays. `metadata.resourceVersion` and `uid` of the configuration are in the result: the caller checks them.
 * Throws Conflict with a cause per field (Kubernetes' texts), and BadRequest when the configuration cannot be applied.
 */
export function serverSideApply(request: ApplyRequest): ApiObject {
  const { definitions, definition, live, subresource = '' } = request;
  checkApplied(request);
  const node = definitionNode(definitions, definition);
  const unreachable = fieldsOutOfReach(node, subresource);
  const reachable = omit(request.applied, ...unreachable);
  const config = withoutEmptyLists(definitions, node, reachable) as ApiObject;
  const owners = ownersBefore(request);
  const id = ownerId(applierOf(request));
  const fields = fieldSetOf(definitions, node, config, true);

  const merged = mergeTyped(definitions, node, withoutOwners(live), config) as ApiObject;
  const claims = new Map(owners).set(id, { ...applierOf(request), fields });
  const pruned = prune(definitions, node, merged, claims, owners.get(id)?.fields ?? emptyFieldSet);
  const change = withoutFields(compareTyped(definitions, node, withoutOwners(live), pruned), unreachable);
  if (!request.force) refuseConflicts(request, node, owners, id, change);

  const others = new Map(ownersAfter(owners, change, id));
  const earlier = others.get(id);
  others.delete(id);
  const object = withLastApplied(pruned, config, request.manager);
  const isNoOp = deepEqual(object, withoutOwners(live));
  return assemble(request, object, others, { earlier, fields: ownable(fields), isNoOp });
}

interface Outcome {
  readonly earlier: Owner | undefined;
  readonly fields: FieldSet;
  /** Whether the object is, managedFields aside, as it was. */
  readonly isNoOp: boolean;
}

function assemble(request: ApplyRequest, object: ApiObject, others: Owners, outcome: Outcome): ApiObject {
  const { earlier, fields, isNoOp } = outcome;
  const applier = applierOf(request);
  const isSame = isNoOp && earlier?.apiVersion === applier.apiVersion && equalFieldSets(earlier.fields, fields);
  const time = isSame ? earlier.time : request.time;
  const owner: Owner = { ...omit(applier, 'time'), ...(time === undefined ? {} : { time }), fields };
  const owners = isEmptyFieldSet(fields) ? others : new Map(others).set(ownerId(owner), owner);
  const result = withOwners(object, owners);
  return request.live !== undefined && deepEqual(result, request.live) ? request.live : result;
}

function checkApplied({ live, applied }: ApplyRequest): void {
  const managedFields: unknown = applied.metadata.managedFields;
  if (managedFields !== undefined && managedFields !== null)
    throw new StatusError('BadRequest', 'metadata.managedFields must be nil in an applied configuration');
  if (live !== undefined && live.apiVersion !== applied.apiVersion)
    throw new StatusError(
      'BadRequest',
      `the applied configuration says apiVersion ${applied.apiVersion}, expected ${live.apiVersion}`,
    );
}

function applierOf(request: ApplyRequest): Omit<Owner, 'fields'> {
  return {
    manager: request.manager,
    operation: 'Apply',
    apiVersion: request.applied.apiVersion,
    subresource: request.subresource ?? '',
    time: request.time,
  };
}

function ownersBefore(request: ApplyRequest): Owners {
  const { live } = request;
  if (live === undefined) return new Map();
  const owners = readOwners(live.metadata.managedFields);
  if (owners.size > 0) return owners;
  const everything = { ...request, before: undefined, after: live, manager: beforeFirstApply };
  return readOwners(trackUpdate(everything).metadata.managedFields);
}

/**
 * Removes what the applier owned and no longer applies, unless another owner (or the new configuration) claims it, or
 * something below it that was never the applier's is claimed.
 */
function prune(
  definitions: SchemaDefinitions,
  node: SchemaNode,
  merged: ApiObject,
  claims: Owners,
  last: FieldSet,
): ApiObject {
  if (isEmptyFieldSet(last)) return merged;
  const structs = (set: FieldSet): FieldSet => withStructs(definitions, node, set);
  const claimed = structs([...claims.values()].reduce((all, owner) => unionOf(all, owner.fields), emptyFieldSet));
  const remove = (gone: FieldSet): unknown => removeTyped(definitions, node, merged, gone, claimed);
  const setOf = (object: unknown): FieldSet => structs(fieldSetOf(definitions, node, object));

  const everything = setOf(merged);
  const kept = unionOf(setOf(remove(structs(last))), claimed);
  const keptWithParents = setOf(remove(differenceOf(everything, kept)));
  return remove(intersectionOf(differenceOf(everything, keptWithParents), structs(last))) as ApiObject;
}

function refuseConflicts(
  request: ApplyRequest,
  node: SchemaNode,
  owners: Owners,
  id: string,
  change: Comparison,
): void {
  const changed = unionOf(change.added, change.modified);
  const others = [...owners].filter(([otherId]) => otherId !== id).map(([, owner]) => owner);
  const conflicts = others.flatMap((owner) =>
    pathsOf(intersectionOf(owner.fields, changed)).map((path): Conflict => ({ owner, path })),
  );
  if (conflicts.length === 0) return;
  const allowed = fieldsUnchangedSinceLastApply(request.definitions, node, request.live, request.manager);
  const left = conflicts.filter(({ path }) => isEmptyFieldSet(intersectionOf(fieldSetOfPaths([path]), allowed)));
  if (left.length > 0) throw applyConflict(left);
}

function withoutOwners(object: ApiObject | undefined): ApiObject | undefined {
  return object === undefined ? undefined : withOwners(object, new Map());
}

// JSON patch (RFC 6902).
import jsonPatch, { type Operation } from 'fast-json-patch';
import type { ApiObject } from '../object.ts';
import { StatusError } from '../status-error.ts';
import { isJsonObject } from './json-object.ts';

const maxOperations = 10_000;

/**
 * Returns the patched copy; the input stays as it is. Throws BadRequest when the patch is not a list of operations,
 * RequestEntityTooLarge above 10,000 of them, and Invalid when one cannot be carried out or a `test` fails.
 */
export function applyJsonPatch(object: ApiObject, patch: unknown): ApiObject {
  if (!Array.isArray(patch) || !patch.every(isJsonObject))
    throw new StatusError(
      'BadRequest',
      'a JSON patch must be an array of operations such as {"op":"remove","path":"/a"}',
    );
  if (patch.length > maxOperations)
    throw new StatusError(
      'RequestEntityTooLarge',
      `a JSON patch may have at most ${maxOperations} operations, this one has ${patch.length}`,
    );
  const patched: unknown = carryOut(object, patch as unknown as Operation[]);
  if (!isJsonObject(patched)) throw new StatusError('Invalid', 'the JSON patch leaves no object behind');
  return patched as ApiObject;
}

function carryOut(object: ApiObject, operations: Operation[]): unknown {
  try {
    return jsonPatch.applyPatch(object, operations, true, false).newDocument;
  } catch (error) {
    throw new StatusError('Invalid', `the JSON patch cannot be applied${describe(error)}`);
  }
}

/** The library's message goes on with dumps of the operation and the document. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const operation = error instanceof jsonPatch.JsonPatchError ? (error.operation as Operation | undefined) : undefined;
  const which = operation === undefined ? '' : ` (${operation.op} ${operation.path})`;
  return `${which}: ${error.message.split('\n')[0] ?? ''}`;
}

// JSON merge patch (RFC 7386).
import type { ApiObject } from '../object.ts';
import { StatusError } from '../status-error.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

/** Returns the patched copy; the input stays as it is. Throws BadRequest when the patch is not a JSON object. */
export function applyMergePatch(object: ApiObject, patch: unknown): ApiObject {
  if (!isJsonObject(patch)) throw new StatusError('BadRequest', 'a JSON merge patch must be a JSON object');
  return mergeObjects(object, patch) as ApiObject;
}

function mergeObjects(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    const before = merged.get(key);
    if (value === null) merged.delete(key);
    else merged.set(key, isJsonObject(value) ? mergeObjects(isJsonObject(before) ? before : {}, value) : value);
  }
  return Object.fromEntries(merged);
}

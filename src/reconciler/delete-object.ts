// Deletion of exactly the object that was looked at.
import type { ApiObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import type { DeleteOptions, ResourceRef, Writer } from '../client/client.ts';
import { refOf } from '../client/paths.ts';

/** A namesake with another uid is spared (Conflict); what is gone already is as good as deleted. */
export async function deleteObject(
  client: Writer,
  resource: ResourceRef,
  object: ApiObject,
  options: DeleteOptions = {},
): Promise<void> {
  const { uid } = object.metadata;
  const preconditions = uid === undefined ? {} : { preconditions: { uid, ...options.preconditions } };
  await ignoreMissing(client.delete(refOf(resource, object), { ...options, ...preconditions }));
}

/** Undefined when the object is not there. */
export async function ignoreMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (StatusError.from(error).reason === 'NotFound') return undefined;
    throw error;
  }
}

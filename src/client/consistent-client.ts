// Read your own writes: a client whose writes resolve when the informers of the process reflect them. A level-triggered
// controller that uses it never acts twice on a cache from before its own action, and needs no other bookkeeping.
import type { ApiObject } from '../api/object.ts';
import type { Client, ResourceRef } from './client.ts';
import type { Informers } from './informers.ts';

/** Kinds without an informer are not waited for. Waiting ends with an error when `signal` aborts. */
export function createConsistentClient(client: Client, informers: Informers, signal: AbortSignal): Client {
  const seen = async <T extends ApiObject>(resource: ResourceRef, writing: Promise<T>): Promise<T> => {
    const written = await writing;
    const revision = Number(written.metadata.resourceVersion ?? 0);
    const informer = informers.find(resource);
    await informer?.until(() => informer.revision >= revision, signal);
    return written;
  };
  return {
    ...client,
    create: (resource, object) => seen(resource, client.create(resource, object)),
    update: (resource, object, subresource) => seen(resource, client.update(resource, object, subresource)),
    patch: (ref, body, options) => seen(ref, client.patch(ref, body, options)),
    async delete(ref, options) {
      const informer = informers.find(ref);
      const cached = () => informer?.get(ref.namespace, ref.name)?.metadata;
      const uid = options?.preconditions?.uid ?? cached()?.uid;
      await client.delete(ref, options);
      // The answer to a deletion may have no revision: gone, replaced or on its way out is what counts.
      await informer?.until(() => cached()?.uid !== uid || cached()?.deletionTimestamp !== undefined, signal);
    },
  };
}

// Lets the offer engine listen to the client's informers.
import type { ApiObject } from '../api/object.ts';
import type { Informer } from '../client/informer.ts';
import type { ObjectSource } from '../offer-engine/object-source.ts';

export function sourceOf<T extends ApiObject>(informer: Informer<T>): ObjectSource<T> {
  return {
    synced: informer.synced,
    subscribe(listener) {
      informer.subscribe({
        added: (object) => listener.upserted(object),
        updated: (object) => listener.upserted(object),
        deleted: (object) => listener.deleted(object),
      });
    },
  };
}

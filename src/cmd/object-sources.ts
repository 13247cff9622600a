// Lets the offer engine listen to the client's informers, for as long as it is needed.
import type { ApiObject } from '../api/object.ts';
import type { Informer } from '../client/informer.ts';
import type { ObjectSource } from '../offer-engine/object-source.ts';

/** Nobody hears anything any more once the signal has aborted. */
export function sourceOf<T extends ApiObject>(informer: Informer<T>, signal: AbortSignal): ObjectSource<T> {
  return {
    synced: informer.synced,
    subscribe(listener) {
      const stop = informer.subscribe({
        added: (object) => listener.upserted(object),
        updated: (object) => listener.upserted(object),
        deleted: (object) => listener.deleted(object),
      });
      signal.addEventListener('abort', stop, { once: true });
    },
  };
}

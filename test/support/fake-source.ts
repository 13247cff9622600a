// An ObjectSource that a test feeds.
import type { ObjectSource, SourceListener } from '../../src/offer-engine/object-source.ts';

export interface FakeSource<T> extends ObjectSource<T> {
  upsert(object: T): void;
  delete(object: T): void;
  /** Everything that exists has been told. */
  sync(): void;
}

export function createFakeSource<T>(): FakeSource<T> {
  const listeners: SourceListener<T>[] = [];
  let resolve: () => void = () => undefined;
  const synced = new Promise<void>((done) => (resolve = done));
  return {
    subscribe: (listener) => void listeners.push(listener),
    synced,
    upsert: (object) => listeners.forEach((listener) => listener.upserted(object)),
    delete: (object) => listeners.forEach((listener) => listener.deleted(object)),
    sync: () => resolve(),
  };
}

// Where a controller's keys come from: changes of a kind, mapped to keys.
import type { ApiObject } from '../api/object.ts';
import type { Informer } from '../client/informer.ts';
import { keyOf } from './keys.ts';
import { controllerOf } from './owners.ts';

/** Calls `enqueue` for every change until the returned function is called. Starts with everything that is cached. */
export type Source = (enqueue: (key: string) => void) => () => void;

/** The changed object itself. */
export function itself<T extends ApiObject>(informer: Informer<T>): Source {
  return mapped(informer, (object) => [keyOf(object)]);
}

/** The controller of the changed object, if it is of this kind. */
export function owner<T extends ApiObject>(informer: Informer<T>, kind: string): Source {
  return mapped(informer, (object) => {
    const reference = controllerOf(object);
    return reference?.kind === kind ? [`${object.metadata.namespace ?? ''}/${reference.name}`] : [];
  });
}

/** Any keys; for an update those of the state before as well, so that whoever lost an object hears of it. */
export function mapped<T extends ApiObject>(informer: Informer<T>, keysOf: (object: T) => readonly string[]): Source {
  return (enqueue) => {
    const addAll = (object: T) => keysOf(object).forEach(enqueue);
    return informer.subscribe({
      added: addAll,
      updated(object, previous) {
        addAll(previous);
        addAll(object);
      },
      deleted: addAll,
    });
  };
}

/** Keys upon the end of an object only. */
export function vanished<T extends ApiObject>(informer: Informer<T>, keysOf: (object: T) => readonly string[]): Source {
  return (enqueue) => informer.subscribe({ deleted: (object) => keysOf(object).forEach(enqueue) });
}

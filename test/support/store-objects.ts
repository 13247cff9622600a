// Small objects and a store around them, for tests of the store.
import type { ApiObject, ObjectKey, ObjectMeta } from '../../src/api/object.ts';
import { StatusError } from '../../src/api/status-error.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createStore, type StoreOptions } from '../../src/store/create-store.ts';
import { createJournal, type JournalOptions } from '../../src/store/journal.ts';
import type { Medium } from '../../src/store/medium.ts';
import { createMemoryMedium } from '../../src/store/media/memory.ts';
import type { FieldsOf, Store } from '../../src/store/store.ts';

export const podKey = (name: string, namespace = 'default'): ObjectKey => ({ resource: 'pods', namespace, name });

export function pod(name: string, extra: { metadata?: ObjectMeta; spec?: object; note?: string } = {}): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, ...extra.metadata },
    spec: extra.spec ?? {},
    ...(extra.note === undefined ? {} : { note: extra.note }),
  };
}

export const fieldsOf: FieldsOf = (_resource, object) => {
  const nodeName = (object['spec'] as { nodeName?: string } | undefined)?.nodeName;
  return {
    'metadata.name': object.metadata.name ?? '',
    ...(nodeName === undefined ? {} : { 'spec.nodeName': nodeName }),
  };
};

type Options = Partial<Omit<StoreOptions, 'journal'>> & Partial<Omit<JournalOptions, 'medium'>>;

export function openStore(medium: Medium = createMemoryMedium(), options: Options = {}): Promise<Store> {
  const journal = createJournal({ medium, clock: systemClock, log: silentLog, ...options });
  const onFailed = () => undefined;
  return createStore({ journal, fieldsOf, fieldsVersion: 'test', log: silentLog, onFailed, ...options });
}

/** What a store shows of one resource, without identities: revision and object of every key. */
export function contents(store: Store, resource = 'pods'): [string, number, ApiObject][] {
  return store
    .list({ resource })
    .map((stored) => [`${stored.key.namespace}/${stored.key.name}`, stored.revision, stored.object()]);
}

/** The error that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected a rejection, but the promise resolved');
}

/** The same, for an error with a reason. */
export async function refusedWith(
  promise: Promise<unknown>,
): Promise<{ reason: string; code: number; message: string }> {
  const error = await rejection(promise);
  if (!(error instanceof StatusError)) throw new Error('expected a StatusError', { cause: error });
  return { reason: error.reason, code: error.code, message: error.message };
}

// Small objects and a store around them, for tests of the store.
import type { ApiObject, ObjectKey, ObjectMeta } from '../../src/api/object.ts';
import { StatusError } from '../../src/api/status-error.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createReplica, type ReplicaOptions } from '../../src/store/create-replica.ts';
import { createJournal, type JournalOptions } from '../../src/store/journal.ts';
import type { Medium } from '../../src/store/medium.ts';
import { createMemoryMedium } from '../../src/store/media/memory.ts';
import type { Replica } from '../../src/store/replica.ts';
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

export type OpenOptions = Partial<Omit<ReplicaOptions, 'journal'>> & Partial<Omit<JournalOptions, 'medium'>>;

/** Follows nothing and leads nothing yet. */
export function openReplica(medium: Medium = createMemoryMedium(), options: OpenOptions = {}): Replica {
  const journal = createJournal({ medium, clock: systemClock, log: silentLog, ...options });
  const onDeposed = () => undefined;
  return createReplica({ journal, fieldsOf, fieldsVersion: 'test', log: silentLog, onDeposed, ...options });
}

/** The store of a replica that leads. */
export async function openStore(medium?: Medium, options?: OpenOptions): Promise<Store> {
  const replica = openReplica(medium, options);
  try {
    await replica.lead();
  } catch (error) {
    await replica.close();
    throw error;
  }
  return replica.store;
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
export async function refusedWith(promise: Promise<unknown>): Promise<StatusError> {
  const error = await rejection(promise);
  if (!(error instanceof StatusError)) throw new Error('expected a StatusError', { cause: error });
  return error;
}

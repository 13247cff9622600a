// A model of the store, as plain as possible, and random work for both.
import fc from 'fast-check';
import type { ApiObject } from '../../src/api/object.ts';
import type { Draft, ListQuery, Store, StoreEvent, StoredObject } from '../../src/store/store.ts';
import { pod } from './store-objects.ts';

export interface Operation {
  readonly name: string;
  readonly namespace: string;
  /** Undefined: delete, if it exists. */
  readonly object: ApiObject | undefined;
}

export interface Transaction {
  readonly operations: readonly Operation[];
  /** Throws after its operations. */
  readonly fails: boolean;
}

/** Transactions of one group are begun together. */
export type Step = { readonly group: readonly Transaction[] } | 'restart';

const names = ['a', 'b', 'c', 'd', 'e', 'a-b', 'B'];
const namespaces = ['default', 'prod', ''];

const objectOf = (name: string) =>
  fc
    .record({
      note: fc.string({ unit: 'grapheme', maxLength: 20 }),
      app: fc.constantFrom('web', 'db', undefined),
      nodeName: fc.constantFrom('n1', 'n2', '', undefined),
      owner: fc.constantFrom('uid-a', 'uid-b', undefined),
    })
    .map(({ note, app, nodeName, owner }) =>
      pod(name, {
        note,
        metadata: {
          name,
          ...(app === undefined ? {} : { labels: { app, all: 'yes' } }),
          ...(owner === undefined
            ? {}
            : { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: owner }] }),
        },
        spec: nodeName === undefined ? {} : { nodeName },
      }),
    );

const operation: fc.Arbitrary<Operation> = fc
  .record({ name: fc.constantFrom(...names), namespace: fc.constantFrom(...namespaces), deletes: fc.boolean() })
  .chain(({ name, namespace, deletes }) =>
    (deletes ? fc.constant(undefined) : objectOf(name)).map((object) => ({ name, namespace, object })),
  );

const transaction: fc.Arbitrary<Transaction> = fc.record({
  operations: fc.array(operation, { maxLength: 4 }),
  fails: fc.nat(4).map((chance) => chance === 0),
});

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.array(transaction, { minLength: 1, maxLength: 5 }).map((group) => ({ group })) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  ),
  { maxLength: 12 },
);

export const queries: fc.Arbitrary<ListQuery> = fc.record(
  {
    resource: fc.constant('pods'),
    namespace: fc.constantFrom(...namespaces, 'none'),
    name: fc.constantFrom(...names),
    labels: fc.constantFrom<Record<string, string>>({}, { app: 'web' }, { all: 'yes', app: 'db' }, { app: 'none' }),
    fields: fc.constantFrom<Record<string, string>>({}, { 'spec.nodeName': 'n1' }, { 'metadata.name': 'a' }),
  },
  { requiredKeys: ['resource'] },
);

/** One write, without identities. */
export interface ModelEvent {
  readonly revision: number;
  readonly key: string;
  readonly deleted: boolean;
  readonly object: ApiObject;
  readonly previous: ApiObject | undefined;
}

export interface Model {
  readonly events: ModelEvent[];
  readonly objects: Map<string, ApiObject>;
  apply(transaction: Transaction): void;
}

const stamped = (object: ApiObject, revision: number): ApiObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});

export function createModel(): Model {
  const events: ModelEvent[] = [];
  const objects = new Map<string, ApiObject>();
  return {
    events,
    objects,
    apply({ operations, fails }) {
      if (fails) return;
      for (const { namespace, name, object } of operations) {
        const key = `${namespace}/${name}`;
        const previous = objects.get(key);
        const revision = events.length + 1;
        const after = object ?? previous;
        if (!after) continue;
        const written = stamped(after, revision);
        events.push({ revision, key, deleted: !object, object: written, previous });
        if (object) objects.set(key, written);
        else objects.delete(key);
      }
    },
  };
}

/** The same transaction on a draft. */
export function perform(draft: Draft, { operations, fails }: Transaction): void {
  for (const { namespace, name, object } of operations) {
    const key = { resource: 'pods', namespace, name };
    if (object) draft.put(key, object);
    else if (draft.get(key)) draft.delete(key);
  }
  if (fails) throw new Error('it fails on purpose');
}

export function modelEvent(event: StoreEvent): ModelEvent {
  const { namespace, name } = event.current.key;
  return {
    revision: event.revision,
    key: `${namespace}/${name}`,
    deleted: event.deleted,
    object: event.current.object(),
    previous: event.previous?.object(),
  };
}

/** What a list must return: the same conditions, tested one object at a time. */
export function listByFilter(store: Pick<Store, 'list'>, query: ListQuery): StoredObject[] {
  return store
    .list({ resource: query.resource })
    .filter(
      ({ key, labels, fields }) =>
        (query.namespace === undefined || key.namespace === query.namespace) &&
        (query.name === undefined || key.name === query.name) &&
        Object.entries(query.labels ?? {}).every(([label, value]) => labels[label] === value) &&
        Object.entries(query.fields ?? {}).every(([field, value]) => fields[field] === value),
    );
}

/** Everything that a watch from `fromRevision` delivers until the store's present revision. */
export async function replayed(store: Store, fromRevision: number): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  if (fromRevision === store.revision) return events;
  const controller = new AbortController();
  for await (const batch of store.watch({ resource: 'pods', fromRevision }, controller.signal)) {
    events.push(...batch.map(modelEvent));
    if (events.at(-1)?.revision === store.revision) controller.abort();
  }
  return events;
}

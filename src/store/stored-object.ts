// Makes the store's records: from an object being written, from journaled bytes, from a deletion.
import type { ApiObject, ObjectKey } from '../api/object.ts';
import { createParsedCache, type Parsable, type ParsedCache } from './parsed-cache.ts';
import type { FieldsOf, StoredObject } from './store.ts';

/** What is known of an object without parsing it; the journal stores it beside the bytes. */
export interface Facts {
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  readonly owners: readonly string[];
}

export interface ObjectRecords {
  /** Stamps `metadata.resourceVersion` and serialises, once. */
  written(key: ObjectKey, object: ApiObject, revision: number): StoredObject;
  /** @param facts omitted: derived again from the bytes, at the price of parsing them */
  restored(key: ObjectKey, bytes: Uint8Array, revision: number, facts?: Facts): StoredObject;
  /** The last state of a deleted object, stamped with the deletion's revision when somebody looks. */
  deleted(last: StoredObject, revision: number): StoredObject;
}

const none: Readonly<Record<string, never>> = Object.freeze({});
const noOwners: readonly string[] = Object.freeze([]);

export function createObjectRecords(fieldsOf: FieldsOf, parsedLimitBytes: number): ObjectRecords {
  const cache = createParsedCache(parsedLimitBytes);

  const factsOf = (key: ObjectKey, object: ApiObject): Facts => {
    const { uid, labels, ownerReferences } = object.metadata;
    return {
      uid: uid ?? '',
      labels: labels ? Object.freeze({ ...labels }) : none,
      fields: Object.freeze({ ...fieldsOf(key.resource, object) }),
      owners: ownerReferences?.length ? Object.freeze(ownerReferences.map((owner) => owner.uid)) : noOwners,
    };
  };

  return {
    written(key, object, revision) {
      const stamped = stamp(object, revision);
      const frozenKey = Object.freeze({ resource: key.resource, namespace: key.namespace, name: key.name });
      return new StoredRecord(cache, frozenKey, revision, serialise(stamped), factsOf(key, stamped));
    },
    restored(key, bytes, revision, facts) {
      if (facts) return new StoredRecord(cache, key, revision, bytes, facts);
      const object = JSON.parse(Buffer.from(bytes).toString('utf8')) as ApiObject;
      return new StoredRecord(cache, key, revision, bytes, factsOf(key, object));
    },
    deleted: (last, revision) => new DeletedRecord(cache, last, revision),
  };
}

function stamp(object: ApiObject, revision: number): ApiObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

/** A buffer of its own: one cut from Node's shared pool would keep its neighbours alive. */
function serialise(object: ApiObject): Uint8Array {
  const text = JSON.stringify(object);
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

// Classes, not closures: there is one of these for every object in the cluster, and a prototype costs nothing per object.
class StoredRecord implements StoredObject, Parsable {
  readonly key: ObjectKey;
  readonly revision: number;
  readonly bytes: Uint8Array;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  readonly owners: readonly string[];
  readonly cache: ParsedCache;
  parsed: Parsable['parsed'] = undefined;
  recent = false;

  constructor(cache: ParsedCache, key: ObjectKey, revision: number, bytes: Uint8Array, facts: Facts) {
    this.key = key;
    this.revision = revision;
    this.bytes = bytes;
    this.uid = facts.uid;
    this.labels = facts.labels;
    this.fields = facts.fields;
    this.owners = facts.owners;
    this.cache = cache;
  }

  object(): ApiObject {
    return this.cache.read(this);
  }
}

class DeletedRecord implements StoredObject, Parsable {
  readonly last: StoredObject;
  readonly revision: number;
  readonly cache: ParsedCache;
  content: Uint8Array | undefined = undefined;
  parsed: Parsable['parsed'] = undefined;
  recent = false;

  constructor(cache: ParsedCache, last: StoredObject, revision: number) {
    this.cache = cache;
    this.last = last;
    this.revision = revision;
  }

  get key(): ObjectKey {
    return this.last.key;
  }
  get uid(): string {
    return this.last.uid;
  }
  get labels(): Readonly<Record<string, string>> {
    return this.last.labels;
  }
  get fields(): Readonly<Record<string, string>> {
    return this.last.fields;
  }
  get owners(): readonly string[] {
    return this.last.owners;
  }
  get bytes(): Uint8Array {
    return (this.content ??= serialise(stamp(this.last.object(), this.revision)));
  }

  object(): ApiObject {
    return this.cache.read(this);
  }
}

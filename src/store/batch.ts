// The payload of the journal: a line of JSON with what is known of each object, then the objects' bytes one after another.
// Log entries hold writes, snapshots hold objects: both are records.
import type { ObjectKey } from '../api/object.ts';
import type { Facts } from './stored-object.ts';
import type { StoredObject } from './store.ts';

export interface PutRecord {
  readonly kind: 'put';
  readonly revision: number;
  readonly key: ObjectKey;
  readonly bytes: Uint8Array;
  readonly facts: Facts;
}

export interface DeleteRecord {
  readonly kind: 'delete';
  readonly revision: number;
  readonly key: ObjectKey;
}

export type JournalRecord = PutRecord | DeleteRecord;

export interface Batch {
  /** Under which meaning of `FieldsOf` the fields were derived. */
  readonly fieldsVersion: string;
  readonly records: readonly JournalRecord[];
}

export function putRecord(object: StoredObject): PutRecord {
  return { kind: 'put', revision: object.revision, key: object.key, bytes: object.bytes, facts: object };
}

type Row = [
  revision: number,
  resource: string,
  namespace: string,
  name: string,
  // The rest is absent for a deletion.
  length?: number,
  uid?: string,
  labels?: Facts['labels'],
  fields?: Facts['fields'],
  owners?: readonly string[],
];

export function encodeBatch(batch: Batch): Uint8Array {
  const rows = batch.records.map(rowOf);
  const line = JSON.stringify({ fieldsVersion: batch.fieldsVersion, rows });
  const lineBytes = Buffer.byteLength(line);
  let length = lineBytes + 1;
  for (const record of batch.records) if (record.kind === 'put') length += record.bytes.length;
  const encoded = Buffer.allocUnsafeSlow(length);
  encoded.write(line);
  encoded[lineBytes] = 10;
  let at = lineBytes + 1;
  for (const record of batch.records) {
    if (record.kind === 'delete') continue;
    encoded.set(record.bytes, at);
    at += record.bytes.length;
  }
  return encoded;
}

function rowOf(record: JournalRecord): Row {
  const { resource, namespace, name } = record.key;
  if (record.kind === 'delete') return [record.revision, resource, namespace, name];
  const { uid, labels, fields, owners } = record.facts;
  return [record.revision, resource, namespace, name, record.bytes.length, uid, labels, fields, owners];
}

/** Texts that many records share, kept once. */
export type Intern = (text: string) => string;

/** A standby reads for months: forgetting what is known costs a little memory, keeping all of it would cost more. */
const knownTexts = 100_000;

export function createIntern(): Intern {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    if (texts.size >= knownTexts) texts.clear();
    texts.set(text, text);
    return text;
  };
}

/** The records share buffers of moderate size, not the payload. Throws an Error when the payload does not add up. */
export function decodeBatch(payload: Uint8Array, intern: Intern): Batch {
  const encoded = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  const lineEnd = encoded.indexOf(10);
  const { fieldsVersion, rows } = JSON.parse(encoded.toString('utf8', 0, lineEnd)) as Pick<Batch, 'fieldsVersion'> & {
    rows: Row[];
  };
  let at = lineEnd + 1;
  const shelf = createShelf(encoded.length - at);
  const records = rows.map((row): JournalRecord => {
    const [revision, resource, namespace, name, length, uid, labels, fields, owners] = row;
    const key = { resource: intern(resource), namespace: intern(namespace), name };
    if (length === undefined) return { kind: 'delete', revision, key };
    const bytes = shelf.copy(encoded, at, at + length);
    at += length;
    const facts = { uid: uid ?? '', labels: labels ?? {}, fields: fields ?? {}, owners: (owners ?? []).map(intern) };
    return { kind: 'put', revision, key, bytes, facts };
  });
  if (at !== encoded.length) throw new Error(`expected ${at} bytes of payload, found ${encoded.length}`);
  return { fieldsVersion, records };
}

/**
 * Objects per buffer: one each costs microseconds and garbage collection; one for all would stay as long as any object of
 * a whole chunk does.
 */
const shelfBytes = 64 * 1024;

function createShelf(totalBytes: number) {
  let left = totalBytes;
  let shelf = Buffer.alloc(0);
  let used = 0;
  return {
    copy(from: Buffer, start: number, end: number): Buffer {
      const length = end - start;
      if (used + length > shelf.length) {
        shelf = Buffer.allocUnsafeSlow(Math.max(length, Math.min(shelfBytes, left)));
        used = 0;
      }
      from.copy(shelf, used, start, end);
      left -= length;
      used += length;
      return shelf.subarray(used - length, used);
    },
  };
}

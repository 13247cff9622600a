// Decodes a protobuf message into the JSON form that Kubernetes' Go types have, driven by a table of fields.
import protobuf from 'protobufjs/minimal.js';

/**
 * A field's number, type and how it appears in JSON: once, as a list, as a map with text keys, with its own fields in the
 * place of itself (`inline`), or also when it is zero or empty (`keep`: Go pointers and fields without omitempty).
 */
type Field = readonly [number: number, type: string, form?: 'repeated' | 'map' | 'inline' | 'keep'];

/** Fields by their JSON name, by message: `apps.v1.Deployment`. */
export type MessageTable = Readonly<Record<string, Fields>>;

type Fields = Readonly<Record<string, Field>>;

type JsonObject = Record<string, unknown>;
type Read = (reader: protobuf.Reader) => unknown;

/** Throws when the bytes are cut short, or a field has another wire type than its own. Unknown fields are skipped. */
export function decodeMessage(table: MessageTable, message: string, bytes: Uint8Array): JsonObject {
  const fields = table[message];
  if (fields === undefined) throw new Error(`the message ${message} is unknown`);
  return decodeFields(table, fields, bytes);
}

function decodeFields(table: MessageTable, fields: Fields, bytes: Uint8Array): JsonObject {
  const byNumber = fieldsByNumber(fields);
  const result = new Map<string, unknown>();
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = byNumber.get(tag >>> 3);
    if (field === undefined) reader.skipType(tag & 7);
    else readField(table, field, tag & 7, reader, result);
  }
  return Object.fromEntries([...result].map(([name, value]) => [name, value instanceof Map ? fromMap(value) : value]));
}

function readField(
  table: MessageTable,
  { name, type, form }: NamedField,
  wireType: number,
  reader: protobuf.Reader,
  result: Map<string, unknown>,
): void {
  const expected = form !== 'map' && type in varints ? 0 : 2;
  if (wireType !== expected) throw new Error(`"${name}" has wire type ${wireType}, expected ${expected}`);
  const value = form === 'map' ? readMapEntry(table, type, reader.bytes()) : readValue(table, type, reader);
  if (form === 'map') entry(result, name, () => new Map<string, unknown>()).set(...(value as [string, unknown]));
  else if (form === 'repeated') entry(result, name, () => [] as unknown[]).push(value);
  else if (form === 'inline') for (const [key, child] of Object.entries(value as object)) result.set(key, child);
  else if (value !== undefined && (form === 'keep' || !isZero(value))) result.set(name, value);
}

/** What stands under a name, made on first use. */
function entry<T>(result: Map<string, unknown>, name: string, create: () => T): T {
  if (!result.has(name)) result.set(name, create());
  return result.get(name) as T;
}

function fromMap(map: ReadonlyMap<unknown, unknown>): JsonObject {
  return Object.fromEntries(map as ReadonlyMap<string, unknown>);
}

/** Maps are lists of messages with key = 1 and value = 2. */
function readMapEntry(table: MessageTable, type: string, bytes: Uint8Array): [string, unknown] {
  const reader = protobuf.Reader.create(bytes);
  const pair: [string, unknown] = ['', ''];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 0x0a) pair[0] = reader.string();
    else if (tag === 0x12) pair[1] = readValue(table, type, reader);
    else reader.skipType(tag & 7);
  }
  return pair;
}

function readValue(table: MessageTable, type: string, reader: protobuf.Reader): unknown {
  const read = varints[type] ?? texts[type];
  if (read !== undefined) return read(reader);
  const special = specials[type];
  return special === undefined ? decodeMessage(table, type, reader.bytes()) : special(reader.bytes());
}

const varints: Readonly<Record<string, Read>> = {
  int32: (reader) => reader.int32(),
  int64: (reader) => numberOf(reader.int64()),
  bool: (reader) => reader.bool(),
};

const texts: Readonly<Record<string, Read>> = {
  string: (reader) => reader.string(),
  bytes: (reader) => base64(reader.bytes()),
};

/** Messages whose JSON form is not an object with their fields. */
const specials: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  'meta.v1.Time': (bytes) => timeText(bytes, 0),
  'meta.v1.MicroTime': (bytes) => timeText(bytes, 6),
  'resource.Quantity': (bytes) => decodeFields({}, quantityFields, bytes)['string'] ?? '0',
  'intstr.IntOrString': (bytes) => {
    const { isText, number = 0, text = '' } = decodeFields({}, intOrStringFields, bytes);
    return isText === undefined ? number : text;
  },
  'runtime.RawExtension': rawJson,
  'meta.v1.FieldsV1': rawJson,
  strings: (bytes) => decodeFields({}, stringsFields, bytes)['items'] ?? [],
};

const quantityFields: Fields = { string: [1, 'string'] };
const intOrStringFields: Fields = { isText: [1, 'int64'], number: [2, 'int32'], text: [3, 'string'] };
const stringsFields: Fields = { items: [1, 'string', 'repeated'] };
const timeFields: Fields = { seconds: [1, 'int64'], nanos: [2, 'int32'] };
const rawFields: Fields = { raw: [1, 'bytes'] };

/** RFC 3339 in UTC; undefined for the zero time. */
function timeText(bytes: Uint8Array, decimals: number): string | undefined {
  const { seconds = 0, nanos = 0 } = decodeFields({}, timeFields, bytes) as { seconds?: number; nanos?: number };
  if (seconds === 0 && nanos === 0) return undefined;
  const whole = new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length);
  const fraction = String(nanos).padStart(9, '0').slice(0, decimals);
  return decimals === 0 ? `${whole}Z` : `${whole}.${fraction}Z`;
}

/** JSON within protobuf; undefined when there is none. */
function rawJson(bytes: Uint8Array): unknown {
  const { raw } = decodeFields({}, rawFields, bytes);
  return raw === undefined ? undefined : (JSON.parse(Buffer.from(raw as string, 'base64').toString('utf8')) as unknown);
}

/** Beyond 2^53 the nearest number, as JSON.parse would read it. */
function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : (value as { toNumber(): number }).toNumber();
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function isZero(value: unknown): boolean {
  if (typeof value === 'object') return value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
  return value === 0 || value === false || value === '';
}

interface NamedField {
  readonly name: string;
  readonly type: string;
  readonly form: Field[2];
}

const indexes = new WeakMap<Fields, ReadonlyMap<number, NamedField>>();

function fieldsByNumber(fields: Fields): ReadonlyMap<number, NamedField> {
  const known = indexes.get(fields);
  if (known !== undefined) return known;
  const index = new Map(Object.entries(fields).map(([name, [number, type, form]]) => [number, { name, type, form }]));
  indexes.set(fields, index);
  return index;
}

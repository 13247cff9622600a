// Request bodies in protobuf (`application/vnd.kubernetes.protobuf`), as kubectl and typed Go clients send them, turned
// into their JSON form. Field numbers are in proto/kubernetes-fields.json; replies are JSON, so nothing is encoded here.
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs/minimal.js';
import type { ApiObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import { packagePath } from '../lib/package-root.ts';
import { decodeMessage, type MessageTable } from './protobuf-message.ts';

/** `k8s` and a zero byte open every body. */
const magic = [0x6b, 0x38, 0x73, 0x00];

let loaded: MessageTable | undefined;

/**
 * Decodes one body (DeleteOptions have no metadata); the field table is read on first use. Throws BadRequest when the bytes are damaged, and
 * UnsupportedMediaType for a kind that has no table or for contents in another encoding.
 */
export function decodeKubernetesProtobuf(body: Uint8Array): ApiObject {
  if (!magic.every((byte, index) => body[index] === byte)) throw malformed('it must begin with "k8s" and a zero byte');
  try {
    return decodeEnvelope(body.subarray(magic.length));
  } catch (error) {
    throw error instanceof StatusError ? error : malformed(error instanceof Error ? error.message : String(error));
  }
}

function decodeEnvelope(bytes: Uint8Array): ApiObject {
  const { apiVersion, kind, raw, isPlain } = readEnvelope(bytes);
  if (apiVersion === '' || kind === '') throw malformed('its envelope must name apiVersion and kind');
  if (!isPlain) throw unsupported(`contents of another type or encoding than protobuf`);
  const table = (loaded ??= readTable());
  const message = messageName(apiVersion, kind);
  if (table[message] === undefined) throw unsupported(`${kind} of ${apiVersion}`);
  return { apiVersion, kind, ...decodeMessage(table, message, raw) } as unknown as ApiObject;
}

interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Uint8Array;
  readonly isPlain: boolean;
}

/** `runtime.Unknown`: typeMeta = 1, raw = 2, contentEncoding = 3, contentType = 4. */
function readEnvelope(bytes: Uint8Array): Envelope {
  const parts = readParts(bytes);
  const typeMeta = readParts(parts.get(1) ?? new Uint8Array());
  const text = (part: Uint8Array | undefined): string => new TextDecoder().decode(part);
  const [encoding, type] = [text(parts.get(3)), text(parts.get(4))];
  return {
    apiVersion: text(typeMeta.get(1)),
    kind: text(typeMeta.get(2)),
    raw: parts.get(2) ?? new Uint8Array(),
    isPlain: encoding === '' && (type === '' || type === 'application/vnd.kubernetes.protobuf'),
  };
}

/** The length-delimited fields of a message by number. */
function readParts(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const reader = protobuf.Reader.create(bytes);
  const parts = new Map<number, Uint8Array>();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) === 2) parts.set(tag >>> 3, reader.bytes());
    else reader.skipType(tag & 7);
  }
  return parts;
}

/** `apps/v1` and `Deployment` → `apps.v1.Deployment`: packages are called by the first part of the group. */
function messageName(apiVersion: string, kind: string): string {
  if (kind === 'DeleteOptions') return 'meta.v1.DeleteOptions';
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return `${group?.split('.')[0] ?? ''}.${version ?? ''}.${kind}`;
}

function readTable(): MessageTable {
  return JSON.parse(readFileSync(packagePath('proto/kubernetes-fields.json'), 'utf8')) as MessageTable;
}

function malformed(problem: string): StatusError {
  return new StatusError('BadRequest', `the request body is not Kubernetes protobuf: ${problem}`);
}

function unsupported(what: string): StatusError {
  return new StatusError(
    'UnsupportedMediaType',
    `${what} cannot be read from protobuf here: send application/json or application/yaml`,
  );
}

// Request bodies: which formats are read, how large they may be, and what is said about the ones that are refused.
import { parseDocument } from 'yaml';
import type { ApiRequest } from '../api/request.ts';
import { StatusError } from '../api/status-error.ts';
import type { DecodeProtobuf } from './dependencies.ts';
import { duplicateKeys } from './duplicate-keys.ts';

/** Largest request body, as in Kubernetes. */
export const requestLimitBytes = 3 * 1024 * 1024;
/** Largest object that is stored, as in etcd. */
export const objectLimitBytes = 1.5 * 1024 * 1024;

export interface DecodedBody {
  readonly value: unknown;
  /** Paths of keys that a JSON or YAML object holds twice; the last one counts. */
  readonly duplicates: readonly string[];
}

const jsonType = 'application/json';
const yamlType = 'application/yaml';
const protobufType = 'application/vnd.kubernetes.protobuf';

/**
 * Decodes the body of a POST, PUT or DELETE. A body without Content-Type is JSON: `kubectl scale` sends such ones.
 * Throws RequestEntityTooLarge, UnsupportedMediaType, or BadRequest with the place of the mistake.
 */
export function readBody(request: ApiRequest, decodeProtobuf: DecodeProtobuf): DecodedBody {
  checkSize(request.body);
  switch (mediaType(request)) {
    case '':
    case jsonType:
      return parseJson(request.body);
    case yamlType:
    case 'application/x-yaml':
      return parseYaml(request.body);
    case protobufType:
      return { value: decodeProtobuf(request.body), duplicates: [] };
    default:
      throw unsupported([jsonType, yamlType, protobufType]);
  }
}

/** The media type of the body, in lower case and without parameters; empty when none is given. */
export function mediaType(request: ApiRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The refusal of a media type. @param accepted what would be accepted */
export function unsupported(accepted: readonly string[]): StatusError {
  return new StatusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/** Throws RequestEntityTooLarge with both sizes. */
export function checkSize(body: Uint8Array): void {
  if (body.length <= requestLimitBytes) return;
  throw new StatusError(
    'RequestEntityTooLarge',
    `Request entity too large: the body has ${body.length} bytes, the limit is ${requestLimitBytes}`,
  );
}

export function parseJson(body: Uint8Array): DecodedBody {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8');
  try {
    return { value: JSON.parse(text) as unknown, duplicates: duplicateKeys(text) };
  } catch (error) {
    throw new StatusError('BadRequest', `the body of the request is no valid JSON: ${textOf(error)}`);
  }
}

/** YAML, and therefore JSON too. Anchors are limited, so that a small body cannot grow without end. */
export function parseYaml(body: Uint8Array): DecodedBody {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8');
  if (text.trimStart().startsWith('{')) return parseJson(body);
  const document = parseDocument(text, { uniqueKeys: false });
  const mistake = document.errors[0];
  if (mistake) throw new StatusError('BadRequest', `the body of the request is no valid YAML: ${mistake.message}`);
  try {
    const value = document.toJS({ maxAliasCount: 100 }) as unknown;
    const strict = parseDocument(text, { uniqueKeys: true });
    return { value, duplicates: strict.errors.filter((found) => found.code === 'DUPLICATE_KEY').map(keyOf(text)) };
  } catch (error) {
    throw new StatusError('BadRequest', `the body of the request is no valid YAML: ${textOf(error)}`);
  }
}

function keyOf(text: string): (mistake: { pos: readonly [number, number] }) => string {
  return (mistake) => /^[^:\s]*/.exec(text.slice(mistake.pos[0]))?.[0] ?? '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// Plain values → plain responses.
import { stringify } from 'yaml';
import type { ApiResponse } from '../api/request.ts';
import { StatusError } from '../api/status-error.ts';
import type { StatusDetails } from '../api/status-error.ts';
import { isExpiredContinue } from './continue-token.ts';
import type { Negotiated } from './negotiation.ts';

const noCache = { 'cache-control': 'no-cache, private' };

/** A JSON value as UTF-8. */
export function encodeJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

export function respondJson(status: number, value: unknown): ApiResponse {
  return respondBytes(status, encodeJson(value));
}

/** JSON that is already encoded: an object as the store keeps it, or a stream of pieces. */
export function respondBytes(status: number, body: ApiResponse['body']): ApiResponse {
  return { status, headers: { 'content-type': 'application/json', ...noCache }, body };
}

export function respondText(status: number, text: string): ApiResponse {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...noCache },
    body: Buffer.from(text),
  };
}

/** The answer to a path that names nothing. */
export const pageNotFound = (): ApiResponse => respondText(404, '404 page not found\n');

/** Any error as a Status; what can be retried later says when. */
export function respondError(error: unknown): ApiResponse {
  const status = StatusError.from(error);
  const metadata = isExpiredContinue(status) ? { continue: status.continueToken } : {};
  const response = respondJson(status.code, { ...status.toStatus(), metadata });
  const retry = status.details?.retryAfterSeconds;
  return retry === undefined
    ? response
    : { ...response, headers: { ...response.headers, 'retry-after': String(retry) } };
}

/** `status: Success`, as DELETE answers when the object is gone. */
export function respondSuccess(status: number, details?: StatusDetails): ApiResponse {
  return respondJson(status, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    ...(details ? { details } : {}),
  });
}

/** Turns a JSON answer into the media type that was asked for, and adds warnings. */
export async function finishResponse(
  response: ApiResponse,
  negotiated: Pick<Negotiated, 'mediaType'>,
  warnings: Iterable<string>,
): Promise<ApiResponse> {
  const warning = [...warnings].map(formatWarning);
  const headers = warning.length === 0 ? response.headers : { ...response.headers, warning };
  if (negotiated.mediaType === 'application/json') return { ...response, headers };
  const bytes = await collect(response.body);
  const yaml = stringify(JSON.parse(bytes.toString('utf8')) as unknown);
  return { ...response, headers: { ...headers, 'content-type': negotiated.mediaType }, body: Buffer.from(yaml) };
}

async function collect(body: ApiResponse['body']): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.length);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** RFC 7234 `Warning` value with code 299; what a header cannot carry is replaced. */
export function formatWarning(text: string): string {
  const quoted = text.replace(/[\\"]/g, '\\$&').replace(/[\r\n\t]+/g, ' ');
  return `299 - "${quoted.replace(/[^\x20-\x7e]/g, '?')}"`;
}

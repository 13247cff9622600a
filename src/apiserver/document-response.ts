// Answers with a document that clients keep: entity tag, 304, and how long it may be kept.
import { createHash } from 'node:crypto';
import type { ApiRequest, ApiResponse } from '../api/request.ts';

export interface KeptDocument {
  readonly contentType: string;
  /** Identifies the content; the same tag promises the same bytes. */
  readonly tag: string;
  /** Asked for only when the client does not have the document yet. */
  readonly read: () => Uint8Array;
  /** True when the URL names this very content, so that it may be kept for good. */
  readonly isImmutable?: boolean;
}

const yearSeconds = 365 * 24 * 60 * 60;

/** 200 with the document, or 304 when `If-None-Match` holds its tag (RFC 9110, 13.1.2). */
export function respondDocument(request: ApiRequest, document: KeptDocument): ApiResponse {
  const etag = `"${document.tag}"`;
  const headers = {
    etag,
    vary: 'Accept',
    'cache-control': document.isImmutable ? `public, max-age=${yearSeconds}, immutable` : 'no-cache, private',
  };
  if (hasTag(request.headers['if-none-match'], etag)) return { status: 304, headers, body: new Uint8Array() };
  return { status: 200, headers: { 'content-type': document.contentType, ...headers }, body: document.read() };
}

function hasTag(given: string | undefined, etag: string): boolean {
  const tags = (given ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

/** A short name for content: the same for the same parts in the same order. */
export function contentTag(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(String(part.length)).update(':').update(part);
  return hash.digest('hex').slice(0, 32).toUpperCase();
}

/** Media types of an `Accept` header in the order listed, each with its parameters, quality aside, sorted by name. */
export function acceptedTypes(request: ApiRequest): readonly string[] {
  return (request.headers['accept'] ?? '*/*').split(',').map((entry) => {
    const [type = '', ...parameters] = entry.split(';').map((part) => part.trim());
    const kept = parameters.filter((parameter) => !parameter.startsWith('q=')).sort();
    return [type.toLowerCase(), ...kept].join(';');
  });
}

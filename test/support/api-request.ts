// Requests for tests of handlers.
import type { ApiRequest, ApiResponse } from '../../src/api/request.ts';

/** A GET of a URL path with query, unless `more` says otherwise. */
export function apiRequest(url: string, more: Partial<ApiRequest> = {}): ApiRequest {
  const { pathname, searchParams } = new URL(url, 'https://server');
  return {
    method: 'GET',
    path: pathname,
    query: searchParams,
    headers: {},
    body: new Uint8Array(),
    signal: new AbortController().signal,
    ...more,
  };
}

/** The body of an answer whose bytes are there at once. */
export function bodyText(response: ApiResponse | undefined): string {
  if (!(response?.body instanceof Uint8Array)) throw new Error('expected an answer with bytes');
  return Buffer.from(response.body).toString('utf8');
}

export function bodyJson(response: ApiResponse | undefined): unknown {
  return JSON.parse(bodyText(response));
}

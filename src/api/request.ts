// What both ends of an API call agree on. Node's HTTP objects exist only in apiserver/node-http.ts.

export interface UserInfo {
  readonly username: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

export interface ApiRequest {
  /** Upper-case HTTP method. */
  readonly method: string;
  /** Decoded path without query: `/api/v1/namespaces/default/pods/web`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Whole body; empty when there is none. */
  readonly body: Uint8Array;
  /** Who asks. The adapter leaves it out, authentication fills it in; in-process callers bring their own. */
  readonly user?: UserInfo;
  /** Aborts when the caller goes away or the server stops. */
  readonly signal: AbortSignal;
}

export interface ApiResponse {
  readonly status: number;
  /** A list means the header is sent once per value (`warning`). */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Bytes at once, or a stream that ends with the response. Each chunk is flushed by itself. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** Answers one request. Errors become Status responses inside; a handler does not reject for a caller's mistake. */
export type Handler = (request: ApiRequest) => Promise<ApiResponse>;

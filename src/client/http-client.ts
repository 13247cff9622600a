// The client of people and of other machines: the API over TLS.
import type { Client } from './client.ts';
import { createHandlerClient, type LogReader } from './handler-client.ts';
import { createHttpHandler, type HttpTarget } from './http-handler.ts';

export interface HttpClient extends Client, LogReader {
  /** Ends every call in progress and closes the connection. */
  close(): void;
}

/**
 * Connects on the first call, over one connection that is reopened when it was lost.
 * @param userAgent its first word is the default field manager
 */
export function createHttpClient(target: HttpTarget, userAgent = 'tepui'): HttpClient {
  const connection = createHttpHandler(target);
  return { ...createHandlerClient(connection.handle, userAgent), close: () => connection.close() };
}

// Calls to one server of the cluster, with what a careful client has to know of each: was it answered, refused, or neither?
import { createHttpHandler, type HttpHandler } from '../../../src/client/http-handler.ts';
import { loadConnection } from '../../../src/client/kubeconfig.ts';
import { readAll, readLines } from '../../../src/client/streams.ts';

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  /** Parsed; an empty object when the body is empty or no JSON. */
  readonly body: Document;
  /** The server warned that the answer may be out of date. */
  readonly stale: boolean;
}

/** `sent`: it may have reached the server. */
export interface NoAnswer {
  readonly kind: 'none';
  readonly sent: boolean;
  readonly why: string;
}

/** What an API object, list or Status may hold, as far as we look. */
export interface Document {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly items?: readonly Document[];
  readonly reason?: string;
  readonly message?: string;
  readonly code?: number;
}

export interface WatchedChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: Document;
}

export interface ServerConnection {
  /** `HOST:PORT` */
  readonly name: string;
  /** Never rejects. A call that is not answered in time is given up, with its connection. */
  call(method: string, path: string, body?: object): Promise<Answer | NoAnswer>;
  /** The events of a watch until it ends, or undefined with a status that is not 200. Rejects when the connection breaks. */
  watch(path: string, signal: AbortSignal): Promise<{ status: number; events: AsyncIterable<WatchedChange> }>;
  close(): void;
}

const answerWithinMs = 10_000;
const noBody = new Uint8Array();

/** @param kubeconfig the file of the server's home */
export function connectServer(kubeconfig: string): ServerConnection {
  const target = loadConnection({ file: kubeconfig, env: {}, home: '/' });
  let handler: HttpHandler | undefined;
  const send = (method: string, path: string, body: Uint8Array, signal: AbortSignal) => {
    const [file = '', query = ''] = path.split('?');
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    handler ??= createHttpHandler(target);
    return handler.handle({ method, path: file, query: new URLSearchParams(query), headers, body, signal });
  };
  const close = () => {
    handler?.close();
    handler = undefined;
  };
  return {
    name: new URL(target.server).host,
    async call(method, path, body) {
      try {
        const bytes = body === undefined ? noBody : Buffer.from(JSON.stringify(body));
        const { status, headers, body: answer } = await send(method, path, bytes, AbortSignal.timeout(answerWithinMs));
        return { kind: 'answer', status, body: parse(await readAll(answer)), stale: isStale(headers['warning']) };
      } catch (error) {
        close();
        return { kind: 'none', sent: !neverSent(error), why: String(error) };
      }
    },
    async watch(path, signal) {
      const { status, body } = await send('GET', path, noBody, signal);
      return { status, events: changesOf(body) };
    },
    close,
  };
}

async function* changesOf(body: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<WatchedChange> {
  for await (const line of readLines(body)) yield JSON.parse(line) as WatchedChange;
}

function parse(bytes: Uint8Array): Document {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as Document;
  } catch {
    return {};
  }
}

/** `Warning: 299 - "… out of date …"`; other warnings are about fields. */
const isStale = (warning: string | readonly string[] | undefined): boolean =>
  [warning ?? []].flat().some((text) => /stale|out of date|behind|older/i.test(text));

/** Nobody listened: the request cannot have been taken. */
function neverSent(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: unknown };
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return true;
  return cause !== undefined && neverSent(cause);
}

// A Handler that reaches a server over one HTTP/2 connection: calls, watches and logs share it, and it is reopened
// when it was lost. The server's certificate is checked against the given CA only.
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { ApiRequest, ApiResponse, Handler } from '../api/request.ts';
import { StatusError } from '../api/status-error.ts';
import { probeConnection, type Probe } from './connection-probe.ts';

export interface HttpTarget {
  /** `https://127.0.0.1:6443`, perhaps with a path prefix. */
  readonly server: string;
  /** PEM. Without it the system's authorities count. */
  readonly ca?: string | Uint8Array;
  readonly token?: string;
  /** PEM, both or neither. */
  readonly clientCertificate?: string | Uint8Array;
  readonly clientKey?: string | Uint8Array;
  readonly insecureSkipTlsVerify?: boolean;
  /** The name to expect in the certificate, when it is not the host of `server`. */
  readonly tlsServerName?: string;
  /** Omitted: a server that does not answer is waited for. */
  readonly probe?: Probe;
}

export interface HttpHandler {
  readonly handle: Handler;
  /** Ends every call in progress and closes the connection. */
  close(): void;
}

/** There is no answer, or not the whole of it. */
export class Unreachable extends StatusError {
  /** False: the request never left, or the server said that it did not look at it. */
  readonly mayHaveArrived: boolean;

  constructor(message: string, mayHaveArrived: boolean, cause: unknown) {
    super('ServiceUnavailable', message, undefined, { cause });
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** Large enough for a list to flow, small enough that a slow reader stops its sender soon. */
const streamWindowBytes = 256 * 1024;
const connectionWindowBytes = 4 * 1024 * 1024;
/** Node's own limit of 10 MB per connection would refuse new streams while a few large ones are on their way. */
const sessionMemoryMb = 128;

/** Throws StatusError BadRequest when `server` is not an https URL. Connects on the first call. */
export function createHttpHandler(target: HttpTarget): HttpHandler {
  const url = parseServer(target.server);
  let session: ClientHttp2Session | undefined;

  const open = (): ClientHttp2Session => {
    if (session && !session.closed && !session.destroyed) return session;
    const opened = connect(url.origin, {
      ...tlsOptions(target),
      maxSessionMemory: sessionMemoryMb,
      settings: { initialWindowSize: streamWindowBytes, enablePush: false },
    });
    // A failed connection also fails each of its streams: the calls report it.
    opened.on('error', () => undefined);
    opened.once('connect', () => opened.setLocalWindowSize(connectionWindowBytes));
    if (target.probe) probeConnection(opened, target.probe);
    opened.on('goaway', () => {
      if (session === opened) session = undefined;
    });
    session = opened;
    return opened;
  };

  const handle: Handler = async (request) => {
    request.signal.throwIfAborted();
    const headers = requestHeaders(request, url, target.token);
    const stream = open().request(headers, { signal: request.signal, endStream: request.body.length === 0 });
    if (request.body.length > 0) stream.end(request.body);
    return answer(stream, request.signal, target.server);
  };
  return { handle, close: () => session?.destroy() };
}

function parseServer(server: string): URL {
  const expected = `expected a server address such as https://127.0.0.1:6443, found "${server}"`;
  if (!URL.canParse(server)) throw new StatusError('BadRequest', expected);
  const url = new URL(server);
  if (url.protocol !== 'https:') throw new StatusError('BadRequest', `${expected}: credentials travel over TLS only`);
  return url;
}

function tlsOptions(target: HttpTarget): object {
  return {
    ...(target.ca === undefined ? {} : { ca: target.ca }),
    ...(target.clientCertificate === undefined ? {} : { cert: target.clientCertificate, key: target.clientKey }),
    ...(target.tlsServerName === undefined ? {} : { servername: target.tlsServerName }),
    rejectUnauthorized: target.insecureSkipTlsVerify !== true,
  };
}

function requestHeaders(request: ApiRequest, url: URL, token?: string): Record<string, string> {
  const query = request.query.toString();
  const prefix = url.pathname.replace(/\/$/, '');
  const path = request.path.split('/').map(encodeURIComponent).join('/');
  const headers: Record<string, string> = {
    [constants.HTTP2_HEADER_METHOD]: request.method,
    [constants.HTTP2_HEADER_PATH]: `${prefix}${path}${query === '' ? '' : `?${query}`}`,
  };
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers[name] = value;
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  return headers;
}

function answer(stream: ClientHttp2Stream, signal: AbortSignal, server: string): Promise<ApiResponse> {
  let isSent = !stream.pending;
  stream.once('ready', () => (isSent = true));
  return new Promise((resolve, reject) => {
    const mayHaveArrived = () => isSent && stream.rstCode !== constants.NGHTTP2_REFUSED_STREAM;
    const fail = (cause: Error) => reject(signal.aborted ? cause : unreachable(server, cause, mayHaveArrived()));
    stream.once('error', fail);
    stream.once('close', () => fail(new Error('the connection was closed before the answer')));
    stream.once('response', (received) => {
      const headers: Record<string, string | readonly string[]> = {};
      for (const [name, value] of Object.entries(received)) {
        if (!name.startsWith(':') && value !== undefined) headers[name] = value;
      }
      resolve({ status: received[':status'] ?? 500, headers, body: bodyOf(stream, signal, server) });
    });
  });
}

/** Reset by the peer after the end, or by us: no reason to doubt what came before. */
const harmless: ReadonlySet<number | undefined> = new Set([constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_CANCEL]);

/** Ends only where the server ended it. What was cut short, by a lost connection or by the caller, is an error. */
async function* bodyOf(stream: ClientHttp2Stream, signal: AbortSignal, server: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(server, error, true);
  }
  // A connection that closes in the middle ends the stream without an error of its own.
  if (stream.readableEnded && harmless.has(stream.rstCode)) return;
  signal.throwIfAborted();
  throw unreachable(server, 'the connection was closed in the middle', true);
}

function unreachable(server: string, cause: unknown, mayHaveArrived: boolean): Unreachable {
  const message = `cannot talk to the server ${server}: ${explainLoss(rootOf(cause))}`;
  return new Unreachable(message, mayHaveArrived, cause);
}

/** What the connection died of, rather than what each stream says about it. */
function rootOf(cause: unknown): unknown {
  return cause instanceof Error && cause.cause !== undefined ? rootOf(cause.cause) : cause;
}

const distrust = /certificate|CERT_|SIGNATURE/i;

function explainLoss(cause: unknown): string {
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string };
  if (code === 'ECONNREFUSED')
    return 'nothing listens there (ECONNREFUSED); is it running, and is this the right kubeconfig context?';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name cannot be resolved; is the kubeconfig right?';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || distrust.test(code) || distrust.test(message)) {
    return `its certificate is not trusted (${message}); is the kubeconfig of this cluster, and not of an earlier one?`;
  }
  return `${message}; is it running, and is this the right kubeconfig context?`;
}

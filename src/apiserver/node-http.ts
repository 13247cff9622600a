// The only place that knows Node's HTTP: TLS, HTTP/1.1 and HTTP/2 on one port ⇄ plain requests and responses.
import { createSecureServer } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse, Http2Session } from 'node:http2';
import { ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { ApiRequest, ApiResponse, Handler, UserInfo } from '../api/request.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { aborted } from '../lib/run-group.ts';
import { StatusError } from '../api/status-error.ts';
import { userOfSubject } from './authentication.ts';
import { requestLimitBytes } from './body.ts';
import { respondError } from './respond.ts';
import { ServerStopping } from './server-stopping.ts';

export interface Identity {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** PEM of the authority whose client certificates are believed. */
  readonly ca: string;
}

export interface ListenOptions extends Identity {
  readonly handler: Handler;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The system's unless given. */
  readonly clock?: Clock;
}

export interface Listening {
  readonly port: number;
  /** A renewed certificate, for connections from now on. Those that are open stay. Throws for what is no such pair. */
  replaceIdentity(identity: Identity): void;
  /**
   * Takes no more connections, ends streams at once, lets the answers under way go out, and releases the port. Clients that
   * do not read are cut off after 200 ms.
   */
  close(): Promise<void>;
}

/** Many watches share a connection; without a limit one client could take all memory. */
const streamsPerConnection = 4096;
/** Bodies of up to 3 MiB come in faster than through Node's default of 64 KiB. */
const streamWindowBytes = 256 * 1024;
/** Node's own limit of 10 MB per connection would refuse new streams while a few large lists are on their way. */
const sessionMemoryMb = 128;
const minVersion = 'TLSv1.2';
/** A clean hand-over of the whole server has 0.3 s. */
const closeGraceMs = 200;

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

/** Rejects when the port cannot be had. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { handler, host, port, key, cert, ca } = options;
  const server = createSecureServer({
    ...{ key, cert, ca },
    allowHTTP1: true,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion,
    maxSessionMemory: sessionMemoryMb,
    settings: { maxConcurrentStreams: streamsPerConnection, initialWindowSize: streamWindowBytes },
  });
  const stopping = new AbortController();
  const connections = createConnections();
  const serve = (incoming: Incoming, outgoing: Outgoing) =>
    connections.busy(answer(handler, incoming, outgoing, stopping.signal));
  server.on('request', serve);
  // Node hands every request with an Upgrade header to this event; ours are ordinary requests all the same.
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket) => {
    const outgoing = new ServerResponse(incoming);
    outgoing.assignSocket(socket);
    outgoing.shouldKeepAlive = false;
    outgoing.on('finish', () => socket.end());
    serve(incoming, outgoing);
  });
  server.on('secureConnection', (socket: TLSSocket) => connections.add(socket));
  server.on('session', (session) => connections.addSession(session));
  // A client that breaks off, or speaks no TLS, is no reason to end the process.
  server.on('sessionError', () => undefined);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    replaceIdentity: (identity) => server.setSecureContext({ ...pick(identity), minVersion }),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.refuseMore();
      stopping.abort(new ServerStopping());
      const grace = (options.clock ?? systemClock).after(closeGraceMs, () => connections.cut());
      await connections.end();
      await closed;
      grace.cancel();
    },
  };
}

const pick = ({ key, cert, ca }: Identity): Identity => ({ key, cert, ca });

interface Connections {
  add(socket: Socket): void;
  addSession(session: Http2Session): void;
  /** Counts an answer that is under way. */
  busy(answering: Promise<void>): void;
  /** Tells HTTP/2 clients that further requests belong on another connection. */
  refuseMore(): void;
  /** Waits for the answers that are under way, then closes what is open. */
  end(): Promise<void>;
  /** Closes what is open. */
  cut(): void;
}

function createConnections(): Connections {
  const sockets = new Set<Socket>();
  const sessions = new Set<Http2Session>();
  const answering = new Set<Promise<void>>();
  const cutOff = new AbortController();
  return {
    add(socket) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    },
    addSession(session) {
      sessions.add(session);
      session.on('close', () => sessions.delete(session));
    },
    busy(promise) {
      answering.add(promise);
      void promise.finally(() => answering.delete(promise));
    },
    refuseMore() {
      for (const session of sessions) session.close();
    },
    async end() {
      await Promise.race([Promise.allSettled(answering), aborted(cutOff.signal)]);
      if (sessions.size > 0) await new Promise((resolve) => setImmediate(resolve));
      for (const socket of sockets) socket.destroySoon();
    },
    cut() {
      cutOff.abort();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function answer(handler: Handler, incoming: Incoming, outgoing: Outgoing, stopping: AbortSignal): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  outgoing.on('error', () => gone.abort());
  // What breaks after the request was read is known by then.
  incoming.on('error', () => undefined);
  const signal = AbortSignal.any([gone.signal, stopping]);
  try {
    const response = await respond(handler, incoming, signal);
    await send(response, outgoing, incoming, gone.signal);
  } catch {
    // The headers are out: all that is left to tell the client is that this is not the whole answer.
    cutOff(outgoing);
  }
}

/**
 * Without the mark that ends a body. An HTTP/2 stream has to be destroyed with an error: one that is closed, with whatever
 * code, or destroyed without, is ended first and then reset with code 0, and looks whole.
 */
function cutOff(outgoing: Outgoing): void {
  if ('stream' in outgoing) outgoing.stream.destroy(new Error('the answer broke off'));
  else outgoing.destroy();
}

async function respond(handler: Handler, incoming: Incoming, signal: AbortSignal): Promise<ApiResponse> {
  try {
    return await handler(await toRequest(incoming, signal));
  } catch (error) {
    return respondError(error);
  }
}

async function toRequest(incoming: Incoming, signal: AbortSignal): Promise<ApiRequest> {
  const url = new URL(incoming.url ?? '/', 'https://server');
  const user = userOf(incoming);
  return {
    method: incoming.method ?? 'GET',
    path: decodePath(url.pathname),
    query: url.searchParams,
    headers: headersOf(incoming),
    body: await readAll(incoming),
    signal,
    ...(user === undefined ? {} : { user }),
  };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new StatusError('BadRequest', `the path ${path} is not well encoded`);
  }
}

/** Only a certificate that our own authority signed names a user. */
function userOf(incoming: Incoming): UserInfo | undefined {
  const socket = ('stream' in incoming ? incoming.stream.session?.socket : incoming.socket) as TLSSocket | undefined;
  if (socket?.authorized !== true) return undefined;
  return userOfSubject(socket.getPeerCertificate().subject);
}

function headersOf(incoming: Incoming): ApiRequest['headers'] {
  const headers = Object.entries(incoming.headers).filter(([name]) => !name.startsWith(':'));
  return Object.fromEntries(headers.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
}

async function readAll(incoming: Incoming): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // One chunk beyond the limit is enough for the handler to refuse the body.
    if (size - chunk.length <= requestLimitBytes) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function send(response: ApiResponse, outgoing: Outgoing, incoming: Incoming, gone: AbortSignal): Promise<void> {
  const { status, headers, body } = response;
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  outgoing.statusCode = status;
  if (body instanceof Uint8Array) {
    outgoing.setHeader('content-length', body.length);
    outgoing.end(incoming.method === 'HEAD' ? '' : body);
    return;
  }
  if (incoming.method === 'HEAD') {
    outgoing.end();
    return;
  }
  // A watch may have nothing to say for a long time; its client waits for the headers.
  if ('stream' in outgoing) outgoing.stream.respond({ ':status': status, ...outgoing.getHeaders() });
  else outgoing.flushHeaders();
  await sendStream(body, outgoing, gone);
}

/** Throws when the body is not what its length says: the client of a kept connection would read on into the next answer. */
async function sendStream(body: AsyncIterable<Uint8Array>, outgoing: Outgoing, gone: AbortSignal): Promise<void> {
  const sink: Duplex | ServerResponse = 'stream' in outgoing ? outgoing.stream : outgoing;
  const announced = outgoing.getHeader('content-length');
  let size = 0;
  for await (const chunk of body) {
    if (gone.aborted) return;
    size += chunk.length;
    if (!sink.write(chunk)) await drained(sink, gone);
  }
  if (announced !== undefined && Number(announced) !== size) {
    throw new Error(`the answer has ${String(size)} bytes instead of the ${String(announced)} that it announced`);
  }
  sink.end();
}

/** Resolves when the client has taken what was written, or has gone away. */
function drained(sink: Duplex | ServerResponse, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ended.aborted) {
      resolve();
      return;
    }
    const done = () => {
      sink.off('drain', done);
      ended.removeEventListener('abort', done);
      resolve();
    };
    sink.once('drain', done);
    ended.addEventListener('abort', done, { once: true });
  });
}

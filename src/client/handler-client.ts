// A client over any Handler: the server's own, in process, or one that reaches it over the network (http-handler.ts).
import { setMaxListeners } from 'node:events';
import type { ApiObject } from '../api/object.ts';
import type { ApiResponse, Handler, UserInfo } from '../api/request.ts';
import { StatusError, type Status } from '../api/status-error.ts';
import type {
  Client,
  ListOptions,
  ObjectList,
  ObjectRef,
  Reader,
  ResourceRef,
  WatchEvent,
  WatchOptions,
  Writer,
} from './client.ts';
import { collectionPath, listQuery, objectPath, patchMediaTypes, patchQuery, refOf } from './paths.ts';
import { readAll, readLines, untilAborted } from './streams.ts';

export interface LogOptions {
  readonly container?: string;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
  readonly limitBytes?: number;
}

/** What the command line needs beyond a Client. */
export interface LogReader {
  /** The log's bytes as they come; throws StatusError when the server refuses. Ends when `signal` aborts. */
  readLog(pod: ObjectRef, options: LogOptions, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

const never = new AbortController().signal;
// As many as there are calls under way listen to it.
setMaxListeners(0, never);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const noBody = new Uint8Array();

/**
 * @param user who asks, for an in-process handler; a remote one authenticates by itself
 * @param userAgent names the program in managedFields and audit
 */
export function createHandlerClient(handle: Handler, userAgent: string, user?: UserInfo): Client & LogReader {
  const send: Send = async (call) => {
    const response = await handle({
      method: call.method,
      path: call.path,
      query: call.query ?? new URLSearchParams(),
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(call.body === undefined ? {} : { 'content-type': call.contentType ?? 'application/json' }),
      },
      body: call.body === undefined ? noBody : encoder.encode(JSON.stringify(call.body)),
      signal: call.signal ?? never,
      ...(user ? { user } : {}),
    });
    if (response.status >= 400) throw await refusal(response);
    return response;
  };
  return { ...createReader(send), ...createWriter(send) };
}

type Send = (call: Call) => Promise<ApiResponse>;

async function json<T>(response: Promise<ApiResponse>): Promise<T> {
  return JSON.parse(decoder.decode(await readAll((await response).body))) as T;
}

function createReader(send: Send): Reader & LogReader {
  return {
    get: (ref, signal) => json(send({ method: 'GET', path: objectPath(ref), signal })),
    async list<T extends ApiObject>(resource: ResourceRef, options: ListOptions = {}, signal?: AbortSignal) {
      const path = collectionPath(resource, options.namespace);
      return typedList<T>(await json(send({ method: 'GET', path, query: listQuery(options), signal })));
    },
    async *watch<T extends ApiObject>(resource: ResourceRef, options: WatchOptions, signal: AbortSignal) {
      const query = listQuery(options);
      query.set('watch', 'true');
      query.set('allowWatchBookmarks', 'true');
      query.set('resourceVersion', options.resourceVersion);
      const response = await send({ method: 'GET', path: collectionPath(resource, options.namespace), query, signal });
      for await (const line of readLines(untilAborted(response.body, signal))) yield parseEvent<T>(line);
    },
    async *readLog(pod, options, signal) {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(options)) query.set(name, String(value));
      const response = await send({ method: 'GET', path: objectPath(pod, 'log'), query, signal });
      yield* untilAborted(response.body, signal);
    },
  };
}

function createWriter(send: Send): Writer {
  return {
    create: (resource, object) =>
      json(send({ method: 'POST', path: collectionPath(resource, object.metadata.namespace), body: object })),
    update: (resource, object, subresource) =>
      json(send({ method: 'PUT', path: objectPath(refOf(resource, object), subresource), body: object })),
    patch: (ref, body, options) =>
      json(
        send({
          method: 'PATCH',
          path: objectPath(ref, options.subresource),
          query: patchQuery(options),
          body,
          contentType: patchMediaTypes[options.type],
        }),
      ),
    delete: async (ref, options = {}) => {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
      await json(send({ method: 'DELETE', path: objectPath(ref), body }));
    },
    createSubresource: (ref, subresource, body) =>
      json(send({ method: 'POST', path: objectPath(ref, subresource), body })),
  };
}

/** Turns an answer of 400 and above into the error it describes; text that is no Status becomes the message. */
async function refusal(response: ApiResponse): Promise<StatusError> {
  const text = decoder.decode(await readAll(response.body));
  return StatusError.fromStatus(parseStatus(text), response.status);
}

function parseStatus(text: string): Partial<Status> {
  try {
    const value = JSON.parse(text) as Partial<Status> | null;
    if (value?.kind === 'Status') return value;
  } catch {
    // Not JSON: a proxy or an unknown path answered in plain text.
  }
  return text.trim() === '' ? {} : { message: text.trim() };
}

/** Items of built-in lists come without kind and apiVersion; every object of ours says what it is. */
function typedList<T extends ApiObject>(wire: {
  apiVersion: string;
  kind: string;
  metadata: { resourceVersion?: string };
  items: readonly object[];
}): ObjectList<T> {
  const type = { apiVersion: wire.apiVersion, kind: wire.kind.replace(/List$/, '') };
  const items = wire.items.map((item) => ({ ...type, ...item }) as unknown as T);
  return { resourceVersion: wire.metadata.resourceVersion ?? '0', items };
}

function parseEvent<T extends ApiObject>(line: string): WatchEvent<T> {
  const event = JSON.parse(line) as WatchEvent<T> | { type: 'ERROR'; object: Status };
  if (event.type === 'ERROR') throw StatusError.fromStatus(event.object, event.object.code);
  return event;
}

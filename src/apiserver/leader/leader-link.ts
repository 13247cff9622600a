// The connections to one leader's API: few, shared by all requests, watched by pings, ended when another server leads.
import type { ApiRequest, ApiResponse } from '../../api/request.ts';
import { createHttpHandler, type HttpHandler, type HttpTarget } from '../../client/http-handler.ts';
import type { KeyedCertificate } from '../../lib/certificates.ts';
import type { Clock } from '../../lib/clock.ts';

export interface LeaderLinkOptions {
  /** PEM of the cluster's authority. */
  readonly ca: string;
  /** This server's certificate, with O=system:servers; asked for at each new connection, so that it may be renewed. */
  readonly identity: () => KeyedCertificate;
  /** The name to expect in the leader's certificate, when it is not the host of its address. */
  readonly serverName?: string;
  readonly clock: Clock;
}

export interface LeaderLink {
  readonly api: string;
  /** Rejects with Unreachable when no answer comes. @param isStream it may end at once when another server leads */
  send(request: ApiRequest, isStream: boolean): Promise<ApiResponse>;
  /** Another server leads: ends streams at once, and calls that have no answer a moment later. */
  retire(): void;
  /** Ends everything. */
  close(): void;
}

/** More requests than these, watches mostly, get another connection, so that no connection is a bottle's neck. */
const requestsPerConnection = 500;
/** A leader that does not answer for this long is noticed before its session with ZooKeeper ends (6 s by default). */
const probeTimes = { everyMs: 1000, deadlineMs: 3000 };
/** A leader that hands over answers what it took before it says so; its answers may be on their way. */
const retireMs = 1000;

interface Connection extends HttpHandler {
  requests: number;
}

export function createLeaderLink(api: string, options: LeaderLinkOptions): LeaderLink {
  const connections = new Set<Connection>();
  const streams = new Set<AbortController>();
  let isRetired = false;
  const target = targetOf(api, options);

  const free = (): Connection => {
    for (const connection of connections) if (connection.requests < requestsPerConnection) return connection;
    const made: Connection = { ...createHttpHandler(target), requests: 0 };
    connections.add(made);
    return made;
  };
  const release = (connection: Connection) => {
    connection.requests -= 1;
    const isSpare = connection.requests === 0 && (connections.size > 1 || isRetired);
    if (isSpare && connections.delete(connection)) connection.close();
  };
  const close = () => {
    for (const connection of connections) connection.close();
    connections.clear();
  };

  return {
    api,
    async send(request, isStream) {
      const connection = free();
      connection.requests += 1;
      const ending = new AbortController();
      if (isStream) streams.add(ending);
      const end = once(() => {
        streams.delete(ending);
        release(connection);
        // A body that nobody began to read would keep its stream otherwise.
        ending.abort();
      });
      request.signal.addEventListener('abort', end, { once: true });
      try {
        const response = await connection.handle({
          ...request,
          signal: AbortSignal.any([request.signal, ending.signal]),
        });
        return { ...response, body: counted(response.body, end) };
      } catch (error) {
        end();
        throw error;
      }
    },
    retire() {
      isRetired = true;
      for (const stream of streams) stream.abort(new Error('another server leads'));
      for (const connection of [...connections]) {
        if (connection.requests === 0 && connections.delete(connection)) connection.close();
      }
      options.clock.after(retireMs, close);
    },
    close,
  };
}

function targetOf(server: string, { ca, identity, serverName, clock }: LeaderLinkOptions): HttpTarget {
  return {
    server,
    ca,
    get clientCertificate() {
      return identity().certificate;
    },
    get clientKey() {
      return identity().key;
    },
    ...(serverName === undefined ? {} : { tlsServerName: serverName }),
    probe: { clock, ...probeTimes },
  };
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

/** The body, which tells when it was read or given up. */
function counted(body: ApiResponse['body'], end: () => void): ApiResponse['body'] {
  if (body instanceof Uint8Array) {
    end();
    return body;
  }
  const iterator = body[Symbol.asyncIterator]();
  const next = async () => {
    try {
      const step = await iterator.next();
      if (step.done) end();
      return step;
    } catch (error) {
      end();
      throw error;
    }
  };
  const giveUp = async (): Promise<IteratorResult<Uint8Array>> => {
    end();
    await iterator.return?.();
    return { done: true, value: undefined };
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: giveUp }) };
}

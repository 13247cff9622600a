// Dials AgentGateway: the agent's way to its server.
import { Client } from '@grpc/grpc-js';
import type { ChannelCredentials } from '@grpc/grpc-js';
import type { AgentMessage, JoinRequest, JoinResponse, ServerMessage } from './agent-protocol.ts';
import { serverDnsName } from './identities.ts';
import { methodOf } from './proto.ts';
import { fromServiceError } from './rpc-errors.ts';
import { messagesOf, pump } from './stream-pump.ts';
import { channelOptions, createChannelCredentials } from './tls-credentials.ts';
import type { TlsIdentity } from './tls-credentials.ts';

export interface AgentGatewayChannel {
  /** Rejects with StatusError: Unauthorized when the token is wrong, ServiceUnavailable when nobody answers. */
  join(request: JoinRequest, signal: AbortSignal): Promise<JoinResponse>;
  /**
   * Opens the session. The iteration ends when the server ends it or the signal aborts; it throws StatusError when the
   * connection fails. `outgoing` is read only as fast as the server takes it.
   * @param onReached called when a server has taken the call, before its first message
   */
  session(
    outgoing: AsyncIterable<AgentMessage>,
    signal: AbortSignal,
    onReached?: () => void,
  ): AsyncIterable<ServerMessage>;
  close(): void;
}

const joinTimeoutMs = 20_000;

/**
 * A server that is frozen or cut off is noticed within once to twice this time, by HTTP/2 pings: the library in C
 * answers them, without protobuf, streams or a handler of ours, which a message and its echo would cost.
 */
const defaultSilenceMs = 5_000;

export type DialGateway = (
  address: string,
  authority: string,
  identity: TlsIdentity | undefined,
) => AgentGatewayChannel;

interface TlsParts {
  readonly authority: string;
  readonly identity: TlsIdentity | undefined;
}

/** Dials again and again with one identity, which is made ready once: that costs more than the rest of a call. */
export function createGatewayDialer(): DialGateway {
  let last: (TlsParts & { readonly credentials: ChannelCredentials }) | undefined;
  return (address, authority, identity) => {
    if (last?.authority !== authority || last.identity !== identity) {
      last = { authority, identity, credentials: createChannelCredentials(authority, identity) };
    }
    return openChannel(address, last.credentials, defaultSilenceMs);
  };
}

/**
 * @param address `HOST:PORT`; the certificate behind it must be a server's, signed by `authority`
 * @param silenceMs how long a server may be quiet before it is asked for an answer, and how long that may take
 */
export function dialAgentGateway(
  address: string,
  authority: string,
  identity: TlsIdentity | undefined,
  silenceMs = defaultSilenceMs,
): AgentGatewayChannel {
  return openChannel(address, createChannelCredentials(authority, identity), silenceMs);
}

function openChannel(address: string, credentials: ChannelCredentials, silenceMs: number): AgentGatewayChannel {
  const client = new Client(address, credentials, {
    ...channelOptions(serverDnsName),
    'grpc.keepalive_time_ms': silenceMs,
    'grpc.keepalive_timeout_ms': silenceMs,
  });
  const talking = methodOf<AgentMessage, ServerMessage>('AgentGateway', 'Session');

  async function* session(
    outgoing: AsyncIterable<AgentMessage>,
    signal: AbortSignal,
    onReached: () => void = () => undefined,
  ): AsyncGenerator<ServerMessage> {
    const ended = new AbortController();
    const call = client.makeBidiStreamRequest<AgentMessage, ServerMessage>(
      talking.path,
      talking.serialize,
      talking.deserialize,
    );
    call.once('metadata', onReached);
    const stop = () => {
      ended.abort();
      call.cancel();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    // A failure to write shows as the error of the reading side, which is the one that is reported.
    pump(outgoing, call, ended.signal).then(
      () => call.end(),
      () => call.cancel(),
    );
    try {
      yield* messagesOf<ServerMessage>(call, signal, fromServiceError);
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  return {
    join: (request, signal) => joinGateway(client, request, signal),
    session,
    close: () => client.close(),
  };
}

function joinGateway(client: Client, request: JoinRequest, signal: AbortSignal): Promise<JoinResponse> {
  const joining = methodOf<JoinRequest, JoinResponse>('AgentGateway', 'Join');
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest<JoinRequest, JoinResponse>(
      joining.path,
      joining.serialize,
      joining.deserialize,
      request,
      { deadline: Date.now() + joinTimeoutMs },
      (error, response) => {
        signal.removeEventListener('abort', cancel);
        if (response) resolve(response);
        else reject(fromServiceError(error));
      },
    );
    const cancel = () => call.cancel();
    signal.addEventListener('abort', cancel, { once: true });
  });
}

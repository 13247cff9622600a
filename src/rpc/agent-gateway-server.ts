// Serves AgentGateway: the server's side of the wire to its agents. Authenticates; knows nothing of pods.
import { Metadata } from '@grpc/grpc-js';
import type { ServerDuplexStream, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { StatusError } from '../api/status-error.ts';
import type { Clock } from '../lib/clock.ts';
import type { AgentMessage, JoinRequest, JoinResponse, ServerMessage } from './agent-protocol.ts';
import { listen } from './grpc-server.ts';
import type { ListenOptions, ListeningServer } from './grpc-server.ts';
import { nodeOfCommonName } from './identities.ts';
import { toServiceError } from './rpc-errors.ts';
import { messagesOf, pumpOneByOne } from './stream-pump.ts';
import { verifiedPeer } from './tls-credentials.ts';

export interface AgentGatewayHandlers {
  /** @param renewing the node whose valid certificate the caller presented, if any */
  join(request: JoinRequest, renewing: string | undefined): Promise<JoinResponse>;
  /** One session. It ends when the returned iterable does, when the agent goes away, or when it is cut. */
  session(wire: SessionWire): AsyncIterable<ServerMessage>;
  /** Asked right before a message is written, every one; false cuts the session instead. */
  maySend(message: ServerMessage): boolean;
}

/** What a session has of the connection that it lives on. */
export interface SessionWire {
  /** From the agent's certificate. */
  readonly nodeName: string;
  readonly incoming: AsyncIterable<AgentMessage>;
  /** Aborts when the agent went away, or when the session was cut. */
  readonly signal: AbortSignal;
  /** Ends the session now: nothing more is written. The agent learns the reason as ServiceUnavailable. */
  cut(reason: string): void;
}

/** Rejects when the address cannot be bound. */
export function serveAgentGateway(
  options: ListenOptions,
  handlers: AgentGatewayHandlers,
  clock: Clock,
): Promise<ListeningServer> {
  const Join = (call: ServerUnaryCall<JoinRequest, JoinResponse>, reply: sendUnaryData<JoinResponse>) => {
    const answer = async () => {
      const peer = verifiedPeer(call, options.authority, clock);
      return handlers.join(call.request, peer === undefined ? undefined : nodeOfCommonName(peer));
    };
    answer().then(
      (response) => reply(null, response),
      (error: unknown) => reply(toServiceError(error)),
    );
  };

  const Session = (call: ServerDuplexStream<AgentMessage, ServerMessage>) => {
    const ended = new AbortController();
    const { signal } = ended;
    call.on('cancelled', () => ended.abort());
    call.on('error', () => ended.abort());
    const cut = (reason: string) => {
      if (!signal.aborted) call.emit('error', toServiceError(new StatusError('ServiceUnavailable', reason)));
    };
    const maySend = (message: ServerMessage) => {
      if (signal.aborted) return false;
      const may = handlers.maySend(message);
      if (!may) cut('this server does not lead at the moment');
      return may;
    };
    const serve = async () => {
      const nodeName = sessionOwner(verifiedPeer(call, options.authority, clock));
      // Tells the agent that it reached somebody, however long the first message takes.
      call.sendMetadata(new Metadata());
      const incoming = messagesOf<AgentMessage>(call, signal, (error) => StatusError.from(error));
      await pumpOneByOne(handlers.session({ nodeName, incoming, signal, cut }), call, signal, maySend);
    };
    serve()
      .then(
        () => call.end(),
        (error: unknown) => {
          if (!signal.aborted) call.emit('error', toServiceError(error));
        },
      )
      .finally(() => ended.abort());
  };

  return listen('AgentGateway', { Join, Session }, options, false);
}

function sessionOwner(commonName: string | undefined): string {
  if (commonName === undefined) {
    throw new StatusError('Unauthorized', 'a session needs the certificate that Join gives; join first');
  }
  const nodeName = nodeOfCommonName(commonName);
  if (nodeName === undefined) {
    throw new StatusError(
      'Forbidden',
      `a session needs the certificate of an agent (CN system:node:NAME), this one belongs to ${commonName}`,
    );
  }
  return nodeName;
}

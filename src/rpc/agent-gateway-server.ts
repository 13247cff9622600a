// Serves AgentGateway: the server's side of the wire to its agents. Authenticates; knows nothing of pods.
import type { ServerDuplexStream, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { StatusError } from '../api/status-error.ts';
import type { Clock } from '../lib/clock.ts';
import type { AgentMessage, JoinRequest, JoinResponse, ServerMessage } from './agent-protocol.ts';
import { listen } from './grpc-server.ts';
import type { ListenOptions, ListeningServer } from './grpc-server.ts';
import { nodeOfCommonName } from './identities.ts';
import { toServiceError } from './rpc-errors.ts';
import { messagesOf, pump } from './stream-pump.ts';
import { verifiedPeer } from './tls-credentials.ts';

export interface AgentGatewayHandlers {
  /** @param renewing the node whose valid certificate the caller presented, if any */
  join(request: JoinRequest, renewing: string | undefined): Promise<JoinResponse>;
  /**
   * One session. It ends when the returned iterable does, or when `signal` aborts because the agent went away.
   * @param nodeName from the agent's certificate
   */
  session(nodeName: string, incoming: AsyncIterable<AgentMessage>, signal: AbortSignal): AsyncIterable<ServerMessage>;
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
    call.on('cancelled', () => ended.abort());
    call.on('error', () => ended.abort());
    const serve = async () => {
      const nodeName = sessionOwner(verifiedPeer(call, options.authority, clock));
      const incoming = messagesOf<AgentMessage>(call, ended.signal, (error) => StatusError.from(error));
      await pump(handlers.session(nodeName, incoming, ended.signal), call, ended.signal);
    };
    serve()
      .then(
        () => call.end(),
        (error: unknown) => void call.emit('error', toServiceError(error)),
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

// Serves AgentStreams on the agent: bulk that the leader fetches. Only a server's certificate is let in.
import type { ServerWritableStream } from '@grpc/grpc-js';
import { StatusError } from '../api/status-error.ts';
import type { Clock } from '../lib/clock.ts';
import type { LogChunk, LogRequest } from './agent-protocol.ts';
import { listen } from './grpc-server.ts';
import type { ListenOptions, ListeningServer } from './grpc-server.ts';
import { serverCommonName } from './identities.ts';
import { toServiceError } from './rpc-errors.ts';
import { pump } from './stream-pump.ts';
import { verifiedPeer } from './tls-credentials.ts';

export interface AgentStreamsHandlers {
  readLog(request: LogRequest, signal: AbortSignal): AsyncIterable<LogChunk>;
}

/** Rejects when the address cannot be bound. */
export function serveAgentStreams(
  options: ListenOptions,
  handlers: AgentStreamsHandlers,
  clock: Clock,
): Promise<ListeningServer> {
  const ReadLog = (call: ServerWritableStream<LogRequest, LogChunk>) => {
    const ended = new AbortController();
    call.on('cancelled', () => ended.abort());
    call.on('error', () => ended.abort());
    const serve = async () => {
      const peer = verifiedPeer(call, options.authority, clock);
      if (peer !== serverCommonName) {
        throw new StatusError('Forbidden', `only a server may read logs here, not ${peer ?? 'a stranger'}`);
      }
      await pump(handlers.readLog(call.request, ended.signal), call, ended.signal);
    };
    serve()
      .then(
        () => call.end(),
        (error: unknown) => void call.emit('error', toServiceError(error)),
      )
      .finally(() => ended.abort());
  };
  return listen('AgentStreams', { ReadLog }, options, true);
}

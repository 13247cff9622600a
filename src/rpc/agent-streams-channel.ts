// Dials AgentStreams: the leader's way to the logs of one agent.
import { Client } from '@grpc/grpc-js';
import type { LogChunk, LogRequest } from './agent-protocol.ts';
import { agentDnsName } from './identities.ts';
import { methodOf } from './proto.ts';
import { fromServiceError } from './rpc-errors.ts';
import { messagesOf } from './stream-pump.ts';
import { channelOptions, createChannelCredentials } from './tls-credentials.ts';
import type { TlsIdentity } from './tls-credentials.ts';

export interface AgentStreamsChannel {
  /** Throws StatusError while iterating; ends without error when the signal aborts. */
  readLog(request: LogRequest, signal: AbortSignal): AsyncIterable<LogChunk>;
  close(): void;
}

/** @param address `HOST:PORT`; the certificate behind it must be that of the node's agent */
export function dialAgentStreams(
  address: string,
  nodeName: string,
  authority: string,
  identity: TlsIdentity,
): AgentStreamsChannel {
  const client = new Client(
    address,
    createChannelCredentials(authority, identity),
    channelOptions(agentDnsName(nodeName)),
  );
  const reading = methodOf<LogRequest, LogChunk>('AgentStreams', 'ReadLog');

  async function* readLog(request: LogRequest, signal: AbortSignal): AsyncGenerator<LogChunk> {
    const call = client.makeServerStreamRequest<LogRequest, LogChunk>(
      reading.path,
      reading.serialize,
      reading.deserialize,
      request,
    );
    const cancel = () => call.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      yield* messagesOf<LogChunk>(call, signal, fromServiceError);
    } finally {
      signal.removeEventListener('abort', cancel);
      cancel();
    }
  }

  return { readLog, close: () => client.close() };
}

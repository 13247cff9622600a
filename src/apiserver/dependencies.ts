// What the API server needs from the outside, as narrow as possible; cmd/ wires it.
import type { LogChunk, LogRequest } from '../rpc/agent-protocol.ts';

/** Reads a container's log from the agent of its node. */
export interface PodLogSource {
  /** Rejects with StatusError ServiceUnavailable when the node's agent is not connected. */
  readLog(nodeName: string, request: LogRequest, signal: AbortSignal): Promise<AsyncIterable<LogChunk>>;
}

/** Randomness, injected so that tests are repeatable. */
export interface Ids {
  /** RFC 4122 version 4. */
  uid(): string;
  /** Five characters for generateName, from Kubernetes' alphabet without vowels. */
  nameSuffix(): string;
}

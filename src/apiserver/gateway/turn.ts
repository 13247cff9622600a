// One acting period of the leader, as agents see it: who is registered, and who is heard of. Begins anew each time.
import type { KeyedCertificate } from '../../lib/certificates.ts';
import type { AgentMessage, Register, ServerMessage } from '../../rpc/agent-protocol.ts';
import type { SessionWire } from '../../rpc/agent-gateway-server.ts';
import { dialAgentStreams } from '../../rpc/agent-streams-channel.ts';
import type { AgentStreamsChannel } from '../../rpc/agent-streams-channel.ts';
import { createAgentSession } from './agent-session.ts';
import type { AgentSession, SessionContext } from './agent-session.ts';
import type { Liveness } from './liveness.ts';

export interface Turn {
  readonly epoch: number;
  /** Exact at the moment of asking. */
  isActing(): boolean;
  isConnected(nodeName: string): boolean;
  /** Serves a session of this turn to its end. The newest of a node counts; the one before is told so. */
  hold(wire: SessionWire, arrival: Register, incoming: AsyncIterable<AgentMessage>): AsyncIterable<ServerMessage>;
  /** Ends a session and tells the agent why. */
  reject(nodeName: string, reason: string): void;
  /** The way to the logs of a node's agent; undefined when it is not connected. */
  streamsOf(nodeName: string, identity: KeyedCertificate): AgentStreamsChannel | undefined;
  /** The next log is fetched on a new connection. */
  closeStreams(): void;
  /** Cuts every session. */
  end(): void;
}

export interface TurnOptions {
  readonly epoch: number;
  readonly isActing: () => boolean;
  /** The cluster's authority, PEM. */
  readonly authority: string;
  readonly session: Omit<SessionContext, 'onHeard' | 'onRegistered'>;
  readonly liveness: Pick<Liveness, 'heard' | 'stop'>;
  readonly onRegistered: (nodeName: string) => void;
}

interface Connected {
  readonly wire: SessionWire;
  readonly session: AgentSession;
  /** Made when the first log is asked for. */
  streams: AgentStreamsChannel | undefined;
}

export function createTurn(options: TurnOptions): Turn {
  const sessions = new Map<string, Connected>();
  let ended = false;

  async function* hold(
    wire: SessionWire,
    arrival: Register,
    incoming: AsyncIterable<AgentMessage>,
  ): AsyncGenerator<ServerMessage> {
    const { nodeName } = wire;
    const context = {
      ...options.session,
      onHeard() {
        if (!ended) options.liveness.heard(nodeName);
      },
      onRegistered: () => options.onRegistered(nodeName),
    };
    const former = sessions.get(nodeName);
    const session = createAgentSession(context, nodeName, arrival, incoming, wire.signal);
    const connected: Connected = { wire, session, streams: undefined };
    sessions.set(nodeName, connected);
    former?.session.reject(`another agent took over the session of node ${nodeName}: do two run with the same name?`);
    try {
      yield* session.messages;
    } finally {
      closeStreams(connected);
      if (sessions.get(nodeName) === connected) sessions.delete(nodeName);
    }
  }

  return {
    epoch: options.epoch,
    isActing: () => !ended && options.isActing(),
    isConnected: (nodeName) => sessions.has(nodeName),
    hold,
    reject: (nodeName, reason) => sessions.get(nodeName)?.session.reject(reason),
    streamsOf(nodeName, identity) {
      const connected = sessions.get(nodeName);
      const address = connected?.session.streamsAddress;
      if (!connected || address === undefined) return undefined;
      connected.streams ??= dialAgentStreams(address, nodeName, options.authority, identity);
      return connected.streams;
    },
    closeStreams() {
      for (const connected of sessions.values()) closeStreams(connected);
    },
    end() {
      ended = true;
      options.liveness.stop();
      for (const connected of [...sessions.values()]) {
        closeStreams(connected);
        connected.wire.cut('this server does not lead any more');
      }
      sessions.clear();
    },
  };
}

function closeStreams(connected: Connected): void {
  connected.streams?.close();
  connected.streams = undefined;
}

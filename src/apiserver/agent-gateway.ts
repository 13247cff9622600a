// The server's face towards its agents: joins, sessions, liveness of nodes, and the way to their logs.
import { StatusError } from '../api/status-error.ts';
import type { ConfigMap, Node, Pod, Secret } from '../api/types.gen.ts';
import type { Client } from '../client/client.ts';
import type { KeyedCertificate } from '../lib/certificates.ts';
import type { Clock } from '../lib/clock.ts';
import { errorText } from '../lib/error-text.ts';
import type { Log } from '../lib/log.ts';
import { aborted } from '../lib/run-group.ts';
import type { AgentMessage, ServerMessage } from '../rpc/agent-protocol.ts';
import { serveAgentGateway } from '../rpc/agent-gateway-server.ts';
import { dialAgentStreams } from '../rpc/agent-streams-channel.ts';
import type { AgentStreamsChannel } from '../rpc/agent-streams-channel.ts';
import type { PodLogSource } from './dependencies.ts';
import { createAgentEvents } from './gateway/agent-events.ts';
import type { EventSink } from './gateway/agent-events.ts';
import { createAgentSession } from './gateway/agent-session.ts';
import type { AgentSession, SessionContext } from './gateway/agent-session.ts';
import { createArrivals, type Arrivals } from './gateway/arrivals.ts';
import { createJoin } from './gateway/join.ts';
import { createLiveness } from './gateway/liveness.ts';
import type { Liveness } from './gateway/liveness.ts';
import { createNodePods } from './gateway/node-pods.ts';
import { createNodeWriter } from './gateway/node-writer.ts';
import type { NodeWriter } from './gateway/node-writer.ts';
import type { ObjectSource } from './gateway/object-source.ts';
import { createPodWriter } from './gateway/pod-writer.ts';
import { createServerIdentity } from './gateway/server-identity.ts';
import type { ServerIdentity } from './gateway/server-identity.ts';

export interface AgentGatewayOptions {
  readonly client: Client;
  readonly pods: ObjectSource<Pod>;
  readonly configMaps: ObjectSource<ConfigMap>;
  readonly secrets: ObjectSource<Secret>;
  readonly nodes: ObjectSource<Node>;
  readonly events: EventSink;
  /** Signs the certificates of agents and of this server. */
  readonly authority: KeyedCertificate;
  readonly joinToken: string;
  readonly clusterId: string;
  /** Port 0: any free one, told by `listening`. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly clock: Clock;
  readonly log: Log;
  /** Default 10 s. */
  readonly heartbeatIntervalMs?: number;
  /** Silence that makes a node's readiness Unknown. Default 40 s. */
  readonly heartbeatGraceMs?: number;
  /** Of agents and of this server; renewed in process after two thirds. Default 90 days. */
  readonly certificateLifetimeMs?: number;
}

export interface AgentGateway {
  /** The port, once agents can connect. Rejects when `run` fails before. */
  readonly listening: Promise<number>;
  readonly podLogs: PodLogSource;
  isConnected(nodeName: string): boolean;
  /** Resolves once the node's agent has registered with this server, whatever the Node says of former times. */
  registered(nodeName: string): Promise<void>;
  /** Serves until the signal aborts. Rejects when the address cannot be bound. To be called once. */
  run(signal: AbortSignal): Promise<void>;
}

interface Connected {
  readonly session: AgentSession;
  /** Made when the first log is asked for. */
  streams: AgentStreamsChannel | undefined;
}

const dayMs = 86_400_000;

export function createAgentGateway(options: AgentGatewayOptions): AgentGateway {
  const sessions = new Map<string, Connected>();
  const arrivals = createArrivals();
  let announce: (port: number) => void = () => undefined;
  let giveUp: (error: unknown) => void = () => undefined;
  const listening = new Promise<number>((resolve, reject) => {
    announce = resolve;
    giveUp = reject;
  });
  // Whoever does not wait for the port learns of the failure from `run`.
  listening.catch(() => undefined);
  let identity: ServerIdentity | undefined;
  const isConnected = (nodeName: string) => sessions.has(nodeName);

  const run = async (signal: AbortSignal) => {
    try {
      identity = await createServerIdentity(options.authority, lifetimeMs(options), options.clock);
      await serve(options, { sessions, arrivals, identity, isConnected }, announce, signal);
    } catch (error) {
      giveUp(error);
      throw error;
    }
  };
  const podLogs: PodLogSource = {
    readLog(nodeName, request, signal) {
      const connected = sessions.get(nodeName);
      const address = connected?.session.streamsAddress;
      if (!connected || !identity || address === undefined) return Promise.reject(notConnected(nodeName));
      const { certificate } = options.authority;
      connected.streams ??= dialAgentStreams(address, nodeName, certificate, identity.current);
      return Promise.resolve(connected.streams.readLog(request, signal));
    },
  };
  return { listening, podLogs, isConnected, registered: (nodeName) => arrivals.of(nodeName), run };
}

const lifetimeMs = (options: AgentGatewayOptions): number => options.certificateLifetimeMs ?? 90 * dayMs;

function notConnected(nodeName: string): StatusError {
  const advice = 'see why with "kubectl describe node", and try again when it is Ready';
  return new StatusError('ServiceUnavailable', `the agent of node "${nodeName}" is not connected: ${advice}`);
}

interface Running {
  readonly arrivals: Arrivals;
  readonly sessions: Map<string, Connected>;
  readonly identity: ServerIdentity;
  readonly isConnected: (nodeName: string) => boolean;
}

async function serve(
  options: AgentGatewayOptions,
  { sessions, arrivals, identity, isConnected }: Running,
  onListening: (port: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { authority, clock, listen } = options;
  await Promise.all([options.pods, options.configMaps, options.secrets, options.nodes].map((source) => source.synced));
  const nodeWriter = createNodeWriter(options.client, clock);
  const liveness = watchNodes(options, nodeWriter, sessions, signal);
  const context = sessionContext(options, nodeWriter, signal);
  const join = createJoin({ ...options, certificateLifetimeMs: lifetimeMs(options), isConnected });
  const session = (nodeName: string, incoming: AsyncIterable<AgentMessage>, ended: AbortSignal) => {
    const told = { onHeard: () => liveness.heard(nodeName), onRegistered: () => arrivals.arrived(nodeName) };
    return hold({ ...context, ...told }, sessions, nodeName, incoming, ended);
  };
  const wire = { ...listen, authority: authority.certificate, identity: identity.current };
  const server = await serveAgentGateway(wire, { join, session }, clock);
  identity.keepFresh((next) => {
    server.replaceIdentity(next);
    for (const connected of sessions.values()) closeStreams(connected);
  }, signal);
  options.log.info({ port: server.port }, 'waiting for agents');
  onListening(server.port);
  await aborted(signal);
  liveness.stop();
  server.close();
  for (const connected of sessions.values()) closeStreams(connected);
}

type SharedContext = Omit<SessionContext, 'onHeard' | 'onRegistered'>;

function sessionContext(options: AgentGatewayOptions, nodeWriter: NodeWriter, signal: AbortSignal): SharedContext {
  const nodePods = createNodePods(options, signal);
  return {
    nodePods,
    podWriter: createPodWriter(options.client, options.pods),
    nodeWriter,
    events: createAgentEvents(nodePods, options.events),
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 10_000,
    clusterId: options.clusterId,
  };
}

/** Lists the session while it lasts. The newest of a node counts; the one before is told so. */
async function* hold(
  context: SessionContext,
  sessions: Map<string, Connected>,
  nodeName: string,
  incoming: AsyncIterable<AgentMessage>,
  ended: AbortSignal,
): AsyncGenerator<ServerMessage> {
  const former = sessions.get(nodeName);
  const connected: Connected = {
    session: createAgentSession(context, nodeName, incoming, ended),
    streams: undefined,
  };
  sessions.set(nodeName, connected);
  former?.session.reject(`another agent took over the session of node ${nodeName}: do two run with the same name?`);
  try {
    yield* connected.session.messages;
  } finally {
    closeStreams(connected);
    if (sessions.get(nodeName) === connected) sessions.delete(nodeName);
  }
}

function closeStreams(connected: Connected): void {
  connected.streams?.close();
  connected.streams = undefined;
}

/**
 * Every Node is expected to be heard of, from now on: also those whose agent never comes back. An agent that outlives its
 * Node registers anew: to take a node out for good is to end its agent first.
 */
function watchNodes(
  options: AgentGatewayOptions,
  nodeWriter: NodeWriter,
  sessions: ReadonlyMap<string, Connected>,
  signal: AbortSignal,
): Liveness {
  const graceMs = options.heartbeatGraceMs ?? 40_000;
  const attempt = (nodeName: string, write: Promise<void>) => {
    write.catch((error: unknown) => {
      options.log.error({ node: nodeName, error: errorText(error) }, 'cannot write the readiness of a node');
    });
  };
  const liveness = createLiveness({
    clock: options.clock,
    graceMs,
    onLost(nodeName) {
      const message = `the agent has not been heard of for ${graceMs / 1000} s`;
      options.log.warn({ node: nodeName }, message);
      sessions.get(nodeName)?.session.reject(message);
      attempt(nodeName, nodeWriter.markUnknown(nodeName, message));
    },
    onReturn: (nodeName) => attempt(nodeName, nodeWriter.markReady(nodeName)),
  });
  const nameOf = (node: Node) => node.metadata.name ?? '';
  const stop = options.nodes.subscribe({
    added: (node) => liveness.expect(nameOf(node)),
    updated: () => undefined,
    deleted(node) {
      liveness.forget(nameOf(node));
      sessions.get(nameOf(node))?.session.reject('the Node was deleted: register anew');
    },
  });
  signal.addEventListener('abort', stop, { once: true });
  return liveness;
}

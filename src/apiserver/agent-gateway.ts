// The server's face towards its agents. It listens as long as the server lives; while the server does not lead, agents
// wait in the lobby, and when it does they are let in: sessions, liveness of nodes, and the way to their logs.
import { StatusError } from '../api/status-error.ts';
import type { ConfigMap, Node, Pod, Secret } from '../api/types.gen.ts';
import type { Client } from '../client/client.ts';
import type { KeyedCertificate } from '../lib/certificates.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { aborted } from '../lib/run-group.ts';
import type { AgentMessage, Register, ServerMessage } from '../rpc/agent-protocol.ts';
import { serveAgentGateway } from '../rpc/agent-gateway-server.ts';
import type { SessionWire } from '../rpc/agent-gateway-server.ts';
import type { PodLogSource } from './dependencies.ts';
import type { Admit } from './gateway/admission.ts';
import { createAgentEvents } from './gateway/agent-events.ts';
import type { EventSink } from './gateway/agent-events.ts';
import { createArrivals } from './gateway/arrivals.ts';
import { createJoin } from './gateway/join.ts';
import { createLobby } from './gateway/lobby.ts';
import type { Lobby } from './gateway/lobby.ts';
import { createNodePods } from './gateway/node-pods.ts';
import type { NodePods } from './gateway/node-pods.ts';
import { createNodeWriter } from './gateway/node-writer.ts';
import type { ObjectSource } from './gateway/object-source.ts';
import { createPodWriter } from './gateway/pod-writer.ts';
import { createServerIdentity } from './gateway/server-identity.ts';
import type { ServerIdentity } from './gateway/server-identity.ts';
import { createTurn } from './gateway/turn.ts';
import type { Turn } from './gateway/turn.ts';
import { watchNodes } from './gateway/watch-nodes.ts';

export interface AgentGatewayOptions {
  readonly client: Client;
  readonly pods: ObjectSource<Pod>;
  readonly configMaps: ObjectSource<ConfigMap>;
  readonly secrets: ObjectSource<Secret>;
  readonly nodes: ObjectSource<Node>;
  /**
   * Resolves when the sources show everything that the store held when it was called. Agents end what a complete set of
   * pods does not name: what the former leader wrote last must be in it.
   */
  readonly upToDate: (signal: AbortSignal) => Promise<void>;
  readonly events: EventSink;
  /** Signs the certificates of agents and of this server. */
  readonly authority: KeyedCertificate;
  /** Whether a join token lets an agent in. */
  readonly admit: Admit;
  readonly clusterId: string;
  /** `HOST:PORT` of the gateways of all servers that are there, this one's first: asked while this server leads. */
  readonly gateways: () => readonly string[];
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

/** What the gateway has to know of a turn of the election (src/store/election.ts). */
export interface ActingPeriod {
  readonly epoch: number;
  /** Asked right before every message to an agent. */
  isActing(): boolean;
}

export interface AgentGateway {
  /** The port, once agents can connect. Rejects when `run` fails before. */
  readonly listening: Promise<number>;
  readonly podLogs: PodLogSource;
  /** How many agents wait here for a leader. */
  waiting(): number;
  isConnected(nodeName: string): boolean;
  /** Resolves once the node's agent has registered with this server, whatever the Node says of former times. */
  registered(nodeName: string): Promise<void>;
  /** Listens until the signal aborts. Rejects when the address cannot be bound. To be called once. */
  run(signal: AbortSignal): Promise<void>;
  /**
   * Lets agents in until the signal aborts: then every session ends at once, and nothing is sent any more. One call for
   * each period of acting, one at a time, while `run` runs. Every node has the whole grace to come, each time.
   */
  lead(period: ActingPeriod, signal: AbortSignal): Promise<void>;
  /**
   * Another server leads: agents that wait here, and those that come, are told its gateway and go on waiting.
   * @param gateways the leader's first; empty: it is not known who leads
   */
  moved(gateways: readonly string[]): void;
}

const dayMs = 86_400_000;

export function createAgentGateway(options: AgentGatewayOptions): AgentGateway {
  const lobby = createLobby();
  const arrivals = createArrivals();
  let announce: (port: number) => void = () => undefined;
  let giveUp: (error: unknown) => void = () => undefined;
  const listening = new Promise<number>((resolve, reject) => {
    announce = resolve;
    giveUp = reject;
  });
  // Whoever does not wait for the port learns of the failure from `run`.
  listening.catch(() => undefined);
  const late: { identity?: ServerIdentity; nodePods?: NodePods } = {};

  const run = async (signal: AbortSignal) => {
    try {
      late.identity = await createServerIdentity(options.authority, lifetimeMs(options), options.clock);
      late.nodePods = createNodePods(options, signal);
      await serve(options, lobby, late.identity, announce, signal);
    } catch (error) {
      giveUp(error);
      throw error;
    }
  };
  const lead = async (period: ActingPeriod, signal: AbortSignal) => {
    await Promise.race([listening, aborted(signal)]);
    const sources = [options.pods, options.configMaps, options.secrets, options.nodes];
    await Promise.race([Promise.all(sources.map((source) => source.synced)), aborted(signal)]);
    if (!signal.aborted) await options.upToDate(signal);
    if (signal.aborted || !late.nodePods) return;
    const turn = beginTurn(options, period, late.nodePods, (nodeName) => arrivals.arrived(nodeName));
    const end = () => {
      lobby.close();
      turn.end();
    };
    signal.addEventListener('abort', end, { once: true });
    lobby.open(turn);
    await aborted(signal);
  };
  return {
    listening,
    podLogs: createPodLogs(lobby, late),
    waiting: () => lobby.size,
    isConnected: (nodeName) => lobby.turn?.isConnected(nodeName) ?? false,
    registered: (nodeName) => arrivals.of(nodeName),
    run,
    lead,
    moved: (gateways) => lobby.moved(gateways),
  };
}

const lifetimeMs = (options: AgentGatewayOptions): number => options.certificateLifetimeMs ?? 90 * dayMs;

function createPodLogs(lobby: Lobby, late: { readonly identity?: ServerIdentity }): PodLogSource {
  return {
    readLog(nodeName, request, signal) {
      const streams = late.identity && lobby.turn?.streamsOf(nodeName, late.identity.current);
      return streams ? Promise.resolve(streams.readLog(request, signal)) : Promise.reject(notConnected(nodeName));
    },
  };
}

function notConnected(nodeName: string): StatusError {
  const advice = 'see why with "kubectl describe node", and try again when it is Ready';
  return new StatusError('ServiceUnavailable', `the agent of node "${nodeName}" is not connected: ${advice}`);
}

async function serve(
  options: AgentGatewayOptions,
  lobby: Lobby,
  identity: ServerIdentity,
  onListening: (port: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { authority, clock, listen } = options;
  const handlers = {
    join: createJoin({
      ...options,
      certificateLifetimeMs: lifetimeMs(options),
      isConnected: (nodeName) => lobby.turn?.isConnected(nodeName) ?? false,
      mayAdmit: () => lobby.turn?.isActing() ?? false,
    }),
    session: (wire: SessionWire) => receiveAgent(lobby, wire),
    maySend: (message: ServerMessage) => message.moved !== undefined || (lobby.turn?.isActing() ?? false),
  };
  const wire = { ...listen, authority: authority.certificate, identity: identity.current };
  const server = await serveAgentGateway(wire, handlers, clock);
  identity.keepFresh((next) => {
    server.replaceIdentity(next);
    lobby.turn?.closeStreams();
  }, signal);
  options.log.info({ port: server.port }, 'waiting for agents');
  onListening(server.port);
  await aborted(signal);
  server.close();
}

/** From an agent's first message, through the time that it waits, to the end of its session. */
async function* receiveAgent(lobby: Lobby, wire: SessionWire): AsyncGenerator<ServerMessage> {
  const messages = wire.incoming[Symbol.asyncIterator]();
  const first = (await messages.next()) as { readonly value: AgentMessage | undefined };
  if (first.value === undefined) return;
  const arrival = checkArrival(wire.nodeName, first.value.register);
  const turn = lobby.turn ?? (yield* lobby.wait(wire.nodeName, wire.signal));
  if (!turn) return;
  if (turn.epoch > arrival.after_epoch) yield* turn.hold(wire, arrival, { [Symbol.asyncIterator]: () => messages });
  // Under another address of ours, perhaps: the session that it has must not be taken for an older one.
  else yield { rejected: { reason: `the agent of ${wire.nodeName} follows epoch ${arrival.after_epoch} already` } };
}

/** What is kept of an agent that waits must not be without bounds. */
const largestNodeBytes = 1024 * 1024;

function checkArrival(nodeName: string, register: Register | undefined): Register {
  if (!register) throw new StatusError('BadRequest', 'the first message of a session must be Register');
  if (register.node.length > largestNodeBytes) {
    const sizes = `${register.node.length} bytes, at most ${largestNodeBytes} are taken`;
    throw new StatusError('BadRequest', `the Node that the agent of ${nodeName} describes is too large: ${sizes}`);
  }
  if (register.node_name === nodeName) return register;
  const problem = `the certificate is node ${nodeName}'s; it cannot register ${register.node_name}`;
  throw new StatusError('Forbidden', problem);
}

function beginTurn(
  options: AgentGatewayOptions,
  period: ActingPeriod,
  nodePods: NodePods,
  onRegistered: (nodeName: string) => void,
): Turn {
  const { client, clock, log, nodes, clusterId } = options;
  const nodeWriter = createNodeWriter(client, clock, nodes);
  const heartbeatIntervalMs = options.heartbeatIntervalMs ?? 10_000;
  const graceMs = options.heartbeatGraceMs ?? 40_000;
  const turn: Turn = createTurn({
    epoch: period.epoch,
    isActing: () => period.isActing(),
    authority: options.authority.certificate,
    onRegistered,
    liveness: watchNodes({ nodes, nodeWriter, graceMs, clock, log, reject: (...how) => turn.reject(...how) }),
    session: {
      nodePods,
      nodeWriter,
      podWriter: createPodWriter(client, options.pods),
      events: createAgentEvents(nodePods, options.events),
      welcome: () => ({
        heartbeat_interval_ms: heartbeatIntervalMs,
        cluster_id: clusterId,
        epoch: period.epoch,
        gateways: options.gateways(),
      }),
    },
  });
  return turn;
}

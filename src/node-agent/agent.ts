// The node agent, put together: recover, connect, run; stopping leaves the containers alone.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Node, Taint } from '../api/types.gen.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { serveAgentStreams } from '../rpc/agent-streams-server.ts';
import type { ListeningServer } from '../rpc/grpc-server.ts';
import type { TlsIdentity } from '../rpc/tls-credentials.ts';
import { createGatewayDialer } from '../rpc/agent-gateway-channel.ts';
import type { DialGateway } from '../rpc/agent-gateway-channel.ts';
import { createCheckpoint } from './checkpoint.ts';
import type { Containerizer } from './containerizer.ts';
import { fingerprint, hostAddress } from './fingerprint.ts';
import { loadIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { loadKnownServers } from './known-servers.ts';
import type { KnownServers } from './known-servers.ts';
import { createOutbox } from './outbox.ts';
import type { Outbox } from './outbox.ts';
import { podLog } from './pod-logs.ts';
import { createPodReconciler } from './pod-reconciler.ts';
import type { PodReconciler } from './pod-reconciler.ts';
import { runSession } from './session.ts';
import type { SessionOptions } from './session.ts';

export interface AgentOptions {
  readonly nodeName: string;
  /** Identity and checkpoints lie here; the containerizer keeps its own folder. */
  readonly directory: string;
  /** `HOST:PORT` of agent gateways. All that are known, from earlier times too, are dialled at once until one leads. */
  readonly servers: readonly string[];
  /** Another way to learn the gateways, asked while none that is known leads. */
  readonly discover?: (signal: AbortSignal) => Promise<readonly string[]>;
  /** How gateways are reached. Default: over gRPC. */
  readonly dial?: DialGateway;
  /** Called each time that a leader let this agent in. */
  readonly onRegistered?: () => void;
  /** Called for each try to join or register that failed, with the reason. */
  readonly onTrouble?: (problem: string, address: string) => void;
  /** The cluster's certificate authority, PEM. */
  readonly authority: string;
  /** Needed for the first contact only. */
  readonly token?: string;
  readonly containerizer: Containerizer;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly version: string;
  /** Where logs are served from; port 0: any free one. */
  readonly streams: { readonly host: string; readonly port: number };
  /** Address that the leader and the pods' clients reach this node at. Default: the first one that is not loopback. */
  readonly hostIp?: string;
  /** Agents that share this machine; each offers its part. Default 1. */
  readonly sharedBy?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
  /** Default 110, as in Kubernetes. */
  readonly maxPods?: number;
}

export interface Agent {
  /**
   * Until the signal aborts. Rejects when the agent cannot start, for its folder, recovery, or its port, and when the
   * cluster refuses it for good.
   */
  run(signal: AbortSignal): Promise<void>;
}

export function createAgent(options: AgentOptions): Agent {
  return { run: (signal) => runAgent(options, signal) };
}

async function runAgent(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const { containerizer, clock, log } = options;
  const hostIp = options.hostIp ?? hostAddress();
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const identity = await loadIdentity({ ...options, token: options.token });
  const servers = await loadKnownServers(options.directory, options.servers, log);
  const secret = await checkpointSecret(options.directory);
  const checkpoint = await createCheckpoint(join(options.directory, 'checkpoint'), secret, log);
  const outbox = createOutbox();
  const node = await describeNode(options, hostIp);
  const reconciler = createPodReconciler({ containerizer, checkpoint, news: outbox, clock, log, hostIp, node });
  await reconciler.recover();
  const streams = createStreams(options, reconciler);
  try {
    await runSession(sessionOptions({ options, identity, servers, outbox, reconciler, streams, node, hostIp }), signal);
  } finally {
    streams.close();
    await reconciler.stop();
    await servers.flushed();
  }
}

interface Parts {
  readonly options: AgentOptions;
  readonly identity: Identity;
  readonly servers: KnownServers;
  readonly outbox: Outbox;
  readonly reconciler: PodReconciler;
  readonly streams: Streams;
  readonly node: Node;
  readonly hostIp: string;
}

function sessionOptions({ options, reconciler, streams, node, hostIp, ...parts }: Parts): SessionOptions {
  const { authority, clock, log, random } = options;
  const encodedNode = Buffer.from(JSON.stringify(node));
  return {
    ...{ identity: parts.identity, servers: parts.servers, outbox: parts.outbox, authority, clock, log, random },
    dial: options.dial ?? createGatewayDialer(),
    discover: options.discover,
    register: () => ({
      node_name: options.nodeName,
      node: encodedNode,
      streams_address: `${hostIp.includes(':') ? `[${hostIp}]` : hostIp}:${streams.port}`,
      known_pod_uids: reconciler.knownPodUids(),
      agent_version: options.version,
      after_epoch: 0,
    }),
    onIdentity: (current) => streams.serve(current),
    onRegistered() {
      reconciler.reportAll();
      options.onRegistered?.();
    },
    onPods: (set) => reconciler.apply(set),
    onTrouble: (...what) => options.onTrouble?.(...what),
  };
}

function describeNode(options: AgentOptions, hostIp: string): Promise<Node> {
  return fingerprint({
    nodeName: options.nodeName,
    directory: options.directory,
    version: options.version,
    capabilities: options.containerizer.capabilities,
    sharedBy: options.sharedBy ?? 1,
    hostIp,
    labels: options.labels ?? {},
    taints: options.taints ?? [],
    maxPods: options.maxPods ?? 110,
    nowMs: options.clock.now(),
  });
}

interface Streams {
  readonly port: number;
  /** Starts listening with the first certificate; later ones replace it. */
  serve(identity: TlsIdentity): Promise<void>;
  close(): void;
}

function createStreams(options: AgentOptions, reconciler: PodReconciler): Streams {
  let server: ListeningServer | undefined;
  const handlers = {
    readLog: (request: Parameters<typeof podLog>[2], signal: AbortSignal) =>
      podLog(reconciler, options.containerizer, request, signal),
  };
  return {
    get port() {
      return server?.port ?? 0;
    },
    async serve(identity) {
      const { authority, clock, streams } = options;
      if (server) server.replaceIdentity(identity);
      else server = await serveAgentStreams({ ...streams, authority, identity }, handlers, clock);
    },
    close: () => server?.close(),
  };
}

/** Kept beside the checkpoints, readable by the agent only: a copied checkpoint alone reveals no Secret. */
async function checkpointSecret(directory: string): Promise<string> {
  const path = join(directory, 'checkpoint.key');
  try {
    return await readFile(path, 'utf8');
  } catch {
    const secret = randomBytes(32).toString('hex');
    await writeFile(path, secret, { mode: 0o600 });
    return secret;
  }
}

// One agent's session, from Register to its end: pods and acknowledgements down, statuses and events up.
import type { Node, NodeStatus } from '../../api/types.gen.ts';
import type { AgentMessage, PodSet, Register, ServerMessage } from '../../rpc/agent-protocol.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { NodeWriter } from './node-writer.ts';
import { createPodFeed } from './pod-feed.ts';
import type { NodePods } from './node-pods.ts';
import type { PodWriter } from './pod-writer.ts';
import type { AgentEvents } from './agent-events.ts';
import { StatusError } from '../../api/status-error.ts';

export interface SessionContext {
  readonly nodePods: NodePods;
  readonly podWriter: PodWriter;
  readonly nodeWriter: NodeWriter;
  readonly events: AgentEvents;
  readonly heartbeatIntervalMs: number;
  readonly clusterId: string;
  /** Any message is a sign of life. */
  readonly onHeard: () => void;
  readonly onRegistered: () => void;
}

export interface AgentSession {
  readonly messages: AsyncIterable<ServerMessage>;
  /** Where this agent's logs are; undefined until it has registered. */
  readonly streamsAddress: string | undefined;
  /** Ends the session and tells the agent why. */
  reject(reason: string): void;
}

/** Changes of this many pods of one agent are being written at most; then its messages wait. */
const mostWrites = 64;

/** @param nodeName from the agent's certificate */
export function createAgentSession(
  context: SessionContext,
  nodeName: string,
  incoming: AsyncIterable<AgentMessage>,
  signal: AbortSignal,
): AgentSession {
  const outlet = createOutlet(signal);
  let streamsAddress: string | undefined;
  const onRegistered = (address: string) => {
    streamsAddress = address;
    outlet.send({ registered: { heartbeat_interval_ms: context.heartbeatIntervalMs, cluster_id: context.clusterId } });
    const feed = createPodFeed(context.nodePods, nodeName, () => outlet.wake());
    outlet.follow(feed);
    context.onRegistered();
  };

  const receiveAll = async () => {
    const writes = createKeyedQueue(mostWrites, (error) => outlet.fail(error));
    for await (const message of incoming) {
      context.onHeard();
      if (message.register) onRegistered(await register(context, nodeName, message.register));
      else await receive(context, nodeName, message, writes, outlet);
    }
  };
  receiveAll().then(
    () => outlet.close(),
    (error: unknown) => outlet.fail(error),
  );

  return {
    messages: outlet.messages(),
    get streamsAddress() {
      return streamsAddress;
    },
    reject(reason) {
      outlet.send({ rejected: { reason } });
      outlet.close();
    },
  };
}

async function register(context: SessionContext, nodeName: string, message: Register): Promise<string> {
  if (message.node_name !== nodeName) {
    throw new StatusError(
      'Forbidden',
      `the certificate is node ${nodeName}'s; it cannot register ${message.node_name}`,
    );
  }
  const node = JSON.parse(Buffer.from(message.node).toString('utf8')) as Node;
  await context.nodeWriter.register({ ...node, metadata: { ...node.metadata, name: nodeName } });
  return message.streams_address;
}

/** Resolves when the next message may be read. What is acknowledged is durable. */
async function receive(
  context: SessionContext,
  nodeName: string,
  message: AgentMessage,
  writes: KeyedQueue,
  outlet: Outlet,
): Promise<void> {
  const { pod_status, pod_terminated, event, node_report } = message;
  const acknowledge = (uuid: string) => outlet.send({ ack: { uuid } });
  if (pod_status) {
    await writes.run(pod_status.uid, async () => {
      await context.podWriter.writeStatus(nodeName, pod_status);
      acknowledge(pod_status.uuid);
    });
  } else if (pod_terminated) {
    await writes.run(pod_terminated.uid, async () => {
      await context.podWriter.removePod(nodeName, pod_terminated);
      acknowledge(pod_terminated.uuid);
    });
  } else if (event) {
    context.events.record(nodeName, event);
    acknowledge(event.uuid);
  } else if (node_report) {
    const status = JSON.parse(Buffer.from(node_report.status).toString('utf8')) as NodeStatus;
    await writes.run('', () => context.nodeWriter.report(nodeName, status));
  }
}

interface Outlet {
  send(message: ServerMessage): void;
  /** Sends what the feed has, whenever nothing else waits. */
  follow(feed: { take(): PodSet | undefined; stop(): void }): void;
  wake(): void;
  close(): void;
  fail(error: unknown): void;
  messages(): AsyncIterable<ServerMessage>;
}

function createOutlet(signal: AbortSignal): Outlet {
  const waiting: ServerMessage[] = [];
  let feed: { take(): PodSet | undefined; stop(): void } | undefined;
  let end: { readonly error?: unknown } | undefined;
  let wake: (() => void) | undefined;

  const next = (): ServerMessage | undefined => {
    const message = waiting.shift();
    if (message || end) return message;
    const pods = feed?.take();
    return pods ? { pods } : undefined;
  };
  const finish = (how: { readonly error?: unknown }) => {
    end ??= how;
    wake?.();
  };

  async function* messages(): AsyncGenerator<ServerMessage> {
    const onAbort = () => finish({});
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      for (;;) {
        const message = next();
        if (message) yield message;
        else if (end) break;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      feed?.stop();
    }
    if (end.error !== undefined) throw StatusError.from(end.error);
  }

  return {
    send(message) {
      if (end) return;
      waiting.push(message);
      wake?.();
    },
    follow(next) {
      feed?.stop();
      feed = next;
      wake?.();
    },
    wake: () => wake?.(),
    close: () => finish({}),
    fail: (error) => finish({ error }),
    messages,
  };
}

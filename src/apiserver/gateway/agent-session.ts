// One agent's session, from Register to its end: pods and acknowledgements down, statuses and events up.
import type { Node, NodeStatus } from '../../api/types.gen.ts';
import type { AgentMessage, Register, Registered, ServerMessage } from '../../rpc/agent-protocol.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { NodeWriter } from './node-writer.ts';
import { createPodFeed } from './pod-feed.ts';
import type { NodePods } from './node-pods.ts';
import type { PodWriter } from './pod-writer.ts';
import { createOutlet } from './outlet.ts';
import type { Outlet } from './outlet.ts';
import type { AgentEvents } from './agent-events.ts';

export interface SessionContext {
  readonly nodePods: NodePods;
  readonly podWriter: PodWriter;
  readonly nodeWriter: NodeWriter;
  readonly events: AgentEvents;
  /** What agents are told when they are let in. */
  readonly welcome: () => Registered;
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

/**
 * @param nodeName from the agent's certificate
 * @param incoming what follows `arrival`
 */
export function createAgentSession(
  context: SessionContext,
  nodeName: string,
  arrival: Register,
  incoming: AsyncIterable<AgentMessage>,
  signal: AbortSignal,
): AgentSession {
  const outlet = createOutlet(signal);
  let streamsAddress: string | undefined;
  const letIn = async () => {
    context.onHeard();
    await register(context, nodeName, arrival);
    streamsAddress = arrival.streams_address;
    outlet.send({ registered: context.welcome() });
    outlet.follow(createPodFeed(context.nodePods, nodeName, () => outlet.wake()));
    context.onRegistered();
  };

  const receiveAll = async () => {
    await letIn();
    const writes = createKeyedQueue(mostWrites, (error) => outlet.fail(error));
    for await (const message of incoming) {
      if (signal.aborted) return;
      context.onHeard();
      await receive(context, nodeName, message, writes, outlet);
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

function register({ nodeWriter }: SessionContext, nodeName: string, message: Register): Promise<void> {
  const node = JSON.parse(Buffer.from(message.node).toString('utf8')) as Node;
  return nodeWriter.register({ ...node, metadata: { ...node.metadata, name: nodeName } });
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

// Expects every Node to be heard of, and writes it down when one falls silent or returns.
import type { Node } from '../../api/types.gen.ts';
import type { Clock } from '../../lib/clock.ts';
import { errorText } from '../../lib/error-text.ts';
import type { Log } from '../../lib/log.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import { createLiveness } from './liveness.ts';
import type { Liveness } from './liveness.ts';
import type { NodeWriter } from './node-writer.ts';
import type { ObjectSource } from './object-source.ts';

export interface WatchNodesOptions {
  readonly nodes: ObjectSource<Node>;
  readonly nodeWriter: NodeWriter;
  /** Silence for this long makes a node's readiness Unknown. */
  readonly graceMs: number;
  /** Ends the session of a node, if it has one. */
  readonly reject: (nodeName: string, reason: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Begins now, with the whole grace for everybody, those included whose agent never comes back. An agent that outlives its
 * Node registers anew: to take a node out for good is to end its agent first.
 */
export function watchNodes(options: WatchNodesOptions): Liveness {
  const { graceMs, nodeWriter, log } = options;
  // In order: a node that returns at the moment of its loss must not be left Unknown.
  const writes = createKeyedQueue(Number.POSITIVE_INFINITY, (error) => {
    log.error({ error: errorText(error) }, 'cannot write the readiness of a node');
  });
  const liveness = createLiveness({
    clock: options.clock,
    graceMs,
    onLost(nodeName) {
      const message = `the agent has not been heard of for ${graceMs / 1000} s`;
      log.warn({ node: nodeName }, message);
      options.reject(nodeName, message);
      void writes.run(nodeName, () => nodeWriter.markUnknown(nodeName, message));
    },
    onReturn: (nodeName) => void writes.run(nodeName, () => nodeWriter.markReady(nodeName)),
  });
  const nameOf = (node: Node) => node.metadata.name ?? '';
  const unsubscribe = options.nodes.subscribe({
    added: (node) => liveness.expect(nameOf(node)),
    updated: () => undefined,
    deleted(node) {
      liveness.forget(nameOf(node));
      options.reject(nameOf(node), 'the Node was deleted: register anew');
    },
  });
  return {
    ...liveness,
    stop() {
      unsubscribe();
      liveness.stop();
    },
  };
}

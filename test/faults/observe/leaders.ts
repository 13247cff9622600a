// Asks every server again and again whether it leads, and writes down each time that one says so of itself.
import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterStatus } from '../../../src/api/cluster-facts.ts';
import type { Server } from '../cluster/system.ts';
import { monotonicNs, type LineLog } from '../history/line-log.ts';
import { connectServer, type ServerConnection } from '../load/server-connection.ts';

export interface LeaderObserver {
  /** The server that last said of itself that it leads. */
  readonly leader: Server | undefined;
  /** Its epoch; 0: nobody has said so yet. */
  readonly epoch: number;
  stop(): Promise<void>;
}

const askEveryMs = 250;

export function observeLeaders(servers: readonly Server[], log: LineLog): LeaderObserver {
  const stopping = new AbortController();
  let newest: { readonly server: Server; readonly epoch: number } | undefined;

  const ask = async (server: Server, connection: ServerConnection) => {
    const answer = await connection.call('GET', '/tepui/v1/status');
    if (answer.kind === 'none' || answer.status !== 200) return;
    const { epoch, servers: known } = answer.body as unknown as ClusterStatus;
    const self = known.find(({ api }) => api === connection.name);
    if (self?.role !== 'leader') return;
    log.write({ line: 'claim', at: monotonicNs(), epoch, server: self.id });
    if (epoch >= (newest?.epoch ?? 0)) newest = { server, epoch };
  };
  const observe = async (server: Server) => {
    const connection = connectServer(server.kubeconfig);
    while (!stopping.signal.aborted) {
      await ask(server, connection);
      await wait(askEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    connection.close();
  };
  const observing = Promise.all(servers.map(observe));
  return {
    get leader() {
      return newest?.server;
    },
    get epoch() {
      return newest?.epoch ?? 0;
    },
    async stop() {
      stopping.abort();
      await observing;
    },
  };
}

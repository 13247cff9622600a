// A connection to ZooKeeper for the commands that work without a server.
import { StatusError } from '../api/status-error.ts';
import { systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import { InvalidZookeeperUrl, parseZookeeperUrl, type ZookeeperAddress } from '../zookeeper/address.ts';
import type { Ensemble } from '../zookeeper/ask.ts';
import { createZookeeper } from '../zookeeper/create-zookeeper.ts';

const sessionTimeoutMs = 10_000;
/** Whoever types a command is not kept waiting for an ensemble that is away. */
const connectWithinMs = 15_000;

/** Connects, works, and ends the session. Rejects with StatusError when the URL is wrong or nobody answers. */
export async function withZookeeper<T>(
  url: string,
  work: (ensemble: Ensemble, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [clock, log] = [systemClock, silentLog];
  const zookeeper = createZookeeper({ address: parse(url), sessionTimeoutMs, clock, log });
  const stopping = new AbortController();
  const timer = clock.after(connectWithinMs, () => stopping.abort());
  try {
    await zookeeper.connected(stopping.signal).catch(() => {
      const advice = 'Check the address, and whether a majority of its servers runs';
      throw new StatusError(
        'ServiceUnavailable',
        `no answer from ${zookeeper.description}: ${zookeeper.trouble}. ${advice}`,
      );
    });
    timer.cancel();
    return await work({ zookeeper, clock, log }, stopping.signal);
  } finally {
    timer.cancel();
    await zookeeper.close();
  }
}

function parse(url: string): ZookeeperAddress {
  try {
    return parseZookeeperUrl(url);
  } catch (error) {
    if (error instanceof InvalidZookeeperUrl) throw new StatusError('BadRequest', error.message);
    throw error;
  }
}

// A connection to ZooKeeper for the commands that work without a server.
import { StatusError } from '../api/status-error.ts';
import { systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import type { Ensemble } from '../zookeeper/ask.ts';
import { createZookeeper } from '../zookeeper/create-zookeeper.ts';
import { ZookeeperRefused } from '../zookeeper/zookeeper.ts';
import { noAuthority, readAddress } from './start-problem.ts';

const sessionTimeoutMs = 10_000;
/** Whoever types a command is not kept waiting for an ensemble that is away. */
const connectWithinMs = 15_000;

/** Connects, works, and ends the session. Rejects with StatusError when the URL is wrong or nobody answers. */
export async function withZookeeper<T>(
  url: string,
  work: (ensemble: Ensemble, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [clock, log] = [systemClock, silentLog];
  const zookeeper = createZookeeper({ address: readAddress(url), sessionTimeoutMs, clock, log });
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
  } catch (error) {
    const isForbidden = error instanceof ZookeeperRefused && error.code === 'no-authority';
    throw isForbidden ? noAuthority(zookeeper.description) : error;
  } finally {
    timer.cancel();
    await zookeeper.close();
  }
}

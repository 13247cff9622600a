// Where the clusters of the end-to-end tests keep their journal: in their homes, or, with TEPUI_JOURNAL=zookeeper, in one
// ensemble of three real ZooKeeper servers that all tests of this process share.
import { basename } from 'node:path';
import { startEnsemble, type Ensemble } from '../../support/zookeeper-ensemble.ts';

/** A server that was killed is missed when its session ends: short, yet long enough for a machine that is busy with tests. */
const sessionTimeoutSeconds = 4;

/** Sessions last from 0.5 to 5 s. */
export const startTestEnsemble = (): Promise<Ensemble> => startEnsemble({ servers: 3, tickTimeMs: 250, heapMb: 64 });

let shared: Promise<Ensemble> | undefined;

// The benchmarks start clusters as well, and have no hooks.
if ('after' in globalThis) {
  after('the ensemble that the tests share', async () => {
    await (await shared)?.destroy();
  });
}

/** Further flags of `tepui dev`. A home has a path of its own in the ensemble. */
export async function journalFlags(home: string): Promise<string[]> {
  const wanted = process.env['TEPUI_JOURNAL'] ?? 'embedded';
  if (wanted === 'embedded') return [];
  if (wanted !== 'zookeeper') throw new Error(`TEPUI_JOURNAL is "${wanted}": expected embedded or zookeeper`);
  shared ??= startTestEnsemble();
  const url = (await shared).address(`/${basename(home)}`);
  return ['--zk', url, '--session-timeout', String(sessionTimeoutSeconds)];
}

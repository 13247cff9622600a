// Restoring into a ZooKeeper path: the journal, and the identity sealed in the znode `cluster`.
import { StatusError } from '../../api/status-error.ts';
import { openZookeeperMedium } from '../../store/media/zookeeper.ts';
import { serversPath } from '../../store/elections/layout.ts';
import { ask, type Ensemble } from '../../zookeeper/ask.ts';
import type { WriteOp } from '../../zookeeper/zookeeper.ts';
import { clusterPath, encodeCluster } from '../identity/cluster-document.ts';
import type { ClusterIdentity } from '../identity/cluster-identity.ts';
import { newDataKey } from '../identity/sealing.ts';
import { createClusterToken, keysPath } from '../identity/server-keys.ts';
import { withZookeeper } from '../zookeeper-connection.ts';
import type { RestorePlace } from './restore-place.ts';

/** Rejects with StatusError when servers are registered there. */
export function inZookeeper<T>(url: string, work: (place: RestorePlace) => Promise<T>): Promise<T> {
  return withZookeeper(url, async (ensemble, signal) => {
    const { zookeeper, log, clock } = ensemble;
    await refuseServers(ensemble, signal);
    const medium = await openZookeeperMedium({ zookeeper, log, clock });
    try {
      return await work({
        description: zookeeper.description,
        medium,
        async identityThere() {
          const isThere = await ask(ensemble, signal, () => zookeeper.exists(clusterPath));
          return isThere && `the znode ${clusterPath}`;
        },
        keepIdentity: (identity) => keepIdentity(ensemble, identity, url, signal),
      });
    } finally {
      await medium.close();
    }
  });
}

async function refuseServers(ensemble: Ensemble, signal: AbortSignal): Promise<void> {
  const { zookeeper } = ensemble;
  const names = (await ask(ensemble, signal, () => zookeeper.children(serversPath))) ?? [];
  if (names.length === 0) return;
  const addresses = await Promise.all(
    names.map(async (name) => addressIn((await zookeeper.get(`${serversPath}/${name}`))?.data) ?? name),
  );
  throw new StatusError(
    'Conflict',
    `servers run on ${zookeeper.description}: ${addresses.join(', ')}. Stop all of them first; ` +
      'one that was killed disappears from there when its session times out',
  );
}

function addressIn(data: Uint8Array | undefined): string | undefined {
  try {
    const { api } = JSON.parse(Buffer.from(data ?? []).toString('utf8')) as { api?: unknown };
    return typeof api === 'string' ? api : undefined;
  } catch {
    return undefined;
  }
}

/** With the data key of the backup the homes of the servers that were in the cluster open it again. */
async function keepIdentity(
  ensemble: Ensemble,
  identity: ClusterIdentity,
  url: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { zookeeper, clock } = ensemble;
  const dataKey = identity.dataKey ?? newDataKey();
  const keys = (await ask(ensemble, signal, () => zookeeper.children(keysPath))) ?? [];
  const former = [...keys.map((name) => `${keysPath}/${name}`), keysPath, clusterPath];
  const there = await Promise.all(former.map((path) => ask(ensemble, signal, () => zookeeper.exists(path))));
  const removals = former.filter((_, at) => there[at]).map((path): WriteOp => ({ kind: 'delete', path }));
  const outcome = await zookeeper.write([
    ...removals,
    { kind: 'create', path: clusterPath, data: encodeCluster(identity, dataKey, clock.now()) },
    { kind: 'create', path: keysPath, data: new Uint8Array() },
  ]);
  if (outcome.kind !== 'done') {
    const why = outcome.kind === 'refused' ? outcome.code : outcome.why;
    const advice = 'The objects are restored, the identity of the cluster is not: restore again with --force';
    throw new StatusError(
      'ServiceUnavailable',
      `ZooKeeper did not take the identity of the cluster (${why}). ${advice}`,
    );
  }
  const ttlSeconds = 24 * 60 * 60;
  const { token } = await createClusterToken(
    ensemble,
    { ...identity, dataKey },
    { role: 'server', ttlSeconds },
    signal,
  );
  return nextSteps(url, token, identity.dataKey !== undefined);
}

function nextSteps(url: string, token: string, hasOldKey: boolean): readonly string[] {
  const place = url.replace(/\/\/[^/@]*@/, '//USER:PASSWORD@');
  return [
    ...(hasOldKey ? [`Start the servers of the cluster as before: tepui server --zk ${place}`] : []),
    `Start a server in a new home within 24 hours: tepui server --zk ${place} --home DIR --token ${token}`,
  ];
}

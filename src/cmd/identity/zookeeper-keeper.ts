// The identity that the servers of one ZooKeeper path share: made by the first, opened by the others with a token.
import { existsSync, readFileSync } from 'node:fs';
import { StatusError } from '../../api/status-error.ts';
import { checkCluster, parseToken, TokenRefused } from '../../lib/join-token.ts';
import { ask, type Ensemble } from '../../zookeeper/ask.ts';
import { ZookeeperRefused } from '../../zookeeper/zookeeper.ts';
import { replaceFile, type Home } from '../home.ts';
import { noAuthority } from '../start-problem.ts';
import { clusterPath, decodeCluster, encodeCluster, openCluster, type ClusterDocument } from './cluster-document.ts';
import { newIdentityParts, type ClusterIdentity, type IdentityParts } from './cluster-identity.ts';
import { putOnce } from './put-once.ts';
import { newDataKey } from './sealing.ts';
import { keyOfToken, keysPath } from './server-keys.ts';

export type SharedIdentity = ClusterIdentity & { readonly dataKey: Uint8Array };

export interface SharedPlace extends Ensemble {
  readonly home: Home;
  /** Of a server that joins; not needed once it has. */
  readonly token: string | undefined;
}

/**
 * The identity of the cluster at the path; a new one when there is none yet. Waits while ZooKeeper cannot be asked.
 * Rejects with StatusError when this server does not belong to it, with what to do; with the signal's reason.
 */
export async function loadSharedIdentity(place: SharedPlace, signal: AbortSignal): Promise<SharedIdentity> {
  for (;;) {
    const document = await readCluster(place, signal);
    if (document) return open(place, document, signal);
    refuseToMake(place);
    // Whoever made it first: the next look tells.
    await foundCluster(place, await newIdentityParts(place.clock), signal);
  }
}

/** What the path holds; undefined: no cluster. Rejects with StatusError when it may not be read, or not be understood. */
export async function readCluster(ensemble: Ensemble, signal: AbortSignal): Promise<ClusterDocument | undefined> {
  const { zookeeper } = ensemble;
  const znode = await ask(ensemble, signal, () => zookeeper.get(clusterPath).catch(orForbidden));
  if (znode === forbidden) throw noAuthority(zookeeper.description);
  return znode && decodeCluster(znode.data, zookeeper.description);
}

const forbidden = 'forbidden';

/** An answer, not a failure that would pass. */
function orForbidden(error: unknown): typeof forbidden {
  if (error instanceof ZookeeperRefused && error.code === 'no-authority') return forbidden;
  throw error;
}

/**
 * Makes a cluster of that identity at the path, unless there is one by then. The data key is in the home before the
 * cluster is there: in the other order a crash in between would leave a cluster that nobody can open.
 */
export async function foundCluster(
  place: Ensemble & { readonly home: Home },
  parts: IdentityParts,
  signal: AbortSignal,
): Promise<void> {
  const dataKey = newDataKey();
  keepKey(place.home, dataKey);
  const data = encodeCluster(parts, dataKey, place.clock.now());
  const none = new Uint8Array();
  await putOnce(
    place,
    [
      { kind: 'create', path: clusterPath, data },
      { kind: 'create', path: keysPath, data: none },
    ],
    signal,
  );
}

async function open(place: SharedPlace, document: ClusterDocument, signal: AbortSignal): Promise<SharedIdentity> {
  const { home } = place;
  const known = keptId(home);
  if (known !== undefined && known !== document.clusterId) throw ofAnotherCluster(place, known, document);
  const key = keptKey(home);
  const identity = key && openWith(document, key);
  if (identity) return belong(home, identity);
  if (key && known !== undefined) throw cannotOpen(place);
  // No key, or that of a first start that came second.
  return belong(home, await join(place, document, signal));
}

function openWith(document: ClusterDocument, dataKey: Uint8Array): SharedIdentity | undefined {
  const identity = openCluster(document, dataKey);
  return identity && { ...identity, dataKey };
}

async function join(place: SharedPlace, document: ClusterDocument, signal: AbortSignal): Promise<SharedIdentity> {
  if (place.token === undefined) throw needsToken(place, document);
  try {
    const token = parseToken(place.token);
    checkCluster(token, document.authority);
    const key = await keyOfToken(place, document.clusterId, token, signal);
    const identity = openWith(document, key);
    if (!identity) throw cannotOpen(place);
    keepKey(place.home, key);
    return identity;
  } catch (error) {
    throw error instanceof TokenRefused ? new StatusError('Unauthorized', error.message) : error;
  }
}

/** From now on the home is this cluster's. */
function belong(home: Home, identity: SharedIdentity): SharedIdentity {
  if (keptId(home) === undefined) replaceFile(home.clusterId, identity.clusterId);
  return identity;
}

const keepKey = (home: Home, key: Uint8Array) => replaceFile(home.clusterKey, Buffer.from(key).toString('base64'));

const keptKey = (home: Home) =>
  existsSync(home.clusterKey) ? Buffer.from(readFileSync(home.clusterKey, 'utf8'), 'base64') : undefined;

const keptId = (home: Home) => (existsSync(home.clusterId) ? readFileSync(home.clusterId, 'utf8').trim() : undefined);

/** There is no cluster at the path: is this the server that should make one? */
function refuseToMake({ home, token, zookeeper }: SharedPlace): void {
  const known = keptId(home);
  if (known !== undefined) {
    throw new StatusError(
      'Conflict',
      `${home.path} belongs to the cluster ${known}, and there is no cluster at ${zookeeper.description}. Check the path; ` +
        'if ZooKeeper has lost it, bring it back with tepui restore; for a new cluster choose another folder with --home DIR',
    );
  }
  if (token === undefined) return;
  throw new StatusError(
    'NotFound',
    `there is no cluster at ${zookeeper.description} that the token could let this server into. Check the path; ` +
      'the first server of a new cluster starts without --token',
  );
}

function ofAnotherCluster({ home, zookeeper }: SharedPlace, known: string, document: ClusterDocument): StatusError {
  return new StatusError(
    'Conflict',
    `${home.path} belongs to the cluster ${known}, and ${zookeeper.description} holds the cluster ${document.clusterId}. ` +
      'Check the path, or choose another folder with --home DIR',
  );
}

function needsToken({ zookeeper }: SharedPlace, { clusterId, created }: ClusterDocument): StatusError {
  return new StatusError(
    'Unauthorized',
    `there is a cluster at ${zookeeper.description} already (${clusterId}, made at ${created}), and this server is no part ` +
      'of it yet. Make a token on one of its servers with tepui token create --role server, and start this one with --token TOKEN',
  );
}

function cannotOpen({ home, zookeeper }: SharedPlace): StatusError {
  return new StatusError(
    'Conflict',
    `the secrets of the cluster at ${zookeeper.description} do not open with the key of this server: the znode "cluster" or ` +
      `${home.clusterKey} was changed. Start with another folder (--home DIR) and a token, or restore a backup`,
  );
}

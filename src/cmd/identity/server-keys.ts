// The data key for servers that join: wrapped once for each server token, in `cluster/keys/ID`.
import { ask, pauseBeforeRetry, type Ensemble } from '../../zookeeper/ask.ts';
import { putOnce } from './put-once.ts';
import {
  checkUse,
  createToken,
  isExpired,
  parseToken,
  wrongRole,
  wrongToken,
  type JoinToken,
  type TokenRecord,
  type TokenWish,
} from '../../lib/join-token.ts';
import type { ClusterIdentity } from './cluster-identity.ts';
import { clusterPath } from './cluster-document.ts';
import { keyOfSecret, newSalt, seal, unseal } from './sealing.ts';

export const keysPath = `${clusterPath}/keys`;

interface WrappedKey {
  readonly role: TokenRecord['role'];
  readonly expires: string | undefined;
  readonly salt: string;
  readonly wrapped: string;
}

/** What everybody who reads ZooKeeper sees of a token. */
export type KeyFacts = Pick<TokenRecord, 'id' | 'role' | 'expires'>;

/**
 * Makes a token. One for servers, or for any, opens the cluster's secrets from now on; the record is for agents, and
 * is the caller's to keep. Rejects when the signal aborts.
 */
export async function createClusterToken(
  ensemble: Ensemble,
  identity: ClusterIdentity & { readonly dataKey: Uint8Array },
  wish: TokenWish,
  signal: AbortSignal,
): Promise<{ readonly token: string; readonly record: TokenRecord }> {
  const made = createToken(identity.authority.certificate, wish, ensemble.clock.now());
  if (wish.role === 'agent') return made;
  const data = Buffer.from(JSON.stringify(wrapKey(identity, parseToken(made.token), made.record)));
  await putOnce(ensemble, [{ kind: 'create', path: pathOf(made.record.id), data }], signal);
  return made;
}

function wrapKey(
  { clusterId, dataKey }: { readonly clusterId: string; readonly dataKey: Uint8Array },
  token: JoinToken,
  { role, expires }: TokenRecord,
): WrappedKey {
  const salt = newSalt();
  const wrapped = seal(keyOfSecret(token.secret, salt), dataKey, contextOf(clusterId, token.id, { role, expires }));
  return { role, expires, salt, wrapped };
}

/** The data key, for who holds the token. Rejects with TokenRefused. */
export async function keyOfToken(
  ensemble: Ensemble,
  clusterId: string,
  token: JoinToken,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (token.role === 'agent') throw wrongRole('agent', 'server');
  const znode = await ask(ensemble, signal, () => ensemble.zookeeper.get(pathOf(token.id)));
  if (!znode) throw wrongToken();
  const kept = JSON.parse(Buffer.from(znode.data).toString('utf8')) as WrappedKey;
  checkUse(kept, 'server', ensemble.clock.now());
  const key = unseal(keyOfSecret(token.secret, kept.salt), kept.wrapped, contextOf(clusterId, token.id, kept));
  if (!key) throw wrongToken();
  return key;
}

/** Of all tokens that open the cluster's secrets. */
export async function listKeys(ensemble: Ensemble, signal: AbortSignal): Promise<readonly KeyFacts[]> {
  const { zookeeper } = ensemble;
  const ids = (await ask(ensemble, signal, () => zookeeper.children(keysPath))) ?? [];
  const keys = await Promise.all(
    ids.map(async (id) => {
      const znode = await ask(ensemble, signal, () => zookeeper.get(pathOf(id)));
      return znode && { id, ...decodeKey(znode.data) };
    }),
  );
  return keys.filter((key) => key !== undefined);
}

/** From now on the token opens nothing. Resolves, when that is certain, with what there was; undefined: nothing. */
export async function removeKey(ensemble: Ensemble, id: string, signal: AbortSignal): Promise<KeyFacts | undefined> {
  const { zookeeper } = ensemble;
  const path = pathOf(id);
  let removed: KeyFacts | undefined;
  for (let failures = 1; ; failures++) {
    const znode = await ask(ensemble, signal, async () => {
      await zookeeper.settle();
      return zookeeper.get(path);
    });
    if (!znode) return removed;
    removed = { id, ...decodeKey(znode.data) };
    const outcome = await zookeeper.write([{ kind: 'delete', path }]);
    if (outcome.kind === 'done') return removed;
    await pauseBeforeRetry(ensemble, failures, signal);
  }
}

/** Removes the keys of tokens that have expired: who has kept one of them could still open it. */
export async function removeExpiredKeys(ensemble: Ensemble, signal: AbortSignal): Promise<void> {
  const { zookeeper, clock } = ensemble;
  for (const { id, expires } of await listKeys(ensemble, signal)) {
    // Whatever becomes of it: the next time it is removed again.
    if (isExpired(expires, clock.now())) await zookeeper.write([{ kind: 'delete', path: pathOf(id) }]);
  }
}

const pathOf = (id: string) => `${keysPath}/${id}`;

function decodeKey(data: Uint8Array): Pick<WrappedKey, 'role' | 'expires'> {
  const { role, expires } = JSON.parse(Buffer.from(data).toString('utf8')) as WrappedKey;
  return { role, expires };
}

/** Role and time are bound to the key, so that nobody who can write to ZooKeeper prolongs a token. */
function contextOf(clusterId: string, id: string, { role, expires }: Pick<WrappedKey, 'role' | 'expires'>): string {
  return ['tepui data key', clusterId, id, role, expires ?? ''].join('\n');
}

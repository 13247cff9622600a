// The data key for servers that join: wrapped once for each server token, in `cluster/keys/ID`.
import type { Ensemble } from '../../zookeeper/ask.ts';
import { ask } from '../../zookeeper/ask.ts';
import { putOnce } from './put-once.ts';
import {
  checkUse,
  createToken,
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
  await putOnce(ensemble, [{ kind: 'create', path: `${keysPath}/${made.record.id}`, data }], signal);
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
  const znode = await ask(ensemble, signal, () => ensemble.zookeeper.get(`${keysPath}/${token.id}`));
  if (!znode) throw wrongToken();
  const kept = JSON.parse(Buffer.from(znode.data).toString('utf8')) as WrappedKey;
  checkUse(kept, 'server', ensemble.clock.now());
  const key = unseal(keyOfSecret(token.secret, kept.salt), kept.wrapped, contextOf(clusterId, token.id, kept));
  if (!key) throw wrongToken();
  return key;
}

/** Removes the keys of tokens that have expired: who has kept one of them could still open it. */
export async function removeExpiredKeys(ensemble: Ensemble, signal: AbortSignal): Promise<void> {
  const { zookeeper, clock } = ensemble;
  const names = (await ask(ensemble, signal, () => zookeeper.children(keysPath))) ?? [];
  for (const name of names) {
    const path = `${keysPath}/${name}`;
    const znode = await ask(ensemble, signal, () => zookeeper.get(path));
    if (!znode) continue;
    const { expires } = JSON.parse(Buffer.from(znode.data).toString('utf8')) as WrappedKey;
    // Whatever becomes of it: the next time it is removed again.
    if (expires !== undefined && Date.parse(expires) <= clock.now()) await zookeeper.write([{ kind: 'delete', path }]);
  }
}

/** Role and time are bound to the key, so that nobody who can write to ZooKeeper prolongs a token. */
function contextOf(clusterId: string, id: string, { role, expires }: Pick<WrappedKey, 'role' | 'expires'>): string {
  return ['tepui data key', clusterId, id, role, expires ?? ''].join('\n');
}

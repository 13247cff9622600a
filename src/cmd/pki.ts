// The secrets that a server works with: the cluster's identity, its own certificate; and the kubeconfig made of them.
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { stringify } from 'yaml';
import type { KeyedCertificate } from '../lib/certificates.ts';
import type { Clock } from '../lib/clock.ts';
import { authorityFingerprint, createToken, parseToken } from '../lib/join-token.ts';
import { replaceFile, type Home } from './home.ts';
import type { ClusterIdentity } from './identity/cluster-identity.ts';
import { loadHomeIdentity } from './identity/home-keeper.ts';
import { loadServerCertificate } from './identity/server-certificate.ts';
import { loadSharedIdentity, type SharedPlace } from './identity/zookeeper-keeper.ts';

export interface ClusterSecrets extends ClusterIdentity {
  /** The certificate that the API is served with. */
  readonly server: KeyedCertificate;
  readonly joinToken: string;
}

/** Where the identity is kept: in this server's home, or in the ZooKeeper path that it shares with others. */
export type IdentityPlace =
  | { readonly keeper: 'home'; readonly home: Home; readonly clock: Clock }
  | ({ readonly keeper: 'zookeeper' } & SharedPlace);

/** Makes the identity where there is none. Rejects with StatusError when the user has something to do about it. */
export function loadClusterIdentity(place: IdentityPlace, signal: AbortSignal): Promise<ClusterIdentity> {
  return place.keeper === 'home' ? loadHomeIdentity(place.home, place.clock) : loadSharedIdentity(place, signal);
}

/** Everything that a server with an embedded journal needs. Makes what is missing. */
export async function loadSecrets(home: Home, clock: Clock): Promise<ClusterSecrets> {
  const identity = await loadHomeIdentity(home, clock);
  return {
    ...identity,
    server: await loadServerCertificate(home, identity.authority, [hostname()], clock),
    joinToken: loadJoinToken(home, identity.authority.certificate, clock),
  };
}

/** The token of this machine's agents. One of another form or cluster was left by an earlier version. */
function loadJoinToken(home: Home, authority: string, clock: Clock): string {
  const kept = existsSync(home.joinToken) ? readFileSync(home.joinToken, 'utf8') : '';
  if (isTokenOf(kept, authority)) return kept;
  const { token } = createToken(authority, { role: 'agent', ttlSeconds: 0 }, clock.now());
  replaceFile(home.joinToken, token);
  return token;
}

function isTokenOf(text: string, authority: string): boolean {
  try {
    return parseToken(text).fingerprint === authorityFingerprint(authority);
  } catch {
    return false;
  }
}

/** @param server `https://127.0.0.1:6443` */
export function writeKubeconfig(home: Home, secrets: ClusterIdentity, server: string): void {
  const authority = Buffer.from(secrets.authority.certificate).toString('base64');
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'tepui',
    clusters: [{ name: 'tepui', cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: 'tepui-admin', user: { token: secrets.adminToken } }],
    contexts: [{ name: 'tepui', context: { cluster: 'tepui', user: 'tepui-admin', namespace: 'default' } }],
  };
  replaceFile(home.kubeconfig, stringify(document));
}

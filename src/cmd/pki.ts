// What a server gives to others: the kubeconfig of its user, and the token of the agents of its machine.
import { existsSync, readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { Clock } from '../lib/clock.ts';
import { authorityFingerprint, createToken, parseToken } from '../lib/join-token.ts';
import { replaceFile, type Home } from './home.ts';
import type { ClusterIdentity } from './identity/cluster-identity.ts';

/** The token of this machine's agents. One of another form or cluster was left by an earlier version. */
export function loadJoinToken(home: Home, authority: string, clock: Clock): string {
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

// The cluster's secrets on disk: its authority, the server's certificate, the tokens, and the kubeconfig made of them.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { createAuthority, issueCertificate, type KeyedCertificate } from '../lib/certificates.ts';
import type { Clock } from '../lib/clock.ts';
import { inspectCertificate, renewalTimeMs } from '../lib/inspect-certificate.ts';
import { readOrCreate, replaceFile, type Home } from './home.ts';

export interface ClusterSecrets {
  readonly authority: KeyedCertificate;
  /** The certificate that the API is served with. */
  readonly server: KeyedCertificate;
  readonly adminToken: string;
  readonly joinToken: string;
}

const dayMs = 86_400_000;
/**
 * Differs from the authority's: OpenSSL takes a certificate whose subject is its issuer for self-signed, and curl and
 * Python would not talk to us.
 */
const serverName = 'tepui-server';
/** The authority is made once; a cluster outlives its makers' patience. */
const authorityLifetimeMs = 3650 * dayMs;
const serverLifetimeMs = 365 * dayMs;
/** A clock that is a little behind must not refuse a new certificate. */
const backdateMs = 3_600_000;

/** Makes what is missing. The server's certificate is renewed at a start in the last third of its life. */
export async function loadSecrets(home: Home, clock: Clock): Promise<ClusterSecrets> {
  const authority = await loadAuthority(home, clock);
  return {
    authority,
    server: await loadServerCertificate(home, authority, clock),
    adminToken: readOrCreate(home.adminToken, newToken),
    joinToken: readOrCreate(home.joinToken, newToken),
  };
}

const newToken = () => randomBytes(32).toString('base64url');

async function loadAuthority(home: Home, clock: Clock): Promise<KeyedCertificate> {
  const { certificate, key } = home.authority;
  if (existsSync(certificate) && existsSync(key)) return readPair(home.authority);
  const made = await createAuthority('tepui', lifetime(clock, authorityLifetimeMs));
  replaceFile(key, made.key);
  replaceFile(certificate, made.certificate);
  return made;
}

async function loadServerCertificate(home: Home, authority: KeyedCertificate, clock: Clock): Promise<KeyedCertificate> {
  const { certificate, key } = home.server;
  if (existsSync(certificate) && existsSync(key)) {
    const kept = readPair(home.server);
    const inspected = inspectCertificate(kept.certificate);
    if (inspected.commonName === serverName && renewalTimeMs(inspected) > clock.now()) return kept;
  }
  const made = await issueCertificate(authority, {
    commonName: serverName,
    dnsNames: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
    ipAddresses: ['127.0.0.1', '::1'],
    usages: ['server'],
    validity: lifetime(clock, serverLifetimeMs),
  });
  replaceFile(key, made.key);
  replaceFile(certificate, made.certificate);
  return made;
}

function readPair({ certificate, key }: { certificate: string; key: string }): KeyedCertificate {
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}

const lifetime = (clock: Clock, lengthMs: number) => ({
  fromMs: clock.now() - backdateMs,
  toMs: clock.now() + lengthMs,
});

/** @param server `https://127.0.0.1:6443` */
export function writeKubeconfig(home: Home, secrets: ClusterSecrets, server: string): void {
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

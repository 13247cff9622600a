// The identity of a cluster with one server, as files of its home.
import { existsSync, readFileSync } from 'node:fs';
import { StatusError } from '../../api/status-error.ts';
import type { KeyedCertificate } from '../../lib/certificates.ts';
import type { Clock } from '../../lib/clock.ts';
import { readOrCreate, replaceFile, type Home } from '../home.ts';
import {
  newAdminToken,
  newAuthority,
  newClusterId,
  type ClusterIdentity,
  type IdentityParts,
} from './cluster-identity.ts';

/** Makes what is missing. Rejects with StatusError when the home is that of a server of another kind of cluster. */
export async function loadHomeIdentity(home: Home, clock: Clock): Promise<ClusterIdentity> {
  if (existsSync(home.clusterKey)) {
    throw new StatusError(
      'Conflict',
      `${home.path} belongs to a server of a cluster that is kept in ZooKeeper: start that with tepui server --zk, ` +
        'or choose another folder with --home DIR',
    );
  }
  return {
    clusterId: readOrCreate(home.clusterId, newClusterId).trim(),
    authority: await loadAuthority(home, clock),
    adminToken: readOrCreate(home.adminToken, newAdminToken),
    dataKey: undefined,
  };
}

/** Puts an identity into a home that has none: of a backup, for example. */
export function keepInHome(home: Home, { clusterId, authority, adminToken }: IdentityParts): void {
  writePair(home.authority, authority);
  replaceFile(home.adminToken, adminToken);
  replaceFile(home.clusterId, clusterId);
}

async function loadAuthority(home: Home, clock: Clock): Promise<KeyedCertificate> {
  const { certificate, key } = home.authority;
  if (existsSync(certificate) && existsSync(key)) return readPair(home.authority);
  const made = await newAuthority(clock);
  writePair(home.authority, made);
  return made;
}

interface Files {
  readonly certificate: string;
  readonly key: string;
}

export function readPair({ certificate, key }: Files): KeyedCertificate {
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}

/** The key first: a certificate without its key is of no use to anybody. */
export function writePair({ certificate, key }: Files, pair: KeyedCertificate): void {
  replaceFile(key, pair.key);
  replaceFile(certificate, pair.certificate);
}

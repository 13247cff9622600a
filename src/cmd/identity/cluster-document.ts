// The znode `cluster`: who the cluster is, for everybody to read; its secrets sealed with the data key.
import { StatusError } from '../../api/status-error.ts';
import { authorityFingerprint } from '../../lib/join-token.ts';
import { formatRfc3339 } from '../../lib/rfc3339.ts';
import type { ClusterIdentity, IdentityParts } from './cluster-identity.ts';
import { seal, unseal } from './sealing.ts';

export const clusterPath = '/cluster';

export interface ClusterDocument {
  readonly version: number;
  readonly clusterId: string;
  /** RFC 3339. */
  readonly created: string;
  /** Certificate, PEM. */
  readonly authority: string;
  /** The authority's key and the administrator's token. */
  readonly sealed: string;
}

interface Secrets {
  readonly authorityKey: string;
  readonly adminToken: string;
}

const version = 1;

export function encodeCluster(parts: IdentityParts, dataKey: Uint8Array, nowMs: number): Uint8Array {
  const { clusterId, authority, adminToken } = parts;
  const secrets: Secrets = { authorityKey: authority.key, adminToken };
  const open = { version, clusterId, created: formatRfc3339(nowMs), authority: authority.certificate };
  const sealed = seal(dataKey, Buffer.from(JSON.stringify(secrets)), contextOf(open));
  const document: ClusterDocument = { ...open, sealed };
  return Buffer.from(JSON.stringify(document));
}

/** @throws StatusError when it is not ours to understand. @param place for messages */
export function decodeCluster(data: Uint8Array, place: string): ClusterDocument {
  const document = parse(data);
  if (typeof document?.version === 'number' && document.version > version) {
    const found = `version ${String(document.version)}, and this program knows ${String(version)}`;
    throw new StatusError('Conflict', `the cluster at ${place} was made by a newer tepui (${found}): upgrade this one`);
  }
  const texts = [document?.clusterId, document?.created, document?.authority, document?.sealed];
  const isWhole = document?.version === version && texts.every((text) => typeof text === 'string');
  if (isWhole && isCertificate(document.authority)) return document;
  throw new StatusError(
    'Conflict',
    `the znode "cluster" at ${place} was not written by tepui, or was changed: choose another path, or restore a backup`,
  );
}

function isCertificate(text: string): boolean {
  try {
    return authorityFingerprint(text) !== '';
  } catch {
    return false;
  }
}

function parse(data: Uint8Array): ClusterDocument | undefined {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8')) as ClusterDocument;
  } catch {
    return undefined;
  }
}

/** Undefined when the key is another one, or anything in the document was changed. */
export function openCluster(document: ClusterDocument, dataKey: Uint8Array): ClusterIdentity | undefined {
  const text = unseal(dataKey, document.sealed, contextOf(document));
  if (!text) return undefined;
  const { authorityKey, adminToken } = JSON.parse(text.toString('utf8')) as Secrets;
  const authority = { certificate: document.authority, key: authorityKey };
  return { clusterId: document.clusterId, authority, adminToken, dataKey };
}

/** What everybody can read is bound to what is sealed, so that nobody can put another authority beside our key. */
function contextOf(document: Omit<ClusterDocument, 'sealed'>): string {
  return ['tepui cluster', document.version, document.clusterId, authorityFingerprint(document.authority)].join('\n');
}

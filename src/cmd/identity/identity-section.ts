// The identity of a cluster as a backup carries it: JSON that only this file knows the inside of.
import { StatusError } from '../../api/status-error.ts';
import type { ClusterIdentity } from './cluster-identity.ts';

interface Section {
  readonly version: number;
  readonly clusterId: string;
  readonly authority: { readonly certificate: string; readonly key: string };
  readonly adminToken: string;
  /** Base64. With it the homes of the present servers open what is restored; absent for a cluster kept in a home. */
  readonly dataKey?: string;
}

const version = 1;

/** For `backupSource`. All of it is secret. */
export function identitySection({ clusterId, authority, adminToken, dataKey }: ClusterIdentity): Section {
  const { certificate, key } = authority;
  const shared = dataKey === undefined ? {} : { dataKey: Buffer.from(dataKey).toString('base64') };
  return { version, clusterId, authority: { certificate, key }, adminToken, ...shared };
}

/** @throws StatusError when it is of another version, or lacks something */
export function readIdentitySection(value: unknown): ClusterIdentity {
  const section = (value ?? {}) as Partial<Section>;
  const { clusterId, authority, adminToken, dataKey } = section;
  const texts = [clusterId, authority?.certificate, authority?.key, adminToken];
  if (section.version !== version || !texts.every((text) => typeof text === 'string')) {
    throw new StatusError(
      'BadRequest',
      `expected the identity of a cluster in the backup (version ${String(version)}), found version ${String(section.version)}: ` +
        'restore it with the version of tepui that made it',
    );
  }
  const { clusterId: id, authority: pair, adminToken: token } = section as Section;
  const key = dataKey === undefined ? undefined : new Uint8Array(Buffer.from(dataKey, 'base64'));
  return { clusterId: id, authority: pair, adminToken: token, dataKey: key };
}

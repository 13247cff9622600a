// Who the cluster is: its id, its authority, and the token of its administrator. All of its servers share them.
import type { KeyedCertificate } from '../../lib/certificates.ts';
import { createAuthority } from '../../lib/certificates.ts';
import type { Clock } from '../../lib/clock.ts';
import { randomBytes, randomUUID } from 'node:crypto';

export interface ClusterIdentity {
  /** A random UUID. */
  readonly clusterId: string;
  readonly authority: KeyedCertificate;
  readonly adminToken: string;
  /** Seals what the servers share in ZooKeeper; undefined for a cluster that keeps its identity in a home. */
  readonly dataKey: Uint8Array | undefined;
}

/** What a cluster is made of, wherever it is kept: a backup carries it from one place to another. */
export type IdentityParts = Pick<ClusterIdentity, 'clusterId' | 'authority' | 'adminToken'>;

const dayMs = 86_400_000;
/** The authority is made once; a cluster outlives its makers' patience. */
const authorityLifetimeMs = 3650 * dayMs;
/** A clock that is a little behind must not refuse a new certificate. */
const backdateMs = 3_600_000;

/** From an hour ago. @param lengthMs from now */
export const lifetime = (clock: Clock, lengthMs: number) => ({
  fromMs: clock.now() - backdateMs,
  toMs: clock.now() + lengthMs,
});

export const newAuthority = (clock: Clock): Promise<KeyedCertificate> =>
  createAuthority('tepui', lifetime(clock, authorityLifetimeMs));

export const newClusterId = (): string => randomUUID();

/** 256 random bits. */
export const newAdminToken = (): string => randomBytes(32).toString('base64url');

export async function newIdentityParts(clock: Clock): Promise<IdentityParts> {
  return { clusterId: newClusterId(), authority: await newAuthority(clock), adminToken: newAdminToken() };
}

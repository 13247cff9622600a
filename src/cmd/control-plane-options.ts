// What a server is made with: where it stands, who it is, where it listens.
import type { EnsembleServerStatus } from '../api/cluster-facts.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Election, ServerFacts } from '../store/election.ts';
import type { Medium } from '../store/medium.ts';
import type { ClusterIdentity } from './identity/cluster-identity.ts';
import type { ServerCertificate } from './identity/server-certificate.ts';
import type { ServerTokens } from './tokens.ts';

/** What distinguishes a server that is alone from one of several. */
export interface Surroundings {
  readonly medium: Medium;
  readonly createElection: (self: ServerFacts) => Election;
  /** Undefined: no other server can join. */
  readonly serverTokens: ServerTokens | undefined;
  readonly ensemble: () => Promise<readonly EnsembleServerStatus[]>;
}

export interface ControlPlaneOptions {
  readonly surroundings: Surroundings;
  readonly identity: ClusterIdentity;
  /** The certificate that the API is served with, and shown to the other servers. */
  readonly certificate: ServerCertificate;
  /** Id of this server, stable over restarts. */
  readonly id: string;
  /** A token that lets the agents of this machine in, for ever; undefined: only those made through the API do. */
  readonly ownToken: string | undefined;
  /** Address to listen on. */
  readonly host: string;
  /** Name or address by which other machines reach this one. */
  readonly advertise: string;
  /** 0: any free port. */
  readonly ports: { readonly api: number; readonly gateway: number; readonly mesos: number };
  readonly clock: Clock;
  readonly log: Log;
  /** Silence after which a node counts as unreachable; 40 s unless said otherwise. */
  readonly nodeGraceMs?: number;
}

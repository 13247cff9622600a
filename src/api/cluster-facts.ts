// What `/tepui/v1/…` answers: facts about the cluster and its servers that are no objects.

/** `GET /tepui/v1/cluster`: open to everybody, for agents and servers that join. */
export interface ClusterFacts {
  readonly clusterId: string;
  /** The cluster's certificate authority, PEM. Believed only after its fingerprint, which join tokens carry, was compared. */
  readonly authority: string;
  /** `HOST:PORT` of the agent gateways of all servers that are there, the leader's first. */
  readonly gateways: readonly string[];
}

export interface ServerStatus {
  readonly id: string;
  readonly role: 'leader' | 'follower';
  readonly api: string;
  readonly gateway: string;
  readonly mesos: string;
  readonly version: string;
  readonly revision: number;
  /** Entries of the log that it has not read yet. */
  readonly lag: number;
}

export interface EnsembleServerStatus {
  /** `HOST:PORT` */
  readonly address: string;
  /** `leader`, `follower`, `observer`, `standalone`; undefined: it does not answer. */
  readonly mode: string | undefined;
  /** Why it does not answer. */
  readonly problem: string | undefined;
  readonly averageLatencyMs: number | undefined;
  readonly znodes: number | undefined;
}

/** `GET /tepui/v1/status` */
export interface ClusterStatus {
  readonly clusterId: string;
  readonly epoch: number;
  readonly servers: readonly ServerStatus[];
  readonly journal: {
    /** Where it lies, without credentials. */
    readonly medium: string;
    /** Why it cannot be written now; undefined: it can. */
    readonly problem: string | undefined;
  };
  /** Empty with the embedded journal. */
  readonly ensemble: readonly EnsembleServerStatus[];
}

/** `POST /tepui/v1/tokens` */
export interface TokenRequest {
  /** Whom it lets in; `any` both. */
  readonly role: 'agent' | 'server' | 'any';
  /** 0: for ever. */
  readonly ttlSeconds: number;
}

/** A token that lets somebody in, without its secret. */
export interface TokenFacts {
  readonly id: string;
  readonly role: TokenRequest['role'];
  /** RFC 3339; undefined: for ever. */
  readonly expires: string | undefined;
}

/** `GET /tepui/v1/tokens`; `DELETE /tepui/v1/tokens/ID` answers the TokenFacts of the one that is gone. */
export interface TokenList {
  /** Ascending by id. */
  readonly items: readonly TokenFacts[];
}

export interface TokenCreated {
  /** `tepui.ID.SECRET.FINGERPRINT`; the fingerprint is the SHA-256 of the authority's certificate (DER), base64url. */
  readonly token: string;
  /** RFC 3339; undefined: for ever. */
  readonly expires: string | undefined;
}

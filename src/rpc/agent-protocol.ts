// The messages of proto/agent.proto as TypeScript, hand-written; test/rpc/agent-protocol.test.ts holds the two together.

export interface JoinRequest {
  readonly token: string;
  readonly node_name: string;
  readonly certificate_request: Uint8Array;
}

export interface JoinResponse {
  readonly certificate: Uint8Array;
  readonly ca_certificate: Uint8Array;
}

export interface Register {
  readonly node_name: string;
  readonly node: Uint8Array;
  readonly streams_address: string;
  readonly known_pod_uids: readonly string[];
  readonly agent_version: string;
  /** Of the leader that the agent has a session with: only a later one lets it in. 0: it has none. */
  readonly after_epoch: number;
}

export interface PodStatusUpdate {
  readonly uuid: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly status: Uint8Array;
}

export interface PodTerminated {
  readonly uuid: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface AgentEvent {
  readonly namespace: string;
  readonly pod_name: string;
  readonly pod_uid: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly container: string;
  readonly uuid: string;
}

/** Exactly one member is set. */
export interface AgentMessage {
  readonly register?: Register;
  readonly heartbeat?: object;
  readonly pod_status?: PodStatusUpdate;
  readonly pod_terminated?: PodTerminated;
  readonly node_report?: { readonly status: Uint8Array };
  readonly event?: AgentEvent;
}

export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly namespace: string;
  readonly name: string;
  readonly object: Uint8Array;
}

export interface PodSet {
  readonly complete: boolean;
  readonly pods: readonly { readonly pod: Uint8Array }[];
  readonly removed_uids: readonly string[];
  readonly references: readonly Reference[];
}

export interface Registered {
  readonly heartbeat_interval_ms: number;
  readonly cluster_id: string;
  readonly epoch: number;
  /** `HOST:PORT`, the leader's first. */
  readonly gateways: readonly string[];
}

/** Exactly one member is set. */
export interface ServerMessage {
  readonly registered?: Registered;
  readonly pods?: PodSet;
  readonly ack?: { readonly uuid: string };
  readonly rejected?: { readonly reason: string };
  readonly moved?: { readonly gateways: readonly string[] };
}

export interface LogRequest {
  readonly namespace: string;
  readonly pod_name: string;
  readonly pod_uid: string;
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tail_lines?: number;
  readonly since_time_ms?: number;
  readonly limit_bytes?: number;
}

export interface LogChunk {
  readonly data: Uint8Array;
}

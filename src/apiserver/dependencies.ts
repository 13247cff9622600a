// What the API server needs from the outside, as narrow as possible; cmd/ wires it.
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { LogChunk, LogRequest } from '../rpc/agent-protocol.ts';
import type { Verb } from '../api/kinds.ts';
import type { ApiObject } from '../api/object.ts';
import type { ApiRequest, ApiResponse, UserInfo } from '../api/request.ts';
import type { SchemaDefinitions } from '../api/schema.ts';
import type { Validator } from '../api/validation.ts';
import type { Store } from '../store/store.ts';

/** Reads a container's log from the agent of its node. */
export interface PodLogSource {
  /** Rejects with StatusError ServiceUnavailable when the node's agent is not connected. */
  readLog(nodeName: string, request: LogRequest, signal: AbortSignal): Promise<AsyncIterable<LogChunk>>;
}

/** Randomness, injected so that tests are repeatable. */
export interface Ids {
  /** RFC 4122 version 4. */
  uid(): string;
  /** Five characters for generateName, from Kubernetes' alphabet without vowels. */
  nameSuffix(): string;
}

/** Answers what is no resource: discovery, OpenAPI, /version. `undefined` means: not mine, ask the next. */
export type FixedHandler = (request: ApiRequest) => ApiResponse | undefined | Promise<ApiResponse | undefined>;

/** Who a request comes from; `undefined` when it carries no credential. Throws Unauthorized for a wrong one. */
export type Authenticator = (request: ApiRequest) => UserInfo | undefined;

/** What somebody wants to do, as rules speak of it. */
export interface Access {
  readonly verb: Verb;
  readonly group: string;
  readonly version: string;
  /** The plural. */
  readonly resource: string;
  readonly subresource: string;
  /** Empty: cluster-scoped, or all namespaces. */
  readonly namespace: string;
  readonly name: string;
}

/** May this user do this? Throws StatusError Forbidden. RBAC goes here. */
export type Authorizer = (user: UserInfo, access: Access) => void;

/** Decodes `application/vnd.kubernetes.protobuf`. Throws StatusError BadRequest for what it cannot decode. */
export type DecodeProtobuf = (bytes: Uint8Array) => ApiObject;

/** Everything that the handlers of one API server share. */
export interface ApiDependencies {
  readonly store: Store;
  readonly definitions: SchemaDefinitions;
  readonly validator: Validator;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly podLogs: PodLogSource;
  readonly decodeProtobuf: DecodeProtobuf;
  readonly authenticate: Authenticator;
  /** Omitted: every authenticated user may do everything. */
  readonly authorize?: Authorizer;
  /** Asked in order before the resources. */
  readonly fixed?: readonly FixedHandler[];
  /** Addresses for Services, as an IPv4 range; default `10.96.0.0/12`. */
  readonly serviceRange?: string;
}

// The contract of one TCP connection to one server of the ensemble; library-connection.ts implements it.
import type { ServerAddress } from './address.ts';
import type { RefusalCode, Stat, WriteOp, WriteOutcome, Znode } from './zookeeper.ts';

/** What the ensemble knows a session by. */
export interface SessionKey {
  readonly id: Uint8Array;
  readonly password: Uint8Array;
}

/** A session as the ensemble granted or confirmed it. */
export interface GrantedSession {
  readonly key: SessionKey;
  readonly timeoutMs: number;
}

export interface ReadRequest {
  readonly op: 'get' | 'exists' | 'children';
  /** Absolute: with the path of the connection string. */
  readonly path: string;
}

export type ReadValue = Znode | Stat | readonly string[] | undefined;

export type ReadAnswer =
  | { readonly kind: 'value'; readonly value: ReadValue }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly why: string };

/** What the ensemble decided about a transaction. */
export type Decision = Extract<WriteOutcome, { kind: 'done' | 'refused' }>;

export interface ConnectionEvents {
  /** The handshake is done. */
  onOpen(granted: GrantedSession): void;
  /** Instead of `onOpen`: the ensemble does not know the session any more. */
  onExpired(): void;
  /** The connection could not be made, or broke. At most once, the last call. */
  onClosed(why: string): void;
}

/** Requests are answered in order. After `drop` or `onClosed` nothing is called any more: not events, not callbacks. */
export interface Connection {
  /** The newest transaction that was seen through this connection or before it. */
  readonly lastSeen: bigint;
  /** @param onChange called once at most; when the request is refused, never */
  read(request: ReadRequest, onChange: (() => void) | undefined, done: (answer: ReadAnswer) => void): void;
  write(ops: readonly WriteOp[], done: (decision: Decision) => void): void;
  /** Asks the ensemble to end the session. */
  endSession(done: () => void): void;
  /** Ends the connection at once, in both directions; what still waits to be sent never is. The session stays. */
  drop(): void;
}

export interface DialTarget {
  readonly server: ServerAddress;
  readonly timeoutMs: number;
  /** The session to go on with; undefined: a new one. */
  readonly key: SessionKey | undefined;
  /** A server that does not know this transaction yet refuses the connection, so that reads never go back in time. */
  readonly lastSeen: bigint;
}

export type Dial = (target: DialTarget, events: ConnectionEvents) => Connection;

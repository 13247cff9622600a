// The contract of the safe session with a ZooKeeper ensemble; create-zookeeper.ts implements it over node-zookeeper-client,
// in a thread of its own, so that heartbeats do not wait for a busy event loop.
//
// Laws. (1) State is decided by our own monotonic clock: `suspended` when nothing that needed a quorum was answered for
// two thirds of the session timeout, counted from when it was sent; `lost` at the whole of it, or when the ensemble says
// that the session expired. (2) Every operation ends: with its result, or at the latest when the session is lost.
// (3) A write whose answer did not come is `unknown`: a value, not an error to be retried. (4) What was not sent before a
// connection broke is never sent afterwards. (5) A watch fires once: on the change, or when the connection or session
// that it was set on is gone; whoever set it reads again.

/** `connecting`: no session yet, or a new one after `lost`. */
export type SessionState = 'connecting' | 'connected' | 'suspended' | 'lost' | 'closed';

/** A znode's stat, as far as anybody here needs it. */
export interface Stat {
  readonly version: number;
  /** Transaction that created it: tells a znode from a later one of the same name. */
  readonly createdBy: bigint;
  /** Session id of an ephemeral znode; `0` otherwise. Hexadecimal. */
  readonly owner: string;
  readonly dataLength: number;
  readonly children: number;
}

export interface Znode {
  readonly data: Uint8Array;
  readonly stat: Stat;
}

/** Paths are absolute within the connection string's path (chroot). Versions are at least 1: 0 would not be checked. */
export type WriteOp =
  | {
      readonly kind: 'create';
      readonly path: string;
      readonly data: Uint8Array;
      readonly ephemeral?: boolean;
      /** The ensemble appends ten digits. */
      readonly sequential?: boolean;
    }
  | { readonly kind: 'set'; readonly path: string; readonly data: Uint8Array; readonly version?: number }
  | { readonly kind: 'delete'; readonly path: string; readonly version?: number }
  | { readonly kind: 'check'; readonly path: string; readonly version?: number };

export type RefusalCode = 'no-node' | 'node-exists' | 'bad-version' | 'not-empty' | 'no-authority' | 'invalid';

export type WriteOutcome =
  /** All of it was done. `paths`: of each `create`, in order of the operations, else ''. */
  | { readonly kind: 'done'; readonly paths: readonly string[] }
  /** Nothing of it was done, and the ensemble says why. `op`: index of the operation that failed. */
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly op: number }
  /** Sent, but not answered. `settle` tells when it can be decided by reading. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** Never sent: not done, and it never will be. */
  | { readonly kind: 'unsent'; readonly why: string };

export interface Zookeeper {
  /** The connection string without credentials: `zk://10.0.0.1:2181,10.0.0.2:2181/tepui`. For messages. */
  readonly description: string;
  readonly state: SessionState;
  /** Why the state is not `connected`, in words; empty when it is. */
  readonly trouble: string;
  /** Grows by one with every new session; 0 before the first. What an earlier session made ephemeral is gone or will be. */
  readonly session: number;
  /** As `Stat.owner` shows it. Of the current session. */
  readonly sessionId: string;
  /** What the ensemble agreed to, in milliseconds; what was asked for before that. */
  readonly timeoutMs: number;
  /** Server that the session talks to: `HOST:PORT`, or undefined. */
  readonly server: string | undefined;
  /** How many servers there are to talk to. */
  readonly servers: number;
  /**
   * Up to this moment on the monotonic clock (`Clock.monotonicMs`) nobody else can have been told that the session is
   * over: two thirds of the timeout after the newest quorum operation that was answered was sent. Read from memory that
   * the other thread writes; costs nothing.
   */
  readonly safeUntilMs: number;
  /** Called after every change of state, session or server. Returns how to stop. */
  onChange(listener: () => void): () => void;
  /** Resolves when the state is `connected`; rejects with the signal's reason. */
  connected(signal: AbortSignal): Promise<void>;
  /** `undefined`: no such znode. Rejects with ZookeeperUnavailable. `onChange` fires when it changes, comes or goes. */
  get(path: string, onChange?: () => void): Promise<Znode | undefined>;
  exists(path: string, onChange?: () => void): Promise<Stat | undefined>;
  /** Names, in no order. */
  children(path: string, onChange?: () => void): Promise<readonly string[] | undefined>;
  /**
   * One transaction: all or nothing. Writes are done in the order in which they were called. Does not reject.
   * @param session the session that it must belong to; in another one it is `unsent`
   */
  write(ops: readonly WriteOp[], session?: number): Promise<WriteOutcome>;
  /**
   * Resolves when the ensemble has decided everything that was sent before, and reads show it: a write through the
   * quorum that changes nothing, on the present connection. Rejects with ZookeeperUnavailable.
   */
  settle(): Promise<void>;
  /** Creates the path and its parents where they are missing. Rejects with ZookeeperUnavailable. */
  ensurePath(path: string): Promise<void>;
  /**
   * While true, quorum heartbeats are sent often enough (a twelfth of the timeout) for `safeUntilMs` to be relied upon by
   * a leader; otherwise only as often as the session needs.
   */
  keepSafe(on: boolean): void;
  /**
   * Leaves the server that the session talks to for the next one: it does not show what it should. The session goes on;
   * what is under way is as after any broken connection. @param why for the log of whoever looks
   */
  moveOn(why: string): void;
  /** Ends the session: its ephemeral znodes vanish at once, when the ensemble can be reached. */
  close(): Promise<void>;
}

/** The ensemble cannot be asked now. Nothing was changed. */
export class ZookeeperUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ZookeeperUnavailable';
  }
}

/** The ensemble answered, but will not do or say what was asked. */
export class ZookeeperRefused extends Error {
  readonly code: RefusalCode;
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'ZookeeperRefused';
    this.code = code;
  }
}

// What clients, watchers and observers write down, a JSON object a line, for the checker to read. Times are nanoseconds of
// the machine's monotonic clock (`process.hrtime`): comparable between processes, and deaf to jumps of the wall clock.

/** What a key held when somebody looked: the unique mark of the write that made it, and the store's number for it. */
export interface Version {
  readonly tag: string;
  /** The number that every compare-and-set raises by one; 0 after a creation. */
  readonly count: number;
  readonly rv: number;
}

export interface Item extends Version {
  readonly key: string;
}

export type OperationKind = 'create' | 'update' | 'delete' | 'get' | 'list';

/** Written before the request is sent. */
export interface InvokeLine {
  readonly line: 'invoke';
  readonly at: number;
  /** Unique in the whole run. */
  readonly id: string;
  readonly op: OperationKind;
  /** Empty for a list. */
  readonly key: string;
  readonly server: string;
  /** What a create or update writes. */
  readonly tag?: string;
  readonly count?: number;
  /** The version that an update or delete insists on. */
  readonly expect?: Version;
}

/** `fail`: it is certain that nothing was changed. `unknown`: it may have been done, or may be done later. */
export type Outcome = 'ok' | 'fail' | 'unknown';

/** Why an operation failed, as far as that says something about the state. */
export type Refusal = 'exists' | 'absent' | 'conflict' | 'other';

/** Written when the answer is there. An operation without one has an unknown outcome. */
export interface AnswerLine {
  readonly line: 'answer';
  readonly at: number;
  readonly id: string;
  readonly outcome: Outcome;
  readonly refusal?: Refusal;
  /** In words: the status, the error. */
  readonly why?: string;
  /** Of an acknowledged create or update: its version. Of a list: its revision. */
  readonly rv?: number;
  /** What a get or list showed; empty when the key was absent. */
  readonly items?: readonly Item[];
  /** The server warned that the answer may be out of date. */
  readonly stale?: boolean;
  /** It came as a success, with a body that is not whole and looked as if it were. */
  readonly broken?: boolean;
}

/** A watch was opened. With `items` it follows a fresh list at `from`; without, it resumes after the last event seen. */
export interface StreamLine {
  readonly line: 'stream';
  readonly at: number;
  readonly stream: string;
  readonly watcher: string;
  readonly server: string;
  readonly from: number;
  readonly items?: readonly Item[];
}

export interface EventLine {
  readonly line: 'event';
  readonly at: number;
  readonly stream: string;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly rv: number;
  /** Absent for bookmarks. */
  readonly item?: Item;
}

export interface EndLine {
  readonly line: 'end';
  readonly at: number;
  readonly stream: string;
  /** `expired`: 410, the watcher lists again. */
  readonly how: 'closed' | 'broken' | 'expired' | 'done';
  readonly why?: string;
}

/** Evidence that a server acted as the leader of an epoch at some moment between the two times. */
export interface ActingLine {
  readonly line: 'acting';
  readonly from: number;
  readonly to: number;
  readonly epoch: number;
  /** Who saw it. */
  readonly source: string;
}

/** A server said of itself that it is the leader of an epoch. It may say so a little longer than it acts. */
export interface ClaimLine {
  readonly line: 'claim';
  readonly at: number;
  readonly epoch: number;
  /** Its id. */
  readonly server: string;
}

/** What the journal holds of the writes of an epoch: the first and the last revision. */
export interface EpochLine {
  readonly line: 'epoch';
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
}

/** The main process of a container, as the kernel knows it. */
export interface ContainerLine {
  readonly line: 'container';
  readonly at: number;
  readonly pod: string;
  readonly pid: number;
  /** Ticks since the machine's start, from /proc. */
  readonly started: number;
  readonly restarts: number;
}

/** Everything there is, read through one server when the load had ended and the faults were healed. */
export interface FinalLine {
  readonly line: 'final';
  readonly at: number;
  readonly server: string;
  readonly rv: number;
  readonly items: readonly Item[];
}

export type Line =
  | InvokeLine
  | AnswerLine
  | StreamLine
  | EventLine
  | EndLine
  | ActingLine
  | ClaimLine
  | EpochLine
  | ContainerLine
  | FinalLine;

// What the two threads of a session say to each other. Paths are absolute.
import type { ReadRequest, ReadValue } from './connection.ts';
import type { Credentials, ServerAddress } from './address.ts';
import type { SessionStatus } from './session.ts';
import type { RefusalCode, WriteOp, WriteOutcome } from './zookeeper.ts';

/** What the session's thread is started with. */
export interface ThreadOptions {
  readonly servers: readonly ServerAddress[];
  readonly credentials: Credentials | undefined;
  readonly timeoutMs: number;
  readonly lastSession: number;
  readonly lease: SharedArrayBuffer;
  /** The session is given up when the main thread does not answer for this long. */
  readonly patienceMs: number;
}

export type Order =
  | { readonly kind: 'read'; readonly id: number; readonly request: ReadRequest; readonly watch: boolean }
  | {
      readonly kind: 'write';
      readonly id: number;
      readonly ops: readonly WriteOp[];
      readonly session: number | undefined;
    }
  | { readonly kind: 'settle'; readonly id: number }
  | { readonly kind: 'keep-safe'; readonly on: boolean }
  | { readonly kind: 'move-on'; readonly why: string }
  | { readonly kind: 'close'; readonly id: number }
  /** The answer to `alive?`. */
  | { readonly kind: 'alive' };

export type News =
  | { readonly kind: 'status'; readonly status: SessionStatus }
  | { readonly kind: 'value'; readonly id: number; readonly value: ReadValue }
  | { readonly kind: 'outcome'; readonly id: number; readonly outcome: WriteOutcome }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'refused'; readonly id: number; readonly code: RefusalCode; readonly why: string }
  | { readonly kind: 'unavailable'; readonly id: number; readonly why: string }
  /** The watch that was set with read `id` fired. */
  | { readonly kind: 'changed'; readonly id: number }
  | { readonly kind: 'alive?' };

// A connection with deadlines: a handshake or an answer that takes too long breaks it. Knows what is unanswered and watched.
import type { Clock } from '../lib/clock.ts';
import { describeServer } from './address.ts';
import type { Connection, Decision, Dial, DialTarget, GrantedSession, ReadAnswer, ReadRequest } from './connection.ts';
import { createPendingRequests, type PendingRequests } from './pending.ts';
import type { WriteOp } from './zookeeper.ts';

export interface LinkEvents {
  onOpen(granted: GrantedSession): void;
  /** The link is over, as after `onBroken`. */
  readonly onExpired: () => void;
  /** Called before those who wait on this link are told. */
  onBroken(why: string): void;
}

export type Broken = (why: string) => void;

export interface Link {
  readonly server: string;
  readonly isOpen: boolean;
  /** When the connection was begun, on the monotonic clock. */
  readonly dialedAtMs: number;
  readonly lastSeen: bigint;
  /** @param onChange called once: on a change, or when the link is over */
  read(
    request: ReadRequest,
    onChange: (() => void) | undefined,
    done: (answer: ReadAnswer) => void,
    broken: Broken,
  ): void;
  write(ops: readonly WriteOp[], done: (decision: Decision, sentAtMs: number) => void, broken: Broken): void;
  endSession(done: () => void, broken: Broken): void;
  /** Breaks it off, as a deadline does. */
  leave(why: string): void;
  /** Ends it without `onBroken`; those who wait on it are told. */
  drop(why: string): void;
}

export interface LinkOptions {
  readonly clock: Clock;
  readonly dial: Dial;
  readonly target: DialTarget;
  readonly handshakeWithinMs: number;
  readonly answerWithinMs: () => number;
}

export function openLink(options: LinkOptions, events: LinkEvents): Link {
  const { clock, target } = options;
  const dialedAtMs = clock.monotonicMs();
  const watches = new Set<() => void>();
  let isOpen = false;
  let isOver = false;

  /** What `tell` does comes first, so that whoever is woken here sees the new state. */
  const finish = (why: string, tell: () => void) => {
    if (isOver) return;
    isOver = true;
    isOpen = false;
    handshake.cancel();
    connection.drop();
    const left = pending.takeAll();
    tell();
    for (const broken of left) broken(why);
    for (const fire of watches) fire();
  };
  const breakOff = (why: string) => finish(why, () => events.onBroken(why));
  const pending = createPendingRequests<Broken>(clock, options.answerWithinMs, () =>
    breakOff(`no answer for ${Math.round(options.answerWithinMs())} ms`),
  );
  const handshake = clock.after(options.handshakeWithinMs, () =>
    breakOff(`no session within ${Math.round(options.handshakeWithinMs)} ms`),
  );
  const connection: Connection = options.dial(target, {
    onOpen(granted) {
      handshake.cancel();
      isOpen = true;
      events.onOpen(granted);
    },
    onExpired: () => finish('the session expired', events.onExpired),
    onClosed: breakOff,
  });

  return {
    server: describeServer(target.server),
    dialedAtMs,
    get isOpen() {
      return isOpen;
    },
    get lastSeen() {
      return connection.lastSeen;
    },
    ...requestsOf(connection, pending, watches),
    leave: breakOff,
    drop: (why) => finish(why, () => undefined),
  };
}

/** Requests that are known, until they are answered, to whoever ends the connection. */
function requestsOf(
  connection: Connection,
  pending: PendingRequests<Broken>,
  watches: Set<() => void>,
): Pick<Link, 'read' | 'write' | 'endSession'> {
  return {
    read(request, onChange, done, broken) {
      const sent = pending.add(broken);
      const fire = onChange && once(watches, onChange);
      connection.read(request, fire, (answer) => {
        pending.remove(sent);
        // Only now the ensemble watches; the change may have been told already.
        if (fire && answer.kind === 'value') fire.arm();
        done(answer);
      });
    },
    write(ops, done, broken) {
      const sent = pending.add(broken);
      connection.write(ops, (decision) => {
        pending.remove(sent);
        done(decision, sent.sentAtMs);
      });
    },
    endSession(done, broken) {
      const sent = pending.add(broken);
      connection.endSession(() => {
        pending.remove(sent);
        done();
      });
    },
  };
}

/** A function that calls `onChange` the first time only, and is kept in `watches` from `arm` until then. */
function once(watches: Set<() => void>, onChange: () => void): (() => void) & { arm(): void } {
  let hasFired = false;
  const fire = () => {
    watches.delete(fire);
    if (hasFired) return;
    hasFired = true;
    onChange();
  };
  return Object.assign(fire, {
    arm() {
      if (!hasFired) watches.add(fire);
    },
  });
}

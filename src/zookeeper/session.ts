// The session over whatever connections it takes: its state, its life and death, and that every request ends.
//
// connecting ── new session ──► connected ⇄ suspended ── timeout, expired ──► lost ──► connecting
//
// A session that was lost by our own clock may live on in the ensemble. It is taken over once more and ended before
// another is begun, so that a request of it that is still on its way can never be done later.
import type { Clock, Timer } from '../lib/clock.ts';
import type { ServerAddress } from './address.ts';
import type { Dial, GrantedSession, ReadRequest, ReadValue, SessionKey } from './connection.ts';
import { answerWithinMs, handshakeWithinMs, heartbeatEveryMs, pauseMs, safeForMs } from './deadlines.ts';
import type { LeaseWriter } from './lease.ts';
import { openLink, type Broken, type Link } from './link.ts';
import { createQuorumClock } from './quorum-clock.ts';
import { createRotation } from './rotation.ts';
import {
  ZookeeperRefused,
  ZookeeperUnavailable,
  type SessionState,
  type WriteOp,
  type WriteOutcome,
} from './zookeeper.ts';

export interface SessionStatus {
  readonly state: SessionState;
  readonly trouble: string;
  readonly session: number;
  readonly sessionId: string;
  readonly timeoutMs: number;
  readonly server: string | undefined;
}

export interface SessionOptions {
  readonly servers: readonly ServerAddress[];
  /** What the ensemble is asked for. */
  readonly timeoutMs: number;
  /** The number of the last session that there was before. */
  readonly lastSession: number;
  readonly clock: Clock;
  readonly dial: Dial;
  readonly lease: LeaseWriter;
  /** From 0 to 1. */
  random(): number;
  /** After every change. */
  onStatus(status: SessionStatus): void;
}

/** A request that may be asked again on the next connection, as it changes nothing. */
interface Question {
  readonly endsAtMs: number;
  readonly losses: number;
  send(link: Link, broken: Broken): void;
  reject(error: Error): void;
}

/** Changes nothing, but goes through the quorum, whatever comes of it. */
const heartbeat: readonly WriteOp[] = [{ kind: 'check', path: '/' }];

export class Session {
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #rotation;
  readonly #quorum;
  readonly #waiting = new Map<Question, Timer>();
  #state: SessionState = 'connecting';
  #trouble = 'not connected yet';
  #session: number;
  #timeoutMs: number;
  #key: SessionKey | undefined;
  /** The key is of a session that was given up, and is to be ended. */
  #isCondemned = false;
  /** No new session is begun. */
  #isResting = false;
  #losses = 0;
  #lastSeen = 0n;
  #link: Link | undefined;
  #dialTimer: Timer | undefined;
  #beatTimer: Timer | undefined;
  #lastWriteMs = -Infinity;
  #isKeptSafe = false;
  #ended: (() => void) | undefined;
  #published: SessionStatus | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#session = options.lastSession;
    this.#timeoutMs = options.timeoutMs;
    this.#rotation = createRotation(options.servers, () => options.random());
    this.#quorum = createQuorumClock(options.clock, {
      onSuspended: () => this.#become('suspended', this.#link ? 'the quorum does not answer' : this.#trouble),
      onLost: () => this.#lose(`no answer of the quorum for ${this.#timeoutMs} ms`, true),
    });
    this.#dialAfter(0);
  }

  /**
   * Waits for a connection when there is none, and asks again after one broke, for two thirds of the timeout. Rejects
   * with ZookeeperUnavailable, or with ZookeeperRefused when the ensemble will not say.
   */
  read(request: ReadRequest, onChange?: () => void): Promise<ReadValue> {
    return new Promise((resolve, reject) => {
      this.#ask(reject, (link, broken) =>
        link.read(
          request,
          onChange,
          (answer) => {
            if (answer.kind === 'value') resolve(answer.value);
            else reject(new ZookeeperRefused(answer.code, `cannot read ${request.path}: ${answer.why}`));
          },
          broken,
        ),
      );
    });
  }

  /** As `read`. Resolves when a write of the quorum was answered on one connection. */
  settle(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#ask(reject, (link, broken) =>
        link.write(
          heartbeat,
          (_, sentAtMs) => {
            this.#answered(sentAtMs);
            resolve();
          },
          broken,
        ),
      );
    });
  }

  /** Sends it now or never. */
  write(ops: readonly WriteOp[], session?: number): Promise<WriteOutcome> {
    const link = this.#usableLink;
    if (!link) return Promise.resolve({ kind: 'unsent', why: this.#trouble });
    if (session !== undefined && session !== this.#session) {
      return Promise.resolve({ kind: 'unsent', why: `session ${session} is over: this is session ${this.#session}` });
    }
    this.#lastWriteMs = this.#clock.monotonicMs();
    return new Promise((resolve) => {
      link.write(
        ops,
        (decision, sentAtMs) => {
          this.#answered(sentAtMs);
          resolve(decision);
        },
        (why) => resolve({ kind: 'unknown', why: `${link.server}: ${why}` }),
      );
    });
  }

  keepSafe(on: boolean): void {
    this.#isKeptSafe = on;
    this.#beat();
  }

  /** Goes on at the next server. */
  moveOn(why: string): void {
    this.#usableLink?.leave(why);
  }

  /** Gives the session up and begins no other before `resume`. */
  rest(why: string): void {
    if (this.#isResting) return;
    this.#isResting = true;
    if (this.#isCondemned) return;
    this.#lose(why, this.#key !== undefined);
  }

  resume(): void {
    if (!this.#isResting || this.#state === 'closed') return;
    this.#isResting = false;
    if (!this.#link) this.#dialAfter(0);
  }

  /** Ends the session; resolves when the ensemble has, or within a third of the timeout. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#isResting = true;
    const link = this.#usableLink;
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
      this.#clock.after(answerWithinMs(this.#timeoutMs), resolve);
    });
    this.#options.lease.end();
    this.#quorum.end();
    this.#isCondemned = this.#key !== undefined;
    if (link)
      link.endSession(
        () => this.#ended?.(),
        () => undefined,
      );
    else if (!this.#key) this.#ended?.();
    this.#become('closed', 'closed');
    await ended;
    for (const timer of [this.#dialTimer, this.#beatTimer]) timer?.cancel();
    const last = this.#link;
    this.#link = undefined;
    this.#publish();
    last?.drop('closed');
    this.#rejectWaiting(new ZookeeperUnavailable('the ZooKeeper session was closed'));
  }

  get #usableLink(): Link | undefined {
    return this.#link?.isOpen && !this.#isCondemned && this.#state !== 'closed' ? this.#link : undefined;
  }

  #dialAfter(delayMs: number): void {
    this.#dialTimer?.cancel();
    this.#dialTimer = undefined;
    if (this.#isResting && !this.#key) {
      this.#ended?.();
      return;
    }
    this.#dialTimer = this.#clock.after(delayMs, () => this.#dial());
  }

  #dial(): void {
    const isResuming = this.#key !== undefined && !this.#isCondemned;
    const { dial } = this.#options;
    const link = openLink(
      {
        clock: this.#clock,
        dial,
        target: {
          server: this.#rotation.server,
          timeoutMs: this.#options.timeoutMs,
          key: this.#key,
          lastSeen: this.#key ? this.#lastSeen : 0n,
        },
        handshakeWithinMs: handshakeWithinMs(this.#timeoutMs, isResuming, this.#rotation.round),
        answerWithinMs: () => answerWithinMs(this.#timeoutMs),
      },
      {
        onOpen: (granted) => this.#opened(link, granted),
        onExpired: () => this.#expired(),
        onBroken: (why) => this.#broken(link, why),
      },
    );
    this.#link = link;
  }

  #opened(link: Link, granted: GrantedSession): void {
    if (this.#isCondemned) {
      link.endSession(
        () => this.#condemnedEnded(link),
        () => undefined,
      );
      return;
    }
    this.#timeoutMs = granted.timeoutMs;
    if (this.#key) this.#quorum.adjust(granted.timeoutMs);
    else this.#begin(link, granted);
    // Too late: the quorum's clock has run out in the meantime.
    if (this.#link !== link) return;
    this.#become(
      this.#quorum.isSafe ? 'connected' : 'suspended',
      this.#quorum.isSafe ? '' : 'the quorum is being asked',
    );
    this.#lastWriteMs = -Infinity;
    this.#beat();
    for (const question of [...this.#waiting.keys()]) this.#sendNow(question);
  }

  #begin(link: Link, granted: GrantedSession): void {
    this.#key = granted.key;
    this.#session += 1;
    this.#quorum.begin(link.dialedAtMs, granted.timeoutMs);
    if (this.#link === link) this.#options.lease.extend(this.#session, this.#quorum.safeUntilMs);
  }

  #condemnedEnded(link: Link): void {
    this.#link = undefined;
    this.#forget();
    link.drop('the session was ended');
    this.#dialAfter(0);
  }

  #expired(): void {
    this.#link = undefined;
    const wasCondemned = this.#isCondemned;
    if (wasCondemned) this.#forget();
    else this.#lose('the ensemble says that the session expired', false);
    this.#dialAfter(this.#pauseMs());
  }

  #forget(): void {
    this.#key = undefined;
    this.#isCondemned = false;
    this.#lastSeen = 0n;
  }

  #broken(link: Link, why: string): void {
    this.#link = undefined;
    if (link.lastSeen > this.#lastSeen) this.#lastSeen = link.lastSeen;
    this.#rotation.advance();
    this.#trouble = `${link.server}: ${why}`;
    this.#publish();
    this.#dialAfter(this.#pauseMs());
  }

  #pauseMs(): number {
    const isResuming = this.#key !== undefined && !this.#isCondemned;
    return pauseMs(this.#timeoutMs, isResuming, this.#rotation.round, this.#options.random());
  }

  /** @param isAlive the ensemble may still keep the session */
  #lose(why: string, isAlive: boolean): void {
    const link = this.#link;
    this.#link = undefined;
    this.#losses += 1;
    this.#options.lease.end();
    this.#quorum.end();
    if (isAlive) this.#isCondemned = true;
    else this.#forget();
    this.#become('lost', why);
    link?.drop(why);
    this.#rejectWaiting(this.#unavailable());
    this.#become('connecting', why);
    this.#dialAfter(this.#pauseMs());
  }

  #answered(sentAtMs: number): void {
    this.#rotation.succeed();
    this.#quorum.answered(sentAtMs);
    if (!this.#quorum.isSafe || this.#state === 'closed') return;
    this.#options.lease.extend(this.#session, this.#quorum.safeUntilMs);
    this.#become('connected', '');
  }

  #beat(): void {
    this.#beatTimer?.cancel();
    if (!this.#usableLink) return;
    const every = heartbeatEveryMs(this.#timeoutMs, this.#isKeptSafe);
    const due = this.#lastWriteMs + every - this.#clock.monotonicMs();
    if (due <= 0) void this.write(heartbeat);
    this.#beatTimer = this.#clock.after(due <= 0 ? every : due, () => this.#beat());
  }

  #ask(reject: (error: Error) => void, send: Question['send']): void {
    const endsAtMs = this.#clock.monotonicMs() + safeForMs(this.#timeoutMs);
    this.#sendOrWait({ endsAtMs, losses: this.#losses, send, reject });
  }

  #sendOrWait(question: Question): void {
    const leftMs = question.endsAtMs - this.#clock.monotonicMs();
    if (question.losses !== this.#losses || this.#state === 'closed' || leftMs <= 0) {
      question.reject(this.#unavailable());
    } else if (this.#usableLink) this.#sendNow(question);
    else {
      const giveUp = () => {
        this.#waiting.delete(question);
        question.reject(this.#unavailable());
      };
      this.#waiting.set(question, this.#clock.after(leftMs, giveUp));
    }
  }

  #sendNow(question: Question): void {
    const link = this.#usableLink;
    if (!link) return;
    this.#waiting.get(question)?.cancel();
    this.#waiting.delete(question);
    question.send(link, () => this.#sendOrWait(question));
  }

  #rejectWaiting(error: Error): void {
    for (const [question, timer] of this.#waiting) {
      timer.cancel();
      question.reject(error);
    }
    this.#waiting.clear();
  }

  #unavailable(): ZookeeperUnavailable {
    return new ZookeeperUnavailable(`ZooKeeper cannot be asked: ${this.#trouble || 'the connection broke'}`);
  }

  #become(state: SessionState, trouble: string): void {
    if (this.#state === 'closed') return;
    this.#state = state;
    this.#trouble = trouble;
    this.#publish();
  }

  #publish(): void {
    const status: SessionStatus = {
      state: this.#state,
      trouble: this.#state === 'connected' ? '' : this.#trouble,
      session: this.#session,
      sessionId: this.#key ? Buffer.from(this.#key.id).readBigUInt64BE().toString(16) : '0',
      timeoutMs: this.#timeoutMs,
      server: this.#usableLink?.server,
    };
    if (isSame(status, this.#published)) return;
    this.#published = status;
    this.#options.onStatus(status);
  }
}

function isSame(status: SessionStatus, other: SessionStatus | undefined): boolean {
  return (
    status.state === other?.state &&
    status.trouble === other.trouble &&
    status.session === other.session &&
    status.server === other.server &&
    status.timeoutMs === other.timeoutMs
  );
}

// What a server does with its place in the election: follows the log, and, when it is its turn, leads.
//
//   following ──(first in line)──► claim and catch up ──► announce ──► acting ⇄ paused ──(place lost)──► following
//
// Acting stops before anybody else can begin (`Turn.isActing`), and reads go on in every state.
import type { Leadership } from '../apiserver/leadership.ts';
import { sleep, type Clock } from '../lib/clock.ts';
import { errorText } from '../lib/error-text.ts';
import type { Log } from '../lib/log.ts';
import { aborted, runGroup } from '../lib/run-group.ts';
import type { Election, ServerFacts, Turn } from '../store/election.ts';
import { JournalDamaged } from '../store/journal-errors.ts';
import type { Replica } from '../store/replica.ts';
import { actInPeriods, type Act } from './acting-periods.ts';
import { createFollowing, type Following } from './following.ts';

export interface TurnsOptions {
  readonly replica: Replica;
  readonly election: Election;
  readonly self: ServerFacts;
  /** Called for each period in which it is certain that nobody else leads. */
  readonly act: Act;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Turns {
  readonly leadership: Leadership;
  /** The journal refused a write: this server's turn is over. */
  deposed(error: unknown): void;
  /** Follows and leads until the signal aborts; then its place is given up, in order. Rejects with JournalDamaged. */
  run(signal: AbortSignal): Promise<void>;
}

/** Between a turn that failed and the next: a server that is alone does not claim the journal in a busy loop. */
const pauseAfterFailureMs = 1000;

/** Of the 0.3 s that a hand-over may take. */
const drainMs = 150;

/** This server's part, and who is told when it changes. */
interface Part {
  /** While it is announced: the turn, until it is over for this server. */
  turn: Turn | undefined;
  /** Ends the present turn, announced or not. */
  endTurn(): void;
  /** On the monotonic clock: no turn begins before. The others, who stand before this server by then, may. */
  notBeforeMs: number;
  readonly leadership: Leadership;
  changed(): void;
}

export function createTurns(options: TurnsOptions): Turns {
  const { replica, election, log } = options;
  const part = createPart(options);
  const following = createFollowing(replica);
  return {
    leadership: part.leadership,
    deposed(error) {
      log.warn({ error: errorText(error) }, 'the journal refused a write: this turn at leading is over');
      postpone(part, options.clock);
      part.endTurn();
    },
    async run(signal) {
      const stopListening = election.onChange(() => part.changed());
      following.start();
      try {
        await runGroup(
          [
            (stop) => election.run((turn) => lead(options, part, following, turn, stop), stop),
            (stop) => following.watch(stop),
          ],
          signal,
        );
      } finally {
        stopListening();
        await following.stop();
      }
    },
  };
}

function createPart({ election, self }: TurnsOptions): Part {
  const listeners = new Set<() => void>();
  const part: Part = {
    turn: undefined,
    endTurn: () => undefined,
    notBeforeMs: 0,
    changed: () => listeners.forEach((listener) => listener()),
    leadership: {
      get part() {
        if (!part.turn) return 'following';
        return part.turn.isActing() ? 'leading' : 'paused';
      },
      get leaderApi() {
        const { leader } = election;
        return leader === undefined || leader.server.id === self.id ? undefined : `https://${leader.server.api}`;
      },
      get trouble() {
        if (this.part === 'leading' || this.leaderApi !== undefined) return '';
        return election.trouble ?? 'no server leads at the moment';
      },
      onChange(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  };
  return part;
}

function postpone(part: Part, clock: Clock): void {
  part.notBeforeMs = clock.monotonicMs() + pauseAfterFailureMs;
}

/** One turn, whatever becomes of it; then this server follows again. @param leaving aborts when this server ends */
async function lead(options: TurnsOptions, part: Part, following: Following, turn: Turn, leaving: AbortSignal) {
  const { replica, clock, log } = options;
  const over = new AbortController();
  const ended = AbortSignal.any([turn.ended, over.signal, leaving]);
  const waitMs = part.notBeforeMs - clock.monotonicMs();
  if (waitMs > 0) await sleep(clock, waitMs, ended).catch(() => undefined);
  await following.stop();
  part.endTurn = () => over.abort();
  try {
    await takeTurn(options, part, turn, { ended, leaving });
  } catch (error) {
    if (error instanceof JournalDamaged) throw error;
    if (!ended.aborted) {
      postpone(part, clock);
      log.warn({ error: errorText(error) }, 'a turn at leading has failed');
    }
  } finally {
    part.endTurn = () => undefined;
    await replica.stepDown(noLeader);
    if (!leaving.aborted) following.start();
  }
}

const noLeader = 'this server does not lead any more';

interface TurnSignals {
  /** The turn is over, for whatever reason. */
  readonly ended: AbortSignal;
  readonly leaving: AbortSignal;
}

async function takeTurn(options: TurnsOptions, part: Part, turn: Turn, { ended, leaving }: TurnSignals): Promise<void> {
  const { replica, election, act, log } = options;
  // A claim takes the journal from whoever writes it: not after the time of this server.
  if (ended.aborted) return;
  const epoch = await replica.lead();
  if (isAborted(ended)) return;
  await turn.announce(epoch);
  log.info({ epoch, revision: replica.store.revision }, 'this server leads');
  part.turn = turn;
  part.changed();
  const stopListening = turn.onActing(() => part.changed());
  const reason = () => election.trouble ?? 'this server cannot be sure that it leads';
  try {
    await runGroup(
      [
        (stop) => actInPeriods(act, replica, { turn, epoch, reason }, stop),
        (stop) => yieldWhenOver(options, part, stop, leaving),
      ],
      ended,
    );
  } finally {
    stopListening();
  }
}

/** Beside what acts, which may wait for writes that only a step down answers. */
async function yieldWhenOver({ replica, clock }: TurnsOptions, part: Part, over: AbortSignal, leaving: AbortSignal) {
  await aborted(over);
  part.turn = undefined;
  part.changed();
  await (leaving.aborted ? handOver(replica, clock) : replica.stepDown(noLeader));
}

/** What is under way gets a moment to be answered; what comes now is refused. */
async function handOver(replica: Replica, clock: Clock): Promise<void> {
  const reason = 'this server hands its place over to another';
  replica.suspend(reason);
  const patience = new AbortController();
  await Promise.race([replica.drained(), sleep(clock, drainMs, patience.signal)]).catch(() => undefined);
  patience.abort();
  await replica.stepDown(reason);
}

/** It can abort while something is waited for, which the compiler does not see. */
const isAborted = (signal: AbortSignal) => signal.aborted;

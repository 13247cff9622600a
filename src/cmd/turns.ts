// What a server does with its place in the election: follows the log, and, when it is its turn, leads.
//
//   following ──(first in line)──► claim and catch up ──► announce ──► acting ⇄ paused ──(place lost)──► following
//
// Acting stops before anybody else can begin (`Turn.isActing`), and reads go on in every state.
import type { Leadership } from '../apiserver/leadership.ts';
import { sleep, type Clock } from '../lib/clock.ts';
import { errorText } from '../lib/error-text.ts';
import type { Log } from '../lib/log.ts';
import { runGroup } from '../lib/run-group.ts';
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

interface ActiveTurn {
  readonly turn: Turn;
  readonly over: AbortController;
}

/** This server's part, and who is told when it changes. */
interface Part {
  active: ActiveTurn | undefined;
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
      part.active?.over.abort();
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
    active: undefined,
    notBeforeMs: 0,
    changed: () => listeners.forEach((listener) => listener()),
    leadership: {
      get part() {
        if (!part.active) return 'following';
        return part.active.turn.isActing() ? 'leading' : 'paused';
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

async function lead(
  options: TurnsOptions,
  part: Part,
  following: Following,
  turn: Turn,
  signal: AbortSignal,
): Promise<void> {
  const { replica } = options;
  const over = new AbortController();
  const waitMs = part.notBeforeMs - options.clock.monotonicMs();
  if (waitMs > 0) await sleep(options.clock, waitMs, signal).catch(() => undefined);
  await following.stop();
  try {
    await takeTurn(options, part, { turn, over }, AbortSignal.any([turn.ended, over.signal, signal]));
  } catch (error) {
    if (error instanceof JournalDamaged) throw error;
    part.notBeforeMs = options.clock.monotonicMs() + pauseAfterFailureMs;
    options.log.warn({ error: errorText(error) }, 'a turn at leading has failed');
  } finally {
    part.active = undefined;
    part.changed();
    await (signal.aborted ? handOver(replica, options.clock) : replica.stepDown('this server does not lead any more'));
    if (!signal.aborted) following.start();
  }
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

async function takeTurn(
  { replica, election, act, log }: TurnsOptions,
  part: Part,
  active: ActiveTurn,
  ended: AbortSignal,
): Promise<void> {
  const { turn } = active;
  const epoch = await replica.lead();
  if (ended.aborted) return;
  await turn.announce(epoch);
  log.info({ epoch, revision: replica.store.revision }, 'this server leads');
  part.active = active;
  part.changed();
  const stopListening = turn.onActing(() => part.changed());
  const reason = () => election.trouble ?? 'this server cannot be sure that it leads';
  await actInPeriods(act, replica, { turn, epoch, reason }, ended).finally(stopListening);
}

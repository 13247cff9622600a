// A server in an election that leads whenever it may, until it is told to stop leading.
import type { Election, ServerFacts, Turn } from '../../src/store/election.ts';

export const serverFacts = (id: string): ServerFacts => ({
  id,
  api: `${id}.example:6443`,
  gateway: `${id}.example:6444`,
  mesos: '127.0.0.1:5050',
  version: '0.1.0',
});

export interface Candidate {
  readonly election: Election;
  /** The turn that lasts. */
  readonly turn: Turn | undefined;
  readonly turns: number;
  /** Whether any turn that it was ever given lets it act. */
  readonly isActing: boolean;
  /** Hands over; the place is given up when it resolves. */
  handOver(): Promise<void>;
  /** Does not stand any more. */
  stop(): Promise<void>;
}

/** @param nextEpoch what a claim of the journal would return */
export function stand(election: Election, nextEpoch: () => number): Candidate {
  const leaving = new AbortController();
  const given: Turn[] = [];
  let turn: Turn | undefined;
  let release: () => void = () => undefined;
  const lead = async (next: Turn) => {
    given.push(next);
    turn = next;
    const released = new Promise<void>((resolve) => (release = resolve));
    next.ended.addEventListener('abort', () => release(), { once: true });
    await next.announce(nextEpoch()).catch((error: unknown) => {
      if (!next.ended.aborted) throw error;
    });
    await released;
    turn = undefined;
  };
  const ended = election.run(lead, leaving.signal);
  ended.catch(() => undefined);
  return {
    election,
    get turn() {
      return turn;
    },
    get turns() {
      return given.length;
    },
    get isActing() {
      return given.some((each) => each.isActing());
    },
    async handOver() {
      const held = turn;
      if (!held) throw new Error('it does not lead');
      release();
      await new Promise<void>((resolve) => held.ended.addEventListener('abort', () => resolve(), { once: true }));
    },
    async stop() {
      leaving.abort();
      release();
      await ended;
    },
  };
}

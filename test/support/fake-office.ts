// An office that servers of one process stand for, in line: an election without ensemble, with turns as a test wants them.
import type { Election, Leader, ServerFacts, Turn } from '../../src/store/election.ts';

export interface FakeOffice {
  electionOf(self: ServerFacts): Election;
  readonly leader: Leader | undefined;
  /** Turns given so far. */
  readonly turns: number;
  /** Everybody who listens to anything here. */
  readonly listeners: number;
  /** Whether it is certain that who is in office leads, as when ZooKeeper is away and comes back. */
  setActing(isActing: boolean): void;
  /** The turn is over, as when its session has ended; the next in line is let in. */
  revoke(): void;
  /** What the elections say of the ensemble. */
  trouble: string | undefined;
}

interface InOffice {
  readonly self: ServerFacts;
  readonly over: AbortController;
  readonly acting: Set<(isActing: boolean) => void>;
  isActing: boolean;
}

export function createFakeOffice(): FakeOffice {
  const listeners = new Set<() => void>();
  const line: { readonly self: ServerFacts; readonly letIn: () => void }[] = [];
  const members: ServerFacts[] = [];
  let inOffice: InOffice | undefined;
  let isTaken = false;
  let leader: Leader | undefined;
  let turns = 0;
  const notify = () => [...listeners].forEach((listener) => listener());

  const letNextIn = () => {
    const [next] = line;
    if (isTaken || !next) return;
    isTaken = true;
    next.letIn();
  };
  const setActing = (held: InOffice | undefined, isActing: boolean) => {
    if (!held || held.isActing === isActing) return;
    held.isActing = isActing;
    [...held.acting].forEach((listener) => listener(isActing));
  };
  const end = (held: InOffice) => {
    setActing(held, false);
    held.over.abort(new Error('the turn is over'));
    if (inOffice !== held) return;
    [inOffice, leader, isTaken] = [undefined, undefined, false];
    notify();
  };

  const turnOf = (held: InOffice): Turn => ({
    ended: held.over.signal,
    isActing: () => held.isActing,
    onActing(listener) {
      held.acting.add(listener);
      return () => void held.acting.delete(listener);
    },
    async announce(epoch) {
      await Promise.resolve();
      held.over.signal.throwIfAborted();
      leader = { epoch, server: held.self };
      notify();
    },
  });

  /** Resolves with whether it is this one's turn. */
  const standInLine = (self: ServerFacts, signal: AbortSignal) =>
    new Promise<boolean>((resolve) => {
      const leave = (isTurn: boolean) => {
        line.splice(line.indexOf(place), 1);
        signal.removeEventListener('abort', giveUp);
        resolve(isTurn);
      };
      const giveUp = () => leave(false);
      const place = { self, letIn: () => leave(true) };
      line.push(place);
      signal.addEventListener('abort', giveUp);
      letNextIn();
    });

  const run = async (self: ServerFacts, lead: (turn: Turn) => Promise<void>, signal: AbortSignal) => {
    while (!signal.aborted) {
      if (!(await standInLine(self, signal))) return;
      const held: InOffice = { self, over: new AbortController(), acting: new Set(), isActing: true };
      inOffice = held;
      turns++;
      try {
        await lead(turnOf(held));
      } finally {
        end(held);
        setImmediate(letNextIn);
      }
    }
  };

  const office: FakeOffice = {
    electionOf(self) {
      members.push(self);
      return {
        get leader() {
          return leader;
        },
        get members() {
          return members.map((member) => ({ ...member, sequence: 0, revision: 0 }));
        },
        get trouble() {
          return office.trouble;
        },
        onChange(listener) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
        report: () => undefined,
        run: (lead, signal) => run(self, lead, signal),
      };
    },
    get leader() {
      return leader;
    },
    get turns() {
      return turns;
    },
    get listeners() {
      return listeners.size + (inOffice?.acting.size ?? 0);
    },
    setActing: (isActing) => setActing(inOffice, isActing),
    revoke() {
      const held = inOffice;
      if (!held) throw new Error('nobody is in office');
      end(held);
      letNextIn();
    },
    trouble: undefined,
  };
  return office;
}

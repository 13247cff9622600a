// The election of a server that is alone, with a journal of its own: it always leads.
import type { Election, Leader, Member, ServerFacts, Turn } from '../election.ts';

export function createSoleElection({ self }: { readonly self: ServerFacts }): Election {
  const listeners = new Set<() => void>();
  const notify = () => listeners.forEach((listener) => listener());
  let leader: Leader | undefined;
  let member: Member = { ...self, sequence: 0, revision: 0 };

  const holdTurn = async (lead: (turn: Turn) => Promise<void>) => {
    const held = createTurn((epoch) => {
      leader = { epoch, server: self };
      notify();
    });
    try {
      await lead(held.turn);
    } finally {
      held.end();
      leader = undefined;
      notify();
    }
  };

  return {
    get leader() {
      return leader;
    },
    get members() {
      return [member];
    },
    trouble: undefined,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    report({ sequence, revision }) {
      if (member.sequence === sequence && member.revision === revision) return;
      member = { ...self, sequence, revision };
      notify();
    },
    async run(lead, signal) {
      while (!signal.aborted) await holdTurn(lead);
    },
  };
}

/** A turn that nobody can take away. */
function createTurn(onAnnounced: (epoch: number) => void): { readonly turn: Turn; end(): void } {
  const over = new AbortController();
  const listeners = new Set<(isActing: boolean) => void>();
  const turn: Turn = {
    ended: over.signal,
    isActing: () => !over.signal.aborted,
    onActing(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    announce(epoch) {
      onAnnounced(epoch);
      return Promise.resolve();
    },
  };
  const end = () => {
    over.abort(new Error('the turn is over'));
    listeners.forEach((listener) => listener(false));
  };
  return { turn, end };
}

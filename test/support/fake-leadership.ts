// Who leads, as a test says.
import type { Leadership } from '../../src/apiserver/leadership.ts';

type State = Pick<Leadership, 'part' | 'leaderApi' | 'trouble'>;

export interface FakeLeadership extends Leadership {
  /** Changes what is given, then tells the listeners. */
  set(state: Partial<State>): void;
  /** Changes it without a word, as when nobody noticed yet. */
  drift(state: Partial<State>): void;
}

export function fakeLeadership(initial: Partial<State> = {}): FakeLeadership {
  let state: State = { part: 'following', leaderApi: undefined, trouble: '', ...initial };
  const listeners = new Set<() => void>();
  const drift = (next: Partial<State>) => {
    state = { ...state, ...next };
  };
  return {
    get part() {
      return state.part;
    },
    get leaderApi() {
      return state.leaderApi;
    },
    get trouble() {
      return state.trouble;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    drift,
    set(next) {
      drift(next);
      for (const listener of [...listeners]) listener();
    },
  };
}

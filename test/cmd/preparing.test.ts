// Schemas are compiled ahead of a turn by servers that follow, and by no others.
import { expect } from 'chai';
import { kinds } from '../../src/api/kinds.ts';
import type { Validator } from '../../src/api/validation.ts';
import { prepareToLead } from '../../src/cmd/preparing.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { fakeLeadership, type FakeLeadership } from '../support/fake-leadership.ts';

describe('preparing to lead', () => {
  let compiled: string[];
  let leadership: FakeLeadership;
  let clock: FakeClock;
  let stopping: AbortController;
  let running: Promise<void>;

  beforeEach(() => {
    compiled = [];
    leadership = fakeLeadership();
    clock = createFakeClock();
    stopping = new AbortController();
    const validator: Validator = {
      validate(schema) {
        compiled.push(schema);
        return { unknownFields: [], causes: [] };
      },
      withDefaults: (_, value) => value,
      prune: (_, value) => value,
    };
    running = prepareToLead({ validator, leadership, clock }, stopping.signal);
  });

  it('compiles all schemas, one at a time, once another server leads', async () => {
    leadership.set({ part: 'leading' });
    await clock.advance(60_000);
    expect(compiled).to.deep.equal([]);
    leadership.set({ part: 'following', leaderApi: 'https://127.0.0.1:1' });
    await clock.advance(250);
    expect(compiled).to.have.length(1);
    await clock.advance(60_000);
    expect(compiled).to.deep.equal(kinds.map(({ schema }) => schema));
    stopping.abort();
    await running;
  });

  it('stops at once', async () => {
    leadership.set({ leaderApi: 'https://127.0.0.1:1' });
    await clock.advance(250);
    stopping.abort();
    await running;
    expect([compiled.length, clock.pendingTimers]).to.deep.equal([1, 0]);
  });
});

import { expect } from 'chai';
import { backoffMs } from '../../src/lib/backoff.ts';
import { sleep, systemClock } from '../../src/lib/clock.ts';
import { deepEqual, deepFreeze } from '../../src/lib/deep.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('clock', () => {
  it('wakes sleepers in order of time', async () => {
    const clock = createFakeClock();
    const woken: number[] = [];
    const sleepers = [300, 100, 200].map((ms) => sleep(clock, ms).then(() => woken.push(ms)));
    await clock.advance(250);
    expect(woken).to.deep.equal([100, 200]);
    await clock.advance(50);
    await Promise.all(sleepers);
    expect(woken).to.deep.equal([100, 200, 300]);
  });

  it('stops sleeping when aborted, leaving no timer', async () => {
    const clock = createFakeClock();
    const abort = new AbortController();
    const sleeping = sleep(clock, 1000, abort.signal).catch((error: unknown) => error);
    abort.abort(new Error('enough'));
    expect(await sleeping).to.have.property('message', 'enough');
    expect(clock.pendingTimers).to.equal(0);
    expect(await sleep(clock, 1, abort.signal).catch((error: unknown) => error)).to.have.property('message', 'enough');
  });

  it('of the system fires, and cancels', async () => {
    systemClock.after(0, () => expect.fail('cancelled')).cancel();
    await sleep(systemClock, 1);
    expect(systemClock.monotonicMs()).to.be.greaterThan(0);
    expect(systemClock.now()).to.be.greaterThan(1_700_000_000_000);
  });
});

describe('back-off', () => {
  it('grows to its maximum', () => {
    const policy = { initialMs: 10, factor: 2, maxMs: 50 };
    expect([1, 2, 3, 4, 1000].map((failures) => backoffMs(policy, failures))).to.deep.equal([10, 20, 40, 50, 50]);
  });
});

describe('deep', () => {
  it('compares JSON values', () => {
    expect(deepEqual({ a: [1, { b: 2 }], c: undefined }, { a: [1, { b: 2 }] })).to.equal(true);
    for (const other of [{ a: [1, { b: 3 }] }, { a: [1] }, { a: { 0: 1 } }, null, 1]) {
      expect(deepEqual({ a: [1, { b: 2 }] }, other)).to.equal(false);
    }
  });

  it('freezes all the way down', () => {
    const frozen = deepFreeze({ a: [{ b: 1 }] });
    expect(Object.isFrozen(frozen.a[0])).to.equal(true);
  });
});

// All at once, each at its own pace, and only one winner.
import { expect } from 'chai';
import { race } from '../../src/node-agent/race.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { rejection } from '../support/rejection.ts';

interface Attempt {
  readonly address: string;
  readonly signal: AbortSignal;
  readonly atMs: number;
  succeed(): void;
  fail(): void;
}

describe('racing to a server', () => {
  const setUp = (addresses: string[], judge: (address: string) => void = () => undefined) => {
    const clock = createFakeClock();
    const attempts: Attempt[] = [];
    const listeners = new Set<() => void>();
    const taken: string[] = [];
    const stop = new AbortController();
    const result = race<string>(
      {
        addresses: () => addresses,
        onAddresses(listener) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
        attempt: (address, signal) =>
          new Promise((resolve, reject) => {
            const fail = () => reject(new Error('no'));
            attempts.push({ address, signal, atMs: clock.monotonicMs(), succeed: () => resolve(address), fail });
          }),
        take(address) {
          judge(address);
          taken.push(address);
        },
        isHopeless: (error) => error instanceof RangeError,
        clock,
        random: () => 0,
      },
      stop.signal,
    );
    result.catch(() => undefined);
    const settle = () => clock.advance(0);
    return { clock, attempts, listeners, taken, stop, result, settle, addresses };
  };

  it('dials everybody at once, stays with the first, and gives up the others', async () => {
    const { attempts, taken, result, settle, listeners, clock } = setUp(['a', 'b', 'c']);
    expect(attempts.map(({ address }) => address)).to.deep.equal(['a', 'b', 'c']);
    attempts[1]!.succeed();
    attempts[2]!.succeed();
    await settle();
    expect(await result).to.equal('b');
    expect(taken).to.deep.equal(['b']);
    expect(attempts.map(({ signal }) => signal.aborted)).to.deep.equal([true, false, true]);
    expect([listeners.size, clock.pendingTimers]).to.deep.equal([0, 0]);
  });

  it('tries each again at its own pace: 50 ms at first, doubling up to 5 s', async () => {
    const { attempts, clock } = setUp(['a']);
    for (let count = 0; count < 9; count += 1) {
      attempts.at(-1)!.fail();
      await clock.advance(5_000);
    }
    const waits = attempts.slice(1).map(({ atMs }, index) => atMs - 5_000 * index);
    expect(waits).to.deep.equal([50, 100, 200, 400, 800, 1_600, 2_500, 2_500, 2_500]);
  });

  it('goes on after one that was refused, and lets newcomers in', async () => {
    const { attempts, result, addresses, listeners, settle } = setUp(['old'], (address) => {
      if (address === 'old') throw new Error('its epoch is lower');
    });
    attempts[0]!.succeed();
    await settle();
    addresses.push('new');
    for (const listener of listeners) listener();
    expect(attempts.map(({ address }) => address)).to.deep.equal(['old', 'new']);
    attempts[1]!.succeed();
    expect(await result).to.equal('new');
  });

  it('ends with the signal, or when it is hopeless', async () => {
    const stopped = setUp(['a']);
    stopped.stop.abort();
    expect(await stopped.result).to.equal(undefined);
    expect(stopped.attempts[0]!.signal.aborted).to.equal(true);
    const hopeless = setUp(['a', 'b'], () => {
      throw new RangeError('never');
    });
    hopeless.attempts[0]!.succeed();
    expect(await rejection(hopeless.result)).to.be.instanceOf(RangeError);
    expect(hopeless.attempts[1]!.signal.aborted).to.equal(true);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { createDelayQueue } from '../../src/reconciler/delay-queue.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('reconciler/delay-queue', () => {
  it('calls each key once, in order of time, on one timer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 500 }))),
        async (adds) => {
          const clock = createFakeClock();
          const due: { key: string; atMs: number }[] = [];
          const queue = createDelayQueue(clock, (key) => due.push({ key, atMs: clock.monotonicMs() }));
          const earliest = new Map<string, number>();
          for (const [key, delayMs] of adds) {
            queue.add(String(key), delayMs);
            earliest.set(String(key), Math.min(delayMs, earliest.get(String(key)) ?? Number.POSITIVE_INFINITY));
          }
          expect(clock.pendingTimers).to.equal(adds.length > 0 ? 1 : 0);
          await clock.advance(1000);
          expect(Object.fromEntries(due.map(({ key, atMs }) => [key, atMs]))).to.deep.equal(
            Object.fromEntries(earliest),
          );
          expect(due.map(({ atMs }) => atMs)).to.deep.equal([...earliest.values()].sort((a, b) => a - b));
          expect(queue.size).to.equal(0);
          expect(clock.pendingTimers).to.equal(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps the earlier of two wishes, and forgets all when cleared', async () => {
    const clock = createFakeClock();
    const due: string[] = [];
    const queue = createDelayQueue(clock, (key) => due.push(key));
    queue.add('a', 100);
    queue.add('a', 500);
    await clock.advance(100);
    expect(due).to.deep.equal(['a']);
    queue.add('b', 100);
    queue.clear();
    await clock.advance(1000);
    expect(due).to.deep.equal(['a']);
    expect(clock.pendingTimers).to.equal(0);
  });
});

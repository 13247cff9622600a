import { expect } from 'chai';
import { createWorkQueue } from '../../src/reconciler/work-queue.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('reconciler/work-queue', () => {
  it('hands out each key once, in order of arrival', async () => {
    const queue = createWorkQueue(createFakeClock());
    for (const key of ['a', 'b', 'a', 'c']) queue.add(key);
    expect(queue.size).to.equal(3);
    expect([await queue.take(), await queue.take(), await queue.take()]).to.deep.equal(['a', 'b', 'c']);
  });

  it('keeps a key that is in work away from others, and hands it out again afterwards', async () => {
    const queue = createWorkQueue(createFakeClock());
    queue.add('a');
    expect(await queue.take()).to.equal('a');
    queue.add('a');
    expect(queue.size).to.equal(0);
    const next = queue.take();
    queue.done('a');
    expect(await next).to.equal('a');
    queue.done('a');
    expect(queue.size).to.equal(0);
  });

  it('serves waiting workers one key each', async () => {
    const queue = createWorkQueue(createFakeClock());
    const takes = [queue.take(), queue.take()];
    queue.add('a');
    queue.add('b');
    expect(await Promise.all(takes)).to.deep.equal(['a', 'b']);
  });

  it('backs off further with every failure, until the key is forgotten', async () => {
    const clock = createFakeClock();
    const queue = createWorkQueue(clock, { initialMs: 100, factor: 2, maxMs: 300 });
    const waitedMs: number[] = [];
    for (let failure = 0; failure < 4; failure++) {
      const startMs = clock.monotonicMs();
      queue.addRateLimited('a');
      const taken = queue.take().then(() => waitedMs.push(clock.monotonicMs() - startMs));
      await clock.advance(1000);
      await taken;
      queue.done('a');
    }
    expect(waitedMs).to.deep.equal([100, 200, 300, 300]);
    expect(queue.failures('a')).to.equal(4);
    queue.forget('a');
    expect(queue.failures('a')).to.equal(0);
  });

  it('adds at once what is due at once', async () => {
    const queue = createWorkQueue(createFakeClock());
    queue.addAfter('a', 0);
    expect(await queue.take()).to.equal('a');
  });

  it('ends all takes when closed, and takes nothing more', async () => {
    const clock = createFakeClock();
    const queue = createWorkQueue(clock);
    const waiting = queue.take();
    queue.addAfter('b', 10);
    queue.close();
    queue.add('a');
    queue.addAfter('a', 5);
    queue.addRateLimited('a');
    await clock.advance(1000);
    expect(await waiting).to.equal(undefined);
    expect(await queue.take()).to.equal(undefined);
    expect(clock.pendingTimers).to.equal(0);
  });
});

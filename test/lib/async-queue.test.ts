import { expect } from 'chai';
import { createAsyncQueue } from '../../src/lib/async-queue.ts';

const drain = async <T>(source: AsyncIterable<T>) => {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
};

describe('async queue', () => {
  it('gives items in order, those queued before and those pushed while waiting', async () => {
    const queue = createAsyncQueue<number>();
    queue.push(1);
    const drained = drain(queue);
    await Promise.resolve();
    queue.push(2);
    queue.push(3);
    queue.close();
    expect(await drained).to.deep.equal([1, 2, 3]);
  });

  it('refuses when full or closed', () => {
    const queue = createAsyncQueue<number>(2);
    expect([queue.push(1), queue.push(2), queue.push(3)]).to.deep.equal([true, true, false]);
    queue.close();
    expect(createClosed().push(1)).to.equal(false);
  });

  it('fails after what is queued', async () => {
    const queue = createAsyncQueue<number>();
    queue.push(1);
    queue.fail(new Error('gone'));
    const seen: number[] = [];
    const error = await (async () => {
      for await (const item of queue) seen.push(item);
    })().catch((reason: unknown) => reason);
    expect(seen).to.deep.equal([1]);
    expect(error).to.be.an('error').with.property('message', 'gone');
  });
});

function createClosed() {
  const queue = createAsyncQueue<number>();
  queue.close();
  return queue;
}

import { expect } from 'chai';
import { aborted, runGroup } from '../../src/lib/run-group.ts';

describe('run group', () => {
  it('ends all when one ends', async () => {
    const ended: string[] = [];
    await runGroup([
      async (signal) => {
        await aborted(signal);
        ended.push('long');
      },
      async () => {
        await Promise.resolve();
        ended.push('short');
      },
    ]);
    expect(ended).to.deep.equal(['short', 'long']);
  });

  it('rejects with the first error, after all have ended', async () => {
    let cleaned = false;
    const error = await runGroup([
      async (signal) => {
        await aborted(signal);
        cleaned = true;
      },
      () => Promise.reject(new Error('broken')),
    ]).catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'broken');
    expect(cleaned).to.equal(true);
  });

  it('ends without error when its parent does', async () => {
    const parent = new AbortController();
    const group = runGroup([aborted], parent.signal);
    parent.abort();
    await group;
    await runGroup([aborted], parent.signal);
  });
});

// Heartbeats in memory: silence is told once, and so is the return.
import { expect } from 'chai';
import { createLiveness } from '../../../src/apiserver/gateway/liveness.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

describe('liveness of nodes', () => {
  const watch = () => {
    const clock = createFakeClock();
    const told: string[] = [];
    const liveness = createLiveness({
      clock,
      graceMs: 40_000,
      onLost: (node) => told.push(`${node} lost`),
      onReturn: (node) => told.push(`${node} back`),
    });
    return { clock, told, liveness };
  };

  it('tells silence once, at the grace after the last sign of life', async () => {
    const { clock, told, liveness } = watch();
    liveness.heard('a');
    await clock.advance(30_000);
    liveness.heard('a');
    await clock.advance(39_999);
    expect(told).to.deep.equal([]);
    await clock.advance(1);
    await clock.advance(1_000_000);
    expect(told).to.deep.equal(['a lost']);
    expect(clock.pendingTimers).to.equal(0);
    liveness.heard('a');
    await clock.advance(40_000);
    expect(told).to.deep.equal(['a lost', 'a back', 'a lost']);
  });

  it('counts from the start for nodes that never speak, and stops for those that are gone', async () => {
    const { clock, told, liveness } = watch();
    liveness.expect('quiet');
    liveness.expect('gone');
    liveness.forget('gone');
    await clock.advance(40_000);
    expect(told).to.deep.equal(['quiet lost']);
  });

  it('keeps one timer a node, however many heartbeats', async () => {
    const { clock, liveness } = watch();
    for (let beat = 0; beat < 20; beat += 1) {
      liveness.heard('a');
      await clock.advance(10_000);
    }
    expect(clock.pendingTimers).to.equal(1);
    liveness.stop();
    expect(clock.pendingTimers).to.equal(0);
  });
});

// Restart decisions: Kubernetes' CrashLoopBackOff, as a table and as properties.
import { expect } from 'chai';
import fc from 'fast-check';
import { decideRestart, launchRetryMs, nextBackoff } from '../../src/node-agent/restart-policy.ts';
import type { RestartBackoff } from '../../src/node-agent/restart-policy.ts';

const s = 1000;
const minute = 60 * s;
const exit = (exitCode: number | undefined, finishedAtMs = 0) => ({ exitCode, finishedAtMs });

describe('restart policy', () => {
  const table = [
    { policy: 'Always', code: 0, restarts: true },
    { policy: 'Always', code: 1, restarts: true },
    { policy: 'OnFailure', code: 0, restarts: false },
    { policy: 'OnFailure', code: 1, restarts: true },
    { policy: 'OnFailure', code: undefined, restarts: true },
    { policy: 'Never', code: 0, restarts: false },
    { policy: 'Never', code: 1, restarts: false },
  ] as const;
  for (const { policy, code, restarts } of table) {
    it(`${policy} after exit code ${String(code)}: ${restarts ? 'again' : 'not again'}`, () => {
      expect(decideRestart(policy, exit(code), undefined, 0).kind).to.equal(restarts ? 'now' : 'never');
    });
  }

  it('restarts at once first, then after 10 s, 20 s, … up to 5 min', () => {
    let backoff: RestartBackoff | undefined;
    let now = 0;
    const delays: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const decision = decideRestart('Always', exit(1, now), backoff, now);
      const startAt = decision.kind === 'at' ? decision.timeMs : now;
      delays.push(startAt - now);
      now = startAt;
      backoff = nextBackoff(backoff, now);
    }
    expect(delays).to.deep.equal([0, 10, 20, 40, 80, 160, 300, 300].map((seconds) => seconds * s));
  });

  it('measures the delay from the exit', () => {
    const backoff = { delayMs: 20 * s, updatedAtMs: 0 };
    expect(decideRestart('Always', exit(1, 5 * s), backoff, 6 * s)).to.deep.equal({ kind: 'at', timeMs: 25 * s });
    expect(decideRestart('Always', exit(1, 5 * s), backoff, 25 * s)).to.deep.equal({ kind: 'now' });
  });

  it('forgets after ten minutes without a restart', () => {
    const backoff = { delayMs: 5 * minute, updatedAtMs: 0 };
    expect(decideRestart('Always', exit(1, 10 * minute + 1), backoff, 10 * minute + 1).kind).to.equal('now');
    expect(decideRestart('Always', exit(1, 10 * minute), backoff, 10 * minute).kind).to.equal('at');
    expect(nextBackoff(backoff, 10 * minute + 1).delayMs).to.equal(10 * s);
  });

  it('never waits longer than five minutes after an exit, and never restarts in the past', () => {
    fc.assert(
      fc.property(fc.nat(1e7), fc.nat(1e7), fc.nat(300_000), fc.nat(1e7), (finished, waited, delayMs, updatedAtMs) => {
        const now = finished + waited;
        const decision = decideRestart('Always', exit(1, finished), { delayMs, updatedAtMs }, now);
        if (decision.kind !== 'at') return;
        expect(decision.timeMs).to.be.greaterThan(now);
        expect(decision.timeMs - finished).to.be.at.most(5 * minute);
      }),
    );
  });

  it('tries failed launches again after 10 s, 20 s, … 5 min', () => {
    expect([1, 2, 3, 10].map((failures) => launchRetryMs(failures, 0) / s)).to.deep.equal([10, 20, 40, 300]);
  });
});

// Who may act is told in time when no event arrives.
import { expect } from 'chai';
import { silentLog } from '../../../src/lib/log.ts';
import { watchActing } from '../../../src/store/elections/acting.ts';
import { scopeOfSession } from '../../../src/store/elections/session-scope.ts';
import type { Zookeeper } from '../../../src/zookeeper/zookeeper.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

describe('acting', () => {
  const start = () => {
    const clock = createFakeClock();
    const listeners = new Set<() => void>();
    const session = {
      state: 'connected',
      session: 1,
      timeoutMs: 6000,
      safeUntilMs: 4000,
      trouble: '',
      onChange(listener: () => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const zookeeper = session as unknown as Zookeeper;
    const acting = watchActing({ zookeeper, clock, log: silentLog }, scopeOfSession(zookeeper));
    const told: [number, boolean][] = [];
    acting.onActing((isActing) => told.push([clock.monotonicMs(), isActing]));
    return { clock, session, acting, told, change: () => listeners.forEach((listener) => listener()) };
  };

  it('ends at the end of safety, by the clock alone', async () => {
    const { clock, acting, told } = start();
    await clock.advance(3999);
    expect(acting.isActing()).to.equal(true);
    await clock.advance(1);
    expect([acting.isActing(), told]).to.deep.equal([false, [[4000, false]]]);
  });

  it('goes on for as long as heartbeats are answered', async () => {
    const { clock, session, acting, told } = start();
    for (let at = 500; at <= 20_000; at += 500) {
      await clock.advance(500);
      session.safeUntilMs = at + 4000;
    }
    expect([acting.isActing(), told]).to.deep.equal([true, []]);
  });

  it('begins again when a heartbeat comes late, without an event', async () => {
    const { clock, session, told } = start();
    await clock.advance(4100);
    session.safeUntilMs = 9000;
    await clock.advance(1000);
    expect(told.map(([, isActing]) => isActing)).to.deep.equal([false, true]);
  });

  it('tells of what was noticed by asking, before the timer', async () => {
    const { session, acting, told, clock } = start();
    session.safeUntilMs = 0;
    expect(acting.isActing()).to.equal(false);
    session.safeUntilMs = 4000;
    await clock.advance(1000);
    expect(told.map(([, isActing]) => isActing)).to.deep.equal([false, true]);
  });

  it('ends with the state, at once, and for ever with the session', () => {
    const { session, acting, told, change } = start();
    session.state = 'suspended';
    change();
    session.state = 'connected';
    change();
    expect(told.map(([, isActing]) => isActing)).to.deep.equal([false, true]);
    session.session = 2;
    change();
    session.session = 1;
    change();
    expect([acting.isActing(), told.length]).to.deep.equal([false, 3]);
  });

  it('leaves no timer behind', async () => {
    const { acting, clock, told } = start();
    acting.stop();
    expect([clock.pendingTimers, told.length, acting.isActing()]).to.deep.equal([0, 1, false]);
    await clock.advance(10_000);
    expect(told).to.have.length(1);
  });
});

import { expect } from 'chai';
import { conflict } from '../../src/api/status-error.ts';
import { silentLog, type Log } from '../../src/lib/log.ts';
import { runController } from '../../src/reconciler/controller.ts';
import { TerminalError, type Reconcile } from '../../src/reconciler/reconciler.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';

describe('reconciler/controller', () => {
  let clock: FakeClock;
  let stopping: AbortController;
  let enqueue: (key: string) => void;
  let running: Promise<void>;
  let unsubscribed: boolean;
  let logged: string[];

  const recordingLog = (): Log => ({
    ...silentLog,
    debug: (_fields, message) => void logged.push(`debug ${message}`),
    warn: (_fields, message) => void logged.push(`warn ${message}`),
    error: (_fields, message) => void logged.push(`error ${message}`),
    child: recordingLog,
  });
  const start = (reconcile: Reconcile, workers = 2) => {
    clock = createFakeClock();
    stopping = new AbortController();
    unsubscribed = false;
    logged = [];
    const source = (add: (key: string) => void) => {
      enqueue = add;
      return () => void (unsubscribed = true);
    };
    const controller = { name: 'test', sources: [source], reconcile, workers };
    running = runController(controller, { clock, log: recordingLog() }, stopping.signal);
  };
  afterEach(async () => {
    stopping.abort();
    await running;
  });

  it('reconciles what sources enqueue, and once for many calls', async () => {
    const seen: string[] = [];
    start((key) => Promise.resolve(void seen.push(key)).then(() => undefined), 1);
    for (const key of ['x/a', 'x/a', 'x/b', 'x/a']) enqueue(key);
    await clock.advance(1000);
    expect(seen).to.deep.equal(['x/a', 'x/b', 'x/a']);
  });

  it('never has one key in two hands', async () => {
    let inWork = 0;
    let most = 0;
    const release: (() => void)[] = [];
    start(async () => {
      most = Math.max(most, ++inWork);
      await new Promise<void>((resolve) => release.push(resolve));
      inWork -= 1;
      return undefined;
    }, 4);
    enqueue('x/a');
    await clock.advance(0);
    enqueue('x/a');
    await clock.advance(0);
    expect(release).to.have.length(1);
    release[0]?.();
    await clock.advance(0);
    expect(release).to.have.length(2);
    release[1]?.();
    await clock.advance(0);
    expect(most).to.equal(1);
  });

  it('tries again after a back-off when reconcile throws', async () => {
    let calls = 0;
    start(() => {
      calls += 1;
      return calls < 3 ? Promise.reject(new Error('no')) : Promise.resolve(undefined);
    });
    enqueue('x/a');
    await clock.advance(0);
    expect(calls).to.equal(1);
    await clock.advance(60_000);
    expect(calls).to.equal(3);
    expect(logged).to.deep.equal(Array(2).fill('warn reconcile failed; trying again'));
  });

  it('takes a lost race as normal', async () => {
    let calls = 0;
    const lost = conflict({ group: '', plural: 'pods' }, 'a', 'modified');
    start(() => (++calls === 1 ? Promise.reject(lost) : Promise.resolve(undefined)));
    enqueue('x/a');
    await clock.advance(1000);
    expect(calls).to.equal(2);
    expect(logged).to.deep.equal(['debug lost a race; trying again']);
  });

  it('stops at a TerminalError until something changes', async () => {
    let calls = 0;
    start(() => {
      calls += 1;
      return Promise.reject(new TerminalError('hopeless'));
    });
    enqueue('x/a');
    await clock.advance(3_600_000);
    expect(calls).to.equal(1);
    enqueue('x/a');
    await clock.advance(0);
    expect(calls).to.equal(2);
    expect(logged[0]).to.equal('error cannot reconcile; waiting for a change');
  });

  it('looks again when asked to', async () => {
    let calls = 0;
    start(() => Promise.resolve(++calls === 1 ? { requeueAfterMs: 5000 } : undefined));
    enqueue('x/a');
    await clock.advance(4999);
    expect(calls).to.equal(1);
    await clock.advance(1);
    expect(calls).to.equal(2);
  });

  it('waits for the work in progress when stopped', async () => {
    let finish: () => void = () => undefined;
    let finished = false;
    start(async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      finished = true;
      return undefined;
    });
    enqueue('x/a');
    await clock.advance(0);
    stopping.abort();
    await clock.advance(0);
    expect(unsubscribed).to.equal(true);
    expect(finished).to.equal(false);
    finish();
    await running;
    expect(finished).to.equal(true);
  });
});

// Plans of one pod: what comes next in every situation, and that a plan that was carried out leaves nothing to plan.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Container, Pod } from '../../src/api/types.gen.ts';
import { planPod } from '../../src/node-agent/plan.ts';
import type { PodAction } from '../../src/node-agent/plan.ts';
import * as records from '../../src/node-agent/pod-record.ts';
import type { ContainerRecord, ExitRecord, PodRecord } from '../../src/node-agent/pod-record.ts';
import { testContainer, testPod } from '../support/pods.ts';

const t0 = 1_000_000;

const fresh = (pod: Pod): PodRecord => ({ ...records.createPodRecord(pod, t0), preparation: 'done' });
const run = { startedAtMs: t0, containerId: 'tepui://x', imageId: '' };
const exited = (exitCode: number | undefined, finishedAtMs = t0): ExitRecord => ({
  ...run,
  exitCode,
  reason: exitCode === 0 ? 'Completed' : 'Error',
  finishedAtMs,
});
const change = (record: PodRecord, name: string, rest: Partial<ContainerRecord>) =>
  records.withContainer(record, name, rest);
const running = (record: PodRecord, name = 'web') =>
  change(record, name, { attempt: 0, running: run, removed: false, started: true, ready: true, postStart: 'done' });
const ended = (record: PodRecord, exitCode: number, name = 'web') =>
  change(record, name, { attempt: 0, running: undefined, exit: exited(exitCode), removed: true });
const verbs = (record: PodRecord, nowMs = t0) => planPod(record, nowMs).actions.map(describeAction);

function describeAction(action: PodAction): string {
  return 'container' in action ? `${action.do} ${action.container}` : action.do;
}

/** The world obeys at once: what the action begins also ends well. */
function carryOut(record: PodRecord, action: PodAction, nowMs: number): PodRecord {
  switch (action.do) {
    case 'prepare':
      return { ...record, preparation: 'done' };
    case 'launch': {
      const all = [...records.initContainersOf(record.pod), ...records.containersOf(record.pod)];
      const container = all.find(({ name }) => name === action.container)!;
      const begun = records.launchBegun(record, action.container, nowMs);
      return change(records.launchSucceeded(begun, container, run), action.container, {
        postStart: 'done',
        started: true,
      });
    }
    case 'awaitRestart':
      return change(record, action.container, { waiting: { reason: 'CrashLoopBackOff', message: '' } });
    case 'beginStop':
      return change(record, action.container, {
        replacing: action.replacing,
        stop: {
          sinceMs: nowMs,
          deadlineMs: nowMs + action.graceMs,
          preStop: 'none',
          signalledAtMs: undefined,
          killed: false,
        },
      });
    case 'preStop':
      return changeStop(record, action.container, { preStop: 'done' });
    case 'terminate':
    case 'kill': {
      const { attempt } = records.recordOf(record, action.container);
      return records.containerExited(record, action.container, attempt, exited(143, nowMs));
    }
    case 'remove':
      return change(record, action.container, { removed: true });
    case 'failPod':
      return { ...record, failure: { reason: action.reason, message: action.message } };
    case 'destroy':
      return { ...record, destruction: 'done' };
  }
}

function changeStop(record: PodRecord, name: string, rest: Partial<records.StopRecord>): PodRecord {
  const stop = records.recordOf(record, name).stop;
  return stop ? change(record, name, { stop: { ...stop, ...rest } }) : record;
}

/** Plans and carries out until nothing is left; fails when that takes suspiciously long. */
function settle(start: PodRecord, nowMs: number): PodRecord {
  let record = start;
  for (let round = 0; round < 100; round += 1) {
    const { actions } = planPod(record, nowMs);
    if (actions.length === 0) return record;
    for (const action of actions) record = carryOut(record, action, nowMs);
  }
  throw new Error(`planning does not come to rest: ${JSON.stringify(planPod(record, nowMs))}`);
}

describe('pod plan', () => {
  it('prepares, then launches container after container', () => {
    const pod = testPod('p', { containers: [testContainer('a'), testContainer('b')] });
    const start = records.createPodRecord(pod, t0);
    expect(verbs(start)).to.deep.equal(['prepare']);
    expect(verbs({ ...start, preparation: 'running' })).to.deep.equal([]);
    const prepared = fresh(pod);
    expect(verbs(prepared)).to.deep.equal(['launch a']);
    expect(verbs(records.launchBegun(prepared, 'a', t0))).to.deep.equal([]);
    expect(verbs(running(prepared, 'a'))).to.deep.equal(['launch b']);
    expect(verbs(change(running(prepared, 'a'), 'a', { postStart: 'running' }))).to.deep.equal([]);
  });

  it('waits for a failed preparation to be due', () => {
    const record = { ...records.createPodRecord(testPod('p'), t0), prepareAtMs: t0 + 5 };
    expect(planPod(record, t0)).to.deep.equal({ actions: [], wakeAtMs: t0 + 5 });
    expect(verbs(record, t0 + 5)).to.deep.equal(['prepare']);
  });

  it('runs init containers in order, each to a good end, before the others', () => {
    const pod = testPod('p', { initContainers: [testContainer('one'), testContainer('two')] });
    const record = fresh(pod);
    expect(verbs(record)).to.deep.equal(['launch one']);
    expect(verbs(running(record, 'one'))).to.deep.equal([]);
    expect(verbs(ended(record, 0, 'one'))).to.deep.equal(['launch two']);
    expect(verbs(ended(ended(record, 0, 'one'), 1, 'two'))).to.deep.equal(['launch two']);
    expect(verbs(ended(ended(record, 0, 'one'), 0, 'two'))).to.deep.equal(['launch web']);
  });

  it('fails with an init container of a pod that never restarts', () => {
    const record = fresh(testPod('p', { restartPolicy: 'Never', initContainers: [testContainer('one')] }));
    expect(planPod(ended(record, 1, 'one'), t0)).to.deep.equal({ actions: [], wakeAtMs: undefined });
  });

  it('goes on when a sidecar has started, keeps it running, and ends it last', () => {
    const sidecar: Container = testContainer('proxy', { restartPolicy: 'Always' });
    const record = fresh(testPod('p', { restartPolicy: 'Never', initContainers: [sidecar] }));
    expect(verbs(record)).to.deep.equal(['launch proxy']);
    expect(verbs(change(running(record, 'proxy'), 'proxy', { started: false }))).to.deep.equal([]);
    const both = running(running(record, 'proxy'));
    expect(verbs(running(record, 'proxy'))).to.deep.equal(['launch web']);
    expect(verbs(ended(both, 1, 'proxy'))).to.deep.equal(['launch proxy']);
    expect(verbs(ended(both, 0))).to.deep.equal(['beginStop proxy']);
    const ending = records.endingBegun(both, 30_000, false, t0);
    expect(verbs(ending)).to.deep.equal(['beginStop web']);
    expect(verbs(ended(ending, 0))).to.deep.equal(['beginStop proxy']);
  });

  it('cleans an ended run up before the next begins', () => {
    const record = change(ended(fresh(testPod('p')), 1), 'web', { removed: false });
    expect(verbs(record)).to.deep.equal(['remove web']);
    expect(verbs(change(record, 'web', { removed: true }))).to.deep.equal(['launch web']);
    expect(verbs(change(record, 'web', { activity: 'removing' }))).to.deep.equal([]);
    const retry = change(record, 'web', { retryAtMs: t0 + 5 });
    expect(planPod(retry, t0)).to.deep.equal({ actions: [], wakeAtMs: t0 + 5 });
  });

  it('holds a crashing container back, and says so once', () => {
    const restartBackoff = { delayMs: 10_000, updatedAtMs: t0 };
    const record = change(ended(fresh(testPod('p')), 1), 'web', { restartBackoff });
    expect(planPod(record, t0)).to.deep.equal({
      actions: [{ do: 'awaitRestart', container: 'web', untilMs: t0 + 10_000 }],
      wakeAtMs: t0 + 10_000,
    });
    const told = change(record, 'web', { waiting: { reason: 'CrashLoopBackOff', message: '' } });
    expect(planPod(told, t0)).to.deep.equal({ actions: [], wakeAtMs: t0 + 10_000 });
    expect(verbs(told, t0 + 10_000)).to.deep.equal(['launch web']);
  });

  it('does not let one container that waits hold up another', () => {
    const record = fresh(testPod('p', { containers: [testContainer('a'), testContainer('b')] }));
    const waiting = change(record, 'a', { retryAtMs: t0 + 7, attempt: 0 });
    expect(planPod(waiting, t0)).to.deep.equal({ actions: [{ do: 'launch', container: 'b' }], wakeAtMs: t0 + 7 });
  });

  describe('stopping', () => {
    const hook = { preStop: { exec: { command: ['bye'] } } };
    const grace = 30_000;
    const ending = (container: Container) =>
      records.endingBegun(running(fresh(testPod('p', { containers: [container] }))), grace, false, t0);
    const begun = (record: PodRecord) =>
      planPod(record, t0).actions.reduce((now, action) => carryOut(now, action, t0), record);

    it('signals, waits for the grace, kills, destroys', () => {
      const record = begun(ending(testContainer('web')));
      expect(verbs(record)).to.deep.equal(['terminate web']);
      const signalled = changeStop(record, 'web', { signalledAtMs: t0 });
      expect(planPod(signalled, t0)).to.deep.equal({ actions: [], wakeAtMs: t0 + grace });
      expect(verbs(signalled, t0 + grace)).to.deep.equal(['kill web']);
      expect(verbs(changeStop(signalled, 'web', { killed: true }), t0 + grace)).to.deep.equal([]);
      expect(verbs(ended(signalled, 137))).to.deep.equal(['destroy']);
    });

    it('runs preStop within the grace, and leaves two seconds for the signal when it takes too long', () => {
      const record = begun(ending(testContainer('web', { lifecycle: hook })));
      expect(planPod(record, t0).actions).to.deep.equal([{ do: 'preStop', container: 'web', deadlineMs: t0 + grace }]);
      const inHook = changeStop(record, 'web', { preStop: 'running' });
      expect(planPod(inHook, t0)).to.deep.equal({ actions: [], wakeAtMs: t0 + grace });
      expect(verbs(changeStop(inHook, 'web', { preStop: 'done' }))).to.deep.equal(['terminate web']);
      expect(verbs(inHook, t0 + grace)).to.deep.equal(['terminate web']);
      const late = changeStop(inHook, 'web', { signalledAtMs: t0 + grace });
      expect(planPod(late, t0 + grace)).to.deep.equal({ actions: [], wakeAtMs: t0 + grace + 2000 });
      expect(verbs(late, t0 + grace + 2000)).to.deep.equal(['kill web']);
    });

    it('shortens the grace when asked again, never lengthens it', () => {
      const record = changeStop(begun(ending(testContainer('web'))), 'web', { signalledAtMs: t0 });
      const hurried = records.endingBegun(record, 1_000, false, t0 + 5_000);
      expect(verbs(hurried, t0 + 6_000)).to.deep.equal(['kill web']);
      const slowed = records.endingBegun(record, 90_000, true, t0 + 5_000);
      expect(slowed.ending).to.deep.equal({ sinceMs: t0, graceMs: grace, objectGone: true });
    });

    it('kills at once without grace', () => {
      const start = records.endingBegun(running(fresh(testPod('p'))), 0, false, t0);
      const signalled = changeStop(begun(start), 'web', { signalledAtMs: t0 });
      expect(verbs(signalled)).to.deep.equal(['kill web']);
    });

    it('waits for a launch under way, and retries a failed destruction when due', () => {
      const start = records.endingBegun(records.launchBegun(fresh(testPod('p')), 'web', t0), grace, false, t0);
      expect(verbs(start)).to.deep.equal([]);
      const failed = { ...records.endingBegun(fresh(testPod('p')), grace, false, t0), destroyAtMs: t0 + 9 };
      expect(planPod(failed, t0)).to.deep.equal({ actions: [], wakeAtMs: t0 + 9 });
      expect(verbs({ ...failed, destruction: 'running' })).to.deep.equal([]);
    });

    it("restarts an unhealthy container with its probe's own grace", () => {
      const record = change(running(fresh(testPod('p'))), 'web', { unhealthy: { message: 'is ill', graceMs: 3_000 } });
      expect(planPod(record, t0).actions).to.deep.equal([
        { do: 'beginStop', container: 'web', graceMs: 3_000, message: 'Container web is ill', replacing: false },
      ]);
      const standard = change(record, 'web', { unhealthy: { message: 'is ill' } });
      expect(planPod(standard, t0).actions[0]).to.include({ graceMs: 30_000 });
    });
  });

  describe('replaces a container whose image was changed', () => {
    const imaged = (image: string, rest: Partial<Pod['spec']> = {}) =>
      testPod('p', { restartPolicy: 'Never', ...rest, containers: [testContainer('web', { image })] });
    const begun = (pod: Pod, name = 'web') =>
      running(change(records.launchBegun(fresh(pod), name, t0), name, { activity: 'idle' }), name);
    const changed = (pod: Pod, image: string) => records.podChanged(begun(pod), imaged(image, pod.spec));

    it('whatever the restart policy, without back-off', () => {
      const record = changed(imaged('a:1'), 'a:2');
      expect(planPod(record, t0).actions[0]).to.include({ do: 'beginStop', replacing: true });
      const settled = records.recordOf(settle(record, t0), 'web');
      expect(settled).to.include({ attempt: 1, image: 'a:2', replacing: false, restartBackoff: undefined });
      expect(settled.running).to.not.equal(undefined);
    });

    it('but not one that has ended, nor for any other change', () => {
      const record = ended(changed(imaged('a:1'), 'a:2'), 0);
      expect(verbs(record)).to.deep.equal([]);
      expect(verbs(changed(imaged('a:1'), 'a:1'))).to.deep.equal([]);
    });

    it('and leaves an init container that runs once to its end', () => {
      const init = (image: string) => testPod('p', { initContainers: [testContainer('init', { image })] });
      expect(verbs(records.podChanged(begun(init('a:1'), 'init'), init('a:2')))).to.deep.equal([]);
    });
  });

  it('lets a container have a restart policy of its own', () => {
    const pod = testPod('p', {
      containers: [testContainer('web', { restartPolicy: 'Never' }), testContainer('side')],
    });
    expect(verbs(ended(ended(fresh(pod), 1), 1, 'side'))).to.deep.equal(['launch side']);
  });

  it('fails a pod at its deadline and stops what runs', () => {
    const record = running(fresh(testPod('p', { activeDeadlineSeconds: 60 })));
    expect(planPod(record, t0)).to.deep.equal({ actions: [], wakeAtMs: t0 + 60_000 });
    expect(verbs(record, t0 + 60_000)).to.deep.equal(['failPod']);
    const failed = { ...record, failure: { reason: 'DeadlineExceeded', message: 'm' } };
    expect(verbs(failed, t0 + 60_000)).to.deep.equal(['beginStop web']);
  });

  it('does not start what this host cannot run, nor what is finished', () => {
    expect(verbs({ ...fresh(testPod('p')), refusal: 'no' })).to.deep.equal([]);
    const done = testPod('p');
    expect(verbs(fresh({ ...done, status: { phase: 'Succeeded' } }))).to.deep.equal([]);
  });

  describe('properties', () => {
    const policy = fc.constantFrom('Always', 'OnFailure', 'Never');
    const codes = fc.constantFrom<number | undefined>(0, 1, 137, undefined);
    const containerState = fc.record({
      kind: fc.constantFrom('fresh', 'running', 'exited', 'dirty', 'stopping', 'unhealthy'),
      code: codes,
      backoffMs: fc.constantFrom(undefined, 10_000, 300_000),
    });
    const situation = fc.record({
      policy,
      states: fc.array(containerState, { minLength: 4, maxLength: 4 }),
      ending: fc.constantFrom(undefined, 0, 1_000, 30_000),
      failed: fc.boolean(),
      deadline: fc.constantFrom(undefined, 1, 1_000_000),
      hooks: fc.boolean(),
      waitedMs: fc.nat(400_000),
    });
    type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

    function build({ policy: restartPolicy, states, ending, failed, deadline, hooks }: Situation): PodRecord {
      const lifecycle = hooks ? { lifecycle: { preStop: { sleep: { seconds: 1 } } } } : {};
      const pod = testPod('p', {
        restartPolicy,
        initContainers: [testContainer('init'), testContainer('proxy', { restartPolicy: 'Always' })],
        containers: [testContainer('a', lifecycle), testContainer('b')],
        ...(deadline === undefined ? {} : { activeDeadlineSeconds: deadline }),
      });
      let record = fresh(pod);
      ['init', 'proxy', 'a', 'b'].forEach((name, index) => {
        record = place(record, name, states[index]!);
      });
      if (failed) record = { ...record, failure: { reason: 'DeadlineExceeded', message: '' } };
      return ending === undefined ? record : records.endingBegun(record, ending, false, t0);
    }

    function place(record: PodRecord, name: string, { kind, code, backoffMs }: Situation['states'][number]): PodRecord {
      const restartBackoff = backoffMs === undefined ? undefined : { delayMs: backoffMs, updatedAtMs: t0 };
      if (kind === 'fresh') return record;
      if (kind === 'exited' || kind === 'dirty') {
        const removed = kind === 'exited';
        return change(record, name, { attempt: 0, exit: exited(code), removed, restartBackoff });
      }
      const alive = change(running(record, name), name, { restartBackoff });
      if (kind === 'unhealthy') return change(alive, name, { unhealthy: { message: 'is ill' } });
      const stop = { sinceMs: t0, deadlineMs: t0 + 30_000, preStop: 'none', signalledAtMs: t0, killed: false } as const;
      return kind === 'stopping' ? change(alive, name, { stop }) : alive;
    }

    it('comes to rest: planning again after carrying out has nothing to do', () => {
      fc.assert(
        fc.property(situation, (given) => {
          const nowMs = t0 + given.waitedMs;
          const settled = settle(build(given), nowMs);
          expect(planPod(settled, nowMs).actions).to.deep.equal([]);
        }),
        { numRuns: 500 },
      );
    });

    it('never acts twice on one container in one plan, and never launches what runs', () => {
      fc.assert(
        fc.property(situation, (given) => {
          const record = build(given);
          const { actions } = planPod(record, t0 + given.waitedMs);
          const names = actions.flatMap((action) => ('container' in action ? [action.container] : []));
          expect(new Set(names).size).to.equal(names.length);
          for (const action of actions) {
            if (action.do !== 'launch') continue;
            expect(records.recordOf(record, action.container).running).to.equal(undefined);
            expect(record.ending).to.equal(undefined);
          }
        }),
        { numRuns: 500 },
      );
    });

    it('an ending pod always ends: destroyed, or waiting for a time that comes', () => {
      fc.assert(
        fc.property(situation, (given) => {
          let record = records.endingBegun(build(given), given.ending ?? 30_000, false, t0);
          let nowMs = t0;
          for (let round = 0; round < 20 && record.destruction !== 'done'; round += 1) {
            record = settle(record, nowMs);
            nowMs = planPod(record, nowMs).wakeAtMs ?? nowMs;
          }
          expect(record.destruction).to.equal('done');
        }),
        { numRuns: 300 },
      );
    });
  });
});

// PodStatus from what was observed: phases, conditions, container states.
import { expect } from 'chai';
import type { ContainerStatus, Pod, PodStatus } from '../../src/api/types.gen.ts';
import * as records from '../../src/node-agent/pod-record.ts';
import type { ContainerRecord, PodRecord } from '../../src/node-agent/pod-record.ts';
import { podStatus } from '../../src/node-agent/pod-status.ts';
import { testContainer, testPod } from '../support/pods.ts';

const t0 = Date.parse('2026-01-01T00:00:00Z');
const run = { startedAtMs: t0, containerId: 'tepui://x', imageId: 'sha256:y' };
const exit = (exitCode: number | undefined, reason = 'Error'): records.ExitRecord => ({
  ...run,
  exitCode,
  reason,
  finishedAtMs: t0 + 2000,
});

const fresh = (options: Parameters<typeof testPod>[1] = {}): PodRecord => ({
  ...records.createPodRecord(testPod('p', options), t0),
  preparation: 'done',
});
const set = (record: PodRecord, rest: Partial<ContainerRecord>, name = 'web') =>
  records.withContainer(record, name, rest);
const running = (record: PodRecord, rest: Partial<ContainerRecord> = {}, name = 'web') =>
  set(record, { attempt: 0, running: run, started: true, ready: true, ...rest }, name);
const status = (record: PodRecord, nowMs = t0) => podStatus(record, '10.0.0.1', nowMs);
const only = (given: PodStatus): ContainerStatus => given.containerStatuses![0]!;
const condition = (given: PodStatus, type: string) => given.conditions?.find((candidate) => candidate.type === type);

describe('pod status', () => {
  it('of a pod that begins', () => {
    const given = podStatus(records.createPodRecord(testPod('p'), t0), '10.0.0.1', t0);
    expect(given).to.include({ phase: 'Pending', hostIP: '10.0.0.1', startTime: '2026-01-01T00:00:00Z' });
    expect(given.podIP).to.equal(undefined);
    expect(only(given)).to.deep.include({
      state: { waiting: { reason: 'ContainerCreating' } },
      lastState: {},
      ready: false,
      restartCount: 0,
    });
    expect(condition(given, 'ContainersReady')).to.include({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [web]',
    });
    expect(condition(given, 'Initialized')?.status).to.equal('True');
  });

  it('of a running pod', () => {
    const given = status(running(fresh()));
    expect(given).to.include({ phase: 'Running', podIP: '10.0.0.1' });
    expect(only(given)).to.deep.include({
      state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
      ready: true,
      started: true,
      containerID: 'tepui://x',
      imageID: 'sha256:y',
    });
    expect(condition(given, 'Ready')).to.deep.equal({
      type: 'Ready',
      status: 'True',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
  });

  it('keeps times of transition while a condition holds, and moves them when it turns', () => {
    const before = running({ ...fresh(), reported: status(running(fresh())) });
    expect(condition(status(before, t0 + 60_000), 'Ready')?.lastTransitionTime).to.equal('2026-01-01T00:00:00Z');
    const unready = set(before, { ready: false });
    expect(condition(status(unready, t0 + 60_000), 'Ready')).to.include({
      status: 'False',
      lastTransitionTime: '2026-01-01T00:01:00Z',
    });
  });

  it('keeps PodScheduled as the server has it', () => {
    const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: '2025-01-01T00:00:00Z' };
    const record = fresh();
    const bound = { ...record, pod: { ...record.pod, status: { conditions: [scheduled] } } };
    expect(condition(status(bound), 'PodScheduled')).to.equal(scheduled);
  });

  it('of a crashing container', () => {
    const crashed = set(fresh(), { attempt: 1, exit: exit(1), previousExit: exit(137, 'OOMKilled') });
    expect(only(status(crashed)).state?.terminated).to.deep.equal({
      exitCode: 1,
      reason: 'Error',
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-01T00:00:02Z',
      containerID: 'tepui://x',
    });
    expect(only(status(crashed)).lastState?.terminated).to.include({ exitCode: 137, reason: 'OOMKilled' });
    const held = set(crashed, { waiting: { reason: 'CrashLoopBackOff', message: 'm' } });
    expect(only(status(held)).state).to.deep.equal({ waiting: { reason: 'CrashLoopBackOff', message: 'm' } });
    expect(only(status(held)).lastState?.terminated?.exitCode).to.equal(1);
    expect(only(status(held)).restartCount).to.equal(1);
    expect(status(held).phase).to.equal('Running');
  });

  it('reports a lost container as 137', () => {
    const lost = set(fresh(), { attempt: 0, exit: exit(undefined, 'ContainerStatusUnknown') });
    expect(only(status(lost)).state?.terminated).to.include({ exitCode: 137, reason: 'ContainerStatusUnknown' });
  });

  it('passes signal and message on', () => {
    const ended = { ...exit(143), signal: 15, message: 'bye', containerId: '' };
    expect(only(status(set(fresh(), { attempt: 0, exit: ended }))).state?.terminated).to.deep.include({
      signal: 15,
      message: 'bye',
    });
  });

  const ends = [
    { policy: 'Never', codes: [0, 0], phase: 'Succeeded', reason: 'PodCompleted' },
    { policy: 'Never', codes: [0, 1], phase: 'Failed', reason: 'PodFailed' },
    { policy: 'OnFailure', codes: [0, 0], phase: 'Succeeded', reason: 'PodCompleted' },
    { policy: 'OnFailure', codes: [0, 1], phase: 'Running', reason: 'ContainersNotReady' },
    { policy: 'Always', codes: [0, 0], phase: 'Running', reason: 'ContainersNotReady' },
  ] as const;
  for (const { policy, codes, phase, reason } of ends) {
    it(`${policy} with exit codes ${codes.join(' and ')} is ${phase}`, () => {
      const containers = [testContainer('a'), testContainer('b')];
      const [a, b] = codes;
      const first = set(fresh({ restartPolicy: policy, containers }), { attempt: 0, exit: exit(a) }, 'a');
      const given = status(set(first, { attempt: 0, exit: exit(b) }, 'b'));
      expect(given.phase).to.equal(phase);
      expect(condition(given, 'Ready')?.reason).to.equal(reason);
    });
  }

  it('of a pod that is being deleted, once all has ended', () => {
    const ended = set(fresh(), { attempt: 0, exit: exit(0) });
    expect(status(records.endingBegun(ended, 1000, false, t0)).phase).to.equal('Succeeded');
  });

  it('of init containers, sidecars included', () => {
    const sidecar = testContainer('proxy', { restartPolicy: 'Always' });
    const record = fresh({ initContainers: [testContainer('first'), sidecar] });
    const begun = status(running(record, {}, 'first'));
    expect(begun.phase).to.equal('Pending');
    expect(condition(begun, 'Initialized')).to.include({
      status: 'False',
      message: 'containers with incomplete status: [first proxy]',
    });
    expect(only(begun).state?.waiting?.reason).to.equal('PodInitializing');
    const waiting = status(fresh({ initContainers: [testContainer('first')] }));
    expect(waiting.initContainerStatuses?.[0]?.state?.waiting?.reason).to.equal('PodInitializing');
    const through = running(set(record, { attempt: 0, exit: exit(0) }, 'first'), {}, 'proxy');
    expect(status(through).initContainerStatuses?.map(({ ready }) => ready)).to.deep.equal([true, true]);
    const sick = running(running(through), { ready: false }, 'proxy');
    expect(condition(status(sick), 'ContainersReady')?.message).to.contain('[proxy]');
    const failed = set(
      { ...record, pod: testPod('p', { ...record.pod.spec, restartPolicy: 'Never' }) },
      {
        attempt: 0,
        exit: exit(1),
      },
      'first',
    );
    expect(status(failed).phase).to.equal('Failed');
  });

  it('tells when the pod is prepared, and does not take it back when a new agent prepares again', () => {
    const prepared = (record: PodRecord) => condition(status(record), 'PodReadyToStartContainers')?.status;
    expect(prepared({ ...fresh(), preparation: 'running' })).to.equal('False');
    expect(prepared(fresh())).to.equal('True');
    expect(prepared({ ...running(fresh()), preparation: 'none' })).to.equal('True');
  });

  it('names the image that runs, not the one that is to follow', () => {
    const container = testContainer('web', { image: 'a:2' });
    const record = running(fresh({ containers: [container] }), { image: 'a:1' });
    expect(only(status(record)).image).to.equal('a:1');
  });

  it('waits for readiness gates', () => {
    const record = running(fresh({ readinessGates: [{ conditionType: 'lb' }] }));
    expect(condition(status(record), 'Ready')).to.include({ status: 'False', reason: 'ReadinessGatesNotReady' });
    const pod = { ...record.pod, status: { conditions: [{ type: 'lb', status: 'True' }] } };
    expect(condition(status({ ...record, pod }), 'Ready')?.status).to.equal('True');
  });

  it('says why a pod failed as a whole, or cannot run here', () => {
    const failure = { reason: 'DeadlineExceeded', message: 'too long' };
    expect(status({ ...fresh(), failure })).to.include({ phase: 'Failed', ...failure });
    expect(only(status({ ...fresh(), refusal: 'no cgroups' })).state?.waiting).to.deep.equal({
      reason: 'UnsupportedByNode',
      message: 'no cgroups',
    });
  });

  it('adds nothing to a pod that finished before this agent knew it', () => {
    const before: PodStatus = { phase: 'Succeeded', containerStatuses: [] };
    const pod = { ...testPod('p'), status: before };
    expect(status(records.createPodRecord(pod, t0))).to.equal(before);
  });

  it('repeats the class that the server gave', () => {
    const record = fresh();
    const pod: Pod = { ...record.pod, status: { qosClass: 'Guaranteed' } };
    expect(status({ ...record, pod }).qosClass).to.equal('Guaranteed');
    expect(status(record)).to.not.have.property('qosClass');
  });
});

// The reconciler on a fake clock and machine: back-off, grace, hooks, probes, lost containers, bounded parallelism.
import { expect } from 'chai';
import type { Pod, PodStatus, Probe } from '../../src/api/types.gen.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { AgentNews } from '../../src/node-agent/agent-news.ts';
import type { Checkpoint } from '../../src/node-agent/checkpoint.ts';
import { LaunchError } from '../../src/node-agent/containerizer.ts';
import { createPodReconciler } from '../../src/node-agent/pod-reconciler.ts';
import type { PodReconciler } from '../../src/node-agent/pod-reconciler.ts';
import type { PodRecord } from '../../src/node-agent/pod-record.ts';
import type { PodSet, Reference } from '../../src/rpc/agent-protocol.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { createFakeHost } from '../support/fake-containerizer.ts';
import type { FakeHost } from '../support/fake-containerizer.ts';
import { testContainer, testPod } from '../support/pods.ts';

const s = 1000;

describe('pod reconciler', () => {
  let clock: FakeClock;
  let host: FakeHost;
  let reconciler: PodReconciler;
  let saved: Map<string, string>;
  let statuses: Map<string, PodStatus>;
  let events: string[];
  let terminated: string[];

  const checkpoint = (): Checkpoint => ({
    loadPods: () => Promise.resolve([...saved.values()].map((text) => JSON.parse(text) as PodRecord)),
    loadReferences: () => Promise.resolve([]),
    savePod: (uid, record) => void saved.set(uid, JSON.stringify(record)),
    removePod: (uid) => void saved.delete(uid),
    saveReferences: () => undefined,
    flushed: () => Promise.resolve(),
  });
  const news: AgentNews = {
    status: (pod, status) => void statuses.set(pod.metadata.name ?? '', status),
    terminated(pod, onAcknowledged) {
      terminated.push(pod.metadata.name ?? '');
      onAcknowledged();
    },
    event: (_pod, _type, reason) => void events.push(reason),
  };
  const create = () =>
    createPodReconciler({
      containerizer: host.containerizer(),
      checkpoint: checkpoint(),
      news,
      clock,
      log: silentLog,
      hostIp: '127.0.0.1',
    });
  const send = async (pods: readonly Pod[], rest: Partial<PodSet> = {}) => {
    const encoded = pods.map((pod) => ({ pod: Buffer.from(JSON.stringify(pod)) }));
    reconciler.apply({ complete: false, pods: encoded, removed_uids: [], references: [], ...rest });
    await clock.advance(0);
  };
  const deleting = (pod: Pod, seconds: number): Pod => ({
    ...pod,
    metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: seconds },
  });
  const first = (name: string) => statuses.get(name)?.containerStatuses?.[0];
  const count = (line: string) => host.journal.filter((entry) => entry === line).length;

  beforeEach(async () => {
    clock = createFakeClock();
    host = createFakeHost(() => clock.now());
    saved = new Map();
    statuses = new Map();
    events = [];
    terminated = [];
    reconciler = create();
    await reconciler.recover();
  });
  afterEach(() => reconciler.stop());

  it('restarts at once, then after 10 s, then after 20 s', async () => {
    await send([testPod('p')]);
    for (const delay of [0, 10 * s, 20 * s]) {
      const before = host.journal.filter((line) => line.startsWith('launch')).length;
      host.exit('web', 1);
      await clock.advance(Math.max(0, delay - 1));
      expect(host.running()).to.have.length(delay === 0 ? 1 : 0);
      await clock.advance(1);
      expect(host.journal.filter((line) => line.startsWith('launch'))).to.have.length(before + 1);
    }
    expect(first('p')?.restartCount).to.equal(3);
    expect(events.filter((reason) => reason === 'BackOff')).to.have.length(2);
  });

  it('kills what does not obey when its grace is over, and reports the end once', async () => {
    host.obedient = false;
    const pod = testPod('p');
    await send([pod]);
    await send([deleting(pod, 30)]);
    await clock.advance(29 * s);
    expect(count('signal web/0 SIGKILL')).to.equal(0);
    await send([deleting(pod, 5)]);
    await clock.advance(5 * s);
    expect(count('signal web/0 SIGTERM')).to.equal(1);
    expect(count('signal web/0 SIGKILL')).to.equal(1);
    expect(terminated).to.deep.equal(['p']);
    expect(reconciler.knownPodUids()).to.deep.equal([]);
    expect(saved.size).to.equal(0);
  });

  it('runs preStop before the signal, and postStart before the next container', async () => {
    const lifecycle = { postStart: { exec: { command: ['hi'] } }, preStop: { sleep: { seconds: 3 } } };
    const pod = testPod('p', { containers: [testContainer('web', { lifecycle }), testContainer('next')] });
    await send([pod]);
    expect(host.journal).to.deep.equal(['prepare p', 'launch web/0', 'exec web/0 hi', 'launch next/0']);
    await send([deleting(pod, 30)]);
    await clock.advance(2 * s);
    expect(count('signal web/0 SIGTERM')).to.equal(0);
    await clock.advance(1 * s);
    expect(count('signal web/0 SIGTERM')).to.equal(1);
  });

  it('restarts a container whose postStart hook fails', async () => {
    host.execResult = () => ({ exitCode: 1, output: 'no' });
    const lifecycle = { postStart: { exec: { command: ['hi'] } } };
    await send([testPod('p', { containers: [testContainer('web', { lifecycle })] })]);
    expect(count('signal web/0 SIGTERM')).to.equal(1);
    expect(events).to.include('FailedPostStartHook');
    expect(count('launch web/1')).to.equal(1);
  });

  it('reports what cannot be launched, retries with back-off, and at once when a reference appears', async () => {
    let found = false;
    host.beforeLaunch = ({ references }) => {
      found = references.secret('s') !== undefined;
      if (!found) throw new LaunchError('CreateContainerConfigError', 'secret "s" not found');
    };
    const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }];
    await send([testPod('p', { containers: [testContainer('web', { env })] })]);
    expect(first('p')?.state?.waiting).to.deep.equal({
      reason: 'CreateContainerConfigError',
      message: 'secret "s" not found',
    });
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' } };
    const object = Buffer.from(JSON.stringify(secret));
    const reference: Reference = { kind: 'Secret', namespace: 'default', name: 's', object };
    await send([], { references: [reference] });
    expect(found).to.equal(true);
    expect(first('p')?.state?.running).to.not.equal(undefined);
    expect(first('p')?.restartCount).to.equal(0);
  });

  it('backs off from images that cannot be had', async () => {
    host.beforeLaunch = () => {
      throw new LaunchError('ErrImagePull', 'no such image');
    };
    await send([testPod('p')]);
    expect(first('p')?.state?.waiting?.reason).to.equal('ErrImagePull');
    await clock.advance(10 * s);
    expect(first('p')?.state?.waiting?.reason).to.equal('ImagePullBackOff');
    host.beforeLaunch = () => undefined;
    await clock.advance(20 * s);
    expect(first('p')?.state?.running).to.not.equal(undefined);
  });

  it('tries another image at once, whatever the back-off of the one before', async () => {
    const web = (image: string) => testPod('p', { containers: [testContainer('web', { image })] });
    host.beforeLaunch = ({ container }) => {
      if (container.image === 'no:1') throw new LaunchError('ErrImagePull', 'no such image');
    };
    await send([web('no:1')]);
    await clock.advance(10 * s);
    await send([web('yes:1')]);
    expect(first('p')).to.include({ image: 'yes:1', ready: true, restartCount: 0 });
    await send([web('yes:2')]);
    expect(first('p')).to.include({ image: 'yes:2', ready: true, restartCount: 1 });
  });

  it('shows new labels in the volumes of a running pod', async () => {
    const volumes = [{ name: 'd', downwardAPI: {} }];
    const labelled = (app: string) => testPod('p', { volumes, metadata: { labels: { app } } });
    await send([labelled('a')]);
    await send([labelled('a')]);
    expect(count('volumes p {}')).to.equal(0);
    await send([labelled('b')]);
    expect(count('volumes p {}')).to.equal(1);
    await Promise.all(['c', 'd', 'e'].map((app) => send([labelled(app)])));
    // One at a time: what came while the first was written is written together.
    expect(count('volumes p {}')).to.equal(3);
  });

  it('counts a process that cannot start as a failed run', async () => {
    host.beforeLaunch = () => {
      throw new LaunchError('RunContainerError', 'exec: "slep": not found');
    };
    await send([testPod('p', { restartPolicy: 'Never' })]);
    expect(statuses.get('p')?.phase).to.equal('Failed');
    expect(first('p')?.state?.terminated).to.include({ exitCode: 128, reason: 'StartError' });
  });

  it('fails a pod at its deadline', async () => {
    await send([testPod('p', { activeDeadlineSeconds: 5 })]);
    await clock.advance(5 * s);
    expect(statuses.get('p')).to.include({ phase: 'Failed', reason: 'DeadlineExceeded' });
    expect(host.running()).to.deep.equal([]);
  });

  describe('probes', () => {
    const ask = (rest: Partial<Probe> = {}): Probe => ({ exec: { command: ['ask'] }, periodSeconds: 10, ...rest });
    let healthy: boolean;
    beforeEach(() => {
      healthy = true;
      host.execResult = () => ({ exitCode: healthy ? 0 : 1, output: '' });
    });

    it('make a container ready, and unready after three failures', async () => {
      healthy = false;
      await send([testPod('p', { containers: [testContainer('web', { readinessProbe: ask() })] })]);
      expect(first('p')?.ready).to.equal(false);
      healthy = true;
      await clock.advance(10 * s);
      expect(first('p')?.ready).to.equal(true);
      healthy = false;
      await clock.advance(20 * s);
      expect(first('p')?.ready).to.equal(true);
      await clock.advance(10 * s);
      expect(first('p')?.ready).to.equal(false);
      expect(count('launch web/0')).to.equal(1);
    });

    it('tell a failure again when its reason is another', async () => {
      let output = 'refused';
      host.execResult = () => ({ exitCode: 1, output });
      await send([testPod('p', { containers: [testContainer('web', { readinessProbe: ask() })] })]);
      await clock.advance(50 * s);
      expect(events.filter((reason) => reason === 'Unhealthy')).to.have.length(2);
      output = 'not found';
      await clock.advance(20 * s);
      expect(events.filter((reason) => reason === 'Unhealthy')).to.have.length(3);
    });

    it('restart a container that is not alive', async () => {
      await send([
        testPod('p', { containers: [testContainer('web', { livenessProbe: ask({ failureThreshold: 2 }) })] }),
      ]);
      await clock.advance(60 * s);
      expect(host.running()[0]?.key.attempt).to.equal(0);
      healthy = false;
      await clock.advance(20 * s);
      expect(events).to.include('Unhealthy');
      expect(host.running()[0]?.key.attempt).to.equal(1);
    });

    it('wait for the startup probe, and for the initial delay', async () => {
      healthy = false;
      const startupProbe = ask({ initialDelaySeconds: 5, failureThreshold: 10, periodSeconds: 1 });
      const livenessProbe = ask({ failureThreshold: 1 });
      await send([testPod('p', { containers: [testContainer('web', { startupProbe, livenessProbe })] })]);
      await clock.advance(4 * s);
      expect(count('exec web/0 ask')).to.equal(0);
      await clock.advance(3 * s);
      expect(first('p')).to.include({ started: false, ready: false });
      healthy = true;
      await clock.advance(1 * s);
      expect(first('p')).to.include({ started: true, ready: true, restartCount: 0 });
    });

    it('kill a container that never starts', async () => {
      healthy = false;
      const startupProbe = ask({ failureThreshold: 2, periodSeconds: 1 });
      await send([testPod('p', { containers: [testContainer('web', { startupProbe })] })]);
      await clock.advance(1 * s);
      expect(count('signal web/0 SIGTERM')).to.equal(1);
    });

    it('end with the pod: nothing ticks afterwards', async () => {
      const pod = testPod('p', { containers: [testContainer('web', { livenessProbe: ask(), readinessProbe: ask() })] });
      await send([pod]);
      await send([deleting(pod, 0)]);
      await clock.advance(1 * s);
      expect(clock.pendingTimers).to.equal(0);
    });
  });

  describe('after a restart of the agent', () => {
    const restart = async () => {
      await reconciler.stop();
      reconciler = create();
      await reconciler.recover();
      await clock.advance(0);
    };

    it('finds containers whose launch was never written down', async () => {
      await send([testPod('p')]);
      const before = host.running()[0];
      const record = JSON.parse(saved.get('uid-p')!) as PodRecord;
      const forgotten = { ...record.containers['web']!, attempt: -1, running: undefined };
      saved.set('uid-p', JSON.stringify({ ...record, containers: { web: forgotten } }));
      await restart();
      expect(host.running()).to.deep.equal([before]);
      expect(first('p')?.state?.running).to.not.equal(undefined);
    });

    it('continues a back-off where it was', async () => {
      await send([testPod('p')]);
      host.exit('web', 1);
      await clock.advance(0);
      host.exit('web', 1);
      await clock.advance(4 * s);
      await restart();
      await clock.advance(5 * s);
      expect(host.running()).to.deep.equal([]);
      await clock.advance(1 * s);
      expect(host.running()[0]?.key.attempt).to.equal(2);
    });

    it('counts containers as lost after a reboot, and starts them again', async () => {
      await send([testPod('p')]);
      host.reboot();
      await restart();
      expect(first('p')?.lastState?.terminated).to.include({ exitCode: 137, reason: 'ContainerStatusUnknown' });
      expect(host.running()[0]?.key.attempt).to.equal(1);
    });

    it('carries on with a deletion', async () => {
      host.obedient = false;
      const pod = testPod('p');
      await send([pod]);
      await send([deleting(pod, 30)]);
      await clock.advance(10 * s);
      await restart();
      await clock.advance(19 * s);
      expect(count('signal web/0 SIGKILL')).to.equal(0);
      await clock.advance(1 * s);
      expect(terminated).to.deep.equal(['p']);
    });

    it('removes what the complete set does not have', async () => {
      await send([testPod('p')]);
      saved.clear();
      await restart();
      await send([], { complete: true });
      expect(count('destroy uid-p')).to.equal(1);
    });

    it('takes up running containers of a lost checkpoint when their pod comes', async () => {
      await send([testPod('p')]);
      saved.clear();
      await restart();
      await send([testPod('p')], { complete: true });
      expect(count('launch web/0')).to.equal(1);
      expect(first('p')?.state?.running).to.not.equal(undefined);
    });
  });

  it('tells that nothing is left of a pod that was never here', async () => {
    await send([deleting(testPod('ghost'), 30)]);
    expect(terminated).to.deep.equal(['ghost']);
    expect(host.journal).to.deep.equal(['destroy uid-ghost']);
  });

  it('launches at most eight at a time', async () => {
    let now = 0;
    let most = 0;
    const open: (() => void)[] = [];
    host.beforeLaunch = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise<void>((resolve) => open.push(resolve));
      now -= 1;
    };
    await send(Array.from({ length: 20 }, (_, index) => testPod(`p${index}`)));
    while (host.running().length < 20) {
      open.splice(0).forEach((release) => release());
      await clock.advance(0);
    }
    expect(most).to.equal(8);
  });
});

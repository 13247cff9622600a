import { expect } from 'chai';
import type { ContainerStatus, Node, Pod, PodCondition, PodStatus } from '../../src/api/types.gen.ts';
import { explainPod } from '../../src/cli/explain-pod.ts';

const pod = (status: PodStatus, more: Partial<Pod['metadata']> = {}, nodeName: string | undefined = 'node-1'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', ...more },
  spec: {
    ...(nodeName === '' ? {} : { nodeName }),
    containers: [{ name: 'main', resources: { limits: { memory: '32Mi' } } }],
  },
  status,
});
const condition = (type: string, status: 'True' | 'False', message?: string): PodCondition => ({
  type,
  status,
  ...(message === undefined ? {} : { message }),
});
const container = (status: Partial<ContainerStatus>): ContainerStatus => ({
  name: 'main',
  image: '',
  imageID: '',
  ready: false,
  restartCount: 0,
  ...status,
});

describe('explainPod', () => {
  it('gives the reason of the placement and advice for each part of it', () => {
    const message = '0/3 nodes are available: 2 insufficient cpu, 1 had untolerated taint {dedicated: gpu}';
    const found = explainPod(pod({ conditions: [condition('PodScheduled', 'False', message)] }, {}, ''), []);
    expect(found.healthy).to.equal(false);
    expect(found.reason).to.contain(message);
    expect(found.nextSteps.join()).to.match(/requests.*taint/);
  });

  it('names the limit that an OOM kill hit', () => {
    const killed = { reason: 'OOMKilled', exitCode: 137, message: 'used 33554432 of 33554432 bytes' };
    const looping = container({
      restartCount: 3,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: killed },
    });
    const found = explainPod(pod({ containerStatuses: [looping] }), []);
    expect(found.reason).to.contain('OOMKilled, exit code 137');
    expect(found.evidence).to.include('3 restarts so far').and.include(killed.message);
    expect(found.nextSteps[0]).to.contain('32Mi');
    expect(found.nextSteps[1]).to.contain('--previous');
  });

  const cases: [string, Pod, boolean, RegExp][] = [
    ['pending without a reason', pod({}, {}, ''), false, /not been placed/],
    [
      'bad image',
      pod({
        containerStatuses: [container({ state: { waiting: { reason: 'ErrImagePull', message: 'no such image' } } })],
      }),
      false,
      /no such image/,
    ],
    [
      'failed',
      pod({
        phase: 'Failed',
        containerStatuses: [container({ state: { terminated: { exitCode: 3, reason: 'Error' } } })],
      }),
      false,
      /exit code 3/,
    ],
    ['completed', pod({ phase: 'Succeeded' }), true, /completed/],
    ['deleting', pod({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }), false, /being deleted/],
    ['held by a finalizer', pod({}, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['x/y'] }), false, /x\/y/],
    ['lost node', pod({ reason: 'NodeLost' }), false, /node-1 is not heard of/],
    [
      'not ready',
      pod({ conditions: [condition('Ready', 'False')], containerStatuses: [container({})] }),
      false,
      /not ready: main/,
    ],
    ['running', pod({ conditions: [condition('Ready', 'True')] }), true, /running and ready/],
  ];
  for (const [name, subject, healthy, reason] of cases) {
    it(name, () => {
      const found = explainPod(subject, []);
      expect(found.healthy).to.equal(healthy);
      expect(found.reason).to.match(reason);
      if (!healthy) expect(found.nextSteps).to.not.be.empty;
    });
  }

  it('quotes the warnings among the events', () => {
    const metadata = { name: 'e' };
    const involvedObject = {};
    const found = explainPod(pod({ conditions: [condition('Ready', 'False')] }), [
      { apiVersion: 'v1', kind: 'Event', metadata, involvedObject, type: 'Normal', reason: 'Started', message: 'fine' },
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata,
        involvedObject,
        type: 'Warning',
        reason: 'Unhealthy',
        message: 'probe failed',
        count: 4,
      },
    ]);
    expect(found.evidence).to.deep.equal(['event Unhealthy: probe failed (4 times)']);
  });

  const node = (name: string, ready: 'True' | 'Unknown'): Node => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: {} },
    status: {
      allocatable: { cpu: '2', memory: '4Gi', pods: '10' },
      conditions: [{ type: 'Ready', status: ready, message: 'the agent went away' }],
    },
  });

  it('judges every node anew, with the nearest miss', () => {
    const waiting: Pod = {
      ...pod({ conditions: [condition('PodScheduled', 'False', 'too big')] }, {}, ''),
      spec: { containers: [{ name: 'main', resources: { requests: { cpu: '50' } } }] },
    };
    const found = explainPod(waiting, [], { nodes: [node('node-1', 'True')], pods: [waiting] });
    expect(found.evidence.join()).to.contain(
      '1 of 1 nodes: insufficient cpu; nearest miss: node-1 has 2 of 2 cpus free',
    );
  });

  it('looks at the node it runs on', () => {
    const running = pod({ phase: 'Running', conditions: [condition('Ready', 'True')] });
    const lost = explainPod(running, [], { nodes: [node('node-1', 'Unknown')], pods: [] });
    expect(lost.reason).to.contain('node-1 is not heard of');
    expect(lost.evidence.join()).to.contain('the agent went away');
    expect(explainPod(running, [], { nodes: [], pods: [] }).reason).to.contain('no longer in the cluster');
    expect(explainPod(running, [], { nodes: [node('node-1', 'True')], pods: [] }).healthy).to.equal(true);
  });
});

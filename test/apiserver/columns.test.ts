import { expect } from 'chai';
import type { ApiObject } from '../../src/api/object.ts';
import { columnsOf } from '../../src/apiserver/columns.ts';
import { humanDuration } from '../../src/apiserver/columns/human-duration.ts';
import { summarisePod } from '../../src/apiserver/columns/pod-status.ts';

const nowMs = Date.parse('2024-01-01T12:00:00Z');
const object = (fields: object): ApiObject => ({
  apiVersion: 'v1',
  kind: 'X',
  metadata: { name: 'x', creationTimestamp: '2024-01-01T11:00:00Z' },
  ...fields,
});
/** The cells of a row by their column's name. */
const row = (storage: string, fields: object): Record<string, unknown> =>
  Object.fromEntries(columnsOf(storage).map(({ name, cell }) => [name, cell(object(fields), nowMs)]));
const headers = (storage: string): string => {
  const columns = columnsOf(storage);
  const names = (priority: number) =>
    columns.filter((column) => column.priority === priority).map((column) => column.name.toUpperCase());
  const wide = names(1);
  return names(0).join(' ') + (wide.length > 0 ? ` [${wide.join(' ')}]` : '');
};

describe('columns', () => {
  it('are those of kubectl', () => {
    const expected: Record<string, string> = {
      pods: 'NAME READY STATUS RESTARTS AGE [IP NODE NOMINATED NODE READINESS GATES]',
      'deployments.apps': 'NAME READY UP-TO-DATE AVAILABLE AGE [CONTAINERS IMAGES SELECTOR]',
      'replicasets.apps': 'NAME DESIRED CURRENT READY AGE [CONTAINERS IMAGES SELECTOR]',
      services: 'NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE [SELECTOR]',
      nodes: 'NAME STATUS ROLES AGE VERSION [INTERNAL-IP EXTERNAL-IP OS-IMAGE KERNEL-VERSION CONTAINER-RUNTIME]',
      events: 'LAST SEEN TYPE REASON OBJECT MESSAGE [SUBOBJECT SOURCE FIRST SEEN COUNT NAME]',
      namespaces: 'NAME STATUS AGE',
      configmaps: 'NAME DATA AGE',
      secrets: 'NAME TYPE DATA AGE',
      serviceaccounts: 'NAME SECRETS AGE',
      endpoints: 'NAME ENDPOINTS AGE',
      'endpointslices.discovery.k8s.io': 'NAME ADDRESSTYPE PORTS ENDPOINTS AGE',
      'priorityclasses.scheduling.k8s.io': 'NAME VALUE GLOBAL-DEFAULT AGE PREEMPTIONPOLICY',
      'leases.coordination.k8s.io': 'NAME HOLDER AGE',
      resourcequotas: 'NAME REQUEST LIMIT AGE',
      'apps.tepui.dev': 'NAME READY UP-TO-DATE AVAILABLE AGE [IMAGE COMMAND]',
      'widgets.example.org': 'NAME AGE',
    };
    for (const [storage, text] of Object.entries(expected)) expect(headers(storage), storage).to.equal(text);
  });

  it('show workloads', () => {
    const spec = {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { spec: { containers: [{ name: 'a', image: 'i:1' }, { name: 'b' }] } },
    };
    const status = { replicas: 3, readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1 };
    expect(row('deployments.apps', { spec, status })).to.deep.equal({
      Name: 'x',
      Ready: '2/3',
      'Up-to-date': 3,
      Available: 1,
      Age: '60m',
      Containers: 'a,b',
      Images: 'i:1',
      Selector: 'app=web',
    });
    expect(row('replicasets.apps', { spec, status })).to.include({ Desired: 3, Current: 3, Ready: 2 });
    const app = { spec: { replicas: 2, image: 'i:1' }, status: { replicas: { ready: 1, updated: 2, available: 1 } } };
    expect(row('apps.tepui.dev', app)).to.include({ Ready: '1/2', 'Up-to-date': 2, Image: 'i:1', Command: '<none>' });
  });

  it('show what the cluster is made of', () => {
    const node = {
      metadata: { name: 'n', labels: { 'node-role.kubernetes.io/server': '', 'kubernetes.io/role': 'agent' } },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: 'Ready', status: 'True' }],
        addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
        nodeInfo: { kubeletVersion: 'v1' },
      },
    };
    expect(row('nodes', node)).to.include({
      Status: 'Ready,SchedulingDisabled',
      Roles: 'agent,server',
      Version: 'v1',
      Age: '<unknown>',
      'Internal-IP': '10.0.0.1',
      'External-IP': '<none>',
      'OS-Image': '<unknown>',
    });
    expect(row('nodes', {})).to.include({ Status: 'Unknown', Roles: '<none>' });
    expect(row('namespaces', { status: { phase: 'Active' } })).to.include({ Status: 'Active' });
    expect(row('priorityclasses.scheduling.k8s.io', { value: 5 })).to.include({ Value: 5, 'Global-Default': 'false' });
    expect(row('leases.coordination.k8s.io', { spec: { holderIdentity: 'me' } })).to.include({ Holder: 'me' });
    const quota = { status: { hard: { pods: '5', 'limits.cpu': '2' }, used: { pods: '1' } } };
    expect(row('resourcequotas', quota)).to.include({ Request: 'pods: 1/5', Limit: 'limits.cpu: 0/2' });
  });

  it('show services and where they lead', () => {
    const service = {
      spec: { type: 'NodePort', clusterIP: '10.0.0.9', ports: [{ port: 80, nodePort: 30080 }], selector: { a: 'b' } },
    };
    expect(row('services', service)).to.include({
      'External-IP': '<none>',
      'Port(s)': '80:30080/TCP',
      Selector: 'a=b',
    });
    expect(row('services', { spec: { type: 'LoadBalancer' } })).to.include({
      'External-IP': '<pending>',
      'Port(s)': '<none>',
    });
    expect(row('services', { spec: { type: 'ExternalName', externalName: 'a.example' } })).to.include({
      'External-IP': 'a.example',
    });
    const subsets = [{ addresses: ['1', '2', '3', '4'].map((ip) => ({ ip })), ports: [{ port: 80 }] }];
    expect(row('endpoints', { subsets })).to.include({ Endpoints: '1:80,2:80,3:80 + 1 more...' });
    const slice = { addressType: 'IPv4', ports: [{ port: 80 }], endpoints: [{ addresses: ['1.1.1.1'] }] };
    expect(row('endpointslices.discovery.k8s.io', slice)).to.include({ Ports: '80', Endpoints: '1.1.1.1' });
    expect(row('endpointslices.discovery.k8s.io', {})).to.include({ Ports: '<unset>', Endpoints: '<unset>' });
  });

  it('show events in either shape', () => {
    const core = {
      involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec' },
      type: 'Normal',
      reason: 'Started',
      message: ' started \n',
      source: { component: 'agent', host: 'n1' },
      firstTimestamp: '2024-01-01T11:00:00Z',
      lastTimestamp: '2024-01-01T11:59:00Z',
      count: 3,
    };
    expect(row('events', core)).to.deep.equal({
      'Last Seen': '60s',
      Type: 'Normal',
      Reason: 'Started',
      Object: 'pod/p',
      Subobject: 'spec',
      Source: 'agent, n1',
      Message: 'started',
      'First Seen': '60m',
      Count: 3,
      Name: 'x',
    });
    const newer = {
      regarding: { kind: 'Node' },
      note: 'gone',
      reportingController: 'c',
      eventTime: '2024-01-01T11:58:00.000000Z',
      series: { count: 7, lastObservedTime: '2024-01-01T11:59:50.000000Z' },
    };
    expect(row('events', newer)).to.include({
      'Last Seen': '10s',
      Object: 'node',
      Message: 'gone',
      Source: 'c',
      Count: 7,
      'First Seen': '2m',
    });
  });
});

describe('summarisePod', () => {
  const containers = [{ name: 'a' }, { name: 'b' }];
  const running = (name: string, ready = true) => ({ name, ready, restartCount: 0, state: { running: {} } });
  const ended = (name: string, terminated: object) => ({ name, ready: false, restartCount: 0, state: { terminated } });
  const pod = (status: object, spec: object = {}, metadata: object = {}): ApiObject =>
    object({ metadata: { name: 'p', ...metadata }, spec: { containers, ...spec }, status });
  const said = (status: object, spec?: object, metadata?: object): string => {
    const { status: word, ready, total, restarts } = summarisePod(pod(status, spec, metadata), nowMs);
    return `${ready}/${total} ${word} ${restarts}`;
  };

  it('names the state that matters', () => {
    const of = (...containerStatuses: object[]) => ({ phase: 'Running', containerStatuses });
    expect(said({ phase: 'Pending' })).to.equal('0/2 Pending 0');
    expect(said(of(running('a'), running('b')))).to.equal('2/2 Running 0');
    expect(
      said(of(running('a'), { ...running('b', false), state: { waiting: { reason: 'CrashLoopBackOff' } } })),
    ).to.equal('1/2 CrashLoopBackOff 0');
    expect(said(of(ended('a', { reason: 'OOMKilled' }), running('b')))).to.equal('1/2 OOMKilled 0');
    expect(said(of(ended('a', { exitCode: 3 })))).to.equal('0/2 ExitCode:3 0');
    expect(said(of(ended('a', { signal: 9 })))).to.equal('0/2 Signal:9 0');
    expect(said(of(ended('a', { reason: 'Completed' }), running('b')))).to.equal('1/2 NotReady 0');
    const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
    expect(said({ ...of(ended('a', { reason: 'Completed' }), running('b')), ...ready })).to.equal('1/2 Running 0');
    expect(said({ phase: 'Failed', reason: 'Evicted' })).to.equal('0/2 Evicted 0');
    const gate = { conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] };
    expect(said({ phase: 'Pending', ...gate })).to.equal('0/2 SchedulingGated 0');
  });

  it('tells of deletion', () => {
    const deleted = { deletionTimestamp: '2024-01-01T12:00:00Z' };
    expect(said({ phase: 'Running' }, {}, deleted)).to.equal('0/2 Terminating 0');
    expect(said({ phase: 'Running', reason: 'NodeLost' }, {}, deleted)).to.equal('0/2 Unknown 0');
    expect(said({ phase: 'Succeeded' }, {}, deleted)).to.equal('0/2 Succeeded 0');
  });

  it('counts restarts and says when the last one was', () => {
    const lastState = { terminated: { finishedAt: '2024-01-01T11:57:00Z' } };
    const containerStatuses = [
      { ...running('a'), restartCount: 2, lastState },
      { ...running('b'), restartCount: 1 },
    ];
    expect(said({ phase: 'Running', containerStatuses })).to.equal('2/2 Running 3 (3m ago)');
  });

  it('follows init containers and sidecars', () => {
    const initContainers = [{ name: 'i' }, { name: 's', restartPolicy: 'Always' }];
    const init = (...initContainerStatuses: object[]) => ({ phase: 'Pending', initContainerStatuses });
    expect(said(init({ ...running('i'), restartCount: 1 }), { initContainers })).to.equal('0/3 Init:0/2 1');
    expect(said(init(ended('i', { reason: 'Error', exitCode: 1 })), { initContainers })).to.equal('0/3 Init:Error 0');
    const waiting = { ...running('i', false), state: { waiting: { reason: 'ErrImagePull' } } };
    expect(said(init(waiting), { initContainers })).to.equal('0/3 Init:ErrImagePull 0');
    const sidecar = { ...running('s'), started: true, restartCount: 4 };
    const all = {
      ...init(ended('i', { exitCode: 0 }), sidecar),
      phase: 'Running',
      containerStatuses: [running('a'), running('b')],
    };
    expect(said(all, { initContainers })).to.equal('3/3 Running 4');
  });
});

describe('humanDuration', () => {
  it('has two units at most', () => {
    const second = 1000;
    const minute = 60 * second;
    const hour = 60 * minute;
    const day = 24 * hour;
    const cases: [number, string][] = [
      [-5 * second, '<invalid>'],
      [-500, '0s'],
      [119 * second, '119s'],
      [2 * minute, '2m'],
      [9 * minute + 59 * second, '9m59s'],
      [10 * minute + 5 * second, '10m'],
      [179 * minute, '179m'],
      [3 * hour + 20 * minute, '3h20m'],
      [8 * hour + 5 * minute, '8h'],
      [47 * hour, '47h'],
      [2 * day + 3 * hour, '2d3h'],
      [8 * day + hour, '8d'],
      [700 * day, '700d'],
      [800 * day, '2y70d'],
      [3650 * day, '10y'],
    ];
    for (const [ms, text] of cases) expect(humanDuration(ms), text).to.equal(text);
  });
});

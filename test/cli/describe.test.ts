import { expect } from 'chai';
import type { ApiObject } from '../../src/api/object.ts';
import { describeObject } from '../../src/cli/describe.ts';

const nowMs = Date.parse('2026-01-01T01:00:00Z');
const object = (apiVersion: string, kind: string, more: object): ApiObject => ({
  apiVersion,
  kind,
  metadata: { name: 'web', namespace: 'shop', creationTimestamp: '2026-01-01T00:00:00Z' },
  ...more,
});
const show = (subject: ApiObject, related: readonly ApiObject[] = []) => describeObject(subject, [], nowMs, related);

const pod = object('v1', 'Pod', {
  spec: {
    nodeName: 'one',
    containers: [
      {
        name: 'main',
        command: ['/bin/sh', '-c', "echo 'hi'"],
        resources: { requests: { cpu: '500m', memory: '1Gi' } },
        env: [
          { name: 'PLAIN', value: 'x' },
          { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } },
        ],
        volumeMounts: [{ name: 'conf', mountPath: '/etc/conf', readOnly: true }],
        readinessProbe: { httpGet: { port: 80, path: '/ok' } },
      },
    ],
    volumes: [{ name: 'conf', configMap: { name: 'settings' } }],
  },
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'main',
        restartCount: 2,
        ready: false,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 20s' } },
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-01-01T00:59:00Z' } },
      },
    ],
  },
});

describe('describe by kind', () => {
  it('shows a pod with states, probes, variables, mounts and volumes', () => {
    const text = show(pod);
    expect(text).to.match(/State: +Waiting \(CrashLoopBackOff\): back-off 20s/);
    expect(text).to.match(/Last state: +Terminated \(OOMKilled\): exit code 137, 60s ago/);
    expect(text).to.match(/Restarts: +2/);
    expect(text).to.match(/Readiness: +http-get :80\/ok/);
    expect(text).to.contain('<key token of secret keys>').and.contain('/etc/conf from conf, read-only');
    expect(text).to.match(/conf +configMap +settings/);
    expect(text).to.contain(`/bin/sh -c 'echo '\\''hi'\\'''`);
  });

  it('adds up what the pods on a node take', () => {
    const node = object('v1', 'Node', {
      spec: { unschedulable: true },
      status: {
        capacity: { cpu: '2', memory: '4Gi', pods: '10' },
        allocatable: { cpu: '2', memory: '4Gi', pods: '10' },
      },
    });
    const text = show(node, [pod, { ...pod, status: { phase: 'Succeeded' } }]);
    expect(text).to.match(/cpu +2 +2 +0\.5 \(25%\)/);
    expect(text).to.match(/memory +4Gi +4Gi +1Gi \(25%\)/);
    expect(text).to.match(/pods +10 +10 +1 \(10%\)/);
    expect(text).to.contain('cordoned');
  });

  it('shows the replica sets and pods of a deployment', () => {
    const deployment = object('apps/v1', 'Deployment', {
      spec: {
        replicas: 3,
        paused: true,
        selector: { matchLabels: { app: 'web' } },
        template: { spec: { containers: [{ name: 'main', image: 'oci:/i' }] } },
      },
      status: { replicas: 3, readyReplicas: 1 },
    });
    const set = object('apps/v1', 'ReplicaSet', { spec: { replicas: 3 }, status: { readyReplicas: 1 } });
    const text = show(deployment, [set, pod]);
    expect(text).to.match(/Replicas: +3 wanted, .*1 ready/);
    expect(text).to.match(/Paused: +yes/);
    expect(text).to.match(/Replica sets:\n.*\n +web +3 +1 +60m/);
    expect(text).to.match(/Pods:\n.*\n +web +Running +no +one +60m/);
  });

  it('shows a quota by resource', () => {
    const quota = object('v1', 'ResourceQuota', { spec: { hard: { pods: '4' } }, status: { used: { pods: '3' } } });
    expect(show(quota)).to.match(/RESOURCE +USED +HARD\n +pods +3 +4/);
  });

  it('shows names and sizes of a secret, the texts of a config map', () => {
    const secret = show(object('v1', 'Secret', { type: 'Opaque', data: { password: 'aHVudGVyMg==' } }));
    expect(secret)
      .to.match(/password +7 bytes/)
      .and.not.contain('aHVudGVyMg');
    expect(show(object('v1', 'ConfigMap', { data: { 'a.txt': 'one\ntwo\n' } }))).to.contain('a.txt:\n  one\n  two');
  });
});

// What isolation promises, against the real kernel: memory, processes, CPU, and what a container can see.
import { expect } from 'chai';
import { startCluster, type Cluster } from './support/cluster.ts';
import { cgroupsNamed } from './support/traces.ts';

const pod = (name: string, command: string, resources: string, extra = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  ${extra}
  containers:
  - name: main
    command: ['/bin/sh', '-c', ${JSON.stringify(command)}]
    resources: ${resources}
`;

interface Status {
  readonly status: {
    readonly phase: string;
    readonly containerStatuses: {
      restartCount: number;
      state: { waiting?: { reason: string; message: string } };
      lastState: { terminated?: { reason: string; exitCode: number; message: string } };
    }[];
  };
}

describe('isolation', () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster.destroy());

  const apply = (text: string) => cluster.kubectl(['apply', '-f', '-'], text);
  const waitFor = (name: string, path: string, value: string) =>
    cluster.kubectl(['wait', `pod/${name}`, `--for=jsonpath={${path}}=${value}`, '--timeout=60s']);

  it('kills a container over its memory limit, says OOMKilled, and restarts it with back-off', async () => {
    await apply(pod('hog', 'x=a; while true; do x=$x$x; done', '{ limits: { memory: 32Mi } }'));
    await waitFor('hog', '.status.containerStatuses[0].lastState.terminated.reason', 'OOMKilled');
    await waitFor('hog', '.status.containerStatuses[0].state.waiting.reason', 'CrashLoopBackOff');
    const { status } = await cluster.get<Status>('pod', 'hog');
    expect(status.containerStatuses[0]?.restartCount).to.be.at.least(1);
    const ended = status.containerStatuses[0]?.lastState.terminated;
    expect(ended?.exitCode).to.equal(137);
    expect(ended?.message).to.match(/limit of 32\.0 MiB \(peak 3\d\.\d MiB\).*limits\.memory/);
    expect(status.containerStatuses[0]?.state.waiting?.message).to.match(/^back-off 10s restarting failed container/);
  });

  it('lets a container live on whose child was killed for memory, and blames the limit when it does not', async () => {
    const child = "sh -c 'x=a; while true; do x=$x$x; done'";
    const limits = '{ limits: { memory: 32Mi } }';
    await apply(pod('survivor', `${child}; echo child ended with $?; exit 0`, limits, 'restartPolicy: Never'));
    await apply(pod('mourner', `${child}; exit $?`, limits, 'restartPolicy: Never'));
    await waitFor('survivor', '.status.phase', 'Succeeded');
    await waitFor('survivor', '.status.containerStatuses[0].state.terminated.reason', 'Completed');
    expect((await cluster.kubectl(['logs', 'survivor'])).stdout).to.contain('child ended with 137');
    await waitFor('mourner', '.status.phase', 'Failed');
    await waitFor('mourner', '.status.containerStatuses[0].state.terminated.reason', 'OOMKilled');
  });

  it('stops a fork bomb at the limit of processes', async () => {
    const bomb = 'n=0; while [ $n -lt 20000 ]; do sleep 100 & n=$((n+1)); done; echo made all';
    await apply(pod('bomb', bomb, '{ limits: { memory: 512Mi } }', 'restartPolicy: Never'));
    await waitFor('bomb', '.status.phase', 'Failed');
    expect((await cluster.kubectl(['logs', 'bomb'])).stdout).to.not.contain('made all');
    await cluster.kubectl(['get', 'nodes']);
  });

  it('ends a bomb of thousands of processes at once, though its CPU limit leaves them next to nothing', async () => {
    const bomb = 'b() { b | b & }; b; exec sleep 1000';
    await apply(pod('squeezed', bomb, '{ limits: { cpu: 200m } }', 'terminationGracePeriodSeconds: 1'));
    const { metadata } = await cluster.get<{ metadata: { uid: string } }>('pod', 'squeezed');
    await cluster.kubectl(['wait', 'pod/squeezed', '--for=condition=Ready', '--timeout=60s']);
    await cluster.until(['logs', 'squeezed', '--follow'], /fork/i);
    await cluster.kubectl(['delete', 'pod', 'squeezed', '--timeout=30s']);
    expect(cgroupsNamed(metadata.uid)).to.deep.equal([]);
  });

  it('holds a busy loop to limits.cpu within 10 %', async () => {
    // The loop measures itself: CPU time it got between two readings of the clock.
    const loop =
      'read a < /proc/uptime; while true; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; read b < /proc/uptime; ' +
      '[ ${b%%.*} -ge $((${a%%.*}+8)) ] && break; done; cat /proc/self/stat /proc/1/stat; echo $a; echo $b';
    await apply(pod('busy', loop, '{ limits: { cpu: 250m } }', 'restartPolicy: Never'));
    await waitFor('busy', '.status.phase', 'Succeeded');
    const lines = (await cluster.kubectl(['logs', 'busy'])).stdout.trim().split('\n');
    const shell = (lines[1] ?? '').split(' ');
    const cpuSeconds = (Number(shell[13]) + Number(shell[14])) / 100;
    const [start, end] = lines.slice(2).map((line) => Number(line.split(' ')[0]));
    expect(cpuSeconds / ((end ?? 0) - (start ?? 0))).to.be.within(0.225, 0.275);
  });

  it('shows a container only its own processes, and a host file system it cannot write', async () => {
    const look = 'ls -d /proc/[0-9]* | wc -l; touch /usr/x 2>/dev/null && echo wrote; touch ./x && echo sandbox';
    await apply(pod('look', look, '{}', 'restartPolicy: Never'));
    await waitFor('look', '.status.phase', 'Succeeded');
    const [processes, ...rest] = (await cluster.kubectl(['logs', 'look'])).stdout.trim().split('\n');
    expect(Number(processes)).to.be.at.most(4);
    expect(rest).to.deep.equal(['sandbox']);
  });
});

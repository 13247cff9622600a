// SIGKILL of server, agent, or both: everything is as applied afterwards, and running containers keep their pids.
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { startCluster, type Cluster } from './support/cluster.ts';
import { processesNamed } from './support/traces.ts';

const marker = 'sleep 86399';
const steady = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: steady }
spec:
  replicas: 3
  selector: { matchLabels: { app: steady } }
  template:
    metadata: { labels: { app: steady } }
    spec:
      containers:
      - name: main
        command: ['/bin/sh', '-c', 'exec ${marker}']
`;

describe('crashes', () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
    await cluster.kubectl(['apply', '-f', '-'], steady);
    await cluster.kubectl(['rollout', 'status', 'deployment/steady', '--timeout=60s']);
  });
  after(() => cluster.destroy());

  /** Host pids of the containers' main processes: conmon and runc carry other command lines. */
  const pids = () =>
    processesNamed(marker)
      .filter((pid) => readFileSync(`/proc/${String(pid)}/comm`, 'utf8').trim() === 'sleep')
      .sort();

  const asApplied = async (before: number[]) => {
    await cluster.kubectl(['rollout', 'status', 'deployment/steady', '--timeout=60s']);
    expect(pids()).to.deep.equal(before);
    const restarts = await cluster.kubectl([
      'get',
      'pods',
      '-o',
      'jsonpath={.items[*].status.containerStatuses[0].restartCount}',
    ]);
    expect(restarts.stdout).to.equal('0 0 0');
  };

  it('of the server', async () => {
    const before = pids();
    expect(before).to.have.length(3);
    await cluster.stop('SIGKILL');
    await cluster.start();
    await asApplied(before);
  });

  it('of the agent, which the server starts again', async () => {
    const before = pids();
    const [node] = await cluster.nodeNames();
    process.kill(cluster.agentPid(node ?? ''), 'SIGKILL');
    await cluster.kubectl([
      'run',
      'after',
      '--image=none',
      '--restart=Never',
      '--command',
      '--overrides',
      '{"spec":{"containers":[{"name":"after","command":["true"]}]}}',
      '--',
      'true',
    ]);
    await cluster.kubectl(['wait', 'pod/after', '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s']);
    await asApplied(before);
  });

  it('of both at once, with exits that happened meanwhile reported', async () => {
    const before = pids();
    const [node] = await cluster.nodeNames();
    process.kill(cluster.agentPid(node ?? ''), 'SIGKILL');
    await cluster.stop('SIGKILL');
    process.kill(before[0] ?? 0, 'SIGKILL');
    await cluster.start();
    await cluster.kubectl(['rollout', 'status', 'deployment/steady', '--timeout=60s']);
    await cluster.kubectl(['wait', 'deployment/steady', '--for=jsonpath={.status.readyReplicas}=3', '--timeout=60s']);
    expect(pids()).to.include.members(before.slice(1));
    const restarts = await cluster.kubectl([
      'get',
      'pods',
      '-l',
      'app=steady',
      '-o',
      'jsonpath={.items[*].status.containerStatuses[0].restartCount}',
    ]);
    expect(restarts.stdout.split(' ').sort()).to.deep.equal(['0', '0', '1']);
  });

  it('of the server in the middle of a rollout', async () => {
    await cluster.kubectl(['apply', '-f', '-'], steady.replace('replicas: 3', 'replicas: 5'));
    await cluster.kubectl(['rollout', 'restart', 'deployment/steady']);
    await cluster.stop('SIGKILL');
    await cluster.start();
    await cluster.kubectl(['rollout', 'status', 'deployment/steady', '--timeout=90s']);
    const deployment = await cluster.get<{ status: { updatedReplicas: number } }>('deployment', 'steady');
    expect(deployment.status.updatedReplicas).to.equal(5);
  });
});

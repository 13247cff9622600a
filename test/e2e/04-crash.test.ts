// SIGKILL of server, agent, or both: everything is as applied afterwards, and running containers keep their pids.
import { expect } from 'chai';
import { startCluster, type Cluster } from './support/cluster.ts';
import { longSleep, parentOf, pidsByPod } from './support/containers.ts';
import { commandLine } from './support/traces.ts';

const command = longSleep(399);
const once = longSleep(397);
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
      terminationGracePeriodSeconds: 1
      containers:
      - name: main
        command: ['/bin/sh', '-c', 'exec ${command}']
`;
const brief = (name: string, script: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  restartPolicy: Never
  containers:
  - name: main
    command: ['/bin/sh', '-c', '${script}']
`;

interface PodList {
  readonly items: {
    readonly metadata: { readonly name: string; readonly uid: string };
    readonly status: { readonly containerStatuses: readonly { readonly restartCount: number }[] };
  }[];
}

let cluster: Cluster;
let node: string;

const apply = (text: string) => cluster.kubectl(['apply', '-f', '-'], text);
const waitFor = (name: string, path: string, value: string) =>
  cluster.kubectl(['wait', `pod/${name}`, `--for=jsonpath={${path}}=${value}`, '--timeout=60s']);
const steadyPods = async () => (await cluster.get<PodList>('pods', '-l', 'app=steady')).items;
const killAgent = (signal: NodeJS.Signals = 'SIGKILL') => process.kill(cluster.agentPid(node), signal);

/** Only an agent and a server that work together can do that. */
async function runsNewPods(name: string): Promise<void> {
  await apply(brief(name, 'exit 0'));
  await waitFor(name, '.status.phase', 'Succeeded');
}

/** The pods and processes are those of before, none was restarted, and none is there twice. */
async function expectUnharmed(before: ReadonlyMap<string, readonly number[]>): Promise<void> {
  expect([...before.values()].map((pids) => pids.length)).to.deep.equal([1, 1, 1]);
  expect(pidsByPod(command)).to.deep.equal(before);
  const pods = await steadyPods();
  expect(pods.map((pod) => pod.metadata.uid)).to.have.members([...before.keys()]);
  expect(pods.map((pod) => pod.status.containerStatuses[0]?.restartCount)).to.deep.equal([0, 0, 0]);
}

/** A process of the Deployment, and the name of its pod. */
async function someContainer(): Promise<{ pid: number; pod: string; uid: string }> {
  const [pod] = await steadyPods();
  const uid = pod?.metadata.uid ?? '';
  return { uid, pid: pidsByPod(command).get(uid)?.[0] ?? 0, pod: pod?.metadata.name ?? '' };
}

describe('crashes', () => {
  before(async () => {
    cluster = await startCluster();
    [node = ''] = await cluster.nodeNames();
    await apply(steady);
    await cluster.kubectl(['rollout', 'status', 'deployment/steady', '--timeout=60s']);
  });
  after(() => cluster.destroy());

  it('of the server', async () => {
    const before = pidsByPod(command);
    await cluster.stop('SIGKILL');
    await cluster.start();
    await runsNewPods('after-server');
    await expectUnharmed(before);
  });

  it('of the agent, which the server starts again', async () => {
    const before = pidsByPod(command);
    const former = cluster.agentPid(node);
    killAgent();
    await runsNewPods('after-agent');
    expect(cluster.agentPid(node)).to.not.equal(former);
    await expectUnharmed(before);
  });

  it('of the server, while its agent hangs: the next agent takes its place', async () => {
    const before = pidsByPod(command);
    const former = cluster.agentPid(node);
    killAgent('SIGSTOP');
    await cluster.stop('SIGKILL');
    await cluster.start();
    await runsNewPods('after-hanging-agent');
    // A zombie that nobody reaps has no command line either.
    expect(commandLine(former)).to.equal('');
    await expectUnharmed(before);
  });

  it('is not what Ctrl-C is: tasks go on, and the next start takes them over', async () => {
    const before = pidsByPod(command);
    await cluster.stop('SIGINT');
    expect(pidsByPod(command)).to.deep.equal(before);
    await cluster.start();
    await runsNewPods('after-ctrl-c');
    await expectUnharmed(before);
  });

  it('of both at once, with exits that happened meanwhile reported', async () => {
    await apply(brief('brief', `exec ${once}`));
    await waitFor('brief', '.status.phase', 'Running');
    const { pid, pod, uid } = await someContainer();
    const others = new Map([...pidsByPod(command)].filter(([other]) => other !== uid));
    killAgent();
    await cluster.stop('SIGKILL');
    for (const victim of [pid, ...[...pidsByPod(once).values()].flat()]) process.kill(victim, 'SIGKILL');
    await cluster.start();
    await waitFor('brief', '.status.phase', 'Failed');
    await waitFor('brief', '.status.containerStatuses[0].state.terminated.exitCode', '137');
    await waitFor(pod, '.status.containerStatuses[0].restartCount', '1');
    await waitFor(pod, '.status.containerStatuses[0].lastState.terminated.exitCode', '137');
    await cluster.kubectl(['wait', `pod/${pod}`, '--for=condition=Ready', '--timeout=60s']);
    const after = pidsByPod(command);
    expect(after.get(uid)).to.have.length(1);
    expect([...after].filter(([other]) => other !== uid)).to.have.deep.members([...others]);
  });

  it('of a monitor: the container goes with it, is said to be lost, and runs again', async () => {
    const { pid, pod, uid } = await someContainer();
    const { restartCount = 0 } =
      (await steadyPods()).find(({ metadata }) => metadata.uid === uid)?.status.containerStatuses[0] ?? {};
    process.kill(parentOf(pid), 'SIGKILL');
    await waitFor(pod, '.status.containerStatuses[0].restartCount', String(restartCount + 1));
    await waitFor(pod, '.status.containerStatuses[0].lastState.terminated.reason', 'ContainerStatusUnknown');
    expect(pidsByPod(command).get(uid)).to.not.include(pid);
  });
});

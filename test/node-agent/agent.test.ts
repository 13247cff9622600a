// Agent and gateway together, over real gRPC: from a bound pod to its end, through restarts of either side.
import { mkdir, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Node, Pod } from '../../src/api/types.gen.ts';
import { createAsyncQueue } from '../../src/lib/async-queue.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { Log } from '../../src/lib/log.ts';
import { dialAgentGateway } from '../../src/rpc/agent-gateway-channel.ts';
import type { AgentMessage, ServerMessage } from '../../src/rpc/agent-protocol.ts';
import { testAuthority, testClientIdentity } from '../support/authority.ts';
import { rejection } from '../support/rejection.ts';
import { createAgentCluster } from '../support/agent-cluster.ts';
import type { AgentCluster } from '../support/agent-cluster.ts';
import { testContainer, testNode, testPod } from '../support/pods.ts';

describe('agent and gateway', () => {
  let cluster: AgentCluster;
  beforeEach(async () => {
    cluster = await createAgentCluster();
  });
  afterEach(() => cluster.close());

  const pod = (name: string) => cluster.api.object<Pod>('pods', name);
  const phaseIs = (name: string, phase: string) => () => pod(name)?.status?.phase === phase;
  const nodeReady = (status: string) => () =>
    cluster.api
      .object<Node>('nodes', 'n')
      ?.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === status) ?? false;
  const deletePod = (name: string, seconds = 30) => {
    const current = pod(name)!;
    const deletion = { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: seconds };
    cluster.api.put('pods', { ...current, metadata: { ...current.metadata, ...deletion } });
  };

  it('registers the node with its facts, and runs the pods that are bound to it', async () => {
    cluster.api.put('pods', testPod('web'));
    cluster.api.put('pods', testPod('elsewhere', { nodeName: 'other' }));
    await cluster.startGateway();
    await cluster.startAgent({ labels: { zone: 'a' } });
    await cluster.api.until(phaseIs('web', 'Running'));

    const node = cluster.api.object<Node>('nodes', 'n')!;
    expect(nodeReady('True')()).to.equal(true);
    expect(node.metadata.labels).to.include({ 'kubernetes.io/hostname': 'n', zone: 'a' });
    expect(node.status?.allocatable).to.have.keys('cpu', 'memory', 'pods', 'ephemeral-storage');
    expect(cluster.host.running().map(({ key }) => key.podUid)).to.deep.equal(['uid-web']);
    const status = pod('web')!.status!;
    expect(status).to.include({ podIP: '127.0.0.1', hostIP: '127.0.0.1' });
    expect(status.conditions?.find((condition) => condition.type === 'Ready')?.status).to.equal('True');
    expect(status.containerStatuses?.[0]).to.include({ ready: true, started: true, restartCount: 0 });
    await cluster.api.until(() => cluster.events.includes('web Started spec.containers{web}'));
  });

  it('deletes a pod gracefully, and its object once nothing is left', async () => {
    await cluster.startGateway();
    await cluster.startAgent();
    cluster.api.put('pods', testPod('web'));
    await cluster.api.until(phaseIs('web', 'Running'));
    deletePod('web');
    await cluster.api.until(() => pod('web') === undefined);
    expect(cluster.host.journal).to.deep.equal([
      'prepare web',
      'launch web/0',
      'signal web/0 SIGTERM',
      'exit web/0',
      'destroy uid-web',
    ]);
  });

  it('ends what runs without an object, and removes what it does not know', async () => {
    const gateway = await cluster.startGateway();
    await cluster.startAgent();
    cluster.api.put('pods', testPod('web'));
    await cluster.api.until(phaseIs('web', 'Running'));
    cluster.api.remove('pods', 'web');
    await cluster.host.until(() => cluster.host.journal.includes('destroy uid-web'));
    await gateway.stop();
  });

  it('restarts a container that fails, and reports its last state', async () => {
    await cluster.startGateway();
    await cluster.startAgent();
    cluster.api.put('pods', testPod('web'));
    await cluster.api.until(phaseIs('web', 'Running'));
    cluster.host.exit('web', 1, 'OOMKilled');
    const status = () => pod('web')?.status?.containerStatuses?.[0];
    await cluster.api.until(() => status()?.restartCount === 1 && status()?.state?.running !== undefined);
    expect(status()?.lastState?.terminated).to.include({ exitCode: 1, reason: 'OOMKilled' });
    cluster.host.exit('web', 1);
    await cluster.api.until(() => status()?.state?.waiting?.reason === 'CrashLoopBackOff');
    expect(status()?.restartCount).to.equal(1);
  });

  it('brings a finished pod to its end and keeps it there', async () => {
    await cluster.startGateway();
    const agent = await cluster.startAgent();
    cluster.api.put('pods', testPod('job', { restartPolicy: 'Never' }));
    await cluster.api.until(phaseIs('job', 'Running'));
    cluster.host.exit('web', 0);
    await cluster.api.until(phaseIs('job', 'Succeeded'));
    await agent.stop();
    await cluster.startAgent({ containerizer: cluster.host.containerizer() });
    cluster.api.put('pods', testPod('later'));
    await cluster.api.until(phaseIs('later', 'Running'));
    expect(pod('job')?.status?.phase).to.equal('Succeeded');
    expect(cluster.host.running().map(({ key }) => key.podUid)).to.deep.equal(['uid-later']);
  });

  it('keeps containers over a restart of the agent, same pids, and reports what ended meanwhile', async () => {
    await cluster.startGateway();
    const agent = await cluster.startAgent();
    const containers = [testContainer('web'), testContainer('side')];
    cluster.api.put('pods', testPod('pair', { containers, restartPolicy: 'Never' }));
    const started = () => pod('pair')?.status?.containerStatuses?.every((status) => status.state?.running) ?? false;
    await cluster.api.until(started);
    const pids = cluster.host.running().map(({ pid }) => pid);
    await agent.stop();
    expect(cluster.host.running().map(({ pid }) => pid)).to.deep.equal(pids);
    cluster.host.exit('side', 7);
    await cluster.startAgent({ containerizer: cluster.host.containerizer() });
    const ended = () => pod('pair')?.status?.containerStatuses?.find(({ name }) => name === 'side')?.state?.terminated;
    await cluster.api.until(() => ended() !== undefined);
    expect(ended()?.exitCode).to.equal(7);
    expect(cluster.host.running().map(({ pid }) => pid)).to.deep.equal([pids[0]]);
    expect(cluster.host.journal.filter((line) => line.startsWith('launch'))).to.have.length(2);
  });

  it('goes on without a server: restarts, also after its own restart, and tells it all later', async () => {
    const gateway = await cluster.startGateway();
    const agent = await cluster.startAgent();
    cluster.api.put('pods', testPod('web'));
    await cluster.api.until(phaseIs('web', 'Running'));
    await gateway.stop();
    await agent.stop();
    cluster.host.exit('web', 3);
    await cluster.startAgent({ containerizer: cluster.host.containerizer() });
    await cluster.host.until(() => cluster.host.journal.includes('launch web/1'));
    await cluster.startGateway();
    await cluster.api.until(() => pod('web')?.status?.containerStatuses?.[0]?.restartCount === 1);
    expect(pod('web')?.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).to.equal(3);
  });

  it('reconnects to a server that comes back, and deletes what was deleted meanwhile', async () => {
    const first = await cluster.startGateway();
    await cluster.startAgent();
    cluster.api.put('pods', testPod('a'));
    cluster.api.put('pods', testPod('b'));
    await cluster.api.until(() => phaseIs('a', 'Running')() && phaseIs('b', 'Running')());
    await first.stop();
    deletePod('a');
    cluster.api.remove('pods', 'b');
    cluster.host.journal.length = 0;
    cluster.api.put('pods', testPod('c'));
    await cluster.startGateway();
    await cluster.api.until(() => pod('a') === undefined && phaseIs('c', 'Running')());
    await cluster.host.until(() => cluster.host.journal.includes('destroy uid-b'));
  });

  it('tries its servers in turn', async () => {
    const gateway = await cluster.startGateway();
    await cluster.startAgent({ servers: ['127.0.0.1:1', `127.0.0.1:${gateway.port}`] });
    await cluster.api.until(nodeReady('True'));
  });

  it('sends ConfigMaps, and their changes, to the volumes of the pods that use them', async () => {
    const settings = (value: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'default' },
      data: { key: value },
    });
    cluster.api.put('configmaps', settings('one'));
    let seen: unknown;
    cluster.host.beforeLaunch = ({ references }) => {
      seen = references.configMap('settings')?.data;
    };
    await cluster.startGateway();
    await cluster.startAgent();
    cluster.api.put('pods', testPod('web', { volumes: [{ name: 'v', configMap: { name: 'settings' } }] }));
    await cluster.api.until(phaseIs('web', 'Running'));
    expect(seen).to.deep.equal({ key: 'one' });
    cluster.api.put('configmaps', settings('two'));
    await cluster.host.until(() => cluster.host.journal.includes('volumes web {"key":"two"}'));
  });

  const firstWarning = () => {
    let tell: (text: string) => void = () => undefined;
    const warning = new Promise<string>((resolve) => (tell = resolve));
    const log: Log = { ...silentLog, warn: (fields) => tell(JSON.stringify(fields)), child: () => log };
    return { log, warning };
  };

  it('takes no second agent of the same name by token', async () => {
    await cluster.startGateway();
    await cluster.startAgent();
    await cluster.api.until(nodeReady('True'));
    const { log, warning } = firstWarning();
    await cluster.startAgent({ log, directory: `${cluster.folder}/second` });
    expect(await warning).to.contain('an agent is connected as node n');
  });

  it('lets the newest session of a node win, and tells the one before', async () => {
    const gateway = await cluster.startGateway();
    const identity = await testClientIdentity('system:node:n');
    const { certificate } = await testAuthority();
    const open = (nodeName: string) => {
      const channel = dialAgentGateway(`127.0.0.1:${gateway.port}`, certificate, identity);
      const outgoing = createAsyncQueue<AgentMessage>();
      const node = Buffer.from(JSON.stringify(testNode(nodeName)));
      const known = { known_pod_uids: [], agent_version: '', after_epoch: 0, streams_address: '127.0.0.1:1' };
      outgoing.push({ register: { node_name: nodeName, node, ...known } });
      const stop = new AbortController();
      const messages = channel.session(outgoing, stop.signal)[Symbol.asyncIterator]();
      return {
        next: async () => ((await messages.next()) as { value: ServerMessage | undefined }).value,
        close() {
          stop.abort();
          channel.close();
        },
      };
    };
    const first = open('n');
    expect((await first.next())?.registered?.cluster_id).to.equal('test');
    expect((await first.next())?.pods?.complete).to.equal(true);
    const second = open('n');
    expect((await second.next())?.registered).to.not.equal(undefined);
    expect((await first.next())?.rejected?.reason).to.contain('took over');
    expect(await first.next()).to.equal(undefined);
    expect(gateway.isConnected('n')).to.equal(true);
    const liar = open('m');
    expect(await rejection(liar.next())).to.include({ reason: 'Forbidden' });
    for (const session of [first, second, liar]) session.close();
  });

  it('registers a node again whose object was deleted, and leaves what runs there alone', async () => {
    cluster.api.put('pods', testPod('web'));
    await cluster.startGateway();
    await cluster.startAgent();
    await cluster.api.until(phaseIs('web', 'Running'));
    cluster.api.remove('nodes', 'n');
    expect(cluster.api.object('nodes', 'n')).to.equal(undefined);
    await cluster.api.until(nodeReady('True'));
    expect(cluster.host.running().map(({ key }) => key.podUid)).to.deep.equal(['uid-web']);
  });

  it('marks a silent node Unknown once, and Ready when it is back', async () => {
    await cluster.startGateway({ heartbeatGraceMs: 300, heartbeatIntervalMs: 50 });
    const agent = await cluster.startAgent();
    await cluster.api.until(nodeReady('True'));
    await agent.stop();
    await cluster.api.until(nodeReady('Unknown'));
    const unknown = cluster.api.object<Node>('nodes', 'n')?.status?.conditions?.find(({ type }) => type === 'Ready');
    expect(unknown?.reason).to.equal('NodeStatusUnknown');
    await cluster.startAgent({ containerizer: cluster.host.containerizer() });
    await cluster.api.until(nodeReady('True'));
  });

  it('turns away a pod that names the node itself and finds no room, also beside one that leaves', async () => {
    await cluster.startGateway();
    await cluster.startAgent({ maxPods: 1 });
    cluster.api.put('pods', testPod('first'));
    await cluster.api.until(phaseIs('first', 'Running'));
    cluster.api.put('pods', testPod('second'));
    await cluster.api.until(phaseIs('second', 'Failed'));
    expect(pod('second')?.status).to.include({
      reason: 'OutOfpods',
      message: 'Node n refused the pod: too many pods: 0 of 1 pods free, needs 1',
    });
    expect(phaseIs('first', 'Running')()).to.equal(true);
    cluster.api.remove('pods', 'first');
    cluster.api.put('pods', testPod('third'));
    await cluster.api.until(phaseIs('third', 'Running'));
  });

  it('does not join with a wrong token, and ends for that reason', async () => {
    await cluster.startGateway();
    const agent = await cluster.startAgent({ token: 'wrong' });
    const error = await rejection(agent.ended);
    expect(error).to.include({ reason: 'Unauthorized' });
    expect((error as Error).message).to.contain('join token is wrong');
    expect(cluster.api.object('nodes', 'n')).to.equal(undefined);
  });

  it('shows why a pod cannot run here, without failing it', async () => {
    const degraded = [{ feature: 'resources.limits', reason: 'no cgroup is writable', remedy: 'run as root' }];
    cluster.host.capabilities = { launcher: 'posix', isolators: [], degraded };
    await cluster.startGateway();
    await cluster.startAgent();
    const containers = [testContainer('web', { resources: { limits: { memory: '1Gi' } } })];
    cluster.api.put('pods', testPod('needy', { containers }));
    const waiting = () => pod('needy')?.status?.containerStatuses?.[0]?.state?.waiting;
    await cluster.api.until(() => waiting() !== undefined);
    expect(waiting()?.message).to.contain('no cgroup is writable (run as root)');
    expect(pod('needy')?.status?.phase).to.equal('Pending');
    expect(cluster.host.journal).to.deep.equal([]);
    expect(cluster.api.object<Node>('nodes', 'n')?.metadata.annotations?.['tepui.dev/degraded']).to.contain(
      'resources.limits',
    );
  });

  it('serves logs to the API server, and says why there are none', async () => {
    const gateway = await cluster.startGateway();
    const request = {
      namespace: 'default',
      pod_name: 'web',
      pod_uid: 'uid-web',
      container: 'web',
      follow: false,
      previous: false,
      timestamps: false,
    };
    const never = new AbortController().signal;
    expect(await rejection(gateway.podLogs.readLog('n', request, never))).to.include({ reason: 'ServiceUnavailable' });
    cluster.host.logFolder = cluster.folder;
    await cluster.startAgent();
    cluster.api.put('pods', testPod('web', { restartPolicy: 'Never' }));
    await cluster.api.until(phaseIs('web', 'Running'));
    await mkdir(`${cluster.folder}/uid-web/web`, { recursive: true });
    await writeFile(`${cluster.folder}/uid-web/web/0.log`, '2026-01-01T00:00:00.0Z stdout F hello\n');
    const read = async (rest: Partial<typeof request>) => {
      const chunks: Uint8Array[] = [];
      const log = await gateway.podLogs.readLog('n', { ...request, ...rest }, never);
      for await (const chunk of log) chunks.push(chunk.data);
      return Buffer.concat(chunks).toString();
    };
    expect(await read({})).to.equal('hello\n');
    const followed = read({ follow: true });
    cluster.host.exit('web', 0);
    expect(await followed).to.equal('hello\n');
    expect(await rejection(read({ container: 'nope' }))).to.include({ reason: 'BadRequest' });
    expect(await rejection(read({ pod_uid: 'nope' }))).to.include({ reason: 'NotFound' });
  });

  it('renews its certificate in process, before it expires', async () => {
    // Certificates begin five minutes ago: two thirds of this one's life are over in 0.3 s.
    await cluster.startGateway({ certificateLifetimeMs: 150_450 });
    const story: string[] = [];
    const registeredTwice = new Promise<void>((resolve) => {
      const info = (_fields: object, message: string) => {
        story.push(message);
        if (story.filter((line) => line === 'registered').length === 2) resolve();
      };
      const log: Log = { ...silentLog, info, child: () => log };
      void cluster.startAgent({ log });
    });
    await registeredTwice;
    expect(story).to.deep.equal(['joined', 'registered', 'renewed the certificate', 'session ended', 'registered']);
  });
});

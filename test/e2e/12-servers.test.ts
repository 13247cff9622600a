// The production cluster: three servers over an ensemble of three ZooKeeper servers. Whoever leads, ends, hangs or is cut
// off, users get through by any server, nothing acknowledged is lost, and what runs does not notice.
import { expect } from 'chai';
import { execa } from 'execa';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenCreated } from '../../src/api/cluster-facts.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { parseZookeeperUrl } from '../../src/zookeeper/address.ts';
import { createZookeeper } from '../../src/zookeeper/create-zookeeper.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer } from './support/api-answer.ts';
import { createCommands } from './support/commands.ts';
import { longSleep, pidsByPod } from './support/containers.ts';
import { mainModule } from './support/program.ts';
import { logOf, startServers, type ServerCluster, type TestServer } from './support/servers.ts';
import { kubectlWatch, observe } from './support/watchers.ts';

const command = longSleep(395);
const deployment = (name: string, script: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: main
        command: ['/bin/sh', '-c', '${script}']
`;
const brief = (name: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { restartPolicy: Never, containers: [{ name: main, command: ['true'] }] }
`;

const configMaps = { group: '', version: 'v1', plural: 'configmaps' };
const path = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string, data: Readonly<Record<string, string>> = {}) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data },
});
const create = (server: TestServer, name: string, data?: Readonly<Record<string, string>>) =>
  server.ask({ method: 'POST', path, body: configMap(name, data) });
const mib = 1024 * 1024;
const backwards = (text: string) => Buffer.from(text).reverse().toString();

describe('several servers', () => {
  let cluster: ServerCluster;
  let steadyPids: ReadonlyMap<string, readonly number[]>;
  before(async () => {
    cluster = await startServers({ servers: 3, agents: 1 });
  });
  after(() => cluster.destroy());

  const someFollower = async (): Promise<TestServer> => (await cluster.followers())[0]!;
  /** Only agent and leader together can do that. */
  const runsNewPods = async (server: TestServer, name: string) => {
    await server.kubectl(['apply', '-f', '-'], brief(name));
    await server.kubectl(['wait', `pod/${name}`, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s']);
  };
  const expectUnharmed = async (server: TestServer) => {
    expect(pidsByPod(command)).to.deep.equal(steadyPids);
    const { items } = await server.get<PodList>('pods', '-l', 'app=steady');
    expect(items.map(({ metadata }) => metadata.uid)).to.have.members([...steadyPids.keys()]);
    expect(items.map(({ status }) => status.containerStatuses[0]?.restartCount)).to.deep.equal([0, 0]);
  };

  it('serve kubectl by one that follows: apply, rollout, logs, edits, delete', async () => {
    const follower = await someFollower();
    await follower.kubectl(['apply', '-f', '-'], deployment('steady', `exec ${command}`));
    for (const minor of [27, 35]) {
      const commands = await createCommands(follower.home, minor);
      const kubectl = (...args: Parameters<typeof commands.kubectl>) => commands.kubectl(...args);
      const name = `tour-${String(minor)}`;
      await kubectl(['apply', '-f', '-'], deployment(name, 'while true; do echo hello; sleep 1; done'));
      await kubectl(['rollout', 'status', `deployment/${name}`, '--timeout=60s']);
      const pod = (await kubectl(['get', 'pods', '-l', `app=${name}`, '-o', 'name'])).stdout.split('\n')[0] ?? '';
      await commands.until(['logs', '-f', pod], /hello/);
      await kubectl(['set', 'env', `deployment/${name}`, 'A=B']);
      await kubectl(['rollout', 'status', `deployment/${name}`, '--timeout=60s']);
      await kubectl(['delete', 'deployment', name, '--cascade=foreground', '--timeout=60s']);
      expect((await kubectl(['get', 'deployments', '-o', 'name'])).stdout).to.equal('deployment.apps/steady');
    }
    await follower.kubectl(['rollout', 'status', 'deployment/steady', '--timeout=60s']);
    steadyPids = pidsByPod(command);
    expect([...steadyPids.values()].map((pids) => pids.length)).to.deep.equal([1, 1]);
  });

  it('keep objects of 1.4 MiB, and refuse those of 1.6 MiB with both sizes', async () => {
    const [one, other] = (await cluster.followers()) as [TestServer, TestServer];
    const text = Buffer.from(Array.from({ length: 1.4 * mib }, (_, at) => 97 + ((at * 7919) % 26))).toString();
    expect((await create(one, 'large', { text })).status).to.equal(201);
    const read = JSON.parse((await other.ask({ path: `${path}/large` })).text) as { data: { text: string } };
    expect(read.data.text).to.equal(text);
    const refused = await create(one, 'too-large', { text: 'x'.repeat(1.6 * mib) });
    expect(refused.status).to.equal(413);
    expect(refused.text)
      .to.match(/167\d{4} bytes/)
      .and.to.contain(String(1.5 * mib));
    expect((await one.ask({ method: 'DELETE', path: `${path}/large` })).status).to.equal(200);
  });

  it('refuse those that may not join, and a second one on a home', async () => {
    const leader = await cluster.leader();
    const start = async (home: string, ...more: string[]) => {
      const flags = ['server', ...cluster.flagsFor(home), ...more];
      const result = await execa(process.execPath, [mainModule, ...flags], { reject: false, timeout: 30_000 });
      expect(result.exitCode, result.stdout).to.equal(1);
      return result.stderr;
    };
    const token = async (role: string, ttlSeconds: number) => {
      const answer = await leader.ask({ method: 'POST', path: '/tepui/v1/tokens', body: { role, ttlSeconds } });
      return JSON.parse(answer.text) as TokenCreated;
    };
    const expired = await token('server', 1);
    const good = (await token('server', 60)).token;
    const [, id = '', secret = '', fingerprint = ''] = good.split('.');
    const home = join(cluster.folder, 'stranger');
    const [without, wrong, foreign, ofAgents, second] = await Promise.all([
      start(home),
      start(`${home}-2`, '--token', `tepui.${id}.${backwards(secret)}.${fingerprint}`),
      start(`${home}-3`, '--token', `tepui.${id}.${secret}.${backwards(fingerprint)}`),
      start(`${home}-4`, '--token', (await token('agent', 60)).token),
      start(leader.home),
    ]);
    expect(without).to.match(/there is a cluster at zk:.* already .*tepui token create --role server/);
    expect(wrong).to.match(/token/);
    expect(foreign).to.match(/token/);
    expect(ofAgents).to.match(/agent/);
    expect(second).to.match(/tepui server runs already on .*process \d+/);
    await eventually('the token to expire', () => Date.now() > Date.parse(expired.expires ?? ''));
    expect(await start(`${home}-5`, '--token', expired.token)).to.match(/expired/);
    expect((await cluster.leader()).home).to.equal(leader.home);
  });

  it('tell Mesos’ detectors who leads', async () => {
    await expectMasterInfo(cluster, await cluster.leader());
  });

  it('go on when the leader is killed: watches by the others miss nothing, containers do not notice', async () => {
    const [near, far] = (await cluster.followers()) as [TestServer, TestServer];
    const killed = await cluster.leader();
    const observer = await observe(near, configMaps, 'default');
    const watch = await kubectlWatch(near, 'configmaps');
    const before = await createMany(far, 'before', 5);
    const [during] = await Promise.all([createMany(far, 'during', 20), killed.stop('SIGKILL')]);
    const leader = await cluster.leader();
    const after = await createMany(far, 'after', 5);
    const made = [...before, ...during, ...after];
    await observer.informer.until(() => made.every((name) => observer.added.includes(name)), limit(20_000));
    expect(observer.added.filter((name) => made.includes(name))).to.deep.equal(made);
    expect(observer.lists, 'the watch went on from where it was').to.equal(1);
    const seen = watch.names.filter((name) => made.includes(name));
    // kubectl ends with its stream; what it showed until then is without a gap.
    expect(seen).to.deep.equal(made.slice(0, seen.length));
    expect(seen).to.include.members(before);
    expect(watch.exitCode).to.be.oneOf([0, null]);
    await Promise.all([observer.stop(), watch.stop()]);
    await runsNewPods(near, 'after-kill');
    await expectUnharmed(near);
    await expectMasterInfo(cluster, leader);
    await killed.start();
    expect(killed.printed).to.include(`Following https://${leader.addresses.api}`);
    expect((await killed.ask({ path: `${path}/${made.at(-1) ?? ''}` })).status).to.equal(200);
  });

  it('hand over on SIGTERM without an error for anybody', async () => {
    const [follower] = (await cluster.followers()) as [TestServer];
    const leader = await cluster.leader();
    const answers: number[] = [];
    const writing = new AbortController();
    let slowestMs = 0;
    const writer = (async () => {
      for (let index = 0; !writing.signal.aborted; index++) {
        const startedMs = performance.now();
        answers.push((await create(follower, `handed-${String(index)}`)).status);
        slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      }
    })();
    await eventually('some writes', () => answers.length > 3);
    await leader.stop('SIGTERM');
    const soFar = answers.length;
    await eventually('writes after it', () => answers.length > soFar + 3);
    writing.abort();
    await writer;
    expect([...new Set(answers)]).to.deep.equal([201]);
    // Less than the session: nobody had to wait for its end.
    expect(slowestMs).to.be.below(1900);
    await runsNewPods(follower, 'after-hand-over');
    await expectUnharmed(follower);
    await leader.start();
  });

  it('go on by themselves after their ensemble was frozen for longer than their sessions', async () => {
    const { servers, ensemble } = cluster;
    await cluster.leader();
    const pids = servers.map(({ pid }) => pid);
    const lost = servers.map((server) => logOf(server).split('ZooKeeper: lost').length);
    const observer = await observe(await someFollower(), configMaps, 'default');
    ensemble.freezeAll();
    try {
      const refused = await Promise.all(
        servers.map((server, index) =>
          eventually('a refusal', async () => isRefusal(await create(server, `frozen-${String(index)}`)), 30_000),
        ),
      );
      for (const { text } of refused) expect(text).to.match(/the write was not made: ZooKeeper does not answer/);
      for (const server of servers) {
        const read = await server.ask({ path });
        expect(read.status).to.equal(200);
        expect(read.headers['warning']).to.match(/299 .*may be out of date/);
      }
      expect((await servers[0]!.kubectl(['get', 'pods'])).stderr).to.match(/^Warning: .*may be out of date/);
      await eventually('the sessions to end', () =>
        servers.every((server, index) => logOf(server).split('ZooKeeper: lost').length > (lost[index] ?? 0)),
      );
    } finally {
      ensemble.thawAll();
    }
    const leader = await cluster.leader();
    const thawed = (
      await Promise.all(servers.map((server, index) => createMany(server, `thawed-${String(index)}`, 1)))
    ).flat();
    await observer.informer.until(() => thawed.every((name) => observer.added.includes(name)), limit(20_000));
    expect(observer.lists, 'the watch went on from where it was').to.equal(1);
    await observer.stop();
    await runsNewPods(leader, 'after-frost');
    await expectUnharmed(leader);
    expect(servers.map(({ pid }) => pid)).to.deep.equal(pids);
    for (const pid of pids) expect(existsSync(`/proc/${String(pid)}`)).to.equal(true);
  });

  it('go on from a backup in a fresh place, and running pods are adopted', async () => {
    const file = join(cluster.folder, 'saved.backup');
    await (await someFollower()).tepui(['backup', file]);
    await Promise.all(cluster.servers.map((server) => server.stop('SIGKILL')));
    const [first, ...others] = cluster.servers as [TestServer, ...TestServer[]];
    const url = cluster.ensemble.address('/restored');
    const restored = await first.tepui(['restore', file, '--zk', url]);
    // One machine is lost with everything on it.
    rmSync(first.home, { recursive: true });
    cluster.move(url, /--token (\S+)/.exec(restored.stdout)?.[1] ?? '');
    await Promise.all(others.map((server) => server.start()));
    await first.start();
    await runsNewPods(first, 'after-restore');
    await expectUnharmed(first);
  });
});

interface PodList {
  readonly items: {
    readonly metadata: { readonly uid: string };
    readonly status: { readonly containerStatuses: readonly { readonly restartCount: number }[] };
  }[];
}

const limit = (ms: number): AbortSignal => AbortSignal.timeout(ms);

/** One after the other; each is repeated until it is there, as a client does that is told to try again. */
async function createMany(server: TestServer, prefix: string, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${String(index)}`);
  for (const name of names) {
    await eventually(
      `${name} to be made`,
      async () => [201, 409].includes((await create(server, name)).status),
      30_000,
    );
  }
  return names;
}

function isRefusal(answer: Answer): Answer | undefined {
  return answer.status === 503 && answer.headers['retry-after'] !== undefined ? answer : undefined;
}

/** The one znode that detectors find names the leader, and its address answers. */
async function expectMasterInfo(cluster: ServerCluster, leader: TestServer): Promise<void> {
  const zookeeper = createZookeeper({
    ...{ address: parseZookeeperUrl(cluster.url), sessionTimeoutMs: 5000, clock: systemClock, log: silentLog },
  });
  try {
    await zookeeper.connected(limit(10_000));
    const names = ((await zookeeper.children('/')) ?? []).filter((name) => name.startsWith('json.info_'));
    expect(names).to.have.length(1);
    const info = JSON.parse(Buffer.from((await zookeeper.get(`/${names[0] ?? ''}`))?.data ?? []).toString()) as {
      readonly address: { readonly ip: string; readonly port: number };
      readonly pid: string;
    };
    expect(`${info.address.ip}:${String(info.address.port)}`).to.equal(leader.addresses.mesos);
    expect(info.pid).to.equal(`master@${leader.addresses.mesos}`);
    const version = await fetch(`http://${info.address.ip}:${String(info.address.port)}/version`);
    expect(await version.json()).to.have.property('build_user', 'tepui');
  } finally {
    await zookeeper.close();
  }
}

// Changes of many pods, with SIGKILL of server, agent, or both after a random number of things have happened, again and
// again: what was applied comes true, what ran goes on, nothing is there twice, nothing is left over.
// TEPUI_SEED and TEPUI_ROUNDS choose other rounds, and more.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startCluster, type Cluster } from './support/cluster.ts';
import { longSleep, pidsByPod } from './support/containers.ts';
import { mountsNamed } from './support/traces.ts';

const seed = Number(process.env['TEPUI_SEED'] ?? 20_261_122);
const rounds = Number(process.env['TEPUI_ROUNDS'] ?? 4);
const command = longSleep(398);

/** A linear congruential generator: the same seed makes the same rounds. */
function createRandom(start: number) {
  let state = start >>> 0;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return { below, pick: <T>(choices: readonly T[]): T => choices[below(choices.length)] as T };
}

const deployment = (name: string, replicas: number, version: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${String(replicas)}
  selector: { matchLabels: { app: ${name} } }
  strategy: { rollingUpdate: { maxSurge: 50%, maxUnavailable: 50% } }
  template:
    metadata: { labels: { app: ${name} }, annotations: { version: '${String(version)}' } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: main
        command: ['/bin/sh', '-c', 'exec ${command}']
`;

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: { readonly app: string };
    readonly deletionTimestamp?: string;
  };
  readonly status: { readonly containerStatuses: readonly { readonly restartCount: number }[] };
}

describe('kills at random moments', () => {
  const random = createRandom(seed);
  /** Deployment → replicas, as applied. */
  const wanted = new Map<string, number>();
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster.destroy());

  const apply = (text: string) => cluster.kubectl(['apply', '-f', '-'], text);
  const pods = async () => (await cluster.get<{ items: Pod[] }>('pods')).items;
  const rolledOut = () =>
    Promise.all(
      [...wanted.keys()].map((name) =>
        cluster.kubectl(['rollout', 'status', `deployment/${name}`, '--timeout=60s', '--watch']),
      ),
    );

  /** Applies, scales, rolls or deletes one of the Deployments; says what it did. */
  async function change(round: number): Promise<string> {
    const name = random.pick(['a', 'b']);
    const known = wanted.get(name);
    const act = known === undefined ? 'apply' : random.pick(['apply', 'scale', 'roll', 'delete']);
    const replicas = act === 'roll' ? (known ?? 0) : 3 + random.below(8);
    if (act === 'delete') {
      await cluster.kubectl(['delete', 'deployment', name, '--wait=false']);
      wanted.delete(name);
      return `delete ${name}`;
    }
    if (act === 'scale') await cluster.kubectl(['scale', `deployment/${name}`, `--replicas=${String(replicas)}`]);
    else await apply(deployment(name, replicas, round));
    wanted.set(name, replicas);
    return `${act} ${name} ${String(replicas)}`;
  }

  /** Resolves when a watch has shown this many changes of pods, or when nothing more is to come. */
  async function changesOfPods(count: number): Promise<void> {
    const watch = spawn(cluster.kubectlPath, ['get', 'pods', '--watch', '--no-headers'], {
      env: { ...process.env, ...cluster.environment },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(watch, 'exit');
    let seen = 0;
    const enough = new Promise<void>((resolve) => {
      createInterface(watch.stdout).on('line', () => {
        seen += 1;
        if (seen >= count) resolve();
      });
    });
    const settled = rolledOut();
    // After the kill its failure means nothing.
    settled.catch(() => undefined);
    await Promise.race([enough, settled]);
    watch.kill();
    await ended;
  }

  async function kill(): Promise<string> {
    const victim = random.pick(['server', 'agent', 'both']);
    const [node = ''] = readdirSync(join(cluster.home, 'nodes'));
    if (victim !== 'server') process.kill(cluster.agentPid(node), 'SIGKILL');
    if (victim === 'agent') return victim;
    await cluster.stop('SIGKILL');
    await cluster.start();
    return victim;
  }

  /** Rollouts are through, and what is being deleted is gone. */
  async function settle(): Promise<void> {
    await rolledOut();
    const leaving = (await pods()).filter(
      ({ metadata }) => metadata.deletionTimestamp !== undefined || !wanted.has(metadata.labels.app),
    );
    if (leaving.length === 0) return;
    const names = leaving.map(({ metadata }) => `pod/${metadata.name}`);
    await cluster.kubectl(['wait', ...names, '--for=delete', '--timeout=60s']);
  }

  function expectNothingElse(uids: readonly string[]): void {
    const [node = ''] = readdirSync(join(cluster.home, 'nodes'));
    const folder = join(cluster.home, 'nodes', node, 'containers/pods');
    expect(readdirSync(folder), 'folders').to.have.members(uids);
    const ofOthers = mountsNamed(folder).filter((line) => !uids.some((uid) => line.includes(uid)));
    expect(ofOthers, 'mounts').to.deep.equal([]);
  }

  async function expectAsApplied(before: ReadonlyMap<string, readonly number[]>): Promise<void> {
    await settle();
    const present = await pods();
    const uids = present.map((pod) => pod.metadata.uid);
    const after = pidsByPod(command);
    expect(present).to.have.length([...wanted.values()].reduce((sum, count) => sum + count, 0));
    expect([...after.keys()], 'pods with processes').to.have.members(uids);
    for (const [uid, pids] of after) {
      expect(pids, 'processes of a pod').to.have.length(1);
      if (before.has(uid)) expect(pids, 'the process of before').to.deep.equal(before.get(uid));
    }
    expect(present.filter((pod) => pod.status.containerStatuses[0]?.restartCount !== 0)).to.deep.equal([]);
    expectNothingElse(uids);
  }

  /** What a failure needs to be understood: the cluster is gone afterwards. */
  async function evidence(): Promise<string[]> {
    const [node = ''] = readdirSync(join(cluster.home, 'nodes'));
    const log = readFileSync(join(cluster.home, 'nodes', node, 'agent.log'), 'utf8');
    const { stdout } = await cluster.tryKubectl(['get', 'pods,nodes', '-o', 'wide']);
    return [stdout, log.split('\n').slice(-20).join('\n')];
  }

  it(`undo nothing, double nothing and leave nothing (seed ${String(seed)})`, async () => {
    const story: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      story.push(await change(round), await change(round));
      const moment = 1 + random.below(40);
      await changesOfPods(moment);
      const before = pidsByPod(command);
      story.push(`after ${String(moment)} changes: ${await kill()} killed`);
      await expectAsApplied(before).catch(async (error: unknown) => {
        throw new Error([story.join('; '), ...(await evidence())].join('\n'), { cause: error });
      });
    }
  });
});

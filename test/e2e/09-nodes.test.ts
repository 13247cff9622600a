// Several nodes: shares of the machine, placement, and what becomes of pods when nodes are cordoned, lost or deleted.
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import type { Node, Pod } from '../../src/api/types.gen.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { processesNamed } from './support/traces.ts';

const marker = 'sleep 86397';
/** Seconds for which a silent agent is believed. */
const grace = 4;

interface List<T> {
  readonly items: readonly T[];
}

interface Versioned {
  readonly metadata: { readonly resourceVersion: string };
}

const watched = ['/api/v1/nodes', '/api/v1/pods', '/api/v1/events', '/apis/apps/v1/deployments'];

function podSpec(cpu: string, over: object = {}): object {
  const resources = { requests: { cpu, memory: '16Mi' } };
  const containers = [{ name: 'main', command: ['/bin/sh', '-c', `exec ${marker}`], resources }];
  return { terminationGracePeriodSeconds: 1, containers, ...over };
}

function pod(name: string, spec: object): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
}

function deployment(name: string, replicas: number, spec: object): string {
  const labels = { app: name };
  const template = { metadata: { labels }, spec };
  const body = { replicas, selector: { matchLabels: labels }, template };
  return JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: body });
}

const leaving = (seconds: number) =>
  ['not-ready', 'unreachable'].map((condition) => ({
    key: `node.kubernetes.io/${condition}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: seconds,
  }));

describe('several nodes', () => {
  let cluster: Cluster;
  let nodes: readonly string[];
  before(async () => {
    cluster = await startCluster({ flags: ['--nodes', '3', '--node-grace', String(grace)] });
    nodes = (await cluster.nodeNames()).sort();
  });
  after(() => cluster.destroy());
  afterEach(() => cluster.kubectl(['delete', 'deployments,pods', '--all', '--wait']));

  const apply = (manifest: string) => cluster.kubectl(['apply', '-f', '-'], manifest);
  const rolledOut = (name: string) => cluster.kubectl(['rollout', 'status', `deployment/${name}`, '--timeout=30s']);
  const ready = (name: string, within = 10) =>
    cluster.kubectl(['wait', `pod/${name}`, '--for=condition=Ready', `--timeout=${String(within)}s`]);
  const podsOf = async (name: string) => (await cluster.get<List<Pod>>('pods', '-l', `app=${name}`)).items;
  const perNode = (pods: readonly Pod[]) =>
    nodes.map((node) => pods.filter(({ spec }) => spec?.nodeName === node).length);
  const why = async (name: string) => {
    const condition = '{.status.conditions[?(@.type=="PodScheduled")]';
    await cluster.kubectl(['wait', `pod/${name}`, `--for=jsonpath=${condition}.status}=False`, '--timeout=2s']);
    return (await cluster.kubectl(['get', 'pod', name, '-o', `jsonpath=${condition}.message}`])).stdout;
  };
  const nodeReady = (node: string, status: string) =>
    cluster.kubectl([
      'wait',
      `node/${node}`,
      `--for=jsonpath={.status.conditions[?(@.type=="Ready")].status}=${status}`,
      '--timeout=20s',
    ]);

  /** Host processes of the containers: conmon and runc carry other command lines. */
  const containers = () =>
    processesNamed(marker).filter((pid) => readFileSync(`/proc/${String(pid)}/comm`, 'utf8').trim() === 'sleep').length;
  /** What the server tells watchers of in so many seconds. */
  const changes = async (seconds: number) => {
    const watches = watched.map(async (path) => {
      const { metadata } = JSON.parse((await cluster.kubectl(['get', '--raw', path])).stdout) as List<Pod> & Versioned;
      const query = `watch=1&timeoutSeconds=${String(seconds)}&resourceVersion=${metadata.resourceVersion}`;
      return (await cluster.kubectl(['get', '--raw', `${path}?${query}`])).stdout;
    });
    return (await Promise.all(watches)).join('');
  };
  /** Until nothing of the Deployment is on its way out. */
  const settled = async (name: string) => {
    const leaving = (await podsOf(name)).filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    if (leaving.length === 0) return;
    const names = leaving.map(({ metadata }) => `pod/${metadata.name ?? ''}`);
    await cluster.kubectl(['wait', ...names, '--for=delete', '--timeout=20s']);
  };

  it('divide the machine and spread the copies', async () => {
    const { items } = await cluster.get<List<Node>>('nodes');
    expect(items).to.have.length(3);
    for (const { status } of items) expect(status?.allocatable).to.deep.equal(status?.capacity);
    await apply(deployment('spread', 6, podSpec('10m')));
    await rolledOut('spread');
    expect(perNode(await podsOf('spread'))).to.deep.equal([2, 2, 2]);
  });

  it('say why nothing fits, and place a pod as soon as something does', async () => {
    await cluster.kubectl(['cordon', ...nodes]);
    await apply(pod('wait', podSpec('10m')));
    expect(await why('wait')).to.equal('0/3 nodes are available: 3 unschedulable (cordoned)');
    await cluster.kubectl(['uncordon', nodes[1] ?? '']);
    await ready('wait', 2);
    await cluster.kubectl(['uncordon', ...nodes]);
    await apply(pod('huge', podSpec('100')));
    expect(await why('huge')).to.match(/^0\/3 nodes are available: 3 insufficient cpu \(nearest miss: .* needs 100\)$/);
    const events = await cluster.kubectl([
      'get',
      'events',
      '--field-selector',
      'involvedObject.name=huge',
      '-o',
      'name',
    ]);
    expect(events.stdout.split('\n')).to.have.length(1);
  });

  it('turn away a pod that names its node and does not fit', async () => {
    await apply(pod('pushy', podSpec('100', { nodeName: nodes[0] })));
    await cluster.kubectl(['wait', 'pod/pushy', '--for=jsonpath={.status.reason}=OutOfcpu', '--timeout=5s']);
  });

  it('evict what does not tolerate a taint, in time', async () => {
    const [node = ''] = nodes;
    const here = { nodeSelector: { 'kubernetes.io/hostname': node } };
    const bad = { key: 'bad', operator: 'Exists', effect: 'NoExecute' };
    await apply(pod('at-once', podSpec('10m', here)));
    await apply(pod('later', podSpec('10m', { ...here, tolerations: [{ ...bad, tolerationSeconds: 3 }] })));
    await apply(pod('never', podSpec('10m', { ...here, tolerations: [bad] })));
    for (const name of ['at-once', 'later', 'never']) await ready(name);
    await cluster.kubectl(['taint', 'node', node, 'bad=1:NoExecute']);
    await cluster.kubectl(['wait', 'pod/at-once', 'pod/later', '--for=delete', '--timeout=10s']);
    await cluster.kubectl(['taint', 'node', node, 'bad-']);
    expect((await cluster.kubectl(['get', 'pods', '-o', 'name'])).stdout).to.equal('pod/never');
  });

  it('drain', async () => {
    const [, node = ''] = nodes;
    await apply(deployment('moved', 3, podSpec('10m')));
    await rolledOut('moved');
    await cluster.kubectl(['drain', node, '--ignore-daemonsets', '--timeout=20s']);
    await rolledOut('moved');
    expect(perNode(await podsOf('moved'))[1]).to.equal(0);
    await cluster.kubectl(['uncordon', node]);
  });

  it('are left when they fall silent, and heal without doubles when they are heard of again', async () => {
    const node = nodes[2] ?? '';
    await apply(deployment('leaves', 3, podSpec('10m', { tolerations: leaving(1) })));
    await apply(deployment('stays', 3, podSpec('10m')));
    await rolledOut('leaves');
    await rolledOut('stays');
    const agent = cluster.agentPid(node);
    process.kill(agent, 'SIGSTOP');
    await nodeReady(node, 'Unknown');
    await cluster.kubectl(['wait', 'deployment/stays', '--for=jsonpath={.status.readyReplicas}=2', '--timeout=10s']);
    await cluster.kubectl(['wait', 'deployment/leaves', '--for=jsonpath={.status.readyReplicas}=3', '--timeout=20s']);
    process.kill(agent, 'SIGCONT');
    await nodeReady(node, 'True');
    await cluster.kubectl(['wait', 'deployment/stays', '--for=jsonpath={.status.readyReplicas}=3', '--timeout=10s']);
    await settled('leaves');
    expect(perNode(await podsOf('leaves'))[2]).to.equal(0);
    expect(perNode(await podsOf('stays'))).to.deep.equal([1, 1, 1]);
    expect(containers()).to.equal(6);
  });

  it('register again when they are deleted while their agent runs', async () => {
    await apply(deployment('kept', 3, podSpec('10m')));
    await rolledOut('kept');
    const before = (await podsOf('kept')).map(({ metadata }) => metadata.uid).sort();
    await cluster.kubectl(['delete', 'node', nodes[0] ?? '']);
    await cluster.kubectl(['wait', `node/${nodes[0] ?? ''}`, '--for=create', '--timeout=10s']);
    await nodeReady(nodes[0] ?? '', 'True');
    expect((await podsOf('kept')).map(({ metadata }) => metadata.uid).sort()).to.deep.equal(before);
    expect(containers()).to.equal(3);
  });

  it('get exactly what was asked for when server and agents are killed in the middle of a rollout', async () => {
    await apply(deployment('rolled', 6, podSpec('20m')));
    process.kill(cluster.agentPid(nodes[1] ?? ''), 'SIGKILL');
    await cluster.stop('SIGKILL');
    await cluster.start();
    await cluster.kubectl(['set', 'env', 'deployment/rolled', 'A=1']);
    await cluster.kubectl(['scale', 'deployment/rolled', '--replicas=8']);
    await cluster.stop('SIGKILL');
    await cluster.start();
    await rolledOut('rolled');
    await settled('rolled');
    expect(await podsOf('rolled')).to.have.length(8);
    expect(containers()).to.equal(8);
  });

  it('write nothing while nothing happens', async () => {
    await apply(deployment('idle', 3, podSpec('10m')));
    await apply(pod('never', podSpec('100')));
    await rolledOut('idle');
    await why('never');
    await changes(2);
    expect(await changes(6)).to.equal('');
  });
});

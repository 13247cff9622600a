// The pod framework over the real engine: fake sources, a client that binds as the API server does, a clock that stands still.
import { expect } from 'chai';
import { StatusError } from '../../../src/api/status-error.ts';
import { createClusterWorld, createNode, createPod } from '../cluster-world.ts';

describe('pod framework', () => {
  it('binds a pod without any time passing', async () => {
    const world = await createClusterWorld({ nodes: [createNode('node-a')] });
    world.putPod(createPod('web', { cpu: '1', memory: '1Gi' }));
    await world.settle();
    expect(world.nodeOf('web')).to.equal('node-a');
    expect(world.events).to.deep.equal(['web Normal Scheduled: Successfully assigned default/web to node-a']);
    expect(world.clock.pendingTimers).to.equal(0);
  });

  it('places 1,000 pods on 100 nodes evenly and never too many', async () => {
    const nodes = Array.from({ length: 100 }, (_, index) => createNode(`node-${index}`, { cpu: '4', memory: '8Gi' }));
    const world = await createClusterWorld({ nodes });
    for (let index = 0; index < 1000; index++)
      world.putPod(createPod(`web-${index}`, { cpu: '250m', memory: '256Mi' }));
    await world.clock.advance(100);
    const counts = new Map<string, number>();
    for (const pod of world.pods.values())
      counts.set(pod.spec?.nodeName ?? '', (counts.get(pod.spec?.nodeName ?? '') ?? 0) + 1);
    expect(counts.get('')).to.equal(undefined);
    expect(counts.size).to.equal(100);
    expect(Math.max(...counts.values())).to.be.at.most(16);
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).to.be.at.most(2);
    expect(world.events.filter((event) => event.includes('FailedScheduling'))).to.deep.equal([]);
  });

  it('fills a cluster to the last pod and says of the others what is missing', async () => {
    const nodes = ['a', 'b'].map((name) => createNode(`node-${name}`, { cpu: '2' }));
    const world = await createClusterWorld({ nodes });
    for (let index = 0; index < 5; index++) world.putPod(createPod(`web-${index}`, { cpu: '1' }));
    await world.settle();
    const waiting = [...world.pods.values()].filter((pod) => !pod.spec?.nodeName);
    expect(waiting).to.have.length(1);
    expect(world.messageOf(waiting[0]!.metadata.name!)).to.equal(
      '0/2 nodes are available: 2 insufficient cpu (nearest miss: node-a has 0 of 2 cpus free, needs 1)',
    );
    world.removePod([...world.pods.values()].find((pod) => pod.spec?.nodeName)!.metadata.name!);
    await world.settle();
    expect([...world.pods.values()].every((pod) => pod.spec?.nodeName)).to.equal(true);
  });

  it('counts reasons over all nodes, with the nearest miss', async () => {
    const world = await createClusterWorld({
      nodes: [
        createNode('node-a', { cpu: '2' }),
        createNode('node-b', { cpu: '4' }),
        createNode('node-c', { spec: { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] } }),
      ],
      pods: [createPod('old', { cpu: '2500m', spec: { nodeName: 'node-b' } })],
    });
    world.putPod(createPod('big', { cpu: '2500m' }));
    await world.settle();
    expect(world.messageOf('big')).to.equal(
      '0/3 nodes are available: 2 insufficient cpu (nearest miss: node-a has 2 of 2 cpus free, needs 2.5), 1 had untolerated taint {dedicated: gpu}',
    );
    expect(world.events).to.have.length(1);
    expect(world.events[0]).to.match(/^big Warning FailedScheduling: 0\/3 nodes/);
  });

  it('says it once, and again only when it changed', async () => {
    const world = await createClusterWorld({ nodes: [createNode('node-a', { cpu: '1' })] });
    world.putPod(createPod('big', { cpu: '2' }));
    await world.settle();
    expect(world.patches).to.equal(1);
    world.putNode(createNode('node-a', { cpu: '1', memory: '9Gi' }));
    await world.clock.advance(5000);
    expect(world.patches).to.equal(1);
    world.putNode(createNode('node-b', { cpu: '1500m' }));
    await world.clock.advance(1000);
    expect(world.patches).to.equal(2);
    expect(world.messageOf('big')).to.contain('node-b has 1.5 of 1.5 cpus free');
    expect(world.clock.pendingTimers).to.equal(0);
  });

  it('places a waiting pod the moment a node joins, is uncordoned or becomes ready', async () => {
    const world = await createClusterWorld();
    world.putPod(createPod('web'));
    await world.settle();
    expect(world.messageOf('web')).to.equal('0/0 nodes are available: no node has joined the cluster yet');
    world.putNode(createNode('node-a', { ready: false }));
    world.putNode(createNode('node-b', { spec: { unschedulable: true } }));
    await world.clock.advance(1000);
    expect(world.messageOf('web')).to.equal('0/2 nodes are available: 1 not ready, 1 unschedulable (cordoned)');
    world.putNode(createNode('node-b'));
    await world.settle();
    expect(world.nodeOf('web')).to.equal('node-b');
    world.putPod(createPod('other', { spec: { nodeSelector: { 'kubernetes.io/hostname': 'node-a' } } }));
    await world.settle();
    expect(world.nodeOf('other')).to.equal(undefined);
    world.putNode(createNode('node-a'));
    await world.settle();
    expect(world.nodeOf('other')).to.equal('node-a');
  });

  it('serves higher priority first, then age', async () => {
    const world = await createClusterWorld();
    world.putPod(createPod('young', { cpu: '1', created: '2026-01-02T00:00:00Z' }));
    world.putPod(createPod('old', { cpu: '1', created: '2026-01-01T00:00:00Z' }));
    world.putPod(createPod('urgent', { cpu: '1', created: '2026-01-03T00:00:00Z', spec: { priority: 1000 } }));
    await world.settle();
    world.putNode(createNode('node-a', { cpu: '2' }));
    await world.settle();
    expect(['urgent', 'old', 'young'].map((name) => world.nodeOf(name))).to.deep.equal(['node-a', 'node-a', undefined]);
  });

  it('leaves bound, gated, foreign, finished and disappearing pods alone', async () => {
    const world = await createClusterWorld({ nodes: [createNode('node-a')] });
    world.putPod(createPod('gated', { spec: { schedulingGates: [{ name: 'wait' }] } }));
    world.putPod(createPod('foreign', { spec: { schedulerName: 'mine' } }));
    world.putPod(createPod('done', { phase: 'Succeeded' }));
    const leaving = createPod('leaving');
    world.putPod({ ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });
    await world.settle();
    expect(world.events).to.deep.equal([]);
    expect([...world.pods.values()].map((pod) => pod.spec?.nodeName)).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    world.putPod(createPod('gated'));
    await world.settle();
    expect(world.nodeOf('gated')).to.equal('node-a');
  });

  it('puts a pod back when its binding is refused, and tries again a little later', async () => {
    const world = await createClusterWorld({ nodes: [createNode('node-a', { cpu: '1' })] });
    world.refuseBinding('web', new StatusError('Conflict', 'somebody was faster'));
    world.putPod(createPod('web', { cpu: '1' }));
    await world.settle();
    expect(world.nodeOf('web')).to.equal(undefined);
    world.putPod(createPod('small', { cpu: '500m' }));
    await world.settle();
    expect(world.nodeOf('small')).to.equal('node-a');
    await world.clock.advance(100);
    expect(world.messageOf('web')).to.contain('insufficient cpu');
    world.removePod('small');
    await world.settle();
    expect(world.nodeOf('web')).to.equal('node-a');
  });

  it('keeps to ResourceQuota, exactly, and says how much is used', async () => {
    const world = await createClusterWorld({
      nodes: [createNode('node-a', { cpu: '8' })],
      quotas: [
        {
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: { name: 'q', namespace: 'default' },
          spec: { hard: { 'requests.cpu': '2', 'limits.memory': '2Gi', pods: '4' } },
        },
      ],
    });
    world.putPod(createPod('a', { cpu: '1900m' }));
    world.putPod(createPod('b', { cpu: '200m' }));
    world.putPod(createPod('elsewhere', { cpu: '200m', namespace: 'other' }));
    await world.settle();
    expect(world.nodeOf('elsewhere')).to.equal('node-a');
    expect([world.nodeOf('a'), world.nodeOf('b')]).to.deep.equal(['node-a', undefined]);
    expect(world.messageOf('b')).to.equal(
      '0/1 nodes are available: quota of role default exhausted (requests.cpu 1.9/2 used, needs 0.2)',
    );
    world.putPod(createPod('c', { container: { resources: { limits: { memory: '3Gi' } } } }));
    await world.settle();
    expect(world.messageOf('c')).to.contain('limits.memory 0/2Gi used, needs 3Gi');
    world.removePod('a');
    await world.settle();
    expect(world.nodeOf('b')).to.equal('node-a');
  });

  it('names the framework that holds the offers or uses the node', async () => {
    const world = await createClusterWorld();
    world.engine.dispatch({ type: 'framework-subscribed', framework: 'F1', name: 'spark', roles: ['analytics'] });
    world.putNode(createNode('node-a'));
    let offered = '';
    world.engine.attach('F1', {
      onEffect: (effect) => (offered = effect.type === 'offers' ? effect.offers[0]!.id : offered),
    });
    await world.settle();
    world.putPod(createPod('web', { cpu: '3' }));
    await world.settle();
    expect(world.messageOf('web')).to.equal('0/1 nodes are available: 1 offer held by framework spark');
    const resources = { scalars: { cpus: 2000 }, ranges: {}, sets: {} };
    world.engine.dispatch({
      type: 'accepted',
      framework: 'F1',
      offers: [offered],
      tasks: [{ id: 't1', resources }],
      refuseMs: 60_000,
    });
    await world.settle();
    expect(world.nodeOf('web')).to.equal(undefined);
    world.putPod(createPod('small', { cpu: '1' }));
    await world.settle();
    expect(world.nodeOf('small')).to.equal('node-a');
    world.engine.dispatch({ type: 'suppressed', framework: 'F1' });
    world.engine.dispatch({ type: 'task-ended', framework: 'F1', task: 't1' });
    await world.settle();
    expect(world.nodeOf('web')).to.equal('node-a');
  });

  it('knows after a restart what runs where', async () => {
    const nodes = [createNode('node-a', { cpu: '1' }), createNode('node-b', { cpu: '1' })];
    const pods = [
      createPod('old', { cpu: '1', spec: { nodeName: 'node-a' }, phase: 'Running' }),
      createPod('new', { cpu: '1' }),
      createPod('late', { cpu: '1' }),
    ];
    const world = await createClusterWorld({ nodes, pods });
    expect([world.nodeOf('new'), world.nodeOf('late')].sort()).to.deep.equal(['node-b', undefined]);
  });

  it('frees what finished pods and removed nodes had', async () => {
    const world = await createClusterWorld({ nodes: [createNode('node-a', { cpu: '1' })] });
    world.putPod(createPod('job', { cpu: '1' }));
    world.putPod(createPod('next', { cpu: '1', created: '2026-01-02T00:00:00Z' }));
    await world.settle();
    expect(world.nodeOf('next')).to.equal(undefined);
    world.putPod({ ...world.pods.get('job')!, status: { phase: 'Succeeded' } });
    await world.settle();
    expect(world.nodeOf('next')).to.equal('node-a');
    world.removeNode('node-a');
    world.putPod(createPod('homeless', { cpu: '1' }));
    await world.settle();
    expect(world.messageOf('homeless')).to.contain('no node has joined');
  });

  it('respects host ports, also those of one namespace against another', async () => {
    const world = await createClusterWorld({ nodes: [createNode('node-a'), createNode('node-b')] });
    const withPort = (name: string, hostPort: number, namespace: string) =>
      createPod(name, { namespace, container: { ports: [{ containerPort: 80, hostPort }] } });
    world.putPod(withPort('p1', 31_500, 'default'));
    world.putPod(withPort('p2', 31_500, 'other'));
    world.putPod(withPort('p3', 8080, 'default'));
    await world.settle();
    expect([world.nodeOf('p1'), world.nodeOf('p2')].sort()).to.deep.equal(['node-a', 'node-b']);
    world.putPod(withPort('p4', 31_500, 'default'));
    await world.settle();
    expect(world.messageOf('p4')).to.equal('0/2 nodes are available: 2 had host port 31500/TCP in use');
  });

  it('keeps pods with anti-affinity apart and with affinity together', async () => {
    const world = await createClusterWorld({ nodes: [createNode('node-a'), createNode('node-b')] });
    const term = { labelSelector: { matchLabels: { app: 'db' } }, topologyKey: 'kubernetes.io/hostname' };
    const apart = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
    for (const name of ['d1', 'd2', 'd3']) world.putPod(createPod(name, { labels: { app: 'db' }, spec: apart }));
    await world.settle();
    expect(
      ['d1', 'd2', 'd3']
        .map((name) => world.nodeOf(name))
        .filter(Boolean)
        .sort(),
    ).to.deep.equal(['node-a', 'node-b']);
    expect(world.messageOf('d3')).to.contain("2 did not match the pod's or a neighbour's pod anti-affinity");
    const together = {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ ...term, labelSelector: { matchLabels: { app: 'web' } } }],
        },
      },
    };
    world.putPod(createPod('follower', { labels: { app: 'sidekick' }, spec: together }));
    await world.settle();
    expect(world.messageOf('follower')).to.contain("did not match the pod's pod affinity");
    world.putPod(createPod('leader', { labels: { app: 'web' } }));
    await world.settle();
    expect(world.nodeOf('follower')).to.equal(world.nodeOf('leader'));
  });

  it('refuses by name what it cannot judge', async () => {
    const world = await createClusterWorld({ nodes: [createNode('node-a')] });
    const spread = [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' as const }];
    world.putPod(createPod('web', { spec: { topologySpreadConstraints: spread } }));
    await world.settle();
    expect(world.messageOf('web')).to.contain('topologySpreadConstraints with whenUnsatisfiable: DoNotSchedule');
  });

  it('stops without leaving timers behind', async () => {
    const world = await createClusterWorld({ nodes: [createNode('node-a')] });
    world.refuseBinding('web', new StatusError('Conflict', 'no'));
    world.putPod(createPod('web'));
    await world.settle();
    expect(world.clock.pendingTimers).to.equal(1);
    world.framework.stop();
    await world.settle();
    expect(world.clock.pendingTimers).to.equal(0);
    world.putPod(createPod('late'));
    await world.settle();
    expect(world.nodeOf('late')).to.equal(undefined);
    world.engine.stop();
  });

  it('prefers what pods prefer and shuns what taints advise against', async () => {
    const world = await createClusterWorld({
      nodes: [
        createNode('node-a', {
          spec: { taints: [{ key: 'old', effect: 'PreferNoSchedule' }] },
          labels: { disk: 'ssd' },
        }),
        createNode('node-b', { cpu: '1', labels: { disk: 'ssd' } }),
        createNode('node-c', { cpu: '64' }),
      ],
    });
    const preference = { matchExpressions: [{ key: 'disk', operator: 'In' as const, values: ['ssd'] }] };
    const affinity = {
      nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, preference }] },
    };
    world.putPod(createPod('fast', { spec: { affinity } }));
    await world.settle();
    expect(world.nodeOf('fast')).to.equal('node-b');
  });

  it('looks further when the first candidates of a large cluster are full', async () => {
    const nodes = Array.from({ length: 300 }, (_, index) => createNode(`node-${index}`, { cpu: '1' }));
    const world = await createClusterWorld({ nodes });
    for (let index = 0; index < 301; index++) world.putPod(createPod(`web-${index}`, { cpu: '1' }));
    await world.clock.advance(100);
    const waiting = [...world.pods.values()].filter((pod) => !pod.spec?.nodeName);
    expect(waiting).to.have.length(1);
    expect(world.messageOf(waiting[0]!.metadata.name!)).to.match(/^0\/300 nodes are available: 300 insufficient cpu/);
  });

  it('tells copies that come later what the earlier ones were told', async () => {
    const world = await createClusterWorld({ nodes: [createNode('node-a', { cpu: '1' })] });
    world.putPod(createPod('big-1', { cpu: '2' }));
    await world.settle();
    world.putPod(createPod('big-2', { cpu: '2' }));
    await world.settle();
    expect(world.messageOf('big-2')).to.equal(world.messageOf('big-1'));
    world.removePod('big-1');
    world.removeNode('node-a');
    await world.clock.advance(1000);
    expect(world.messageOf('big-2')).to.contain('no node has joined');
  });

  it('does not leave resources charged for a pod that was deleted during its binding', async () => {
    const world = await createClusterWorld({ nodes: [createNode('node-a', { cpu: '1' })] });
    world.refuseBinding('gone', new StatusError('NotFound', 'no such pod'));
    world.engine.attach('probe', { onEffect: () => undefined });
    world.putPod(createPod('gone', { cpu: '1' }));
    await Promise.resolve();
    world.removePod('gone');
    await world.settle();
    world.putPod(createPod('next', { cpu: '1' }));
    await world.settle();
    expect(world.nodeOf('next')).to.equal('node-a');
    expect(world.engine.holdersOf('node-a')).to.deep.equal([{ framework: 'tepui-pods', by: 'tasks' }]);
  });

  it('lifts a limit when the quota goes', async () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q', namespace: 'default' },
      spec: { hard: { 'requests.memory': '1Gi' } },
    } as const;
    const world = await createClusterWorld({ nodes: [createNode('node-a')], quotas: [quota] });
    world.putPod(createPod('big', { memory: '2Gi' }));
    await world.settle();
    expect(world.messageOf('big')).to.contain('requests.memory 0/1Gi used, needs 2Gi');
    world.removeQuota(quota);
    await world.settle();
    expect(world.nodeOf('big')).to.equal('node-a');
  });

  it('writes the reason again when the first attempt failed', async () => {
    const world = await createClusterWorld();
    world.refusePatch('web', new StatusError('ServiceUnavailable', 'not now'));
    world.putPod(createPod('web'));
    await world.settle();
    expect(world.messageOf('web')).to.equal(undefined);
    world.putNode(createNode('node-a', { ready: false }));
    await world.clock.advance(1000);
    expect(world.messageOf('web')).to.equal('0/1 nodes are available: 1 not ready');
  });
});

// The predicates of placement, one rule at a time.
import { expect } from 'chai';
import { explainPlacement } from '../../src/api/placement-explanation.ts';
import { podFitsNode } from '../../src/api/placement.ts';
import { amountsOf, podLimits, podRequests } from '../../src/api/pod-resources.ts';
import type {
  Affinity,
  Container,
  ContainerPort,
  Node,
  NodeSelectorRequirement,
  Pod,
  PodAffinityTerm,
  PodSpec,
  Taint,
  Toleration,
} from '../../src/api/types.gen.ts';

const node = (
  traits: {
    labels?: Record<string, string>;
    spec?: Node['spec'];
    allocatable?: Record<string, string>;
    ready?: string;
    deleted?: boolean;
  } = {},
): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'node-a',
    labels: traits.labels ?? {},
    ...(traits.deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
  },
  ...(traits.spec ? { spec: traits.spec } : {}),
  status: {
    allocatable: traits.allocatable ?? { cpu: '4', memory: '8Gi', pods: '3' },
    conditions: [{ type: 'Ready', status: traits.ready ?? 'True' }],
  },
});

const pod = (name: string, spec: Partial<PodSpec> = {}, labels: Record<string, string> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid: name, labels },
  spec: { containers: [{ name: 'main' }], ...spec },
});

const asking = (requests: Record<string, string>, limits: Record<string, string> = {}): Partial<PodSpec> => ({
  containers: [{ name: 'main', resources: { requests, limits } }],
});

const reason = (candidate: Pod, where: Node, others: Pod[] = []): string => {
  const verdict = podFitsNode(candidate, where, others);
  return verdict.fits ? 'fits' : verdict.reason;
};

describe('pod resources', () => {
  const container = (cpu: string, more: Partial<Container> = {}): Container => ({
    name: cpu,
    resources: { requests: { cpu } },
    ...more,
  });

  it('are the larger of all containers together and each init container', () => {
    expect(
      podRequests({ containers: [container('1'), container('500m')], initContainers: [container('1200m')] }),
    ).to.deep.equal({ cpu: 1500 });
    expect(
      podRequests({ containers: [container('1')], initContainers: [container('3'), container('2')] }),
    ).to.deep.equal({ cpu: 3000 });
  });

  it('count sidecars with what runs beside them', () => {
    const sidecar = container('500m', { restartPolicy: 'Always' });
    expect(podRequests({ containers: [container('1')], initContainers: [sidecar] })).to.deep.equal({ cpu: 1500 });
    expect(podRequests({ containers: [container('1')], initContainers: [sidecar, container('2')] })).to.deep.equal({
      cpu: 2500,
    });
    expect(podRequests({ containers: [container('1')], initContainers: [container('2'), sidecar] })).to.deep.equal({
      cpu: 2000,
    });
  });

  it('add overhead, take limits for absent requests and the pod as a whole for its parts', () => {
    expect(podRequests({ containers: [container('1')], overhead: { cpu: '100m', memory: '1Mi' } })).to.deep.equal({
      cpu: 1100,
      memory: 2 ** 20,
    });
    expect(podRequests({ ...pod('p').spec!, ...asking({}, { cpu: '2' }) })).to.deep.equal({ cpu: 2000 });
    expect(podRequests({ containers: [container('1')], resources: { requests: { cpu: '5' } } })).to.deep.equal({
      cpu: 5000,
    });
    expect(podLimits({ ...pod('p').spec!, ...asking({ cpu: '1' }, { memory: '1Ki' }) })).to.deep.equal({
      memory: 1024,
    });
    expect(amountsOf(undefined)).to.deep.equal({});
  });
});

describe('podFitsNode', () => {
  it('counts resources of the pods that are there, finished ones and itself aside', () => {
    const others = [
      pod('b', asking({ cpu: '3' })),
      { ...pod('c', asking({ cpu: '3' })), status: { phase: 'Succeeded' } },
    ];
    expect(reason(pod('a', asking({ cpu: '1' })), node(), others)).to.equal('fits');
    expect(reason(pod('a', asking({ cpu: '1100m' })), node(), others)).to.equal(
      'node-a: insufficient cpu: 1 of 4 cpus free, needs 1.1',
    );
    expect(reason(pod('b', asking({ cpu: '4' })), node(), others)).to.equal('fits');
  });

  it('is exact to the byte and names every scarce resource', () => {
    expect(reason(pod('a', asking({ memory: '8Gi' })), node())).to.equal('fits');
    expect(reason(pod('a', asking({ memory: '8589934593' })), node())).to.contain(
      'insufficient memory: 8Gi of 8Gi memory free',
    );
    expect(reason(pod('a', asking({ cpu: '5', 'nvidia.com/gpu': '1' })), node())).to.equal(
      'node-a: insufficient cpu: 4 of 4 cpus free, needs 5, insufficient nvidia.com/gpu: 0 of 0 nvidia.com/gpu free, needs 1',
    );
  });

  it('knows how many pods a node takes, if the node says so', () => {
    const three = [pod('b'), pod('c'), pod('d')];
    expect(reason(pod('a'), node(), three)).to.equal('node-a: too many pods: 0 of 3 pods free, needs 1');
    expect(reason(pod('a'), node({ allocatable: {} }), three)).to.equal('fits');
  });

  it('wants a node that is ready, stays and is open', () => {
    expect(reason(pod('a'), node({ ready: 'Unknown' }))).to.equal('node-a: not ready');
    expect(reason(pod('a'), node({ deleted: true }))).to.equal('node-a: being deleted');
    expect(reason(pod('a'), node({ spec: { unschedulable: true } }))).to.equal('node-a: unschedulable (cordoned)');
    const tolerations: Toleration[] = [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }];
    expect(reason(pod('a', { tolerations }), node({ spec: { unschedulable: true } }))).to.equal('fits');
  });

  describe('taints', () => {
    const taint: Taint = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' };
    const cases: readonly (readonly [string, Taint, Toleration[], string])[] = [
      ['no toleration', taint, [], 'node-a: had untolerated taint {dedicated: gpu}'],
      [
        'an equal toleration',
        taint,
        [{ key: 'dedicated', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' }],
        'fits',
      ],
      ['Equal by default, any effect', taint, [{ key: 'dedicated', value: 'gpu' }], 'fits'],
      ['another value', taint, [{ key: 'dedicated', value: 'cpu' }], 'node-a: had untolerated taint {dedicated: gpu}'],
      [
        'another effect',
        taint,
        [{ key: 'dedicated', operator: 'Exists', effect: 'NoExecute' }],
        'node-a: had untolerated taint {dedicated: gpu}',
      ],
      ['another key', taint, [{ key: 'other', operator: 'Exists' }], 'node-a: had untolerated taint {dedicated: gpu}'],
      ['tolerating everything', taint, [{ operator: 'Exists' }], 'fits'],
      [
        'a key without Exists must be named',
        taint,
        [{ value: 'gpu' }],
        'node-a: had untolerated taint {dedicated: gpu}',
      ],
      ['NoExecute without value', { key: 'down', effect: 'NoExecute' }, [], 'node-a: had untolerated taint {down}'],
      [
        'Gt with a greater taint',
        { ...taint, value: '950' },
        [{ key: 'dedicated', operator: 'Gt', value: '900' }],
        'fits',
      ],
      [
        'Lt with a greater taint',
        { ...taint, value: '950' },
        [{ key: 'dedicated', operator: 'Lt', value: '900' }],
        'node-a: had untolerated taint {dedicated: 950}',
      ],
      [
        'Gt with words',
        taint,
        [{ key: 'dedicated', operator: 'Gt', value: '900' }],
        'node-a: had untolerated taint {dedicated: gpu}',
      ],
      ['PreferNoSchedule only advises', { ...taint, effect: 'PreferNoSchedule' }, [], 'fits'],
    ];
    for (const [name, given, tolerations, expected] of cases) {
      it(name, () => expect(reason(pod('a', { tolerations }), node({ spec: { taints: [given] } }))).to.equal(expected));
    }
  });

  describe('node selection', () => {
    const required = (
      matchExpressions: NodeSelectorRequirement[],
      matchFields: NodeSelectorRequirement[] = [],
    ): Partial<PodSpec> => ({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions, matchFields }] },
        },
      },
    });
    const labelled = node({ labels: { zone: 'z1', cores: '16', word: 'abc' } });
    const matching: readonly (readonly [NodeSelectorRequirement, boolean])[] = [
      [{ key: 'zone', operator: 'In', values: ['z1', 'z2'] }, true],
      [{ key: 'zone', operator: 'In', values: ['z2'] }, false],
      [{ key: 'none', operator: 'In', values: ['z2'] }, false],
      [{ key: 'zone', operator: 'NotIn', values: ['z2'] }, true],
      [{ key: 'zone', operator: 'NotIn', values: ['z1'] }, false],
      [{ key: 'none', operator: 'NotIn', values: ['z1'] }, true],
      [{ key: 'zone', operator: 'Exists' }, true],
      [{ key: 'none', operator: 'Exists' }, false],
      [{ key: 'none', operator: 'DoesNotExist' }, true],
      [{ key: 'zone', operator: 'DoesNotExist' }, false],
      [{ key: 'cores', operator: 'Gt', values: ['8'] }, true],
      [{ key: 'cores', operator: 'Gt', values: ['16'] }, false],
      [{ key: 'cores', operator: 'Lt', values: ['17'] }, true],
      [{ key: 'word', operator: 'Gt', values: ['1'] }, false],
      [{ key: 'none', operator: 'Lt', values: ['1'] }, false],
      [{ key: 'zone', operator: 'Like' as 'In', values: ['z1'] }, false],
    ];
    for (const [requirement, fits] of matching) {
      it(`${requirement.key} ${requirement.operator} ${(requirement.values ?? []).join()}`, () => {
        expect(reason(pod('a', required([requirement])), labelled)).to.equal(
          fits ? 'fits' : "node-a: did not match the pod's node affinity",
        );
      });
    }

    it('goes by name, selector and terms', () => {
      expect(
        reason(pod('a', required([], [{ key: 'metadata.name', operator: 'In', values: ['node-a'] }])), node()),
      ).to.equal('fits');
      expect(
        reason(pod('a', required([], [{ key: 'metadata.uid', operator: 'In', values: ['node-a'] }])), node()),
      ).to.contain('node affinity');
      expect(reason(pod('a', required([])), node())).to.contain('node affinity');
      expect(reason(pod('a', { nodeSelector: { zone: 'z1' } }), labelled)).to.equal('fits');
      expect(reason(pod('a', { nodeSelector: { zone: 'z2' } }), labelled)).to.equal(
        "node-a: did not match the pod's node selector",
      );
      expect(reason(pod('a', { nodeName: 'node-b' }), node())).to.equal('node-a: not the requested node node-b');
    });
  });

  it('keeps host ports apart by number, protocol and address', () => {
    const listening = (
      name: string,
      port: Omit<ContainerPort, 'containerPort'> & { hostPort: number },
      spec: Partial<PodSpec> = {},
    ) => pod(name, { containers: [{ name: 'main', ports: [{ containerPort: port.hostPort, ...port }] }], ...spec });
    const taken = [listening('b', { hostPort: 80, hostIP: '10.0.0.1' })];
    expect(reason(listening('a', { hostPort: 81 }), node(), taken)).to.equal('fits');
    expect(reason(listening('a', { hostPort: 80, protocol: 'UDP' }), node(), taken)).to.equal('fits');
    expect(reason(listening('a', { hostPort: 80, hostIP: '10.0.0.2' }), node(), taken)).to.equal('fits');
    expect(reason(listening('a', { hostPort: 80, hostIP: '10.0.0.1' }), node(), taken)).to.equal(
      'node-a: had host port 80/TCP in use',
    );
    expect(reason(listening('a', { hostPort: 80, hostIP: '0.0.0.0' }), node(), taken)).to.contain('80/TCP');
    const onHost = pod('a', { hostNetwork: true, containers: [{ name: 'main', ports: [{ containerPort: 80 }] }] });
    expect(reason(onHost, node(), taken)).to.contain('80/TCP');
  });

  describe('pod affinity', () => {
    const term = (more: Partial<PodAffinityTerm> = {}): PodAffinityTerm => ({
      labelSelector: { matchLabels: { app: 'db' } },
      topologyKey: 'kubernetes.io/hostname',
      ...more,
    });
    const near = (affinityTerm: PodAffinityTerm): { affinity: Affinity } => ({
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [affinityTerm] } },
    });
    const apart = (affinityTerm: PodAffinityTerm): { affinity: Affinity } => ({
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [affinityTerm] } },
    });
    const database = pod('b', {}, { app: 'db' });

    it('holds in both directions', () => {
      expect(reason(pod('a', apart(term())), node(), [database])).to.contain('anti-affinity');
      expect(reason(database, node(), [pod('a', apart(term()))])).to.contain('anti-affinity');
      expect(reason(pod('a', apart(term())), node(), [pod('c')])).to.equal('fits');
    });

    it('lets the first of a group start', () => {
      expect(reason(pod('a', near(term())), node(), [database])).to.equal('fits');
      expect(reason(pod('a', near(term())), node())).to.contain('pod affinity');
      expect(reason(pod('a', near(term()), { app: 'db' }), node())).to.equal('fits');
    });

    it('looks into the namespaces that the term names', () => {
      const elsewhere = { ...database, metadata: { ...database.metadata, namespace: 'other' } };
      expect(reason(pod('a', apart(term())), node(), [elsewhere])).to.equal('fits');
      expect(reason(pod('a', apart(term({ namespaces: ['other'] }))), node(), [elsewhere])).to.contain('anti-affinity');
      expect(reason(pod('a', apart(term({ namespaceSelector: {} }))), node(), [elsewhere])).to.contain('anti-affinity');
    });

    it('is refused by name where it cannot be judged', () => {
      expect(reason(pod('a', near(term({ topologyKey: 'zone' }))), node())).to.contain(
        'required podAffinity with topologyKey zone',
      );
      expect(reason(pod('a', apart(term({ namespaceSelector: { matchLabels: { a: 'b' } } }))), node())).to.contain(
        'namespaceSelector',
      );
      expect(reason(pod('a', apart(term({ matchLabelKeys: ['x'] }))), node())).to.contain('matchLabelKeys');
      const malformed = { matchExpressions: [{ key: 'a', operator: 'Like' as 'In' }] };
      expect(reason(pod('a', near(term({ labelSelector: malformed }))), node())).to.contain('malformed labelSelector');
    });
  });
});

describe('explainPlacement', () => {
  const named = (name: string, cpu: string): Node => ({
    ...node({ allocatable: { cpu, memory: '3987654321', pods: '3' } }),
    metadata: { name },
  });

  it('counts reasons, most frequent first, with the node that comes nearest', () => {
    const nodes = [
      named('node-a', '1'),
      named('node-b', '4'),
      { ...named('node-c', '64'), status: { conditions: [] } },
    ];
    const busy = pod('busy', { ...asking({ cpu: '2500m' }), nodeName: 'node-b' });
    const explained = explainPlacement(pod('a', asking({ cpu: '2', memory: '3Gi' })), nodes, [busy]);
    expect(explained.message).to.equal(
      '0/3 nodes are available: 2 insufficient cpu (nearest miss: node-b has 1.5 of 4 cpus free, needs 2), 1 not ready',
    );
    expect(explained.fitting).to.deep.equal([]);
    expect(explained.reasons[0]?.nearestMiss?.node).to.equal('node-b');
  });

  it('reads well for memory, for fits and for what lies beyond nodes', () => {
    const nodes = [named('node-a', '4')];
    expect(explainPlacement(pod('a', asking({ memory: '8Gi' })), nodes, []).message).to.contain(
      'node-a has 3.7Gi of 3.7Gi memory free, needs 8Gi',
    );
    expect(explainPlacement(pod('a'), nodes, [])).to.deep.include({
      fitting: ['node-a'],
      message: '1/1 nodes are available: ',
    });
    expect(explainPlacement(pod('a'), nodes, [], ['quota of role x exhausted']).message).to.equal(
      '0/1 nodes are available: quota of role x exhausted',
    );
  });
});

// The downward API.
import { expect } from 'chai';
import type { Pod } from '../../src/api/types.gen.ts';
import { fieldText, resourceText } from '../../src/isolators/field-ref.ts';

const node = { name: 'node-1', address: '192.0.2.1', cpus: 4, memoryBytes: 2 ** 30 };
const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'n', uid: 'u', labels: { b: 'say "hi"', a: '1' }, annotations: { 'x/y': 'z' } },
  spec: {
    containers: [
      { name: 'c', resources: { limits: { cpu: '1500m', memory: '64Mi' }, requests: { cpu: '250m' } } },
      { name: 'free' },
    ],
  },
};
const field = (fieldPath: string) => fieldText(pod, node, { fieldPath }, 'f');
const amount = (resource: string, divisor?: string, containerName = 'c') =>
  resourceText(pod, node, { resource, containerName, ...(divisor === undefined ? {} : { divisor }) }, undefined, 'f');

describe('downward API', () => {
  it('gives fields of pod and node', () => {
    const paths = [
      'metadata.name',
      'metadata.namespace',
      'metadata.uid',
      'spec.nodeName',
      'status.hostIP',
      'status.podIP',
    ];
    expect(paths.map(field)).to.deep.equal(['p', 'n', 'u', 'node-1', '192.0.2.1', '192.0.2.1']);
    expect(field('spec.serviceAccountName')).to.equal('default');
    expect(field("metadata.labels['a']")).to.equal('1');
    expect(field("metadata.annotations['x/y']")).to.equal('z');
    expect(field("metadata.labels['none']")).to.equal('');
    expect(field('metadata.labels')).to.equal('a="1"\nb="say \\"hi\\""');
  });

  it('lists what it could have been', () => {
    for (const path of ['spec.containers', 'toString'])
      expect(() => field(path)).to.throw(/f: expected one of metadata\.name/);
  });

  it('rounds amounts up after division', () => {
    expect([amount('limits.cpu'), amount('limits.cpu', '1m'), amount('requests.cpu', '1m')]).to.deep.equal([
      '2',
      '1500',
      '250',
    ]);
    expect([amount('limits.memory', '1Mi'), amount('requests.memory', '1Mi')]).to.deep.equal(['64', '64']);
  });

  it('gives what the node has where there is no limit', () => {
    expect([
      amount('limits.cpu', '1', 'free'),
      amount('limits.memory', '0', 'free'),
      amount('requests.cpu', '1', 'free'),
    ]).to.deep.equal(['4', String(2 ** 30), '0']);
    expect(amount('limits.ephemeral-storage', '1', 'free')).to.equal('0');
  });

  it('refuses unknown containers and resources', () => {
    expect(() => amount('limits.cpu', '1', 'gone')).to.throw(/no container "gone"/);
    expect(() => amount('cpu')).to.throw(/expected limits\.NAME or requests\.NAME/);
  });
});

import { expect } from 'chai';
import type { ApiObject } from '../../../src/api/object.ts';
import type { Pod, ResourceQuota } from '../../../src/api/types.gen.ts';
import { isInScope, silentContainers, usageOf } from '../../../src/apiserver/admission/quota-usage.ts';

const one = 1_000_000_000n;
const pod = (spec: object, status: object = {}): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [], ...spec },
  status,
});
const container = (name: string, requests: object): object => ({ name, image: 'i:1', resources: { requests } });
const usage = (resource: string, object: ApiObject): Record<string, bigint> =>
  Object.fromEntries(usageOf(resource, object));

describe('usageOf', () => {
  it('adds containers up and takes the largest init container where that is more', () => {
    const spec = {
      containers: [container('a', { cpu: '1', memory: '1' }), container('b', { cpu: '500m' })],
      initContainers: [container('i', { cpu: '1', memory: '3' })],
    };
    expect(usage('pods', pod(spec))).to.deep.equal({
      'count/pods': one,
      pods: one,
      cpu: (3n * one) / 2n,
      'requests.cpu': (3n * one) / 2n,
      memory: 3n * one,
      'requests.memory': 3n * one,
    });
  });

  it('counts finished pods as objects only', () => {
    expect(usage('pods', pod({}, { phase: 'Succeeded' }))).to.deep.equal({ 'count/pods': one });
  });

  it('counts services by what they open', () => {
    const service = (type: string): ApiObject => ({ apiVersion: 'v1', kind: 'Service', metadata: {}, spec: { type } });
    expect(usage('services', service('LoadBalancer'))).to.have.all.keys(
      'count/services',
      'services',
      'services.loadbalancers',
      'services.nodeports',
    );
    expect(usage('services', service('NodePort'))).not.to.have.property('services.loadbalancers');
    expect(usage('leases.coordination.k8s.io', service(''))).to.deep.equal({ 'count/leases.coordination.k8s.io': one });
  });
});

describe('isInScope', () => {
  const inScope = (spec: object, object: ApiObject, resource = 'pods'): boolean =>
    isInScope({ spec } as ResourceQuota, resource, object);
  const priority = (operator: string, values: readonly string[], name?: string): boolean => {
    const matchExpressions = [{ scopeName: 'PriorityClass', operator, values }];
    return inScope({ scopeSelector: { matchExpressions } }, pod(name === undefined ? {} : { priorityClassName: name }));
  };

  it('takes in everything without scopes, and only pods with them', () => {
    expect(inScope({}, pod({}), 'secrets')).to.equal(true);
    expect(inScope({ scopes: ['BestEffort'] }, pod({}), 'secrets')).to.equal(false);
  });

  it('tells pods apart', () => {
    const burstable = pod({ containers: [container('a', { cpu: '1' })] });
    expect(inScope({ scopes: ['BestEffort'] }, burstable)).to.equal(false);
    expect(inScope({ scopes: ['NotBestEffort'] }, burstable)).to.equal(true);
    expect(inScope({ scopes: ['Terminating'] }, pod({ activeDeadlineSeconds: 1 }))).to.equal(true);
    expect(inScope({ scopes: ['NotTerminating'] }, pod({ activeDeadlineSeconds: 1 }))).to.equal(false);
    expect(inScope({ scopes: ['CrossNamespacePodAffinity'] }, burstable)).to.equal(false);
  });

  it('selects by priority class', () => {
    expect(priority('In', ['high'], 'high')).to.equal(true);
    expect(priority('In', ['high'])).to.equal(false);
    expect(priority('NotIn', ['high'], 'low')).to.equal(true);
    expect(priority('Exists', [], 'low')).to.equal(true);
    expect(priority('DoesNotExist', [], 'low')).to.equal(false);
  });
});

describe('silentContainers', () => {
  it('names those that do not say what a quota counts', () => {
    const asked = pod({ containers: [container('a', { cpu: '1' }), container('b', {})] }) as unknown as Pod;
    expect(silentContainers(asked, 'requests.cpu')).to.deep.equal(['b']);
    expect(silentContainers(asked, 'cpu')).to.deep.equal(['b']);
    expect(silentContainers(asked, 'limits.memory')).to.deep.equal(['a', 'b']);
    expect(silentContainers(asked, 'pods')).to.deep.equal([]);
  });
});

// Requests and limits as the numbers of cgroups.
import { expect } from 'chai';
import type { Container, Pod } from '../../../src/api/types.gen.ts';
import { cpuResources } from '../../../src/isolators/cgroups/cpu.ts';
import { memoryResources, oomScore } from '../../../src/isolators/cgroups/mem.ts';

describe('resources of cgroups', () => {
  it('makes shares of the request and a quota of the limit', () => {
    expect(cpuResources({ requests: { cpu: '500m' }, limits: { cpu: '2' } }, 'r')).to.deep.equal({
      shares: 512,
      quota: 200_000,
      period: 100_000,
    });
    expect(cpuResources({ limits: { cpu: '250m' } }, 'r')).to.deep.equal({
      shares: 256,
      quota: 25_000,
      period: 100_000,
    });
    expect(cpuResources(undefined, 'r')).to.deep.equal({ shares: 2 });
  });

  it('never goes below what the kernel takes', () => {
    expect(cpuResources({ limits: { cpu: '1m' } }, 'r')).to.deep.equal({ shares: 2, quota: 1000, period: 100_000 });
  });

  it('forbids swap beyond the memory limit where swap is counted', () => {
    expect(memoryResources(1000, true)).to.deep.equal({ limit: 1000, swap: 1000 });
    expect(memoryResources(1000, false)).to.deep.equal({ limit: 1000 });
    expect(memoryResources(undefined, true)).to.equal(undefined);
  });

  it('sacrifices best-effort pods first and guaranteed pods last', () => {
    const scoreOf = (resources: Container['resources']) => {
      const container: Container = { name: 'c', ...(resources ? { resources } : {}) };
      const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: { containers: [container] } };
      return oomScore(pod, container, 1000 * 2 ** 20);
    };
    expect(scoreOf(undefined)).to.equal(1000);
    expect(scoreOf({ requests: { memory: '100Mi' } })).to.equal(900);
    expect(scoreOf({ requests: { memory: '1' } })).to.equal(999);
    expect(scoreOf({ limits: { cpu: '1', memory: '1Gi' } })).to.equal(-997);
  });
});

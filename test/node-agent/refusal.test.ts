// What a degraded host refuses, what it runs with a warning.
import { expect } from 'chai';
import { refusalOf, unenforcedLimits } from '../../src/node-agent/refusal.ts';
import { testContainer, testPod } from '../support/pods.ts';

describe('refusing what a host cannot do', () => {
  const host = (...features: string[]) => ({
    launcher: 'oci' as const,
    isolators: [],
    degraded: features.map((feature) => ({ feature, reason: `no ${feature}`, remedy: 'mend it' })),
  });
  const limited = testPod('p', { containers: [testContainer('web', { resources: { limits: { cpu: '1' } } })] });
  const imaged = testPod('p', { containers: [testContainer('web', { image: 'busybox' })] });

  it('refuses limits without controllers, images without tools or isolation', () => {
    expect(refusalOf(limited, host('resources.limits'))).to.contain('no resources.limits (mend it)');
    expect(refusalOf(imaged, host('images'))).to.contain('it needs images');
    expect(refusalOf(imaged, host('isolation'))).to.contain('it needs isolation');
    expect(refusalOf(testPod('p'), host('isolation', 'images', 'resources.limits'))).to.equal(undefined);
    expect(refusalOf(limited, host())).to.equal(undefined);
  });

  it('runs with limits without any isolation, but says so', () => {
    expect(refusalOf(limited, host('isolation'))).to.equal(undefined);
    expect(unenforcedLimits(limited, host('isolation'))).to.contain('not enforced');
    expect(unenforcedLimits(limited, host())).to.equal(undefined);
    expect(unenforcedLimits(testPod('p'), host('isolation'))).to.equal(undefined);
  });

  it('refuses grpc probes by name', () => {
    const initContainers = [testContainer('a', { startupProbe: { grpc: { port: 1 } } })];
    expect(refusalOf(testPod('p', { initContainers }), host())).to.match(/startupProbe of container a uses grpc/);
  });
});

// cgroups/cpu: shares from the request, a hard quota from the limit, usage from the accounting files.
import { optionalAmount } from '../amounts.ts';
import type { ResourceRequirements } from '../../api/types.gen.ts';
import type { Isolator } from '../isolator.ts';
import type { OciResources } from '../oci-spec.ts';
import type { Cgroups } from './hierarchy.ts';

const sharesPerCore = 1024;
const leastShares = 2;
const periodUs = 100_000;
const leastQuotaUs = 1_000;

/** Shares and quota; version 2's weight and `cpu.max` follow from them in the runtime. Without a request the limit counts, as in Kubernetes. */
export function cpuResources(resources: ResourceRequirements | undefined, path: string): OciResources['cpu'] {
  const limit = optionalAmount(resources?.limits?.['cpu'], `${path}.limits.cpu`);
  const request = optionalAmount(resources?.requests?.['cpu'], `${path}.requests.cpu`) ?? limit ?? 0;
  return {
    shares: Math.max(leastShares, Math.round(request * sharesPerCore)),
    ...(limit === undefined || limit === 0
      ? {}
      : { quota: Math.max(leastQuotaUs, Math.round(limit * periodUs)), period: periodUs }),
  };
}

export function createCpuIsolator(cgroups: Cgroups): Isolator {
  return {
    name: 'cgroups/cpu',
    prepare({ container }, spec) {
      const cpu = cpuResources(container.resources, `containers[${container.name}].resources`);
      if (cpu) spec.linux.resources.cpu = cpu;
    },
    async usage({ cgroup }) {
      if (cgroups.version === 1) {
        const text = await cgroups.read('cpuacct', cgroup, 'cpuacct.usage');
        return text === undefined ? {} : { cpuNanoseconds: Number(text) };
      }
      const match = /^usage_usec (\d+)/m.exec((await cgroups.read('cpu', cgroup, 'cpu.stat')) ?? '');
      return match ? { cpuNanoseconds: Number(match[1]) * 1000 } : {};
    },
  };
}

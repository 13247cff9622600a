// cgroups/mem: the memory limit, the order in which the kernel kills under pressure, and the story of an OOM kill.
import { formatBytes, optionalAmount } from '../amounts.ts';
import type { Container, Pod } from '../../api/types.gen.ts';
import type { ContainerPlace, Isolator, Limitation } from '../isolator.ts';
import type { AgentLimits } from '../linux/agent-limits.ts';
import type { OciResources } from '../oci-spec.ts';
import type { Cgroups } from './hierarchy.ts';

/** Files of both versions; `kills` counts in a `name N` table. */
const files = {
  1: {
    limit: 'memory.limit_in_bytes',
    peak: 'memory.max_usage_in_bytes',
    usage: 'memory.usage_in_bytes',
    kills: 'memory.oom_control',
    swap: 'memory.memsw.limit_in_bytes',
    inactive: /^total_inactive_file (\d+)/m,
  },
  2: {
    limit: 'memory.max',
    peak: 'memory.peak',
    usage: 'memory.current',
    kills: 'memory.events',
    swap: 'memory.swap.max',
    inactive: /^inactive_file (\d+)/m,
  },
} as const;

/** Limit in bytes; no swap beyond it where the kernel counts swap. */
export function memoryResources(limit: number | undefined, countsSwap: boolean): OciResources['memory'] {
  if (limit === undefined || limit === 0) return undefined;
  const bytes = Math.ceil(limit);
  return { limit: bytes, ...(countsSwap ? { swap: bytes } : {}) };
}

/** Who goes first when the host runs out of memory; the formula of Kubernetes' QoS classes. @param hostBytes memory of the host */
export function oomScore(pod: Pod, container: Container, hostBytes: number): number {
  const request = optionalAmount(container.resources?.requests?.['memory'], 'requests.memory');
  const limit = optionalAmount(container.resources?.limits?.['memory'], 'limits.memory');
  const wanted = request ?? limit;
  if (isGuaranteed(pod)) return -997;
  if (wanted === undefined || wanted === 0) return 1000;
  return Math.min(999, Math.max(3, Math.floor(1000 - (1000 * wanted) / hostBytes)));
}

function isGuaranteed(pod: Pod): boolean {
  return (pod.spec?.containers ?? []).every(({ resources }) =>
    ['cpu', 'memory'].every((name) => {
      const limit = resources?.limits?.[name];
      return limit !== undefined && (resources?.requests?.[name] ?? limit) === limit;
    }),
  );
}

export function createMemoryIsolator(cgroups: Cgroups, hostBytes: number, agent: AgentLimits): Isolator {
  const names = files[cgroups.version];
  const readNumber = async (place: ContainerPlace, file: string) =>
    Number((await cgroups.read('memory', place.cgroup, file)) ?? Number.NaN);

  const limitation = async (place: ContainerPlace): Promise<Limitation | undefined> => {
    const kills = /^oom_kill (\d+)/m.exec((await cgroups.read('memory', place.cgroup, names.kills)) ?? '');
    if (!kills || kills[1] === '0') return undefined;
    const [limit, peak] = await Promise.all([readNumber(place, names.limit), readNumber(place, names.peak)]);
    const reached = Number.isNaN(peak) ? '' : ` (peak ${formatBytes(peak)})`;
    return {
      reason: 'OOMKilled',
      message: `needed more memory than its limit of ${formatBytes(limit)}${reached}: raise resources.limits.memory`,
    };
  };

  let countsSwap: Promise<boolean> | undefined;
  return {
    name: 'cgroups/mem',
    limitation,
    async prepare({ pod, container }, spec) {
      countsSwap ??= cgroups
        .read('memory', '/', names.swap)
        .then((text) => cgroups.version === 2 || text !== undefined);
      const path = `containers[${container.name}].resources.limits.memory`;
      const memory = memoryResources(optionalAmount(container.resources?.limits?.['memory'], path), await countsSwap);
      if (memory) spec.linux.resources.memory = memory;
      const score = oomScore(pod.pod, container, hostBytes);
      spec.process.oomScoreAdj = agent.mayExceed ? score : Math.max(score, agent.oomScore);
    },
    async usage(place) {
      const used = await readNumber(place, names.usage);
      const inactive = names.inactive.exec((await cgroups.read('memory', place.cgroup, 'memory.stat')) ?? '');
      return Number.isNaN(used) ? {} : { memoryBytes: Math.max(0, used - Number(inactive?.[1] ?? 0)) };
    },
  };
}

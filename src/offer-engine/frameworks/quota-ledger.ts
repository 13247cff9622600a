// What the pods of a namespace use of its ResourceQuotas, exactly as Kubernetes counts it: requests, limits, pods.
import { addAmounts, amountsOf, podLimits, subtractAmounts, type Amounts } from '../../api/pod-resources.ts';
import { formatAmount } from '../../api/misfit.ts';
import { emptyPodSpec, type PodDemand } from '../../api/pod-demand.ts';
import type { Pod, ResourceQuota } from '../../api/types.gen.ts';
import { isUnscoped } from '../registration.ts';

export interface QuotaLedger {
  setQuota(quota: ResourceQuota): void;
  deleteQuota(quota: ResourceQuota): void;
  /** Counts a pod that is bound, or about to be. Counting it again changes nothing. */
  charge(uid: string, namespace: string, usage: Amounts): void;
  release(uid: string): void;
  /** `requests.cpu 1.9 of 2 used, needs 0.2`; undefined when the pod may come. */
  findExcess(namespace: string, usage: Amounts): string | undefined;
}

/** A pod's use by quota key: `requests.cpu`, `limits.memory`, `pods`, … Short forms (`cpu`) are keys of their own. */
export function quotaUsageOf(pod: Pod, demand: PodDemand): Amounts {
  const usage: Record<string, number> = { pods: 1 };
  for (const [name, amount] of Object.entries(demand.requests)) {
    usage[`requests.${name}`] = amount;
    usage[name] = amount;
  }
  for (const [name, amount] of Object.entries(podLimits(pod.spec ?? emptyPodSpec))) usage[`limits.${name}`] = amount;
  return usage;
}

export function createQuotaLedger(): QuotaLedger {
  const quotas = new Map<string, Map<string, Amounts>>();
  const used = new Map<string, Amounts>();
  const charged = new Map<string, { readonly namespace: string; readonly usage: Amounts }>();

  const release = (uid: string): void => {
    const entry = charged.get(uid);
    if (!entry) return;
    charged.delete(uid);
    used.set(entry.namespace, subtractAmounts(used.get(entry.namespace) ?? {}, entry.usage));
  };

  return {
    setQuota(quota) {
      const { namespace = '', name = '' } = quota.metadata;
      const ofNamespace = quotas.get(namespace) ?? new Map<string, Amounts>();
      quotas.set(namespace, ofNamespace.set(name, isUnscoped(quota) ? hardOf(quota) : {}));
    },
    deleteQuota({ metadata: { namespace = '', name = '' } }) {
      quotas.get(namespace)?.delete(name);
    },
    charge(uid, namespace, usage) {
      release(uid);
      charged.set(uid, { namespace, usage });
      used.set(namespace, addAmounts(used.get(namespace) ?? {}, usage));
    },
    release,
    findExcess(namespace, usage) {
      for (const hard of quotas.get(namespace)?.values() ?? []) {
        const excess = excessOver(hard, used.get(namespace) ?? {}, usage);
        if (excess !== undefined) return excess;
      }
      return undefined;
    },
  };
}

function excessOver(hard: Amounts, used: Amounts, usage: Amounts): string | undefined {
  for (const key in hard) {
    const [limit = 0, before = 0, more = 0] = [hard[key], used[key], usage[key]];
    if (more === 0 || before + more <= limit) continue;
    const show = (amount: number) => formatAmount(key.replace(/^(requests|limits)\./, ''), amount);
    return `${key} ${show(before)}/${show(limit)} used, needs ${show(more)}`;
  }
  return undefined;
}

/** Keys end in the resource's name; `amountsOf` reads `cpu` in thousandths by that name. */
function hardOf(quota: ResourceQuota): Amounts {
  const hard: Record<string, number> = {};
  for (const [key, value] of Object.entries(quota.spec?.hard ?? {})) {
    const name = key.replace(/^(requests|limits)\./, '');
    hard[key] = amountsOf({ [name]: value })[name] ?? 0;
  }
  return hard;
}

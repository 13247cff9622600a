// How much of a ResourceQuota is used. Pure; names of resources and scopes as in Kubernetes.
import { formatQuantity, parseQuantity, type ExactQuantity } from '../../../api/quantity.ts';
import type { Container, Pod, Quantity, ResourceQuota, ResourceQuotaStatus } from '../../../api/types.gen.ts';
import { isTerminal } from '../../pods.ts';

type Amounts = Readonly<Record<string, Quantity>>;

/** Kinds that may be limited by their bare plural. */
const countedByName = ['services', 'configmaps', 'secrets', 'resourcequotas', 'persistentvolumeclaims'];

/** The kind whose objects a resource name counts, as `plural.group`; undefined when it is not a count of objects. */
export function countedKind(resource: string): string | undefined {
  if (resource.startsWith('count/')) return resource.slice('count/'.length);
  return countedByName.includes(resource) ? resource : undefined;
}

/**
 * @param pods all of the namespace
 * @param countOf objects of a kind in the namespace, by `plural.group`
 */
export function quotaStatus(
  quota: ResourceQuota,
  pods: readonly Pod[],
  countOf: (kind: string) => number,
): ResourceQuotaStatus {
  const hard = quota.spec?.hard ?? {};
  const counted = pods.filter((pod) => !isTerminal(pod) && isInScopes(quota, pod));
  const used = Object.keys(hard).map((resource): [string, Quantity] => {
    const kind = countedKind(resource);
    if (kind !== undefined) return [resource, String(countOf(kind))];
    return [resource, resource === 'pods' ? String(counted.length) : usedBy(counted, resource)];
  });
  return { hard, used: Object.fromEntries(used) };
}

function usedBy(pods: readonly Pod[], resource: string): Quantity {
  const isLimit = resource.startsWith('limits.');
  const name = resource.replace(/^(?:limits|requests)\./, '');
  const amounts = pods.map((pod) => ofPod(pod, isLimit ? 'limits' : 'requests', name));
  return formatQuantity(amounts.reduce(add, zero));
}

const zero: ExactQuantity = { nanos: 0n, format: 'DecimalSI' };

/** What runs together adds up; init containers run one after another, before: their largest counts if it is larger. */
function ofPod(pod: Pod, part: 'limits' | 'requests', name: string): ExactQuantity {
  const spec = pod.spec;
  const sum = (spec?.containers ?? []).map((one) => ofContainer(one, part, name)).reduce(add, zero);
  const first = (spec?.initContainers ?? []).map((one) => ofContainer(one, part, name)).reduce(larger, zero);
  return add(larger(sum, first), amountIn(spec?.overhead, name));
}

function ofContainer({ resources }: Container, part: 'limits' | 'requests', name: string): ExactQuantity {
  const limit = amountIn(resources?.limits, name);
  const isRequested = resources?.requests?.[name] !== undefined;
  return part === 'limits' || !isRequested ? limit : amountIn(resources.requests, name);
}

function amountIn(amounts: Amounts | undefined, name: string): ExactQuantity {
  const amount = amounts?.[name];
  return amount === undefined ? zero : parseQuantity(amount);
}

function add(a: ExactQuantity, b: ExactQuantity): ExactQuantity {
  return { nanos: a.nanos + b.nanos, format: b.nanos === 0n ? a.format : b.format };
}

function larger(a: ExactQuantity, b: ExactQuantity): ExactQuantity {
  return b.nanos > a.nanos ? b : a;
}

function isInScopes(quota: ResourceQuota, pod: Pod): boolean {
  return (quota.spec?.scopes ?? []).every((scope) => scopes[scope]?.(pod) ?? true);
}

const hasDeadline = (pod: Pod) => pod.spec?.activeDeadlineSeconds !== undefined;
const isBestEffort = (pod: Pod) =>
  [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].every(
    ({ resources }) =>
      Object.keys(resources?.requests ?? {}).length === 0 && Object.keys(resources?.limits ?? {}).length === 0,
  );

const scopes: Readonly<Record<string, (pod: Pod) => boolean>> = {
  Terminating: hasDeadline,
  NotTerminating: (pod) => !hasDeadline(pod),
  BestEffort: isBestEffort,
  NotBestEffort: (pod) => !isBestEffort(pod),
};

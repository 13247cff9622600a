// What one object counts for in a ResourceQuota. Amounts are exact integers: billionths, as in api/quantity.ts.
import type { ApiObject } from '../../api/object.ts';
import { resourceId } from '../../api/object.ts';
import { parseQuantity } from '../../api/quantity.ts';
import type { Container, Pod, ResourceQuota, Service } from '../../api/types.gen.ts';
import { qosClassOf } from '../resources/qos-class.ts';

/** Quota resource (`pods`, `requests.cpu`, `count/secrets`) → amount. */
export type Usage = ReadonlyMap<string, bigint>;

export const one = 1_000_000_000n;

/** @param resource the storage: `pods`, `deployments.apps` */
export function usageOf(resource: string, object: ApiObject): Usage {
  if (resource === 'pods') return podUsage(object as unknown as Pod);
  const usage = new Map([[`count/${resource}`, one]]);
  if (namedCounts.includes(resource)) usage.set(resource, one);
  if (resource === 'services') addServiceUsage(object as unknown as Service, usage);
  return usage;
}

const namedCounts = ['configmaps', 'secrets', 'services', 'resourcequotas'].map((plural) => resourceId('', plural));

function addServiceUsage(service: Service, usage: Map<string, bigint>): void {
  const type = service.spec?.type;
  if (type === 'LoadBalancer') usage.set('services.loadbalancers', one);
  if (type === 'LoadBalancer' || type === 'NodePort') usage.set('services.nodeports', one);
}

/** Finished pods count only as objects. */
function podUsage(pod: Pod): Usage {
  const usage = new Map([['count/pods', one]]);
  if (isFinished(pod)) return usage;
  usage.set('pods', one);
  for (const kind of ['requests', 'limits'] as const) {
    for (const [name, amount] of podAmounts(pod, kind)) {
      usage.set(`${kind}.${name}`, amount);
      if (kind === 'requests') usage.set(name, amount);
    }
  }
  return usage;
}

function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/**
 * Containers run together, with the sidecars; init containers one after another before them, beside the sidecars that
 * were started earlier. What the pod itself costs comes on top.
 */
function podAmounts(pod: Pod, kind: 'requests' | 'limits'): Map<string, bigint> {
  const { containers = [], initContainers = [], overhead } = pod.spec ?? {};
  const { running, starting } = startAmounts(initContainers, kind);
  for (const container of containers) addTo(running, amountsOf(container, kind));
  for (const [name, amount] of starting) if (amount > (running.get(name) ?? 0n)) running.set(name, amount);
  addTo(running, quantitiesOf(overhead));
  return running;
}

/** What the sidecars take together, and the most that runs at one time until all are started. */
function startAmounts(initContainers: readonly Container[], kind: 'requests' | 'limits') {
  const running = new Map<string, bigint>();
  const starting = new Map<string, bigint>();
  for (const container of initContainers) {
    for (const [name, amount] of amountsOf(container, kind)) {
      const together = (running.get(name) ?? 0n) + amount;
      if (container.restartPolicy === 'Always') running.set(name, together);
      if (together > (starting.get(name) ?? 0n)) starting.set(name, together);
    }
  }
  return { running, starting };
}

function addTo(total: Map<string, bigint>, amounts: readonly [string, bigint][]): void {
  for (const [name, amount] of amounts) total.set(name, (total.get(name) ?? 0n) + amount);
}

function amountsOf(container: Container, kind: 'requests' | 'limits'): [string, bigint][] {
  return quantitiesOf(container.resources?.[kind]);
}

function quantitiesOf(texts: Readonly<Record<string, string>> = {}): [string, bigint][] {
  return Object.entries(texts).map(([name, text]) => [name, parseQuantity(text).nanos]);
}

/** Names of the containers that do not say how much of `name` they take, though a quota counts it. */
export function silentContainers(pod: Pod, name: string): readonly string[] {
  const [kind, resource] = name.startsWith('limits.')
    ? (['limits', name.slice('limits.'.length)] as const)
    : (['requests', name.replace(/^requests\./, '')] as const);
  if (resource !== 'cpu' && resource !== 'memory') return [];
  return (pod.spec?.containers ?? [])
    .filter((container) => container.resources?.[kind]?.[resource] === undefined)
    .map((container) => container.name);
}

/** Whether a quota's scopes take in this object. Quotas with scopes count pods only. */
export function isInScope(quota: ResourceQuota, resource: string, object: ApiObject): boolean {
  const named = (quota.spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists', values: [] }));
  const terms = [...named, ...(quota.spec?.scopeSelector?.matchExpressions ?? [])];
  if (terms.length === 0) return true;
  if (resource !== 'pods') return false;
  const pod = object as unknown as Pod;
  return terms.every(({ scopeName, operator, values }) => matchesScope(pod, scopeName, operator, values ?? []));
}

function matchesScope(pod: Pod, scope: string, operator: string, values: readonly string[]): boolean {
  const { activeDeadlineSeconds, priorityClassName = '' } = pod.spec ?? {};
  switch (scope) {
    case 'BestEffort':
      return pod.spec !== undefined && qosClassOf(pod.spec) === 'BestEffort';
    case 'NotBestEffort':
      return pod.spec !== undefined && qosClassOf(pod.spec) !== 'BestEffort';
    case 'Terminating':
      return activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return activeDeadlineSeconds === undefined;
    case 'PriorityClass':
      return matchesValue(priorityClassName, operator, values);
    default:
      return false;
  }
}

function matchesValue(value: string, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'In':
      return values.includes(value);
    case 'NotIn':
      return !values.includes(value);
    case 'Exists':
      return value !== '';
    default:
      return value === '';
  }
}

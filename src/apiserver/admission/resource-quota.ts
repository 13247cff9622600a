// ResourceQuota: checked and counted in the same transaction as the write, deletions included: nothing else counts, and
// nothing can be missed. What is used stands in the quota's status, so that a write costs one look at the namespace's
// quotas and never a scan of its pods.
import type { ApiObject, ObjectKey } from '../../api/object.ts';
import { formatQuantity, parseQuantity } from '../../api/quantity.ts';
import { StatusError } from '../../api/status-error.ts';
import type { Pod, ResourceQuota } from '../../api/types.gen.ts';
import type { StatusCause } from '../../api/status-error.ts';
import type { StoredObject } from '../../store/store.ts';
import { deepEqual } from '../../lib/deep.ts';
import { invalidValue } from '../causes.ts';
import type { Strategy, WriteContext } from '../strategy.ts';
import { isInScope, silentContainers, usageOf } from './quota-usage.ts';
import type { Usage } from './quota-usage.ts';

const storage = 'resourcequotas';

/**
 * A quota starts with what its namespace uses already. That is added up then, and whenever somebody writes the limits or
 * the status: what is used is the server's to say.
 */
export const quotaStrategy: Strategy = {
  validate: (object) => checkLimits(object as unknown as ResourceQuota),
  admit(next, live, context) {
    const quota = next as unknown as ResourceQuota;
    const before = live as unknown as ResourceQuota | undefined;
    if (before !== undefined && deepEqual(before.spec, quota.spec)) return next;
    return counted(next, context);
  },
  admitStatus: counted,
};

function counted(object: ApiObject, context: WriteContext): ApiObject {
  const quota = object as unknown as ResourceQuota;
  return { ...object, status: { hard: quota.spec?.hard ?? {}, used: addUp(quota, context) } };
}

const plainNames = ['pods', 'services', 'secrets', 'configmaps', 'resourcequotas', 'replicationcontrollers'];
const furtherNames = ['persistentvolumeclaims', 'services.nodeports', 'services.loadbalancers', 'cpu', 'memory'];
const knownNames = new Set([...plainNames, ...furtherNames, 'ephemeral-storage']);

function checkLimits({ spec }: ResourceQuota): readonly StatusCause[] {
  return Object.entries(spec?.hard ?? {}).flatMap(([name, limit]) => {
    const field = `spec.hard[${name}]`;
    const isKnown = knownNames.has(name) || /^(requests|limits|count)\..+|^count\/.+|\//.test(name);
    const text = 'must be a standard resource for quota, or count/RESOURCE.GROUP, requests.NAME or limits.NAME';
    return [
      ...(isKnown ? [] : [invalidValue(field, name, text)]),
      ...(parseQuantity(limit).nanos < 0n ? [invalidValue(field, limit, 'must be greater than or equal to 0')] : []),
    ];
  });
}

function addUp(quota: ResourceQuota, context: WriteContext): Record<string, string> {
  const totals = new Map<string, bigint>();
  for (const resource of countedResources(Object.keys(quota.spec?.hard ?? {}))) {
    for (const stored of context.draft.list({ resource, namespace: context.namespace })) {
      if (!isInScope(quota, resource, stored.object())) continue;
      for (const [name, amount] of usageOf(resource, stored.object())) {
        totals.set(name, (totals.get(name) ?? 0n) + amount);
      }
    }
  }
  return Object.fromEntries(
    Object.entries(quota.spec?.hard ?? {}).map(([name, hard]) => [name, format(totals.get(name) ?? 0n, hard)]),
  );
}

/** Which storages matter to these quota resources. */
function countedResources(names: readonly string[]): ReadonlySet<string> {
  return new Set(
    names.map((name) => {
      if (name.startsWith('count/')) return name.slice('count/'.length);
      if (name.startsWith('services')) return 'services';
      return ['configmaps', 'secrets', storage].includes(name) ? name : 'pods';
    }),
  );
}

/**
 * Counts the change from `live` to `next` (either may be absent) in every quota of the namespace. Throws Forbidden in
 * Kubernetes' words when something would grow beyond its limit.
 */
export function accountQuota(
  context: WriteContext,
  key: ObjectKey,
  next: ApiObject | undefined,
  live: ApiObject | undefined,
): void {
  if (key.namespace === '' || key.resource === 'events') return;
  for (const stored of context.draft.list({ resource: storage, namespace: key.namespace })) {
    if (key.resource === storage && key.name === stored.key.name) continue;
    account(context, key, stored, next, live);
  }
}

interface Charge {
  readonly name: string;
  readonly hard: string;
  readonly used: bigint;
  readonly delta: bigint;
}

function account(
  context: WriteContext,
  key: ObjectKey,
  stored: StoredObject,
  next: ApiObject | undefined,
  live: ApiObject | undefined,
): void {
  const quota = stored.object() as unknown as ResourceQuota;
  const scoped = (object: ApiObject | undefined): Usage =>
    object !== undefined && isInScope(quota, key.resource, object) ? usageOf(key.resource, object) : new Map();
  const [before, after] = [scoped(live), scoped(next)];
  const charges = chargesOf(quota, before, after);
  if (live === undefined && next !== undefined && after.size > 0) refuseSilent(key, quota, next);
  const grown = charges.filter(({ delta }) => delta > 0n);
  const exceeded = grown.filter(({ hard, used, delta }) => used + delta > parseQuantity(hard).nanos);
  if (exceeded.length > 0) throw exceeding(key, quota, exceeded);
  if (charges.length === 0) return;
  const used = Object.fromEntries(
    charges.map((charge) => [charge.name, format(charge.used + charge.delta, charge.hard)]),
  );
  const status = { ...quota.status, used: { ...quota.status?.used, ...used } };
  context.draft.put(stored.key, { ...stored.object(), status });
}

function chargesOf(quota: ResourceQuota, before: Usage, after: Usage): readonly Charge[] {
  const hard = quota.status?.hard ?? {};
  return Object.entries(hard).flatMap(([name, limit]) => {
    const delta = (after.get(name) ?? 0n) - (before.get(name) ?? 0n);
    if (delta === 0n) return [];
    return [{ name, hard: limit, used: parseQuantity(quota.status?.used?.[name] ?? '0').nanos, delta }];
  });
}

/** A quota over cpu or memory needs every container to say what it takes. */
function refuseSilent(key: ObjectKey, quota: ResourceQuota, next: ApiObject): void {
  if (key.resource !== 'pods') return;
  const silent = Object.keys(quota.spec?.hard ?? {}).flatMap((name) => {
    const containers = silentContainers(next as unknown as Pod, name);
    return containers.length === 0 ? [] : [`${name} for: ${containers.join(',')}`];
  });
  if (silent.length === 0) return;
  throw forbidden(key, `failed quota: ${quota.metadata.name ?? ''}: must specify ${silent.sort().join('; ')}`);
}

function exceeding(key: ObjectKey, quota: ResourceQuota, charges: readonly Charge[]): StatusError {
  const sorted = charges.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const list = (value: (charge: Charge) => string) =>
    sorted.map((charge) => `${charge.name}=${value(charge)}`).join(',');
  return forbidden(
    key,
    `exceeded quota: ${quota.metadata.name ?? ''}, requested: ${list(({ delta, hard }) => format(delta, hard))}, ` +
      `used: ${list(({ used, hard }) => format(used, hard))}, limited: ${list(({ hard }) => hard)}`,
  );
}

function forbidden(key: ObjectKey, text: string): StatusError {
  const [plural = '', ...group] = key.resource.split('.');
  return new StatusError('Forbidden', `${key.resource} "${key.name}" is forbidden: ${text}`, {
    name: key.name,
    ...(group.length === 0 ? {} : { group: group.join('.') }),
    kind: plural,
  });
}

/** An amount, written as its limit is. */
function format(nanos: bigint, like: string): string {
  return formatQuantity({ nanos, format: parseQuantity(like).format });
}

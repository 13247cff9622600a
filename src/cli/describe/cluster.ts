// The inside of nodes and quotas: what there is, what is taken, by whom.
import type { ApiObject } from '../../api/object.ts';
import { formatAmount } from '../../api/misfit.ts';
import { isHoldingResources } from '../../api/placement.ts';
import { addAmounts, amountsOf, podLimits, podRequests, type Amounts } from '../../api/pod-resources.ts';
import type { Node, Pod, ResourceQuota } from '../../api/types.gen.ts';
import { formatTaint } from '../../api/taints.ts';
import type { DescribeContext, Description } from './context.ts';
import { none, table, type Field } from './text.ts';

export function describeNode(object: ApiObject, { related }: DescribeContext): Description {
  const node = object as Node;
  const pods = (related as readonly Pod[]).filter(isHoldingResources);
  return {
    facts: [...placeFacts(node), ...isolationFacts(node)],
    blocks: [roomTable(node.status?.capacity, node.status?.allocatable, pods), podTable(pods)],
  };
}

function placeFacts({ spec, status }: Node): Field[] {
  const taints = (spec?.taints ?? []).map(formatTaint).join('\n');
  const system = status?.nodeInfo;
  return [
    ['Addresses', (status?.addresses ?? []).map(({ type, address }) => `${address} (${type})`).join(', ')],
    ['Schedulable', spec?.unschedulable === true ? 'no: it is cordoned' : 'yes'],
    ['Taints', taints === '' ? none : taints],
    ['System', system && [system.osImage, system.kernelVersion, system.architecture].join(', ')],
  ];
}

function isolationFacts({ metadata: { annotations = {} } }: Node): Field[] {
  return [
    ['Launcher', annotations['tepui.dev/launcher']],
    ['Isolators', annotations['tepui.dev/isolators']?.replaceAll(',', ', ')],
    ['Degraded', annotations['tepui.dev/degraded']],
  ];
}

type Quantities = Readonly<Record<string, string | number>>;

function roomTable(capacity: Quantities = {}, allocatable: Quantities = {}, pods: readonly Pod[]): string {
  const room = amountsOf(allocatable);
  const requested = { ...total(pods, podRequests), pods: pods.length };
  const limited = total(pods, podLimits);
  const rows = Object.entries(amountsOf(capacity)).map(([name, whole]) => [
    name,
    formatAmount(name, whole),
    formatAmount(name, room[name] ?? 0),
    share(name, (requested as Amounts)[name] ?? 0, room[name] ?? 0),
    name === 'pods' ? '' : share(name, limited[name] ?? 0, room[name] ?? 0),
  ]);
  return table('Resources', ['NAME', 'CAPACITY', 'ALLOCATABLE', 'REQUESTED', 'LIMITS'], rows);
}

const total = (pods: readonly Pod[], amountsIn: typeof podRequests): Amounts =>
  pods.reduce<Amounts>((sum, { spec }) => (spec ? addAmounts(sum, amountsIn(spec)) : sum), {});

function share(name: string, taken: number, room: number): string {
  return room === 0
    ? formatAmount(name, taken)
    : `${formatAmount(name, taken)} (${String(Math.round((taken / room) * 100))}%)`;
}

function podTable(pods: readonly Pod[]): string {
  const rows = pods.map(({ metadata, spec }) => {
    const requests = spec ? podRequests(spec) : {};
    const limits = spec ? podLimits(spec) : {};
    const cell = (amounts: Amounts, name: string) => (amounts[name] ? formatAmount(name, amounts[name]) : '-');
    return [
      metadata.namespace ?? '',
      metadata.name ?? '',
      ...[cell(requests, 'cpu'), cell(limits, 'cpu'), cell(requests, 'memory'), cell(limits, 'memory')],
    ];
  });
  const header = ['NAMESPACE', 'NAME', 'CPU REQUEST', 'CPU LIMIT', 'MEMORY REQUEST', 'MEMORY LIMIT'];
  return table(`Pods (${String(pods.length)})`, header, rows);
}

export function describeQuota(object: ApiObject): Description {
  const { spec, status } = object as ResourceQuota;
  const hard = (spec?.hard ?? {}) as Quantities;
  const used = (status?.used ?? {}) as Quantities;
  const rows = Object.entries(hard).map(([name, limit]) => [name, String(used[name] ?? 0), String(limit)]);
  return {
    facts: [['Scopes', spec?.scopes?.join(', ')]],
    blocks: [table('Quota', ['RESOURCE', 'USED', 'HARD'], rows)],
  };
}

// Why a pod does not fit on a node, and the words for it: one wording for conditions, events, bindings and `why`.
import { formatQuantity } from './quantity.ts';
import type { HostPort } from './pod-demand.ts';
import { formatTaint } from './taints.ts';
import type { Taint } from './types.gen.ts';

/** Why a pod may not run on a node. `insufficient` alone can come several times, once per resource. */
export type Misfit =
  | {
      readonly kind: 'insufficient';
      readonly resource: string;
      readonly needed: number;
      readonly free: number;
      readonly allocatable: number;
    }
  | { readonly kind: 'taint'; readonly taint: Taint }
  | { readonly kind: 'host-port'; readonly port: HostPort }
  | { readonly kind: 'node-name'; readonly wanted: string }
  | { readonly kind: 'unsupported'; readonly demand: string }
  | {
      readonly kind:
        | 'not-ready'
        | 'being-deleted'
        | 'unschedulable'
        | 'node-selector'
        | 'node-affinity'
        | 'pod-affinity'
        | 'pod-anti-affinity';
    };

type Insufficient = Extract<Misfit, { kind: 'insufficient' }>;

/** For one node: `insufficient cpu: 1.5 of 4 cpus free, needs 2`. */
export function describeMisfit(misfit: Misfit): string {
  return misfit.kind === 'insufficient' ? `${labelMisfit(misfit)}: ${describeShortage(misfit)}` : labelMisfit(misfit);
}

/** The reason as it is counted over nodes: `insufficient cpu`, `had untolerated taint {dedicated: gpu}`. */
export function labelMisfit(misfit: Misfit): string {
  switch (misfit.kind) {
    case 'insufficient':
      return misfit.resource === 'pods' ? 'too many pods' : `insufficient ${misfit.resource}`;
    case 'taint':
      return `had untolerated taint ${formatTaint(misfit.taint)}`;
    case 'host-port':
      return `had host port ${misfit.port.port}/${misfit.port.protocol} in use`;
    case 'node-name':
      return `not the requested node ${misfit.wanted}`;
    case 'unsupported':
      return `not judged: the pod has ${misfit.demand}`;
    default:
      return plainLabels[misfit.kind];
  }
}

const plainLabels = {
  'not-ready': 'not ready',
  'being-deleted': 'being deleted',
  unschedulable: 'unschedulable (cordoned)',
  'node-selector': "did not match the pod's node selector",
  'node-affinity': "did not match the pod's node affinity",
  'pod-affinity': "did not match the pod's pod affinity",
  'pod-anti-affinity': "did not match the pod's or a neighbour's pod anti-affinity",
} as const;

/** `1.5 of 4 cpus free, needs 2` */
export function describeShortage({ resource, needed, free, allocatable }: Insufficient): string {
  const show = (amount: number) => formatAmount(resource, amount);
  return `${show(Math.max(0, free))} of ${show(allocatable)} ${nouns[resource] ?? resource} free, needs ${show(needed)}`;
}

const nouns: Readonly<Record<string, string>> = { cpu: 'cpus' };

/** An amount for people: cpus as a decimal number, bytes with one decimal of the largest unit. */
export function formatAmount(resource: string, amount: number): string {
  if (resource === 'cpu') return String(amount / 1000);
  const isBytes = resource === 'memory' || resource === 'ephemeral-storage' || resource.startsWith('hugepages-');
  return isBytes ? readableBytes(amount) : String(amount);
}

function readableBytes(bytes: number): string {
  const exact = formatQuantity({ nanos: BigInt(bytes) * 1_000_000_000n, format: 'BinarySI' });
  if (exact.length <= 6) return exact;
  const power = Math.min(5, Math.floor(Math.log2(bytes) / 10));
  return `${String(Math.round((bytes / 1024 ** power) * 10) / 10)}${['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'][power] ?? ''}`;
}

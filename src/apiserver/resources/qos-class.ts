// The quality-of-service class of a pod: what its resources promise.
import { compareQuantities } from '../../api/quantity.ts';
import type { Container, PodSpec } from '../../api/types.gen.ts';

/** Guaranteed: cpu and memory limited and requested alike in every container. BestEffort: neither anywhere. */
export function qosClassOf(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  if (containers.every((container) => !namesAny(container))) return 'BestEffort';
  return containers.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
}

const counted = ['cpu', 'memory'] as const;

function namesAny(container: Container): boolean {
  const { requests = {}, limits = {} } = container.resources ?? {};
  return counted.some((name) => isPositive(requests[name]) || isPositive(limits[name]));
}

function isGuaranteed(container: Container): boolean {
  const { requests = {}, limits = {} } = container.resources ?? {};
  return counted.every((name) => {
    const limit = limits[name];
    const request = requests[name] ?? limit;
    return isPositive(limit) && request !== undefined && compareQuantities(request, limit) === 0;
  });
}

function isPositive(quantity: string | undefined): quantity is string {
  return quantity !== undefined && compareQuantities(quantity, '0') > 0;
}

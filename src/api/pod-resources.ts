// What a pod asks for as a whole: requests and limits over its containers, init containers, sidecars and overhead.
import { milliOf, unitsOf } from './quantity.ts';
import type { Container, PodSpec, ResourceRequirements } from './types.gen.ts';

/** Amounts by Kubernetes name: `cpu` in thousandths, everything else in whole units (bytes for memory). */
export type Amounts = Readonly<Record<string, number>>;

type Which = 'requests' | 'limits';
type Quantities = Readonly<Record<string, string | number>>;

/** What the pod keeps reserved on its node. Throws StatusError BadRequest on a malformed quantity. */
export function podRequests(spec: PodSpec): Amounts {
  return total(spec, 'requests');
}

/** The most that the pod may use; names for which some container has no limit count what the others have. */
export function podLimits(spec: PodSpec): Amounts {
  return total(spec, 'limits');
}

/** Quantities by name as integers: see `Amounts`. */
export function amountsOf(quantities: Quantities | undefined): Amounts {
  const amounts: Record<string, number> = {};
  for (const [name, value] of Object.entries(quantities ?? {})) {
    amounts[name] = name === 'cpu' ? milliOf(value) : unitsOf(value);
  }
  return amounts;
}

export function addAmounts(a: Amounts, b: Amounts): Amounts {
  const sum: Record<string, number> = { ...a };
  for (const name in b) sum[name] = (sum[name] ?? 0) + (b[name] ?? 0);
  return sum;
}

export function subtractAmounts(a: Amounts, b: Amounts): Amounts {
  const rest: Record<string, number> = { ...a };
  for (const name in b) rest[name] = (rest[name] ?? 0) - (b[name] ?? 0);
  return rest;
}

/**
 * The larger of: all containers and sidecars together; each ordinary init container with the sidecars started before it.
 * Amounts given for the pod as a whole replace the sum; overhead comes on top (Kubernetes' effective pod request).
 */
function total(spec: PodSpec, which: Which): Amounts {
  let running: Amounts = {};
  let peak: Amounts = {};
  for (const container of spec.initContainers ?? []) {
    const own = ofContainer(container, which);
    const together = addAmounts(running, own);
    if (container.restartPolicy === 'Always') running = together;
    peak = larger(peak, together);
  }
  for (const container of spec.containers) running = addAmounts(running, ofContainer(container, which));
  const whole = { ...larger(peak, running), ...ofRequirements(spec.resources, which) };
  return addAmounts(whole, amountsOf(spec.overhead));
}

function ofContainer(container: Container, which: Which): Amounts {
  return ofRequirements(container.resources, which);
}

/** A request that is absent is the limit, where there is one. */
function ofRequirements(resources: ResourceRequirements | undefined, which: Which): Amounts {
  const limits = amountsOf(resources?.limits);
  return which === 'limits' ? limits : { ...limits, ...amountsOf(resources?.requests) };
}

function larger(a: Amounts, b: Amounts): Amounts {
  const result: Record<string, number> = { ...a };
  for (const name in b) result[name] = Math.max(result[name] ?? 0, b[name] ?? 0);
  return result;
}

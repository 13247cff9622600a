// Whether this host can do what a pod asks for, and the reason if not (design: nothing is silently ignored). Pure.
import type { Container, Pod, Probe } from '../api/types.gen.ts';
import type { HostCapabilities } from './containerizer.ts';
import { containersOf, initContainersOf } from './pod-record.ts';

/** Why the pod cannot run here and what to do about it; undefined when it can. */
export function refusalOf(pod: Pod, capabilities: HostCapabilities): string | undefined {
  const probe = unsupportedProbe(pod);
  if (probe !== undefined) return probe;
  const needs = neededFeatures(pod);
  const missing = capabilities.degraded.filter((entry) => needs.has(entry.feature));
  if (missing.length === 0) return undefined;
  const lines = missing.map(({ feature, reason, remedy }) => `it needs ${feature}, but ${reason} (${remedy})`);
  return `this node cannot run the pod: ${lines.join('; ')}`;
}

/** Limits that will not be enforced although the pod runs: without any isolation a laptop can still try things out. */
export function unenforcedLimits(pod: Pod, capabilities: HostCapabilities): string | undefined {
  const isolation = capabilities.degraded.find(({ feature }) => feature === 'isolation');
  if (!isolation || !hasLimits(pod)) return undefined;
  return `resource limits are not enforced on this node: ${isolation.reason} (${isolation.remedy})`;
}

const hasLimits = (pod: Pod): boolean =>
  allContainers(pod).some(({ resources }) => Object.keys(resources?.limits ?? {}).length > 0);

const hasImage = (pod: Pod): boolean => allContainers(pod).some(({ image = '' }) => image !== '');

const allContainers = (pod: Pod): readonly Container[] => [...initContainersOf(pod), ...containersOf(pod)];

/** Features, named as in `HostCapabilities.degraded`, without which the pod would not be what its author asked for. */
function neededFeatures(pod: Pod): ReadonlySet<string> {
  const needs = new Set<string>();
  if (hasLimits(pod)) needs.add('resources.limits');
  if (hasImage(pod)) needs.add('images').add('isolation');
  return needs;
}

function unsupportedProbe(pod: Pod): string | undefined {
  for (const container of allContainers(pod)) {
    const found = probesOf(container).find(([, probe]) => probe.grpc !== undefined);
    if (found) {
      return `${found[0]} of container ${container.name} uses grpc, which is not supported: use exec, httpGet or tcpSocket`;
    }
  }
  return undefined;
}

function probesOf(container: Container): [string, Probe][] {
  const { startupProbe, livenessProbe, readinessProbe } = container;
  return Object.entries({ startupProbe, livenessProbe, readinessProbe }).filter(
    (entry): entry is [string, Probe] => entry[1] !== undefined,
  );
}

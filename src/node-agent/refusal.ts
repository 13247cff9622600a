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

/** Features, named as in `HostCapabilities.degraded`, without which the pod would not be what its author asked for. */
export function neededFeatures(pod: Pod): ReadonlySet<string> {
  const needs = new Set<string>();
  for (const container of [...initContainersOf(pod), ...containersOf(pod)]) {
    if (container.image !== undefined && container.image !== '') needs.add('image');
    for (const resource of Object.keys(container.resources?.limits ?? {})) needs.add(`limits.${resource}`);
    if (container.securityContext?.readOnlyRootFilesystem === true) needs.add('readOnlyRootFilesystem');
  }
  return needs;
}

function unsupportedProbe(pod: Pod): string | undefined {
  for (const container of [...initContainersOf(pod), ...containersOf(pod)]) {
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

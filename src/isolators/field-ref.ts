// The downward API: fields of a pod and amounts of its containers as text, for variables and for files. Pure.
import type { Container, ObjectFieldSelector, Pod, ResourceFieldSelector } from '../api/types.gen.ts';
import { optionalAmount, parseAmount } from './amounts.ts';
import { configError } from './isolation-error.ts';

/** What a pod may ask about the node that it runs on. */
export interface NodeFacts {
  readonly name: string;
  /** Also the pods' address while they share the node's network. */
  readonly address: string;
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** Throws IsolationError for a field that does not exist or has another place. `path` names the asking field. */
export function fieldText(pod: Pod, node: NodeFacts, selector: ObjectFieldSelector, path: string): string {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(selector.fieldPath);
  if (keyed) return metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2] ?? ''] ?? '';
  const fields: Record<string, () => string> = {
    'metadata.name': () => metadata.name ?? '',
    'metadata.namespace': () => metadata.namespace ?? '',
    'metadata.uid': () => metadata.uid ?? '',
    'metadata.labels': () => formatMap(metadata.labels ?? {}),
    'metadata.annotations': () => formatMap(metadata.annotations ?? {}),
    'spec.nodeName': () => spec?.nodeName ?? node.name,
    'spec.serviceAccountName': () => spec?.serviceAccountName ?? 'default',
    'status.hostIP': () => node.address,
    'status.hostIPs': () => node.address,
    'status.podIP': () => pod.status?.podIP ?? node.address,
    'status.podIPs': () => pod.status?.podIP ?? node.address,
  };
  const read = Object.hasOwn(fields, selector.fieldPath) ? fields[selector.fieldPath] : undefined;
  if (!read) {
    const expected = [...Object.keys(fields), "metadata.labels['KEY']", "metadata.annotations['KEY']"].join(', ');
    throw configError(`${path}: expected one of ${expected}; found ${JSON.stringify(selector.fieldPath)}`);
  }
  return read();
}

/** `key="value"` lines in order of keys, values escaped, as in Kubernetes' downward API files. */
function formatMap(map: Readonly<Record<string, string>>): string {
  return Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}

/** An amount divided by the divisor and rounded up; without a limit what the node has counts. */
export function resourceText(
  pod: Pod,
  node: NodeFacts,
  selector: ResourceFieldSelector,
  own: string | undefined,
  path: string,
): string {
  const container = containerNamed(pod, selector.containerName ?? own, path);
  const [kind, ...rest] = selector.resource.split('.');
  const name = rest.join('.');
  if ((kind !== 'limits' && kind !== 'requests') || name === '') {
    throw configError(`${path}: expected limits.NAME or requests.NAME, found ${JSON.stringify(selector.resource)}`);
  }
  const amount = amountOf(container, kind, name, path) ?? amountOfNode(node, kind, name);
  const divisor = parseAmount(selector.divisor ?? '1', path);
  return String(Math.ceil(amount / (divisor === 0 ? 1 : divisor)));
}

/** A missing request is the limit, as everywhere in Kubernetes. */
function amountOf(container: Container, kind: 'limits' | 'requests', name: string, path: string): number | undefined {
  const limit = container.resources?.limits?.[name];
  return optionalAmount(kind === 'requests' ? (container.resources?.requests?.[name] ?? limit) : limit, path);
}

function amountOfNode(node: NodeFacts, kind: 'limits' | 'requests', name: string): number {
  if (kind === 'requests') return 0;
  return name === 'cpu' ? node.cpus : name === 'memory' ? node.memoryBytes : 0;
}

function containerNamed(pod: Pod, name: string | undefined, path: string): Container {
  const all = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  const found = all.find((container) => container.name === name);
  if (!found) throw configError(`${path}: the pod has no container ${JSON.stringify(name ?? '')}`);
  return found;
}

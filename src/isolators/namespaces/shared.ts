// When containers of a pod share a namespace, and the file that holds it.
import { join } from 'node:path';
import type { Pod } from '../../api/types.gen.ts';
import type { PodPlace } from '../isolator.ts';

/** A pod with one container needs nothing that outlives it: its namespaces come and go with the container. */
export function sharesNamespaces(pod: Pod): boolean {
  const sidecars = (pod.spec?.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  return (pod.spec?.containers.length ?? 0) + sidecars.length > 1;
}

export function namespaceFile(pod: PodPlace, kind: 'ipc' | 'uts'): string {
  return join(pod.directory, `${kind}-namespace`);
}

// namespaces/uts: the host name is the pod's.
import { holdNamespace } from '../mounts.ts';
import type { Pod } from '../../api/types.gen.ts';
import type { Isolator } from '../isolator.ts';
import { namespaceFile, sharesNamespaces } from './shared.ts';

const longestHostname = 63;

/** `spec.hostname`, else the pod's name, cut to what a host name may be. */
export function hostnameOf(pod: Pod): string {
  const name = pod.spec?.hostnameOverride ?? pod.spec?.hostname ?? pod.metadata.name ?? '';
  return name.slice(0, longestHostname).replace(/[-.]+$/, '');
}

export function createUtsNamespaceIsolator(): Isolator {
  return {
    name: 'namespaces/uts',
    async preparePod(pod) {
      if (sharesNamespaces(pod.pod)) await holdNamespace('uts', namespaceFile(pod, 'uts'));
    },
    prepare({ pod }, spec) {
      spec.hostname = hostnameOf(pod.pod);
      spec.linux.namespaces.push(
        sharesNamespaces(pod.pod) ? { type: 'uts', path: namespaceFile(pod, 'uts') } : { type: 'uts' },
      );
    },
  };
}

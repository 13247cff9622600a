// network/files: /etc/hosts, /etc/hostname and /etc/resolv.conf of a pod.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pod, PodDNSConfig } from '../../api/types.gen.ts';
import type { Isolator, PodPlace } from '../isolator.ts';
import { hostnameOf } from '../namespaces/uts.ts';
import { bindMount } from '../spec-draft.ts';

const names = ['hosts', 'hostname', 'resolv.conf'] as const;

/** @param podAddress of the pod, as other hosts see it */
export function hostsFile(pod: Pod, podAddress: string): string {
  const hostname = hostnameOf(pod);
  const subdomain = pod.spec?.subdomain;
  const qualified = subdomain === undefined ? '' : `${hostname}.${subdomain}.${pod.metadata.namespace ?? ''}.svc\t`;
  const aliases = (pod.spec?.hostAliases ?? []).map(({ ip, hostnames }) => `${ip}\t${(hostnames ?? []).join('\t')}`);
  return [
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    `${podAddress}\t${qualified}${hostname}`,
    ...aliases,
    '',
  ].join('\n');
}

/** The host's file, or the pod's own with dnsPolicy None, `dnsConfig` added. */
export function resolverFile(hostFile: string, policy: string | undefined, config: PodDNSConfig | undefined): string {
  const lines = policy === 'None' ? [] : hostFile.trimEnd().split('\n');
  const options = (config?.options ?? []).map(({ name, value }) => (value === undefined ? name : `${name}:${value}`));
  const searches = config?.searches ?? [];
  return [
    ...lines,
    ...(config?.nameservers ?? []).map((server) => `nameserver ${server}`),
    ...(searches.length > 0 ? [`search ${searches.join(' ')}`] : []),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
    '',
  ].join('\n');
}

/** @param nodeAddress the pods' address too, while they share the node's network */
export function createNetworkFilesIsolator(nodeAddress: () => string): Isolator {
  const directoryOf = (pod: PodPlace) => join(pod.directory, 'etc');
  return {
    name: 'network/files',
    async preparePod(pod) {
      const directory = directoryOf(pod);
      const hostResolver = await readFile('/etc/resolv.conf', 'utf8').catch(() => '');
      await mkdir(directory, { recursive: true });
      const { dnsPolicy, dnsConfig } = pod.pod.spec ?? {};
      const texts = {
        hosts: hostsFile(pod.pod, nodeAddress()),
        hostname: `${hostnameOf(pod.pod)}\n`,
        'resolv.conf': resolverFile(hostResolver, dnsPolicy, dnsConfig),
      };
      await Promise.all(names.map((name) => writeFile(join(directory, name), texts[name])));
    },
    prepare({ pod }, spec) {
      const mounts = names.map((name) => bindMount(join(directoryOf(pod), name), `/etc/${name}`, 'rw'));
      spec.mounts.push(...mounts);
    },
  };
}

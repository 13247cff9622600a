// Columns of services and of where they lead.
import type { ApiObject } from '../../api/object.ts';
import { listAt, numberAt, recordAt, textAt } from '../json-path.ts';
import { ageColumn, nameColumn, orNone, text, wide } from './column.ts';
import type { Column } from './column.ts';

const shown = 3;

export const serviceColumns: readonly Column[] = [
  nameColumn,
  text('Type', 'How the service is reached.', (service) => textAt(service, 'spec', 'type')),
  text('Cluster-IP', 'Address within the cluster.', (service) => orNone(textAt(service, 'spec', 'clusterIP'))),
  text('External-IP', 'Addresses from outside.', externalAddresses),
  text('Port(s)', 'Ports of the service.', (service) => orNone(portList(service))),
  ageColumn,
  wide(
    text('Selector', 'Labels of the pods behind it.', (service) =>
      orNone(
        Object.entries(recordAt(service, 'spec', 'selector'))
          .map(([key, value]) => `${key}=${String(value)}`)
          .sort()
          .join(','),
      ),
    ),
  ),
];

function externalAddresses(service: ApiObject): string {
  const type = textAt(service, 'spec', 'type');
  if (type === 'ExternalName') return textAt(service, 'spec', 'externalName');
  const ingress = listAt(service, 'status', 'loadBalancer', 'ingress').map(
    (entry) => textAt(entry, 'ip') || textAt(entry, 'hostname'),
  );
  const addresses = [...ingress, ...listAt(service, 'spec', 'externalIPs').map(String)];
  if (addresses.length > 0) return addresses.join(',');
  return type === 'LoadBalancer' ? '<pending>' : '<none>';
}

function portList(service: ApiObject): string {
  return listAt(service, 'spec', 'ports')
    .map((port) => {
      const nodePort = numberAt(port, 'nodePort') ?? 0;
      const outside = nodePort > 0 ? `:${nodePort}` : '';
      return `${numberAt(port, 'port') ?? 0}${outside}/${textAt(port, 'protocol') || 'TCP'}`;
    })
    .join(',');
}

export const endpointsColumns: readonly Column[] = [
  nameColumn,
  text('Endpoints', 'Addresses and ports behind the service.', (endpoints) => {
    const all = listAt(endpoints, 'subsets').flatMap((subset) =>
      listAt(subset, 'addresses').flatMap((address) => joinPorts(textAt(address, 'ip'), listAt(subset, 'ports'))),
    );
    return abbreviate(all);
  }),
  ageColumn,
];

function joinPorts(address: string, ports: readonly unknown[]): string[] {
  return ports.length === 0 ? [address] : ports.map((port) => `${address}:${numberAt(port, 'port') ?? 0}`);
}

export const endpointSliceColumns: readonly Column[] = [
  nameColumn,
  text('AddressType', 'Kind of the addresses.', (slice) => textAt(slice, 'addressType')),
  text('Ports', 'Ports of every endpoint.', (slice) => {
    const ports = listAt(slice, 'ports').map((port) => String(numberAt(port, 'port') ?? '*'));
    return ports.length === 0 ? '<unset>' : abbreviateWith(ports, ',');
  }),
  text('Endpoints', 'Addresses of the endpoints.', (slice) => {
    const addresses = listAt(slice, 'endpoints').flatMap((endpoint) => listAt(endpoint, 'addresses').map(String));
    return addresses.length === 0 ? '<unset>' : abbreviate(addresses);
  }),
  ageColumn,
];

function abbreviate(items: readonly string[]): string {
  return orNone(abbreviateWith(items, ','));
}

function abbreviateWith(items: readonly string[], separator: string): string {
  const text = items.slice(0, shown).join(separator);
  return items.length > shown ? `${text} + ${items.length - shown} more...` : text;
}

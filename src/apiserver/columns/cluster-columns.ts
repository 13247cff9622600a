// Columns of nodes, namespaces, priority classes and leases.
import type { ApiObject } from '../../api/object.ts';
import type { ResourceQuota } from '../../api/types.gen.ts';
import { listAt, numberAt, textAt, valueAt } from '../json-path.ts';
import { ageColumn, integer, nameColumn, orNone, text, wide } from './column.ts';
import type { Column } from './column.ts';

const rolePrefix = 'node-role.kubernetes.io/';

export const nodeColumns: readonly Column[] = [
  nameColumn,
  text('Status', 'Whether the node takes pods.', nodeStatus),
  text('Roles', 'Roles of the node, from its labels.', (node) => {
    const labels = Object.entries(node.metadata.labels ?? {});
    const roles = labels.flatMap(([key, value]) => {
      if (key.startsWith(rolePrefix)) return [key.slice(rolePrefix.length)];
      return key === 'kubernetes.io/role' ? [value] : [];
    });
    return orNone(
      roles
        .filter((role) => role !== '')
        .sort()
        .join(','),
    );
  }),
  ageColumn,
  text('Version', 'Version of its agent.', (node) => textAt(node, 'status', 'nodeInfo', 'kubeletVersion')),
  wide(text('Internal-IP', 'Address within the cluster.', (node) => addressOf(node, 'InternalIP'))),
  wide(text('External-IP', 'Address from outside.', (node) => addressOf(node, 'ExternalIP'))),
  wide(text('OS-Image', 'Operating system.', (node) => nodeFact(node, 'osImage'))),
  wide(text('Kernel-Version', 'Kernel.', (node) => nodeFact(node, 'kernelVersion'))),
  wide(text('Container-Runtime', 'What runs its containers.', (node) => nodeFact(node, 'containerRuntimeVersion'))),
];

function nodeStatus(node: ApiObject): string {
  const ready = listAt(node, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
  const states: Readonly<Record<string, string>> = { True: 'Ready', False: 'NotReady' };
  const state = ready === undefined ? 'Unknown' : (states[textAt(ready, 'status')] ?? 'NotReady');
  return valueAt(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state;
}

function addressOf(node: ApiObject, type: string): string {
  const found = listAt(node, 'status', 'addresses').find((address) => textAt(address, 'type') === type);
  return orNone(textAt(found, 'address'));
}

function nodeFact(node: ApiObject, field: string): string {
  return textAt(node, 'status', 'nodeInfo', field) || '<unknown>';
}

export const namespaceColumns: readonly Column[] = [
  nameColumn,
  text('Status', 'Active, or Terminating while it is emptied.', (object) => textAt(object, 'status', 'phase')),
  ageColumn,
];

export const priorityClassColumns: readonly Column[] = [
  nameColumn,
  integer('Value', 'Priority of its pods.', (object) => numberAt(object, 'value') ?? 0),
  text('Global-Default', 'Whether pods without a class get it.', (object) =>
    String(valueAt(object, 'globalDefault') === true),
  ),
  ageColumn,
  text('PreemptionPolicy', 'Whether its pods may displace others.', (object) => textAt(object, 'preemptionPolicy')),
];

export const leaseColumns: readonly Column[] = [
  nameColumn,
  text('Holder', 'Who holds the lease.', (object) => textAt(object, 'spec', 'holderIdentity')),
  ageColumn,
];

export const resourceQuotaColumns: readonly Column[] = [
  nameColumn,
  text('Request', 'Used and allowed, of what is requested.', (object) => quotaText(object, (name) => !isLimit(name))),
  text('Limit', 'Used and allowed, of limits.', (object) => quotaText(object, isLimit)),
  ageColumn,
];

const isLimit = (name: string): boolean => name.startsWith('limits.');

function quotaText(quota: ApiObject, wanted: (name: string) => boolean): string {
  const { hard = {}, used = {} } = (quota as unknown as ResourceQuota).status ?? {};
  return Object.keys(hard)
    .filter(wanted)
    .sort()
    .map((name) => `${name}: ${used[name] ?? '0'}/${hard[name] ?? '0'}`)
    .join(', ');
}

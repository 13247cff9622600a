// Which columns `kubectl get` shows for which resource. A resource without a row shows its name and age.
import {
  leaseColumns,
  namespaceColumns,
  nodeColumns,
  priorityClassColumns,
  resourceQuotaColumns,
} from './columns/cluster-columns.ts';
import { ageColumn, nameColumn } from './columns/column.ts';
import type { Column } from './columns/column.ts';
import { configMapColumns, secretColumns, serviceAccountColumns } from './columns/configuration-columns.ts';
import { eventColumns } from './columns/event-columns.ts';
import { podColumns } from './columns/pod-columns.ts';
import { endpointSliceColumns, endpointsColumns, serviceColumns } from './columns/service-columns.ts';
import { appColumns, deploymentColumns, replicaSetColumns } from './columns/workload-columns.ts';

export type { Column };

const tables: Readonly<Record<string, readonly Column[]>> = {
  'apps.tepui.dev': appColumns,
  'deployments.apps': deploymentColumns,
  'endpointslices.discovery.k8s.io': endpointSliceColumns,
  'leases.coordination.k8s.io': leaseColumns,
  'priorityclasses.scheduling.k8s.io': priorityClassColumns,
  'replicasets.apps': replicaSetColumns,
  configmaps: configMapColumns,
  endpoints: endpointsColumns,
  events: eventColumns,
  namespaces: namespaceColumns,
  nodes: nodeColumns,
  pods: podColumns,
  resourcequotas: resourceQuotaColumns,
  secrets: secretColumns,
  serviceaccounts: serviceAccountColumns,
  services: serviceColumns,
};

const plain: readonly Column[] = [nameColumn, ageColumn];

/** In the order of the table; the wide ones are marked by their priority. */
export function columnsOf(storage: string): readonly Column[] {
  return tables[storage] ?? plain;
}

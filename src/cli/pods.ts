// From a workload to its pods.
import type { ApiObject } from '../api/object.ts';
import type { LabelSelector, Pod } from '../api/types.gen.ts';
import { formatLabelSelector, selectorOf } from '../api/selectors.ts';
import type { Reader, ResourceRef } from '../client/client.ts';

const pods: ResourceRef = { group: '', version: 'v1', plural: 'pods' };

/** Pods that the workload's selector matches, in its namespace. An App's selector stands in its status as text. */
export async function podsBehind(reader: Reader, workload: ApiObject): Promise<readonly Pod[]> {
  const spec = workload['spec'] as { selector?: LabelSelector } | undefined;
  const status = workload['status'] as { selector?: string } | undefined;
  const labelSelector = spec?.selector ? formatLabelSelector(selectorOf(spec.selector)) : status?.selector;
  if (labelSelector === undefined || labelSelector === '') return [];
  const list = await reader.list<Pod>(pods, { namespace: workload.metadata.namespace ?? '', labelSelector });
  return list.items;
}

// What belongs to an object: replica sets of a deployment, pods of a workload, pods on a node.
import type { ApiObject } from '../api/object.ts';
import type { Reader, ResourceRef } from '../client/client.ts';
import { podsBehind } from './pods.ts';

const deployments: ResourceRef = { group: 'apps', version: 'v1', plural: 'deployments' };
const replicaSets: ResourceRef = { group: 'apps', version: 'v1', plural: 'replicasets' };
const pods: ResourceRef = { group: '', version: 'v1', plural: 'pods' };

/** Empty for kinds that nothing belongs to. */
export async function relatedTo(reader: Reader, object: ApiObject): Promise<readonly ApiObject[]> {
  switch (object.kind) {
    case 'Deployment':
      return [...(await ownedBy(reader, replicaSets, object)), ...(await podsBehind(reader, object))];
    case 'ReplicaSet':
      return podsBehind(reader, object);
    case 'App':
      return [...(await ownedBy(reader, deployments, object)), ...(await podsBehind(reader, object))];
    case 'Node':
      return (await reader.list(pods, { fieldSelector: `spec.nodeName=${object.metadata.name ?? ''}` })).items;
    default:
      return [];
  }
}

/** Oldest first. */
export async function ownedBy(reader: Reader, resource: ResourceRef, owner: ApiObject): Promise<readonly ApiObject[]> {
  const { items } = await reader.list(resource, { namespace: owner.metadata.namespace ?? '' });
  const created = ({ metadata }: ApiObject) => metadata.creationTimestamp ?? '';
  return items
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) === true)
    .sort((a, b) => (created(a) < created(b) ? -1 : 1));
}

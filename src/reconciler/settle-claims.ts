// Carries out a plan of adoptions and releases.
import type { ApiObject } from '../api/object.ts';
import type { Client, ResourceRef } from '../client/client.ts';
import { refOf } from '../client/paths.ts';
import type { Claims } from './claims.ts';
import { ignoreMissing } from './delete-object.ts';
import { controllerReference } from './owners.ts';

/** Every patch names the uid it means, so that a namesake is not hit. What has vanished meanwhile needs nothing. */
export async function settleClaims(
  client: Client,
  resource: ResourceRef,
  owner: ApiObject,
  claims: Claims<ApiObject>,
): Promise<void> {
  const change = async (object: ApiObject, reference: object) => {
    const body = { metadata: { uid: object.metadata.uid, ownerReferences: [reference] } };
    await ignoreMissing(client.patch(refOf(resource, object), body, { type: 'strategic' }));
  };
  await Promise.all([
    ...claims.adopt.map((object) => change(object, controllerReference(owner))),
    ...claims.release.map((object) => change(object, { $patch: 'delete', uid: owner.metadata.uid })),
  ]);
}

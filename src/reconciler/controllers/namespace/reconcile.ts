// Namespace life cycle: one that is being deleted takes its contents along, then goes.
import type { ApiObject } from '../../../api/object.ts';
import type { Namespace } from '../../../api/types.gen.ts';
import { refOf } from '../../../client/paths.ts';
import { deepEqual } from '../../../lib/deep.ts';
import { kindOfObject, storedKinds } from '../../all-kinds.ts';
import type { ControllerContext, ControllerFactory } from '../../context.ts';
import { deleteObject, ignoreMissing } from '../../delete-object.ts';
import { parseKey } from '../../keys.ts';
import type { Reconcile } from '../../reconciler.ts';
import { namespaces } from '../../resources.ts';
import { itself, type Source } from '../../source.ts';
import { planNamespace } from './plan.ts';

const contained = storedKinds.filter((kind) => kind.namespaced);

export const createNamespaceController: ControllerFactory = (context) => {
  const { client, informers, clock } = context;
  const all = informers.of<Namespace>(namespaces);
  const caches = contained.map((kind) => informers.of(kind));

  const reconcile: Reconcile = async (key, signal) => {
    const { name } = parseKey(key);
    const namespace = all.get('', name);
    if (namespace?.metadata.deletionTimestamp === undefined) return undefined;
    const cached = caches.flatMap((cache) => cache.list(name));
    // The caches may lag behind: that nothing is left has to come from the server.
    const contents = cached.length > 0 ? cached : await listAll(context, name, signal);
    const plan = planNamespace(namespace, contents, clock.now());
    if (plan.action === 'nothing') return undefined;
    if (plan.action === 'finalize') {
      const finalized = { ...namespace, spec: { ...namespace.spec, finalizers: plan.finalizers } };
      await ignoreMissing(client.update(namespaces, finalized, 'finalize'));
      return undefined;
    }
    if (!deepEqual(plan.status, namespace.status)) {
      await client.patch(
        refOf(namespaces, namespace),
        { status: plan.status },
        { type: 'merge', subresource: 'status' },
      );
    }
    await Promise.all(plan.remove.map((object) => remove(context, object)));
    return undefined;
  };

  /** The end of an object in a namespace that waits for it. */
  const emptied: Source = (enqueue) => {
    const waits = (object: ApiObject) => {
      const name = object.metadata.namespace ?? '';
      if (all.get('', name)?.metadata.deletionTimestamp !== undefined) enqueue(`/${name}`);
    };
    const unsubscribes = caches.map((cache) => cache.subscribe({ added: waits, deleted: waits }));
    return () => unsubscribes.forEach((unsubscribe) => unsubscribe());
  };
  return { name: 'namespace', sources: [itself(all), emptied], reconcile };
};

async function listAll({ client }: ControllerContext, namespace: string, signal: AbortSignal): Promise<ApiObject[]> {
  const lists = await Promise.all(contained.map((kind) => client.list(kind, { namespace }, signal)));
  return lists.flatMap((list) => list.items);
}

async function remove({ client }: ControllerContext, object: ApiObject): Promise<void> {
  const kind = kindOfObject(object);
  if (kind) await deleteObject(client, kind, object, { propagationPolicy: 'Background' });
}

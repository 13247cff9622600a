// Nothing is created in a namespace that does not exist or is on its way out.
import { StatusError, notFound } from '../../api/status-error.ts';
import type { Resource } from '../registry.ts';
import type { WriteContext } from '../strategy.ts';
import { textAt } from '../json-path.ts';

/** Throws NotFound, or Forbidden with the cause NamespaceTerminating, in Kubernetes' words. */
export function checkNamespace(context: WriteContext, resource: Resource, namespace: string, name: string): void {
  const { definition } = resource;
  if (!definition.namespaced) return;
  const stored = context.draft.get({ resource: 'namespaces', namespace: '', name: namespace });
  if (stored === undefined) throw notFound({ group: '', plural: 'namespaces' }, namespace);
  const object = stored.object();
  if (object.metadata.deletionTimestamp === undefined && textAt(object, 'status', 'phase') !== 'Terminating') return;
  const { group, plural } = definition;
  const qualified = group === '' ? plural : `${plural}.${group}`;
  const text = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw new StatusError('Forbidden', `${qualified} "${name}" is forbidden: ${text}`, {
    name,
    ...(group === '' ? {} : { group }),
    kind: plural,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  });
}

// What is special about namespaces: they are emptied before they go.
import type { ApiObject } from '../../api/object.ts';
import { StatusError } from '../../api/status-error.ts';
import { listAt, recordAt, withSpec } from '../json-path.ts';
import type { Strategy } from '../strategy.ts';

const nameLabel = 'kubernetes.io/metadata.name';
const permanent = ['default', 'kube-system', 'kube-public'];

export const namespaceStrategy: Strategy = {
  prepareForCreate: (object) => ({
    ...withSpec(withNameLabel(object), { finalizers: ['kubernetes'] }),
    status: { phase: 'Active' },
  }),
  prepareForUpdate: (next, live) => withSpec(withNameLabel(next), { finalizers: listAt(live, 'spec', 'finalizers') }),
  admitDelete({ metadata: { name = '' } }) {
    if (!permanent.includes(name)) return;
    throw new StatusError('Forbidden', `namespaces "${name}" is forbidden: this namespace may not be deleted`, {
      name,
      kind: 'namespaces',
    });
  },
  beginDeletion: (object) => ({ ...object, status: { ...recordAt(object, 'status'), phase: 'Terminating' } }),
  holdsDeletion: (object) => listAt(object, 'spec', 'finalizers').length > 0,
};

function withNameLabel(object: ApiObject): ApiObject {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, [nameLabel]: metadata.name ?? '' } } };
}

// What bench/store.ts writes: objects shaped like pods, with as much in them that does not compress as pods have.
import { createHash } from 'node:crypto';
import type { ApiObject, ObjectKey } from '../src/api/object.ts';
import type { FieldsOf } from '../src/store/store.ts';

/** About 1.4 kB of JSON. */
export function pod(at: number): ApiObject {
  const digest = createHash('sha256').update(String(at)).digest('hex');
  const env = Array.from({ length: 11 }, (_, n) => ({ name: `SETTING_${n}`, value: `value-${n}-${at}` }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `web-${at}`,
      namespace: `team-${at % 50}`,
      uid: `${digest.slice(0, 8)}-0000-4000-8000-${digest.slice(8, 20)}`,
      labels: { app: `web-${at % 1000}`, tier: 'front', 'pod-template-hash': `h${at % 1000}` },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `web-${at % 1000}`, uid: `rs-${at % 1000}` },
      ],
    },
    spec: {
      nodeName: `node-${at % 5000}`,
      containers: [
        {
          name: 'web',
          image: `registry.example/web@sha256:${digest}`,
          env: [...env, { name: 'TOKEN', value: digest }],
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
        },
      ],
    },
    status: {
      phase: 'Running',
      conditions: ['Ready', 'Initialized', 'PodScheduled'].map((type) => ({ type, status: 'True' })),
    },
  };
}

export const keyOf = (object: ApiObject): ObjectKey => ({
  resource: 'pods',
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name ?? '',
});

export const fieldsOf: FieldsOf = (_resource, object) => ({
  'metadata.name': object.metadata.name ?? '',
  'spec.nodeName': (object['spec'] as { nodeName: string }).nodeName,
});

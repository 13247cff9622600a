// What every namespace has from the start. Pure.
import type { ConfigMap, ServiceAccount } from '../../../api/types.gen.ts';

export function defaultServiceAccount(namespace: string): ServiceAccount {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } };
}

export const rootCaName = 'kube-root-ca.crt';

/** @param clusterCa PEM */
export function rootCaConfigMap(namespace: string, clusterCa: string): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: rootCaName,
      namespace,
      annotations: {
        'kubernetes.io/description':
          'The certificate authority of this cluster: what clients in pods trust the API server by.',
      },
    },
    data: { 'ca.crt': clusterCa },
  };
}

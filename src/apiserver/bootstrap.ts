// What every cluster has from its first moment: namespaces, the service of the API itself, system priorities.
import type { ApiObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import type { ApiRequest, Handler } from '../api/request.ts';
import { encodeJson } from './respond.ts';

const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Names, values and meanings as in Kubernetes. */
const priorities = [
  { name: 'system-cluster-critical', value: 2_000_000_000, description: 'For what the cluster cannot do without.' },
  { name: 'system-node-critical', value: 2_000_001_000, description: 'For what a node cannot do without.' },
];

interface Wanted {
  readonly path: string;
  readonly object: ApiObject;
}

/**
 * Creates what is missing, through the same handler as everybody; what exists stays as it is.
 * @param port where this server listens
 */
export async function createBootstrapObjects(handler: Handler, port: number): Promise<void> {
  for (const { path, object } of wanted(port)) await createMissing(handler, path, object);
}

function wanted(port: number): readonly Wanted[] {
  return [
    ...namespaces.map((name) => ({
      path: '/api/v1/namespaces',
      object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    })),
    ...priorities.map(({ name, ...rest }) => ({
      path: '/apis/scheduling.k8s.io/v1/priorityclasses',
      object: { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, ...rest },
    })),
    { path: '/api/v1/namespaces/default/services', object: apiService(port) },
  ];
}

function apiService(port: number): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { type: 'ClusterIP', ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: port }] },
  };
}

async function createMissing(handler: Handler, path: string, object: ApiObject): Promise<void> {
  const request: ApiRequest = {
    method: 'POST',
    path,
    query: new URLSearchParams(),
    headers: { 'user-agent': 'tepui-server' },
    body: encodeJson(object),
    user: { username: 'system:apiserver', groups: ['system:masters'] },
    signal: new AbortController().signal,
  };
  const { status, body } = await handler(request);
  if (status === 201 || status === 409) return;
  const text = body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : '';
  throw StatusError.fromStatus(JSON.parse(text) as object, status);
}

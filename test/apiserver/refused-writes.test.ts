import { expect } from 'chai';
import { StatusError } from '../../src/api/status-error.ts';
import type { Store } from '../../src/store/store.ts';
import { configMap, createApi, deployment, pod, type Api, type Body } from './api-fixture.ts';

const namespace = '/api/v1/namespaces/default';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const scale: Body = { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name: 'd' }, spec: { replicas: 2 } };
const merge = 'application/merge-patch+json';
const apply = 'application/apply-patch+yaml';
const labels = { metadata: { labels: { a: 'b' } } };

type Case = readonly [where: string, body?: unknown, type?: string];

const writes: readonly Case[] = [
  [`POST ${namespace}/configmaps`, configMap('n')],
  [`POST ${namespace}/configmaps?dryRun=All`, configMap('n')],
  [`PUT ${namespace}/configmaps/m`, configMap('m', { a: 'b' })],
  [`PATCH ${namespace}/configmaps/m`, labels, merge],
  [`PATCH ${namespace}/configmaps/m?fieldManager=t`, configMap('m', { b: 'c' }), apply],
  [`DELETE ${namespace}/configmaps/m`],
  [`DELETE ${namespace}/configmaps`],
  [`PUT ${deployments}/d/status`, deployment('d')],
  [`PATCH ${deployments}/d/status`, labels, merge],
  [`PUT ${deployments}/d/scale`, scale],
  [`PATCH ${deployments}/d/scale`, { spec: { replicas: 3 } }, merge],
  [`POST ${namespace}/pods/p/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } }],
  [
    `POST ${namespace}/pods/p/binding`,
    { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } },
  ],
  ['PUT /api/v1/namespaces/default/finalize', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } }],
];

describe('writes that the store refuses', () => {
  let api: Api;
  let refusing: Api;

  before(async () => {
    api = await createApi();
    await api.call(`POST ${namespace}/configmaps`, { body: configMap('m') });
    await api.call(`POST ${deployments}`, { body: deployment('d') });
    await api.call(`POST ${namespace}/pods`, { body: pod('p') });
    const { store } = api;
    const suspended: Store = {
      ...{ close: () => store.close(), get: (key) => store.get(key), list: (query) => store.list(query) },
      dependents: (uid) => store.dependents(uid),
      all: () => store.all(),
      watch: (query, signal) => store.watch(query, signal),
      lastWrite: (resource) => store.lastWrite(resource),
      revision: store.revision,
      oldestWatchableRevision: store.oldestWatchableRevision,
      transact: () =>
        Promise.reject(new StatusError('ServiceUnavailable', 'ZooKeeper is away', { retryAfterSeconds: 2 })),
    };
    refusing = await createApi({ store: suspended });
  });
  after(async () => {
    await refusing.close();
    await api.close();
  });

  for (const [where, body, type] of writes) {
    it(`say when to try again: ${where}${type === undefined ? '' : ` ${type}`}`, async () => {
      const { status, headers, json } = await refusing.call(where, { body, type: type ?? 'application/json' });
      expect([status, headers['retry-after']]).to.deep.equal([503, '2']);
      expect(json).to.deep.equal({
        ...{ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 503 },
        ...{ reason: 'ServiceUnavailable', message: 'ZooKeeper is away', details: { retryAfterSeconds: 2 } },
      });
    });
  }
});

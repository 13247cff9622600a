// Paths and operations of the API.
import { expect } from 'chai';
import { kinds } from '../../../src/api/kinds.ts';
import type { KindDefinition } from '../../../src/api/kinds.ts';
import type { Operation } from '../../../src/apiserver/openapi/operations.ts';
import { definitionsOf, pathsOf } from '../../../src/apiserver/openapi/operations.ts';

const kind = (name: string): KindDefinition => kinds.find((each) => each.kind === name) as KindDefinition;
const outline = (name: string): Record<string, string[]> =>
  Object.fromEntries(pathsOf(kind(name)).map(({ path, operations }) => [path, operations.map(({ method }) => method)]));
const find = (name: string, id: string): Operation | undefined =>
  pathsOf(kind(name))
    .flatMap(({ operations }) => operations)
    .find((operation) => operation.id === id);

describe('operations', () => {
  it('cover a namespaced kind across namespaces, in one, by name, and its subresources', () => {
    expect(outline('Deployment')).to.deep.equal({
      '/apis/apps/v1/deployments': ['get'],
      '/apis/apps/v1/namespaces/{namespace}/deployments': ['post', 'delete', 'get'],
      '/apis/apps/v1/namespaces/{namespace}/deployments/{name}': ['delete', 'get', 'patch', 'put'],
      '/apis/apps/v1/namespaces/{namespace}/deployments/{name}/status': ['get', 'patch', 'put'],
      '/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale': ['get', 'patch', 'put'],
    });
  });

  it('cover a kind of the cluster, and only the verbs that it has', () => {
    expect(outline('Namespace')).to.deep.equal({
      '/api/v1/namespaces': ['post', 'get'],
      '/api/v1/namespaces/{name}': ['delete', 'get', 'patch', 'put'],
      '/api/v1/namespaces/{name}/status': ['get', 'patch', 'put'],
      '/api/v1/namespaces/{name}/finalize': ['put'],
    });
    expect(Object.keys(outline('Pod'))).to.include('/api/v1/namespaces/{namespace}/pods/{name}/log');
  });

  it('offer what clients look for in a PATCH', () => {
    const patch = find('Deployment', 'patchAppsV1NamespacedDeployment');
    expect(patch?.kind).to.deep.equal({ group: 'apps', version: 'v1', kind: 'Deployment' });
    expect(patch?.parameters.map(({ name }) => name)).to.deep.equal([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'force',
    ]);
    expect(patch?.consumes).to.include('application/strategic-merge-patch+json');
    expect(find('App', 'patchTepuiV1NamespacedApp')?.consumes).to.deep.equal([
      'application/json-patch+json',
      'application/merge-patch+json',
      'application/apply-patch+yaml',
    ]);
  });

  it('know what goes in and what comes out', () => {
    expect(find('Deployment', 'createAppsV1NamespacedDeployment')).to.deep.include({
      body: 'io.k8s.api.apps.v1.Deployment',
      answer: 'io.k8s.api.apps.v1.Deployment',
      status: 201,
    });
    expect(find('Deployment', 'listAppsV1DeploymentForAllNamespaces')).to.deep.include({
      answer: 'io.k8s.api.apps.v1.DeploymentList',
      action: 'list',
      status: 200,
    });
    expect(find('Deployment', 'replaceAppsV1NamespacedDeploymentScale')).to.deep.include({
      body: 'io.k8s.api.autoscaling.v1.Scale',
      kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    });
    expect(find('Pod', 'deleteCoreV1NamespacedPod')?.body).to.match(/DeleteOptions$/);
    expect(find('Pod', 'readCoreV1NamespacedPodLog')).not.to.have.property('answer');
    expect(find('Pod', 'createCoreV1NamespacedPodBinding')?.body).to.equal('io.k8s.api.core.v1.Binding');
  });

  it('have ids that are unique in the whole API', () => {
    const ids = kinds.flatMap(pathsOf).flatMap(({ operations }) => operations.map(({ id }) => id));
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('leave out the path across namespaces for a kind that cannot be listed', () => {
    const unlisted = { ...kind('Deployment'), verbs: ['create'] as const, subresources: [] };
    expect(pathsOf(unlisted).flatMap(({ operations }) => operations.map(({ action }) => action))).to.deep.equal([
      'post',
    ]);
    expect(pathsOf(unlisted)[0]?.path).to.equal('/apis/apps/v1/namespaces/{namespace}/deployments');
  });

  it('name every definition that they speak of once', () => {
    const names = definitionsOf(kind('Deployment'));
    expect(names).to.include.members(['io.k8s.api.apps.v1.DeploymentList', 'io.k8s.api.autoscaling.v1.Scale']);
    expect(new Set(names).size).to.equal(names.length);
  });
});

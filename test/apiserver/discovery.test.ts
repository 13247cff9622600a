// Discovery in both forms. Expected shapes: recordings of kubectl against a Kubernetes API server.
import { expect } from 'chai';
import { kinds } from '../../src/api/kinds.ts';
import { createDiscovery } from '../../src/apiserver/discovery.ts';
import { apiRequest, bodyJson } from '../support/api-request.ts';

const discovery = createDiscovery({ kinds, serverAddress: '127.0.0.1:6443' });
const get = (url: string, accept?: string): unknown => bodyJson(ask(url, accept));
const ask = (url: string, accept?: string) =>
  discovery(apiRequest(url, { headers: accept === undefined ? {} : { accept } }));

const aggregated = (version: string): string =>
  `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
const newClient = `${aggregated('v2')},${aggregated('v2beta1')},application/json`;
const olderClient = `${aggregated('v2beta1')},application/json`;

interface Listed {
  resources: {
    name: string;
    kind: string;
    group?: string;
    verbs: string[];
    shortNames?: string[];
    singularName: string;
  }[];
}
interface Grouped {
  apiVersion: string;
  items: {
    metadata: { name?: string };
    versions: { version: string; freshness: string; resources: Record<string, unknown>[] }[];
  }[];
}

describe('discovery', () => {
  it('answers /api and /apis in the legacy form', () => {
    expect(get('/api')).to.deep.equal({
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:6443' }],
    });
    const { groups } = get('/apis/', 'application/json, */*') as { groups: object[] };
    expect(groups).to.deep.include({
      name: 'apps',
      versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
    });
    expect(groups.map((group) => (group as { name: string }).name)).not.to.include('');
  });

  it('answers one group', () => {
    expect(get('/apis/tepui.dev')).to.deep.equal({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: 'tepui.dev',
      versions: [{ groupVersion: 'tepui.dev/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'tepui.dev/v1', version: 'v1' },
    });
  });

  it('lists resources and subresources of a group version', () => {
    const { resources } = get('/api/v1') as Listed;
    expect(resources.find(({ name }) => name === 'pods')).to.deep.equal({
      name: 'pods',
      singularName: 'pod',
      namespaced: true,
      kind: 'Pod',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['po'],
      categories: ['all'],
    });
    expect(resources.find(({ name }) => name === 'pods/log')).to.deep.equal({
      name: 'pods/log',
      singularName: '',
      namespaced: true,
      kind: 'Pod',
      verbs: ['get'],
    });
  });

  it('names the group of a subresource where it is another one', () => {
    const { resources } = get('/apis/apps/v1') as Listed;
    expect(resources.find(({ name }) => name === 'deployments/scale')).to.deep.equal({
      name: 'deployments/scale',
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
    expect(resources.find(({ name }) => name === 'deployments/status')).not.to.have.property('group');
  });

  it('answers both roots in the aggregated form that a client prefers, with its exact content type', () => {
    for (const [accept, version] of [
      [newClient, 'v2'],
      [olderClient, 'v2beta1'],
      [`application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io`, 'v2'],
    ] as const)
      for (const url of ['/api', '/apis']) {
        const response = ask(url, accept);
        expect(response?.headers['content-type']).to.equal(aggregated(version));
        expect(response?.headers['vary']).to.equal('Accept');
        expect((bodyJson(response) as Grouped).apiVersion).to.equal(`apidiscovery.k8s.io/${version}`);
      }
  });

  it('prefers what is listed first', () => {
    expect(ask('/api', `application/json,${newClient}`)?.headers['content-type']).to.equal('application/json');
    expect(ask('/api', 'text/html')?.headers['content-type']).to.equal('application/json');
  });

  it('describes groups, resources and subresources in the aggregated form', () => {
    const core = get('/api', newClient) as Grouped;
    expect(core.items).to.have.lengthOf(1);
    expect(core.items[0]?.metadata.name).to.equal(undefined);
    const { items } = get('/apis', newClient) as Grouped;
    const apps = items.find(({ metadata }) => metadata.name === 'apps');
    expect(apps?.versions[0]).to.deep.include({ version: 'v1', freshness: 'Current' });
    expect(apps?.versions[0]?.resources[0]).to.deep.equal({
      resource: 'deployments',
      responseKind: { group: 'apps', version: 'v1', kind: 'Deployment' },
      scope: 'Namespaced',
      singularResource: 'deployment',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['deploy'],
      categories: ['all'],
      subresources: [
        {
          subresource: 'status',
          responseKind: { group: 'apps', version: 'v1', kind: 'Deployment' },
          verbs: ['get', 'patch', 'update'],
        },
        {
          subresource: 'scale',
          responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
          verbs: ['get', 'patch', 'update'],
        },
      ],
    });
    const nodes = core.items[0]?.versions[0]?.resources.find(({ resource }) => resource === 'nodes');
    expect(nodes).to.include({ scope: 'Cluster' });
  });

  it('lets clients ask again cheaply, form by form', () => {
    const etag = String(ask('/apis', newClient)?.headers['etag']);
    const again = (accept: string): number | undefined =>
      discovery(apiRequest('/apis', { headers: { accept, 'if-none-match': etag } }))?.status;
    expect(again(newClient)).to.equal(304);
    expect(again(olderClient)).to.equal(200);
    expect(again('application/json')).to.equal(200);
  });

  it('puts several versions of a group in the order of their rows', () => {
    const [first] = kinds;
    if (first === undefined) throw new Error('there are kinds');
    const rows = ['v2', 'v1'].map((version) => ({ ...first, group: 'x.dev', version, subresources: [] }));
    const response = createDiscovery({ kinds: rows, serverAddress: '' })(apiRequest('/apis/x.dev'));
    expect(bodyJson(response)).to.deep.include({ preferredVersion: { groupVersion: 'x.dev/v2', version: 'v2' } });
  });

  it('leaves everything else to others', () => {
    for (const url of ['/', '/apis/nothing', '/api/v2', '/apis/apps/v2', '/api/v1/pods', '/version'])
      expect(ask(url), url).to.equal(undefined);
    expect(discovery(apiRequest('/api', { method: 'POST' }))).to.equal(undefined);
    expect(discovery(apiRequest('/api', { method: 'HEAD' }))?.status).to.equal(200);
  });
});

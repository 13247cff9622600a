import { expect } from 'chai';
import { configMap, createApi, deployment, pod } from '../api-fixture.ts';
import type { Api, Body, Json } from '../api-fixture.ts';

const core = '/api/v1/namespaces/default';
const apps = '/apis/tepui.dev/v1/namespaces/default/apps';
const merge = 'application/merge-patch+json';

describe('special kinds', () => {
  let api: Api;
  beforeEach(async () => {
    api = await createApi();
  });
  afterEach(() => api.close());

  const made = async (path: string, body: Body): Promise<Json> => {
    const { status, json } = await api.call(`POST ${path}`, { body });
    expect(status, JSON.stringify(json)).to.equal(201);
    return json;
  };
  const refused = async (path: string, body: Body, method = 'POST', type?: string): Promise<string> => {
    const { status, json } = await api.call(`${method} ${path}`, { body, ...(type === undefined ? {} : { type }) });
    expect(status, JSON.stringify(json)).to.be.greaterThan(399);
    return json.message;
  };

  describe('pods', () => {
    const containers = (...list: Body[]): Body => ({ spec: { containers: list } });

    it('get the defaults that depend on what they say', async () => {
      const limits = { cpu: '100m', memory: '64Mi' };
      const list = [
        { name: 'a', image: 'nginx', resources: { limits } },
        { name: 'b', image: 'host:5000/x:1@sha256:ab', resources: { limits, requests: limits } },
        { name: 'c', image: 'host:5000/x' },
      ];
      const { spec, status } = await made(`${core}/pods`, pod('p', containers(...list)));
      expect(spec.containers.map((container) => container['imagePullPolicy'])).to.deep.equal([
        'Always',
        'IfNotPresent',
        'Always',
      ]);
      expect(spec.containers[0]!['resources']).to.deep.equal({ limits, requests: limits });
      expect(spec).to.include({ serviceAccountName: 'default', serviceAccount: 'default', priority: 0 });
      expect(spec['tolerations']).to.have.length(2);
      expect(status).to.include({ phase: 'Pending', qosClass: 'Burstable' });
      const guaranteed = await made(
        `${core}/pods`,
        pod('g', containers({ name: 'a', image: 'i:1', resources: { limits } })),
      );
      expect(guaranteed.status['qosClass']).to.equal('Guaranteed');
      expect((await made(`${core}/pods`, pod('e'))).status['qosClass']).to.equal('BestEffort');
    });

    it('need an image or a command', async () => {
      await made(`${core}/pods`, pod('p', containers({ name: 'a', command: ['sleep', '1'] })));
      expect(await refused(`${core}/pods`, pod('q', containers({ name: 'a' })))).to.equal(
        'Pod "q" is invalid: spec.containers[0].image: Required value: set image, or command to run a program of the node',
      );
      expect(await refused(`${core}/pods`, pod('q', containers()))).to.contain('spec.containers');
    });

    it('are checked as a whole', async () => {
      const spec = {
        hostNetwork: true,
        initContainers: [{ name: 'a', image: 'i:1' }],
        containers: [
          {
            name: 'a',
            image: 'i:1',
            volumeMounts: [{ name: 'none', mountPath: '/x' }],
            ports: [
              { name: 'http', containerPort: 80, hostPort: 81 },
              { name: 'http', containerPort: 82 },
            ],
            resources: { requests: { cpu: '2' }, limits: { cpu: '1' } },
            livenessProbe: { httpGet: { port: 'grpc' }, successThreshold: 2 },
          },
        ],
      };
      const text = await refused(`${core}/pods`, pod('p', { spec }));
      for (const part of [
        'spec.containers[0].volumeMounts[0].name: Not found: "none"',
        'spec.containers[0].ports[1].name: Duplicate value: "http"',
        'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
        'spec.containers[0].livenessProbe.httpGet.port: Invalid value: "grpc": names no port of this container',
        'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
        'spec.initContainers[0].name: Duplicate value: "a"',
        'must match `containerPort` when `hostNetwork` is true',
      ]) {
        expect(text).to.contain(part);
      }
    });

    it('warn of what is not enforced and of odd amounts', async () => {
      const container = { name: 'a', image: 'i:1', tty: true, stdin: true, resources: { limits: { memory: '128m' } } };
      const securityContext = { sysctls: [{ name: 'a.b', value: '1' }] };
      const dnsConfig = { nameservers: ['1.1.1.1'] };
      const body = pod('p', { spec: { dnsConfig, securityContext, containers: [container] } });
      const { warnings } = await api.call(`POST ${core}/pods`, { body });
      expect(warnings).to.have.length(3);
      expect(warnings[0]).to.equal(
        '299 - "spec.securityContext.sysctls is stored but not enforced: kernel parameters stay as the node has them"',
      );
      expect(warnings[1]).to.contain('spec.containers[0].stdin is stored but not enforced');
      expect(warnings[2]).to.contain('spec.containers[0].resources.limits.memory: 128m').and.to.contain('128Mi');
    });

    it('warn of init containers and volumes alike', async () => {
      const container = { name: 'a', image: 'i:1', resources: { limits: { 'ephemeral-storage': '1Gi' } } };
      const volumes = [
        { name: 'disk', emptyDir: { sizeLimit: '1Gi' } },
        { name: 'memory', emptyDir: { sizeLimit: '1Gi', medium: 'Memory' } },
      ];
      const init = { name: 'i', image: 'i:1', stdin: true };
      const body = pod('p', { spec: { initContainers: [init], containers: [container], volumes } });
      const { warnings } = await api.call(`POST ${core}/pods`, { body });
      const fields = warnings.map((text) => /"(\S+)/.exec(text)?.[1]);
      expect(fields).to.deep.equal([
        'spec.initContainers[0].stdin',
        'spec.containers[0].resources.limits.ephemeral-storage',
        'spec.volumes[0].emptyDir.sizeLimit',
      ]);
    });

    it('take their priority from a class', async () => {
      const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
      await made(classes, { metadata: { name: 'high' }, value: 1000, preemptionPolicy: 'Never' });
      await made(classes, { metadata: { name: 'usual' }, value: 10, globalDefault: true });
      const high = await made(`${core}/pods`, pod('h', { spec: { priorityClassName: 'high' } }));
      expect(high.spec).to.include({ priority: 1000, preemptionPolicy: 'Never' });
      expect((await made(`${core}/pods`, pod('u'))).spec).to.include({ priority: 10, priorityClassName: 'usual' });
      expect(await refused(`${core}/pods`, pod('x', { spec: { priorityClassName: 'none' } }))).to.equal(
        'pods "x" is forbidden: no PriorityClass with name none was found',
      );
      expect(await refused(`${core}/pods`, pod('x', { spec: { priorityClassName: 'high', priority: 5 } }))).to.contain(
        'the integer value of priority (5) must not be provided in pod spec',
      );
      expect(await refused(`${classes}/high`, { value: 5 }, 'PATCH', merge)).to.contain('field is immutable');
    });

    it('say that gates hold them, which may only be taken away', async () => {
      const gates = (...names: string[]) => ({ spec: { schedulingGates: names.map((name) => ({ name })) } });
      const { status } = await made(`${core}/pods`, pod('p', gates('a.io/x', 'a.io/y')));
      expect(status.conditions[0]).to.include({ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' });
      const path = `${core}/pods/p`;
      expect(await refused(path, gates('a.io/x', 'a.io/z'), 'PATCH', merge)).to.contain('only deletion is allowed');
      const { json } = await api.call(`PATCH ${path}`, { body: gates('a.io/y'), type: merge });
      expect(json.spec['schedulingGates']).to.deep.equal([{ name: 'a.io/y' }]);
    });

    it('let tolerations only be added', async () => {
      await made(`${core}/pods`, pod('p'));
      const { json } = await api.call(`GET ${core}/pods/p`);
      const tolerations = json.spec['tolerations'] as readonly Body[];
      const more = { spec: { tolerations: [...tolerations, { key: 'a', operator: 'Exists' }] } };
      expect((await api.call(`PATCH ${core}/pods/p`, { type: merge, body: more })).status).to.equal(200);
      expect(await refused(`${core}/pods/p`, { spec: { tolerations: [] } }, 'PATCH', merge)).to.contain(
        'only additions',
      );
    });
  });

  describe('deployments', () => {
    const path = '/apis/apps/v1/namespaces/default/deployments';

    it('must select their own template', async () => {
      const selector = { matchLabels: { app: 'other' } };
      expect(await refused(path, deployment('web', 1, { selector }))).to.equal(
        'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web"}: ' +
          '`selector` does not match template `labels`',
      );
      expect(await refused(path, deployment('web', 1, { selector: {} }))).to.contain('empty selector is invalid');
    });

    it('are told what cannot roll', async () => {
      const zero = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } };
      expect(await refused(path, deployment('web', 1, { strategy: zero }))).to.contain(
        'may not be 0 when `maxSurge` is 0',
      );
      const both = { type: 'Recreate', rollingUpdate: { maxSurge: 1 } };
      expect(await refused(path, deployment('web', 1, { strategy: both }))).to.contain(
        "may not be specified when strategy `type` is 'Recreate'",
      );
      expect(await refused(path, deployment('web', 1, { minReadySeconds: 600 }))).to.contain(
        'must be greater than minReadySeconds',
      );
      const recreated = await made(path, deployment('web', 1, { strategy: { type: 'Recreate' } }));
      expect(recreated.spec.strategy).to.deep.equal({ type: 'Recreate' });
    });

    it('make only pods that are restarted', async () => {
      const template = {
        metadata: { labels: { app: 'web' } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'i:1' }] },
      };
      expect(await refused(path, deployment('web', 1, { template }))).to.contain(
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      );
    });
  });

  describe('services', () => {
    const service = (name: string, spec: Body = {}): Body => ({
      metadata: { name },
      spec: { ports: [{ port: 80 }], ...spec },
    });

    it('get an address each, keep it, and give it back', async () => {
      const first = await made(`${core}/services`, service('a'));
      expect(first.spec).to.deep.include({
        clusterIP: '10.96.0.1',
        clusterIPs: ['10.96.0.1'],
        type: 'ClusterIP',
        sessionAffinity: 'None',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      });
      expect((await made(`${core}/services`, service('b'))).spec.clusterIP).to.equal('10.96.0.2');
      const kept = await api.call(`PUT ${core}/services/a`, { body: service('a', { selector: { a: 'b' } }) });
      expect(kept.json.spec.clusterIP).to.equal('10.96.0.1');
      expect(await refused(`${core}/services`, service('c', { clusterIP: '10.96.0.1' }))).to.contain(
        'spec.clusterIPs: Invalid value: ["10.96.0.1"]: failed to allocate IP 10.96.0.1: provided IP is already allocated',
      );
      await api.call(`DELETE ${core}/services/a`);
      expect((await made(`${core}/services`, service('c', { clusterIP: '10.96.0.1' }))).spec.clusterIP).to.equal(
        '10.96.0.1',
      );
      expect(await refused(`${core}/services`, service('d', { clusterIP: '10.1.0.1' }))).to.contain(
        'not in the valid range',
      );
      expect(await refused(`${core}/services/b`, { spec: { clusterIP: '10.96.0.77' } }, 'PATCH', merge)).to.contain(
        'field is immutable',
      );
    });

    it('do not lose an address to a dry run, and say when the range is full', async () => {
      await api.close();
      api = await createApi({ serviceRange: '10.0.0.0/30' });
      await api.call(`POST ${core}/services?dryRun=All`, { body: service('dry') });
      await made(`${core}/services`, service('a'));
      await made(`${core}/services`, service('b'));
      expect(await refused(`${core}/services`, service('c'))).to.contain('the range 10.0.0.0/30 is full');
    });

    it('may be headless or a name, and warn of what is not opened', async () => {
      expect((await made(`${core}/services`, service('h', { clusterIP: 'None' }))).spec.clusterIP).to.equal('None');
      const name = service('n', { type: 'ExternalName', externalName: 'a.example', ports: undefined });
      expect((await made(`${core}/services`, name)).spec).not.to.have.property('clusterIP');
      expect(await refused(`${core}/services`, service('x', { type: 'ExternalName' }))).to.contain(
        'spec.externalName: Required value',
      );
      expect(await refused(`${core}/services`, service('x', { ports: [] }))).to.contain('spec.ports: Required value');
      const { warnings } = await api.call(`POST ${core}/services`, { body: service('lb', { type: 'LoadBalancer' }) });
      expect(warnings[0]).to.contain('spec.type: LoadBalancer is stored but not enforced: no port is opened on nodes');
      const ports = [{ port: 80 }, { port: 80, name: 'b' }];
      const text = await refused(`${core}/services`, service('x', { ports }));
      expect(text)
        .to.contain('spec.ports[0].name: Required value')
        .and.to.contain('spec.ports[1]: Duplicate value: "80/TCP"');
    });
  });

  describe('config maps and secrets', () => {
    it('fold text into data, default the type and keep it', async () => {
      const body = { metadata: { name: 's' }, stringData: { a: 'text' }, data: { b: 'Yg==' } };
      const secret = await made(`${core}/secrets`, body);
      expect(secret.data).to.deep.equal({ a: 'dGV4dA==', b: 'Yg==' });
      expect(secret).to.include({ type: 'Opaque' }).and.not.to.have.property('stringData');
      expect(await refused(`${core}/secrets/s`, { type: 'other' }, 'PATCH', merge)).to.contain(
        'type: Invalid value: "other": field is immutable',
      );
      const tls = { metadata: { name: 't' }, type: 'kubernetes.io/tls', data: {} };
      expect(await refused(`${core}/secrets`, tls)).to.contain('data[tls.crt]: Required value');
    });

    it('may be frozen', async () => {
      await made(`${core}/configmaps`, { ...configMap('m', { a: '1' }), immutable: true });
      const text = await refused(`${core}/configmaps/m`, { data: { a: '2' }, immutable: false }, 'PATCH', merge);
      expect(text).to.contain('data: Forbidden: field is immutable when `immutable` is set');
      expect(text).to.contain('immutable: Forbidden: field is immutable when `immutable` is set');
      const twice = { ...configMap('n', { a: '1' }), binaryData: { a: 'Yg==' } };
      expect(await refused(`${core}/configmaps`, twice)).to.contain('duplicate of key present in binaryData');
    });
  });

  it('show events in both groups', async () => {
    const path = '/apis/events.k8s.io/v1/namespaces/default/events';
    const event = {
      metadata: { name: 'e' },
      regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
      note: 'hello',
      type: 'Normal',
      reason: 'Greeted',
      action: 'Greet',
      reportingController: 'c',
      reportingInstance: 'c-1',
      eventTime: '2024-01-01T00:00:00.000000Z',
    };
    const newer = await made(path, event);
    expect(newer).to.include({ apiVersion: 'events.k8s.io/v1', note: 'hello', reportingController: 'c' });
    const older = (await api.call(`GET ${core}/events/e`)).json;
    expect(older).to.include({ apiVersion: 'v1', message: 'hello', reportingComponent: 'c' });
    expect(older['involvedObject']).to.deep.equal(event.regarding);
    const found = await api.call(`GET ${path}?fieldSelector=regarding.name%3Dp`);
    expect(found.json.items[0]).to.include({ note: 'hello' });
    const patched = await api.call(`PATCH ${path}/e`, { type: merge, body: { note: 'bye' } });
    expect([patched.status, patched.json['note']]).to.deep.equal([200, 'bye']);
  });

  describe('apps', () => {
    const app = (spec: Body): Body => ({ metadata: { name: 'web' }, spec });

    it('are stored in one form, with their defaults', async () => {
      const { spec } = await made(
        apps,
        app({
          image: 'nginx:1',
          command: 'sleep 1',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ],
          ports: [{ containerPort: 8080 }],
        }),
      );
      expect(spec['command']).to.equal('sleep 1');
      expect(spec['env']).to.deep.include({ A: '1' });
      expect((spec['env'] as Body)['B']).to.have.nested.property('fieldRef.fieldPath', 'metadata.name');
      expect(spec['ports']).to.deep.equal([{ name: 'http', containerPort: 8080, port: 8080, protocol: 'TCP' }]);
      expect(spec).to.include({ replicas: 1, imagePullPolicy: 'IfNotPresent' });
    });

    it('are refused with what to do', async () => {
      expect(await refused(apps, app({}))).to.equal(
        'App.tepui.dev "web" is invalid: spec: Required value: set image, or command to run a program of the node',
      );
      expect(await refused(apps, app({ image: 'a b' }))).to.contain('must be an image reference such as nginx:1.27');
      expect(await refused(apps, app({ image: 'i:1', replicas: '3' }))).to.contain('spec.replicas');
      expect(
        await refused(apps, app({ image: 'i:1', ports: [{ containerPort: 1 }, { containerPort: 2 }] })),
      ).to.contain('spec.ports[0].name: Required value: several ports need a name each');
      const ports = [
        { name: 'a', containerPort: 1, hostPort: 80 },
        { name: 'a', containerPort: 2, hostPort: 80 },
      ];
      const twice = await refused(apps, app({ image: 'i:1', ports }));
      expect(twice).to.contain('spec.ports[1].name: Duplicate value: "a"').and.to.contain('spec.ports[1].hostPort');
      const resources = { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } };
      expect(await refused(apps, app({ image: 'i:1', resources }))).to.contain(
        'must not be more than the limit of 1Gi: raise spec.resources.limits.memory or ask for less',
      );
      const probe = { image: 'i:1', ports: [{ containerPort: 1 }], readinessProbe: { tcpSocket: { port: 'web' } } };
      expect(await refused(apps, app(probe))).to.contain('names no port of the app; known ports: http');
    });

    it('warn of images that move', async () => {
      const { warnings } = await api.call(`POST ${apps}`, { body: app({ image: 'nginx' }) });
      expect(warnings[0]).to.contain('spec.image: nginx may change without notice');
    });
  });

  describe('quotas', () => {
    const quota = (hard: Body, more: Body = {}): Body => ({ metadata: { name: 'q' }, spec: { hard, ...more } });
    const small = (name: string, cpu = '600m'): Body =>
      pod(name, { spec: { containers: [{ name: 'main', image: 'i:1', resources: { requests: { cpu } } }] } });
    const used = async (): Promise<unknown> => (await api.call(`GET ${core}/resourcequotas/q`)).json.status['used'];

    it('start with what is there, count, and refuse in the words of Kubernetes', async () => {
      await made(`${core}/pods`, small('a'));
      const { status } = await made(`${core}/resourcequotas`, quota({ pods: '3', 'requests.cpu': '1' }));
      expect(status['used']).to.deep.equal({ pods: '1', 'requests.cpu': '600m' });
      const answer = await api.call(`POST ${core}/pods`, { body: small('b') });
      expect(answer.status).to.equal(403);
      expect(answer.json.message).to.equal(
        'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1',
      );
      await made(`${core}/pods`, small('c', '400m'));
      expect(await used()).to.deep.equal({ pods: '2', 'requests.cpu': '1' });
      await api.call(`DELETE ${core}/pods/c`);
      expect(await used()).to.deep.equal({ pods: '1', 'requests.cpu': '600m' });
      await api.call(`PATCH ${core}/pods/a/status`, { type: merge, body: { status: { phase: 'Failed' } } });
      expect(await used()).to.deep.equal({ pods: '0', 'requests.cpu': '0' });
    });

    it('need every container to say what it takes', async () => {
      await made(`${core}/resourcequotas`, quota({ 'limits.memory': '1Gi' }));
      expect(await refused(`${core}/pods`, pod('p'))).to.equal(
        'pods "p" is forbidden: failed quota: q: must specify limits.memory for: main',
      );
    });

    it('count objects, and nothing in a dry run', async () => {
      await made(`${core}/resourcequotas`, quota({ configmaps: '1', 'count/deployments.apps': '0' }));
      await api.call(`POST ${core}/configmaps?dryRun=All`, { body: configMap('a') });
      await made(`${core}/configmaps`, configMap('a'));
      expect(await refused(`${core}/configmaps`, configMap('b'))).to.contain(
        'exceeded quota: q, requested: configmaps=1, used: configmaps=1, limited: configmaps=1',
      );
      expect(await refused('/apis/apps/v1/namespaces/default/deployments', deployment('web'))).to.equal(
        'deployments.apps "web" is forbidden: exceeded quota: q, requested: count/deployments.apps=1, ' +
          'used: count/deployments.apps=0, limited: count/deployments.apps=0',
      );
      expect((await api.call('POST /api/v1/namespaces/other/configmaps', { body: configMap('x') })).status).to.equal(
        201,
      );
    });

    it('look only at what is in their scope', async () => {
      await made(`${core}/resourcequotas`, quota({ pods: '1' }, { scopes: ['BestEffort'] }));
      await made(`${core}/pods`, pod('best'));
      await made(`${core}/pods`, small('burst'));
      expect(await refused(`${core}/pods`, pod('second'))).to.contain('exceeded quota: q');
    });

    it('count sidecars beside containers, and what a pod itself costs', async () => {
      const using = (name: string, cpu: string, more: Body = {}) => ({
        name,
        image: 'i:1',
        ...more,
        resources: { requests: { cpu } },
      });
      const initContainers = [using('side', '1', { restartPolicy: 'Always' }), using('first', '3')];
      await made(`${core}/resourcequotas`, quota({ cpu: '9' }));
      const spec = { initContainers, containers: [using('main', '2')], overhead: { cpu: '100m' } };
      await made(`${core}/pods`, pod('p', { spec }));
      expect(await used()).to.deep.equal({ cpu: '4100m' });
    });

    it('refuse limits that cannot be', async () => {
      const text = await refused(`${core}/resourcequotas`, quota({ pods: '-1', zork: '1', 'count/jobs.batch': '2' }));
      expect(text).to.contain('spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0');
      expect(text).to.contain('spec.hard[zork]: Invalid value: "zork": must be a standard resource for quota');
      expect(text).not.to.contain('jobs.batch');
    });

    it('do not believe a status that somebody writes', async () => {
      await made(`${core}/resourcequotas`, quota({ pods: '3' }));
      await made(`${core}/pods`, pod('a'));
      await api.call(`PATCH ${core}/resourcequotas/q/status`, {
        type: merge,
        body: { status: { used: { pods: '0' } } },
      });
      expect(await used()).to.deep.equal({ pods: '1' });
    });

    it('count anew when they change', async () => {
      await made(`${core}/resourcequotas`, quota({ pods: '1' }));
      await made(`${core}/configmaps`, configMap('a'));
      const { json } = await api.call(`PATCH ${core}/resourcequotas/q`, {
        type: merge,
        body: { spec: { hard: { configmaps: '5' } } },
      });
      expect(json.status).to.deep.equal({ hard: { pods: '1', configmaps: '5' }, used: { pods: '0', configmaps: '1' } });
    });
  });
});

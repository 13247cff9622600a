import { expect } from 'chai';
import type { ApiRequest, ApiResponse } from '../../src/api/request.ts';
import { notFound, StatusError } from '../../src/api/status-error.ts';
import { createLocalClient } from '../../src/client/local-client.ts';
import { createHandlerClient } from '../../src/client/handler-client.ts';

const deployments = { group: 'apps', version: 'v1', plural: 'deployments' };
const pods = { group: '', version: 'v1', plural: 'pods' };
const user = { username: 'system:controller:test', groups: ['system:masters'] };
const signal = new AbortController().signal;
const text = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(text(part));
}

describe('client/handler-client', () => {
  let requests: ApiRequest[];
  const clientOver = (answer: (request: ApiRequest) => Partial<ApiResponse>) => {
    requests = [];
    return createLocalClient((request) => {
      requests.push(request);
      return Promise.resolve({ status: 200, headers: {}, body: text({}), ...answer(request) });
    }, user);
  };
  const sent = () =>
    requests.map(({ method, path, query }) => `${method} ${path}${query.size > 0 ? `?${query.toString()}` : ''}`);
  const body = (at: number) => JSON.parse(new TextDecoder().decode(requests[at]?.body)) as unknown;

  it('builds the requests of every verb', async () => {
    const client = clientOver(() => ({ body: text({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [] }) }));
    const web = { ...deployments, namespace: 'shop', name: 'web' };
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } };
    await client.get(web);
    await client.get({ group: '', version: 'v1', plural: 'nodes', namespace: '', name: 'n1' });
    await client.list(pods, { namespace: 'shop', labelSelector: 'a=b', fieldSelector: 'spec.nodeName=n' });
    await client.list(pods);
    await client.create(deployments, object);
    await client.update(deployments, object, 'status');
    await client.patch(
      web,
      { x: 1 },
      { type: 'apply', fieldManager: 'm', force: true, dryRun: true, fieldValidation: 'Strict' },
    );
    await client.delete(web, { propagationPolicy: 'Foreground', preconditions: { uid: 'u' } });
    await client.createSubresource({ ...pods, namespace: 'shop', name: 'a' }, 'binding', object);
    expect(sent()).to.deep.equal([
      'GET /apis/apps/v1/namespaces/shop/deployments/web',
      'GET /api/v1/nodes/n1',
      'GET /api/v1/namespaces/shop/pods?labelSelector=a%3Db&fieldSelector=spec.nodeName%3Dn',
      'GET /api/v1/pods',
      'POST /apis/apps/v1/namespaces/shop/deployments',
      'PUT /apis/apps/v1/namespaces/shop/deployments/web/status',
      'PATCH /apis/apps/v1/namespaces/shop/deployments/web?fieldManager=m&force=true&dryRun=All&fieldValidation=Strict',
      'DELETE /apis/apps/v1/namespaces/shop/deployments/web',
      'POST /api/v1/namespaces/shop/pods/a/binding',
    ]);
    expect(requests[6]?.headers['content-type']).to.equal('application/apply-patch+yaml');
    expect(body(7)).to.deep.equal({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Foreground',
      preconditions: { uid: 'u' },
    });
    expect(requests[0]?.user).to.equal(user);
    expect(requests[0]?.headers['user-agent']).to.equal('test');
  });

  it('says of every item what it is', async () => {
    const list = {
      apiVersion: 'v1',
      kind: 'PodList',
      metadata: { resourceVersion: '7' },
      items: [{ metadata: { name: 'a' } }],
    };
    const client = clientOver(() => ({ body: text(list) }));
    expect(await client.list(pods)).to.deep.equal({
      resourceVersion: '7',
      items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }],
    });
  });

  it('turns a Status into the error that it was', async () => {
    const client = clientOver(() => ({ status: 404, body: text(notFound(pods, 'a').toStatus()) }));
    const error = await client.get({ ...pods, namespace: 'shop', name: 'a' }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(StatusError).with.property('reason', 'NotFound');
    expect(error).to.have.property('message', 'pods "a" not found');
  });

  it('makes an error of an answer that is no Status', async () => {
    const client = clientOver(() => ({ status: 503, body: text('upstream is away\n') }));
    const error = await client.list(pods).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('reason', 'ServiceUnavailable');
    expect(error).to.have.property('message', 'upstream is away');
  });

  it('reads watches however their lines are cut, and ends with the stream', async () => {
    const event = (type: string, name: string) => JSON.stringify({ type, object: { metadata: { name: `${name}é` } } });
    const whole = `${event('ADDED', 'a')}\n${event('BOOKMARK', 'b')}\n${event('DELETED', 'c')}\n`;
    const bytes = text(whole);
    for (let size = 1; size < bytes.length; size += 7) {
      const parts = async function* () {
        for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.slice(at, at + size));
      };
      const client = clientOver(() => ({ body: parts() }));
      const names: string[] = [];
      for await (const { type, object } of client.watch(pods, { resourceVersion: '5' }, signal)) {
        names.push(`${type} ${object.metadata.name ?? ''}`);
      }
      expect(names).to.deep.equal(['ADDED aé', 'BOOKMARK bé', 'DELETED cé']);
      expect(sent()).to.deep.equal(['GET /api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion=5']);
    }
  });

  it('throws what a watch reports in the middle', async () => {
    const status = new StatusError('Expired', 'too old').toStatus();
    const client = clientOver(() => ({ body: chunks(JSON.stringify({ type: 'ERROR', object: status })) }));
    const watching = async () => {
      for await (const event of client.watch(pods, { resourceVersion: '1' }, signal)) expect.fail(event.type);
    };
    expect(await watching().catch((thrown: unknown) => thrown)).to.have.property('reason', 'Expired');
  });

  it('reads logs as they come', async () => {
    const client = createHandlerClient(({ query, path }) => {
      expect(`${path}?${query.toString()}`).to.equal(
        '/api/v1/namespaces/shop/pods/a/log?container=c&follow=true&tailLines=5',
      );
      return Promise.resolve({ status: 200, headers: {}, body: chunks('one\n', 'two\n') });
    }, 'test');
    const read: string[] = [];
    const options = { container: 'c', follow: true, tailLines: 5 };
    for await (const chunk of client.readLog({ ...pods, namespace: 'shop', name: 'a' }, options, signal)) {
      read.push(new TextDecoder().decode(chunk));
    }
    expect(read).to.deep.equal(['one\n', 'two\n']);
  });
});

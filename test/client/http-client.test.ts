import { expect } from 'chai';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createHttpClient, type HttpClient } from '../../src/client/http-client.ts';
import { createTestCertificate, type TestCertificate } from '../support/test-certificate.ts';

const pods = { group: '', version: 'v1', plural: 'pods' };
const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' } };
type Headers = Readonly<Record<string, string | string[] | undefined>>;

describe('client/http-client', () => {
  let certificate: TestCertificate;
  let server: Http2SecureServer;
  let address: string;
  let client: HttpClient;
  let sessions: number;
  let answer: (stream: ServerHttp2Stream, headers: Headers, body: string) => void;

  before(async () => {
    certificate = await createTestCertificate();
  });
  beforeEach(async () => {
    sessions = 0;
    server = createSecureServer({ cert: certificate.certificate, key: certificate.key });
    server.on('session', () => (sessions += 1));
    server.on('stream', (stream, headers) => {
      let body = '';
      stream.on('error', () => undefined);
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => (body += chunk));
      stream.on('end', () => answer(stream, headers, body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = createHttpClient({ server: address, ca: certificate.certificate, token: 'secret' }, 'tester/1');
  });
  afterEach(async () => {
    client.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  const failure = async (work: Promise<unknown>) =>
    (await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )) as Error;

  it('sends method, path, query, body, token and user agent, over one connection', async () => {
    const seen: string[] = [];
    answer = (stream, headers, body) => {
      const { authorization } = headers;
      seen.push(
        `${String(headers[':method'])} ${String(headers[':path'])} ${String(authorization)} ${String(headers['user-agent'])} ${body}`,
      );
      stream.respond({ ':status': 200 });
      stream.end(JSON.stringify(object));
    };
    await Promise.all([
      client.get({ ...pods, namespace: 'shop', name: 'a' }),
      client.patch({ ...pods, namespace: 'shop', name: 'a' }, { x: 'ü' }, { type: 'merge', fieldManager: 'm' }),
    ]);
    expect(seen.sort()).to.deep.equal([
      'GET /api/v1/namespaces/shop/pods/a Bearer secret tester/1 ',
      'PATCH /api/v1/namespaces/shop/pods/a?fieldManager=m Bearer secret tester/1 {"x":"ü"}',
    ]);
    expect(sessions).to.equal(1);
  });

  it('streams a watch and ends it quietly when aborted', async () => {
    const closed = new Promise<void>((resolve) => {
      answer = (stream) => {
        stream.respond({ ':status': 200 });
        stream.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
        stream.on('close', () => resolve());
      };
    });
    const stopping = new AbortController();
    const seen: string[] = [];
    for await (const event of client.watch(pods, { resourceVersion: '1' }, stopping.signal)) {
      seen.push(event.type);
      stopping.abort();
    }
    expect(seen).to.deep.equal(['ADDED']);
    await closed;
  });

  it('takes a connection lost in a watch for an error, and opens another for the next call', async () => {
    answer = (stream) => {
      stream.respond({ ':status': 200 });
      stream.write(`${JSON.stringify({ type: 'ADDED', object })}\n`, () => stream.session?.destroy());
    };
    const watching = async () => {
      for await (const event of client.watch(pods, { resourceVersion: '1' }, new AbortController().signal)) {
        expect(event.type).to.equal('ADDED');
      }
    };
    expect(await failure(watching())).to.have.property('reason', 'ServiceUnavailable');
    answer = (stream) => {
      stream.respond({ ':status': 200 });
      stream.end(JSON.stringify(object));
    };
    expect(await client.get({ ...pods, namespace: 'shop', name: 'a' })).to.deep.equal(object);
    expect(sessions).to.equal(2);
  });

  it('hands on the error of the server', async () => {
    answer = (stream) => {
      stream.respond({ ':status': 403 });
      stream.end(JSON.stringify({ kind: 'Status', reason: 'Forbidden', message: 'not you', code: 403 }));
    };
    expect(await failure(client.list(pods))).to.include({ reason: 'Forbidden', message: 'not you' });
  });

  it('refuses a server whose certificate the given authority did not sign', async () => {
    const other = await createTestCertificate();
    const wary = createHttpClient({ server: address, ca: other.certificate });
    const error = await failure(wary.list(pods));
    expect(error).to.have.property('reason', 'ServiceUnavailable');
    expect(error.message).to.contain(address).and.to.contain('certificate');
    wary.close();
    answer = (stream) => {
      stream.respond({ ':status': 200 });
      stream.end(JSON.stringify({ apiVersion: 'v1', kind: 'PodList', metadata: { resourceVersion: '3' }, items: [] }));
    };
    const careless = createHttpClient({ server: address, insecureSkipTlsVerify: true });
    expect((await careless.list(pods)).resourceVersion).to.equal('3');
    careless.close();
  });

  it('says which server cannot be reached', async () => {
    client.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const error = await failure(client.list(pods));
    expect(error.message).to.contain(`cannot talk to the server ${address}`).and.to.contain('ECONNREFUSED');
    server = createSecureServer({ cert: certificate.certificate, key: certificate.key });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  it('refuses addresses that are not https', () => {
    expect(() => createHttpClient({ server: 'http://127.0.0.1:1' })).to.throw('over TLS only');
    expect(() => createHttpClient({ server: 'here' })).to.throw('found "here"');
  });

  it('does not begin a call that is aborted already', async () => {
    const stopped = AbortSignal.abort(new Error('enough'));
    expect(await failure(client.list(pods, {}, stopped))).to.have.property('message', 'enough');
  });
});

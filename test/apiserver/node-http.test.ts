import { expect } from 'chai';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { connect as tlsConnect } from 'node:tls';
import { createAuthority, issueCertificate } from '../../src/lib/certificates.ts';
import type { KeyedCertificate } from '../../src/lib/certificates.ts';
import { createTokenAuthenticator } from '../../src/apiserver/authentication.ts';
import { listen } from '../../src/apiserver/node-http.ts';
import type { Listening } from '../../src/apiserver/node-http.ts';
import type { ApiRequest, ApiResponse, Handler } from '../../src/api/request.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { configMap, createApi } from './api-fixture.ts';
import type { Api, Body, Json } from './api-fixture.ts';

const validity = { fromMs: Date.now() - 60_000, toMs: Date.now() + 3_600_000 };
const host = '127.0.0.1';
const token = 'a-secret-token';
const maps = '/api/v1/namespaces/default/configmaps';

interface Reply {
  readonly status: number;
  readonly headers: Body;
  readonly text: string;
}

describe('listen', () => {
  let authority: KeyedCertificate;
  let server: KeyedCertificate;
  let api: Api;
  let listening: Listening;
  let sessions: ClientHttp2Session[] = [];

  const start = async (handler: Handler): Promise<Listening> =>
    listen({ handler, host, port: 0, key: server.key, cert: server.certificate, ca: authority.certificate });

  before(async () => {
    authority = await createAuthority('test authority', validity);
    server = await issueCertificate(authority, {
      commonName: 'server',
      ipAddresses: [host],
      usages: ['server'],
      validity,
    });
  });

  beforeEach(async () => {
    const user = { username: 'admin', groups: ['system:masters'] };
    api = await createApi({ authenticate: createTokenAuthenticator([{ token, user }]) });
    listening = await start(api.handle);
  });

  afterEach(async () => {
    for (const session of sessions) session.destroy();
    sessions = [];
    await listening.close();
    await api.close();
  });

  const overHttp1 = (path: string, options: Body = {}, at = listening): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const { body, headers, ...rest } = options;
      const outgoing = httpsRequest(
        {
          ...{ host, port: at.port, path, ca: authority.certificate, agent: false },
          headers: { authorization: `Bearer ${token}`, ...(headers as object | undefined) },
          ...rest,
        },
        (incoming) => {
          const chunks: Uint8Array[] = [];
          incoming.on('data', (chunk: Uint8Array) => chunks.push(chunk));
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              text: Buffer.concat(chunks).toString(),
            }),
          );
          incoming.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body as string | undefined);
    });

  const session = (): ClientHttp2Session => {
    const made = connect(`https://${host}:${listening.port}`, { ca: authority.certificate });
    sessions.push(made);
    return made;
  };

  const overHttp2 = (path: string, method = 'GET', body = ''): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const stream = session().request({ ':path': path, ':method': method, authorization: `Bearer ${token}` });
      const chunks: Uint8Array[] = [];
      let headers: Body = {};
      stream.on('response', (received) => (headers = received));
      stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      stream.on('end', () =>
        resolve({ status: headers[':status'] as number, headers, text: Buffer.concat(chunks).toString() }),
      );
      stream.on('error', reject);
      if (body !== '') stream.end(body);
    });

  it('serves HTTP/1.1 and HTTP/2 on one port', async () => {
    const made = await overHttp2(maps, 'POST', JSON.stringify(configMap('m', { a: 'ü' })));
    expect(made.status).to.equal(201);
    expect(made.headers).not.to.have.any.keys('connection', 'transfer-encoding');
    const found = await overHttp1(`${maps}/m`);
    expect([found.status, (JSON.parse(found.text) as Json)['data']]).to.deep.equal([200, { a: 'ü' }]);
    const list = await overHttp2(maps);
    expect((JSON.parse(list.text) as Json)['items']).to.have.length(1);
    const listed = await overHttp1(maps);
    expect((JSON.parse(listed.text) as Json)['items']).to.have.length(1);
  });

  it('sends one Warning header per warning', async () => {
    const body = JSON.stringify({ ...configMap('m'), one: 1, two: 2 });
    const seen = await overHttp2(maps, 'POST', body);
    expect(seen.status).to.equal(201);
    expect(seen.headers['warning']).to.contain('unknown field \\"one\\"').and.to.contain('unknown field \\"two\\"');
  });

  it('knows users by token and by certificate, and nobody else', async () => {
    const none = await overHttp1(maps, { headers: { authorization: '' } });
    expect(none.status).to.equal(401);
    expect(JSON.parse(none.text)).to.include({ reason: 'Unauthorized', message: 'Unauthorized' });
    expect((await overHttp1(maps, { headers: { authorization: 'Bearer wrong' } })).status).to.equal(401);
    const subject = { commonName: 'alice', organizations: ['team'], usages: ['client' as const], validity };
    const ours = await issueCertificate(authority, subject);
    const stranger = await createAuthority('somebody else', validity);
    const theirs = await issueCertificate(stranger, subject);
    const seen: (string | undefined)[] = [];
    const whoami = await start((request) => {
      seen.push(request.user && `${request.user.username} ${request.user.groups.join(' ')}`);
      return Promise.resolve({ status: 200, headers: {}, body: new Uint8Array() });
    });
    await overHttp1('/', { key: ours.key, cert: ours.certificate }, whoami);
    await overHttp1('/', { key: theirs.key, cert: theirs.certificate }, whoami);
    await whoami.close();
    expect(seen).to.deep.equal(['alice team system:authenticated', undefined]);
  });

  it('answers a request that wants an upgrade like any other', async () => {
    const socket = tlsConnect({ host, port: listening.port, ca: authority.certificate, ALPNProtocols: ['http/1.1'] });
    const lines = [
      `GET ${maps} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: Bearer ${token}`,
      'Connection: Upgrade',
      'Upgrade: SPDY/3.1',
      '',
      '',
    ];
    socket.write(lines.join('\r\n'));
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    expect(text)
      .to.match(/^HTTP\/1\.1 200 OK/)
      .and.to.contain('ConfigMapList');
  });

  it('sends the headers of a watch at once, then each event, and tells the handler when the client goes', async () => {
    const stream = session().request({ ':path': `${maps}?watch=true`, authorization: `Bearer ${token}` });
    await new Promise<void>((resolve) => stream.once('response', () => resolve()));
    const line = new Promise<string>((resolve) => stream.once('data', (chunk: Uint8Array) => resolve(String(chunk))));
    await api.call(`POST ${maps}`, { body: configMap('seen') });
    expect((JSON.parse(await line) as Json)['object'].metadata.name).to.equal('seen');
    stream.close();
  });

  it('waits for a slow reader instead of piling up, and stops when it goes away', async () => {
    let made = 0;
    let ended: (() => void) | undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const endless = async function* (request: ApiRequest): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          if (request.signal.aborted) return;
          made++;
          yield await Promise.resolve(new Uint8Array(64 * 1024));
        }
      } finally {
        ended?.();
      }
    };
    const slow = await start((request): Promise<ApiResponse> =>
      Promise.resolve({ status: 200, headers: {}, body: endless(request) }),
    );
    const socket = tlsConnect({ host, port: slow.port, ca: authority.certificate, ALPNProtocols: ['http/1.1'] });
    socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await new Promise<void>((resolve) => socket.once('readable', () => resolve()));
    socket.pause();
    socket.destroy();
    await end;
    expect(made).to.be.lessThan(2000);
    await slow.close();
  });

  it('ends watches when it closes', async () => {
    const ends = overHttp1(`${maps}?watch=true`);
    await overHttp1('/api/v1/namespaces/default');
    await listening.close();
    expect((await ends).status).to.equal(200);
    listening = await start(api.handle);
  });

  it('answers 413 for a body that is too large, and 400 for a path that is no text', async () => {
    const body = JSON.stringify(configMap('big', { a: 'x'.repeat(4_000_000) }));
    expect((await overHttp1(maps, { method: 'POST', body })).status).to.equal(413);
    expect((await overHttp1('/api/%ff')).status).to.equal(400);
    expect((await overHttp1(maps, { method: 'HEAD' })).text).to.equal('');
  });

  it('lets answers under way go out when it closes, and takes nothing new', async () => {
    let answer: (() => void) | undefined;
    const busy = await start(
      (request) =>
        new Promise<ApiResponse>((resolve) => {
          const done = () => resolve({ status: 200, headers: {}, body: Buffer.from('whole') });
          if (request.path === '/quick') done();
          else answer = done;
        }),
    );
    const slow = overHttp1('/slow', {}, busy);
    const other = connect(`https://${host}:${busy.port}`, { ca: authority.certificate });
    sessions.push(other);
    const quick = other.request({ ':path': '/quick' });
    await new Promise<void>((resolve) => quick.once('response', () => resolve()));
    while (answer === undefined) await new Promise((resolve) => setImmediate(resolve));
    const told = new Promise<void>((resolve) => other.once('goaway', () => resolve()));
    const closed = busy.close();
    await told;
    const late = await overHttp1('/quick', {}, busy).catch((error: unknown) => error);
    expect(late).to.have.property('code', 'ECONNREFUSED');
    answer();
    expect((await slow).text).to.equal('whole');
    await closed;
  });

  it('closes although a client does not read, and cuts it off', async () => {
    const clock = createFakeClock();
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) yield await Promise.resolve(new Uint8Array(64 * 1024));
    };
    const handler: Handler = () => Promise.resolve({ status: 200, headers: {}, body: endless() });
    const stuck = await listen({
      ...{ handler, host, port: 0, clock },
      ...{ key: server.key, cert: server.certificate, ca: authority.certificate },
    });
    const socket = tlsConnect({ host, port: stuck.port, ca: authority.certificate, ALPNProtocols: ['http/1.1'] });
    socket.on('error', () => undefined);
    socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await new Promise<void>((resolve) => socket.once('readable', () => resolve()));
    const closed = stuck.close();
    await clock.advance(200);
    await closed;
    socket.destroy();
  });

  it('shows a renewed certificate to new connections', async () => {
    const serial = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = tlsConnect({ host, port: listening.port, ca: authority.certificate }, () => {
          resolve(socket.getPeerCertificate().serialNumber);
          socket.destroy();
        });
        socket.on('error', reject);
      });
    const before = await serial();
    const subject = { commonName: 'server', ipAddresses: [host], usages: ['server' as const], validity };
    const renewed = await issueCertificate(authority, subject);
    const open = await overHttp2(maps);
    listening.replaceIdentity({ key: renewed.key, cert: renewed.certificate, ca: authority.certificate });
    expect(await serial()).not.to.equal(before);
    expect(open.status).to.equal(200);
    const alice = await issueCertificate(authority, { commonName: 'alice', usages: ['client'], validity });
    const asAlice = { key: alice.key, cert: alice.certificate, headers: { authorization: '' } };
    expect((await overHttp1(maps, asAlice)).status, 'client certificates still count').to.equal(200);
  });

  it('tells a body that broke off from one that ended', async () => {
    const halfway = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('{"half'));
      throw new Error('broken off');
    };
    const broken = await start(() => Promise.resolve({ status: 200, headers: {}, body: halfway() }));
    const over1 = await overHttp1('/', {}, broken).catch((error: unknown) => error);
    expect(over1).to.have.property('code', 'ECONNRESET');
    const other = connect(`https://${host}:${broken.port}`, { ca: authority.certificate });
    sessions.push(other);
    const stream = other.request({ ':path': '/' });
    const failed = new Promise<Error>((resolve) => stream.once('error', resolve));
    stream.resume();
    expect((await failed).message).to.contain('INTERNAL_ERROR');
    other.destroy();
    await broken.close();
  });

  it('does not end a body that breaks off after the client has read some of it', async () => {
    let breakOff: () => void = () => undefined;
    const halfway = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"half');
      await new Promise<void>((resolve) => (breakOff = resolve));
      throw new Error('broken off');
    };
    const broken = await start(() => Promise.resolve({ status: 200, headers: {}, body: halfway() }));
    expect(await endOf(broken.port, 'http/1.1', () => breakOff())).to.equal('aborted');
    expect(await endOf(broken.port, 'h2', () => breakOff())).to.equal(
      'Stream closed with error code NGHTTP2_INTERNAL_ERROR',
    );
    await broken.close();
  });

  it('breaks off a body that is shorter than its length says', async () => {
    const short = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('{"half'));
    };
    const broken = await start(() =>
      Promise.resolve({ status: 200, headers: { 'content-length': '10' }, body: short() }),
    );
    expect(await endOf(broken.port, 'http/1.1')).to.equal('aborted');
    expect(await endOf(broken.port, 'h2')).to.match(/Stream closed with error code/);
    await broken.close();
  });

  /** How a client sees a body end: `ended`, or its error. @param onData called when the first of it was read */
  const endOf = (port: number, protocol: 'h2' | 'http/1.1', onData: () => void = () => undefined): Promise<string> =>
    new Promise((resolve) => {
      const hear = (stream: NodeJS.EventEmitter) => {
        stream.on('end', () => resolve('ended'));
        stream.on('error', ({ message }: Error) => resolve(message));
        stream.once('data', onData);
      };
      if (protocol === 'http/1.1') {
        // A connection that is closed anyway would hide where an answer ends.
        const headers = { connection: 'keep-alive' };
        const outgoing = httpsRequest({ host, port, ca: authority.certificate, agent: false, headers }, hear);
        outgoing.end();
        return;
      }
      const made = connect(`https://${host}:${String(port)}`, { ca: authority.certificate });
      sessions.push(made);
      hear(made.request({ ':path': '/' }));
    });
});

import { expect } from 'chai';
import { StatusError } from '../../../src/api/status-error.ts';
import type { ApiRequest, Handler } from '../../../src/api/request.ts';
import { issueCertificate, type KeyedCertificate } from '../../../src/lib/certificates.ts';
import { readAll, readLines } from '../../../src/client/streams.ts';
import { aborted } from '../../../src/lib/run-group.ts';
import { testAuthority, validNow } from '../../support/authority.ts';
import { configMap, watchEvents, type Body } from '../api-fixture.ts';
import { wireTo, type Wire } from '../../support/wire.ts';
import { clientOf, elect, maps, startServer } from './servers.ts';
import type { ServerOptions, TestClient, TestServer } from './servers.ts';

/** A promise and the function that resolves it. */
function signalled(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

describe('apiserver/leader/leader-proxy', () => {
  const opened: { close(): unknown }[] = [];
  let a: TestServer;
  let b: TestServer;
  /** Speaks to `b`. */
  let client: TestClient;

  const keep = <T extends { close(): unknown }>(thing: T): T => {
    opened.push(thing);
    return thing;
  };
  const start = async (id: string, options?: ServerOptions) => keep(await startServer(id, options));
  const connect = async (url: string, certificate?: KeyedCertificate) => keep(await clientOf(url, certificate));
  const wire = async (url: string): Promise<Wire> => keep(await wireTo(url));

  beforeEach(async () => {
    a = await start('a');
    b = await start('b');
    client = await connect(b.url);
    elect(a, b);
  });
  afterEach(async () => {
    for (const thing of opened.splice(0).reverse()) await thing.close();
  });

  const whoami = async (through: TestClient, headers: Record<string, string> = {}) =>
    (await through.call('GET /whoami', { headers })).json;

  describe('with a leader', () => {
    it('hands writes and reads of a follower on to it, with their headers', async () => {
      const body = { ...configMap('m', { a: 'ü' }), unknown: 1 };
      const made = await client.call(`POST ${maps}`, { body, headers: { 'content-type': 'application/json' } });
      expect(made.status).to.equal(201);
      expect(made.headers['warning']).to.contain('unknown field');
      expect(made.headers['content-type']).to.equal('application/json');
      const found = await client.call(`GET ${maps}/m`, { headers: { accept: 'application/yaml' } });
      expect(found.headers['content-type']).to.equal('application/yaml');
      expect(found.text).to.contain('a: ü');
      expect(b.served).to.deep.equal([]);
      expect((await client.call(`GET ${maps}/none`)).json['reason']).to.equal('NotFound');
    });

    it('answers by itself what is about itself', async () => {
      expect((await client.call('GET /livez')).status).to.equal(404);
      expect(b.served).to.deep.equal(['GET /livez']);
    });

    it('leaves out the headers of a connection, and those that they name', async () => {
      const { headers } = await whoami(client, { te: 'trailers', 'x-kept': 'yes' });
      expect(headers).to.include({ 'x-kept': 'yes', authorization: 'Bearer a-secret-token' });
      expect(headers).not.to.have.any.keys('te', 'tepui-forwarded-by', 'x-remote-user');
    });

    it('tells the leader whose certificate the client showed', async () => {
      const organizations = ['team, one', 'größe'];
      const subject = { commonName: 'ålice', organizations, usages: ['client' as const], validity: validNow() };
      const alice = await connect(b.url, await issueCertificate(await testAuthority(), subject));
      expect(await whoami(alice)).to.deep.include({
        server: 'a',
        user: { username: 'ålice', groups: [...organizations, 'system:authenticated'] },
      });
    });

    it('believes nobody but servers who the user is', async () => {
      const claims = { 'x-remote-user': 'admin', 'x-remote-group': 'system:masters', 'tepui-forwarded-by': 'x' };
      const subject = { commonName: 'mallory', organizations: ['system:nodes'], usages: ['client' as const] };
      const certificate = await issueCertificate(await testAuthority(), { ...subject, validity: validNow() });
      for (const url of [a.url, b.url]) {
        const mallory = await connect(url, certificate);
        const seen = await whoami(mallory, claims);
        expect(seen['user']).to.deep.include({ username: 'mallory' });
        expect(seen['headers']).not.to.have.any.keys(...Object.keys(claims));
      }
      const anonymous = await client.call('GET /whoami', { headers: { ...claims, authorization: '' } });
      expect((anonymous.json['user'] as Body | undefined)?.['username']).to.equal('admin');
      const nobody = await (await connect(a.url)).call('GET /whoami', { headers: claims });
      expect(nobody.json['headers']).not.to.have.any.keys(...Object.keys(claims));
    });

    it('hands nothing on twice', async () => {
      a.leadership.set({ part: 'following', leaderApi: b.url });
      const answer = client.call(`POST ${maps}`, { body: configMap('m') });
      await b.clock.advance(100);
      b.leadership.set({ leaderApi: undefined, trouble: 'nobody answers' });
      await until(() => b.clock.pendingTimers > 0);
      await b.clock.advance(2000);
      const refused = await answer;
      expect([refused.status, refused.headers['retry-after']]).to.deep.equal([503, '1']);
      expect([a.served, b.served]).to.deep.equal([[], []]);
    });

    it('tells the other server that nothing was done, so that it looks for the new leader', async () => {
      const c = await start('c');
      a.leadership.set({ part: 'following', leaderApi: c.url });
      c.leadership.set({ part: 'leading' });
      const answer = client.call(`POST ${maps}`, { body: configMap('m') });
      b.leadership.set({ leaderApi: c.url });
      expect((await answer).status).to.equal(201);
      expect(c.served).to.have.length(1);
    });

    it('carries large objects and lists', async () => {
      const data = { a: 'x'.repeat(1_400_000) };
      for (const name of ['one', 'two', 'three']) {
        expect((await client.call(`POST ${maps}`, { body: configMap(name, data) })).status).to.equal(201);
      }
      const list = await client.call(`GET ${maps}`);
      expect(list.json.items.map((item) => (item.data as Body as { a: string }).a.length)).to.deep.equal(
        Array(3).fill(1_400_000),
      );
      const larger = await client.call(`POST ${maps}`, { body: configMap('four', { a: 'x'.repeat(1_600_000) }) });
      expect([larger.status, larger.json.reason]).to.deep.equal([413, 'RequestEntityTooLarge']);
      expect(larger.json.message).to.match(/has 16\d{5} bytes.*at most 1572864/);
    });
  });

  describe('streams', () => {
    const startWatch = async (signal?: AbortSignal) => client.open(`GET ${maps}?watch=true`, signal ? { signal } : {});

    it('passes the events of a watch on as they come', async () => {
      const events = watchEvents(await startWatch());
      await a.api.call(`POST ${maps}`, { body: configMap('seen') });
      expect((await events.next())?.object.metadata.name).to.equal('seen');
      await events.stop();
    });

    it('tells the leader when the client goes', async () => {
      const gone = signalled();
      const c = await start('c', { around: noticing(gone.resolve) });
      elect(c, b);
      const stopping = new AbortController();
      await startWatch(stopping.signal);
      stopping.abort();
      await gone.promise;
    });

    it('ends a watch when the leader vanishes; it goes on at the next one', async () => {
      const line = await wire(a.url);
      b.leadership.set({ leaderApi: line.url });
      const events = watchEvents(await startWatch());
      await a.api.call(`POST ${maps}`, { body: configMap('first') });
      const first = await events.next();
      expect(first?.object.metadata.name).to.equal('first');
      line.cut();
      expect(await events.next()).to.equal(undefined);
      elect(a, b);
      await a.api.call(`POST ${maps}`, { body: configMap('second') });
      const { resourceVersion } = first?.object.metadata ?? { resourceVersion: '' };
      const resumed = watchEvents(await client.open(`GET ${maps}?watch=true&resourceVersion=${resourceVersion}`));
      expect((await resumed.next())?.object.metadata.name).to.equal('second');
      await resumed.stop();
    });

    it('ends a watch at once when another server leads, and not while nobody is known to', async () => {
      const c = await start('c');
      const events = watchEvents(await startWatch());
      b.leadership.set({ leaderApi: undefined, trouble: 'ZooKeeper does not answer' });
      await a.api.call(`POST ${maps}`, { body: configMap('seen') });
      expect((await events.next())?.object.metadata.name).to.equal('seen');
      elect(c, b);
      expect(await events.next()).to.equal(undefined);
    });

    it('ends streams of a leader that stands still', async () => {
      const line = await wire(a.url);
      b.leadership.set({ leaderApi: line.url });
      const events = watchEvents(await startWatch());
      line.freeze();
      const ended = events.next();
      await b.clock.advance(1000);
      await b.clock.advance(3000);
      expect(await ended).to.equal(undefined);
    });

    it('ends in an error what is not whole, unless it is a watch', async () => {
      const halfway: Handler = () =>
        Promise.resolve({ status: 200, headers: {}, body: broken(['{"kind":"ConfigMapList"']) });
      const c = await start('c', { around: () => halfway });
      elect(c, b);
      expect(await failure(client.call(`GET ${maps}`))).to.have.property('reason', 'ServiceUnavailable');
      const watch = await client.open(`GET ${maps}?watch=true`);
      expect(await failure(watchEvents(watch).next())).to.have.property('reason', 'ServiceUnavailable');
    });

    it('breaks a followed log off when another server leads, for it is not at its end', async () => {
      const line: Handler = (request) =>
        Promise.resolve({ status: 200, headers: {}, body: lineThenSilence(request.signal) });
      const c = await start('c', { around: () => line });
      elect(c, b);
      const log = await client.open('GET /api/v1/namespaces/default/pods/p/log?follow=true');
      const lines = readLines(log.body);
      expect((await lines.next()).value).to.equal('a line');
      elect(a, b);
      expect(await failure(lines.next())).to.have.property('reason', 'ServiceUnavailable');
    });

    it('ends in an error the refusal of a watch that is not whole', async () => {
      const refusal: Handler = () => Promise.resolve({ status: 410, headers: {}, body: broken(['{"kind":\n']) });
      const c = await start('c', { around: () => refusal });
      elect(c, b);
      const { body } = await client.open(`GET ${maps}?watch=true`);
      expect(await failure(readAll(body))).to.have.property('reason', 'ServiceUnavailable');
    });

    it('makes the leader wait for a slow client', async () => {
      let made = 0;
      const ended = signalled();
      const endless: Handler = (request) =>
        Promise.resolve({
          status: 200,
          headers: {},
          body: chunks(
            request,
            () => (made += 1),
            () => ended.resolve(),
          ),
        });
      const c = await start('c', { around: () => endless });
      elect(c, b);
      const stopping = new AbortController();
      await client.open(`GET ${maps}`, { signal: stopping.signal });
      let before = -1;
      await until(() => {
        const isStill = made === before;
        before = made;
        return isStill;
      }, 50);
      expect(made).to.be.lessThan(200);
      stopping.abort();
      await ended.promise;
    });

    it('shares few connections among many watches', async function () {
      this.timeout(20_000);
      const line = await wire(a.url);
      b.leadership.set({ leaderApi: line.url });
      const watches = await Promise.all(Array.from({ length: 1100 }, () => startWatch()));
      expect(watches.every(({ status }) => status === 200)).to.equal(true);
      expect(line.connections).to.equal(3);
      const events = watches.map((watch) => watchEvents(watch).next());
      await a.api.call(`POST ${maps}`, { body: configMap('seen') });
      expect(new Set((await Promise.all(events)).map((event) => event?.object.metadata.name))).to.deep.equal(
        new Set(['seen']),
      );
    });
  });

  it('lets a call finish at the leader while the follower closes, and ends watches', async () => {
    const arrived = signalled();
    const going = signalled();
    const c = await start('c', {
      around: (local) => async (request) => {
        if (request.method === 'POST') {
          arrived.resolve();
          await going.promise;
        }
        return local(request);
      },
    });
    elect(c, b);
    const watch = watchEvents(await client.open(`GET ${maps}?watch=true`));
    const answer = client.call(`POST ${maps}`, { body: configMap('m') });
    await arrived.promise;
    const closed = b.listening.close();
    expect(await watch.next()).to.equal(undefined);
    going.resolve();
    expect((await answer).status).to.equal(201);
    await closed;
  });

  describe('when the answer does not come', () => {
    it('asks again for a read', async () => {
      let asked = 0;
      const line = keep({ close: () => undefined, cut: () => undefined as unknown });
      const c = await start('c', {
        around: (local) => (request) => {
          asked += 1;
          if (asked === 1) line.cut();
          return local(request);
        },
      });
      const real = await wire(c.url);
      line.cut = () => real.cut();
      elect(c);
      b.leadership.set({ leaderApi: real.url });
      const answer = client.call(`GET ${maps}`);
      await until(() => asked === 1);
      await until(() => b.clock.pendingTimers > 0);
      await advanceUntil(answer);
      expect((await answer).status).to.equal(200);
      expect(asked).to.equal(2);
    });

    it('does not know what became of a write that may have arrived', async () => {
      const arrived = signalled();
      const c = await start('c', {
        around: () => () => {
          arrived.resolve();
          return new Promise(() => undefined);
        },
      });
      const line = await wire(c.url);
      elect(c);
      b.leadership.set({ leaderApi: line.url });
      const answer = client.call(`POST ${maps}`, { body: configMap('m') });
      await arrived.promise;
      line.cut();
      const { status, json, headers } = await answer;
      expect([status, json.reason, headers['retry-after']]).to.deep.equal([504, 'Timeout', undefined]);
      expect(json.message).to.contain('whether this write was kept is not known');
    });

    it('makes a write at the next leader when it cannot have arrived', async () => {
      const line = await wire(a.url);
      await line.close();
      const c = await start('c');
      b.leadership.set({ leaderApi: line.url });
      const answer = client.call(`POST ${maps}`, { body: configMap('m') });
      await until(() => b.clock.pendingTimers > 0);
      elect(c, b);
      expect((await answer).status).to.equal(201);
    });

    it('does not wait for a leader that accepts connections and stands still', async () => {
      const line = await wire(a.url);
      line.freeze();
      b.leadership.set({ leaderApi: line.url });
      const write = client.call(`POST ${maps}`, { body: configMap('m') });
      await until(() => line.connections === 1);
      await advanceUntil(write);
      const refused = await write;
      expect([refused.status, refused.headers['retry-after']]).to.deep.equal([503, '1']);
      expect(refused.json.message).to.contain('cannot be reached');
    });
  });

  const advanceUntil = async (done: Promise<unknown>) => {
    let isDone = false;
    void done.finally(() => (isDone = true));
    await until(async () => {
      if (!isDone) await b.clock.advance(100);
      return isDone;
    }, 20);
  };
});

const failure = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);

/** Looks until it holds; the mocha timeout ends it. */
async function until(holds: () => boolean | Promise<boolean>, everyMs = 2): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, everyMs));
}

const noticing =
  (gone: () => void) =>
  (local: Handler): Handler =>
  (request) => {
    request.signal.addEventListener('abort', gone, { once: true });
    return local(request);
  };

async function* broken(parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
  throw new StatusError('InternalError', 'broken off');
}

async function* lineThenSilence(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield Buffer.from('a line\n');
  await aborted(signal);
}

async function* chunks(request: ApiRequest, count: () => void, end: () => void): AsyncGenerator<Uint8Array> {
  try {
    while (!request.signal.aborted) {
      count();
      yield await Promise.resolve(new Uint8Array(64 * 1024));
    }
  } finally {
    end();
  }
}

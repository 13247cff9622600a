import { expect } from 'chai';
import type { ApiResponse, Handler } from '../../../src/api/request.ts';
import { readAll } from '../../../src/client/streams.ts';
import { createLeaderProxy, type LeaderProxy } from '../../../src/apiserver/leader/leader-proxy.ts';
import { leaderCheck } from '../../../src/apiserver/leader/leader-health.ts';
import { ServerStopping } from '../../../src/apiserver/server-stopping.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { apiRequest } from '../../support/api-request.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { fakeLeadership, type FakeLeadership } from '../../support/fake-leadership.ts';
import { configMap, createApi, watchEvents, type Api, type Json } from '../api-fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const user = { username: 'tester', groups: ['system:masters'] };
const trouble = 'ZooKeeper at 127.0.0.1:2181 does not answer';
const strict = { 'tepui-consistency': 'strict' };

interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly groups?: readonly string[];
}

describe('apiserver/leader/without-leader', () => {
  let api: Api;
  let clock: FakeClock;
  let leadership: FakeLeadership;
  let proxy: LeaderProxy;
  let handle: Handler;
  let local: Handler;

  beforeEach(async () => {
    api = await createApi();
    await api.call(`POST ${maps}`, { body: configMap('m') });
    clock = createFakeClock();
    leadership = fakeLeadership({ trouble });
    local = api.handle;
    proxy = createLeaderProxy({
      ...{ leadership, clock, serverId: 'a', log: silentLog, ca: '' },
      identity: () => ({ certificate: '', key: '' }),
    });
    handle = proxy.layer((request) => local(request));
  });
  afterEach(async () => {
    proxy.close();
    await api.close();
  });

  const open = (where: string, { headers = {}, body, signal, groups }: Ask = {}): Promise<ApiResponse> => {
    const [method = '', url = ''] = where.split(' ');
    const text = body === undefined ? '' : JSON.stringify(body);
    const asker = groups === undefined ? user : { username: 'someone', groups };
    const more = signal === undefined ? {} : { signal };
    return handle(apiRequest(url, { method, headers, body: Buffer.from(text), user: asker, ...more }));
  };
  const call = async (where: string, ask?: Ask) => {
    const { status, headers, body } = await open(where, ask);
    const text = Buffer.from(await readAll(body)).toString('utf8');
    return { status, headers, json: JSON.parse(text) as Json };
  };
  /** The answer, and how long it took. */
  const timed = async (where: string, ask?: Ask) => {
    const startedMs = clock.monotonicMs();
    const answer = call(where, ask);
    let tookMs: number | undefined;
    void answer.finally(() => (tookMs = clock.monotonicMs() - startedMs));
    for (let waited = 0; waited < 5000 && tookMs === undefined; waited += 100) await clock.advance(100);
    return { ...(await answer), tookMs: tookMs ?? -1 };
  };

  it('waits 2 s for a leader before it refuses a write, and says when to try again', async () => {
    await clock.advance(60_000);
    const { status, headers, json, tookMs } = await timed(`POST ${maps}`, { body: configMap('n') });
    expect([status, json.reason, headers['retry-after']]).to.deep.equal([503, 'ServiceUnavailable', '1']);
    expect(json.details).to.deep.equal({ retryAfterSeconds: 1 });
    expect(json.message).to.equal(`the write was not made: ${trouble}; try again`);
    expect(tookMs).to.be.within(2000, 2100);
    expect((await api.call(`GET ${maps}/n`)).status).to.equal(404);
  });

  it('makes the write as soon as it leads itself', async () => {
    const answer = call(`POST ${maps}`, { body: configMap('n') });
    await clock.advance(500);
    leadership.set({ part: 'leading', trouble: '' });
    expect((await answer).status).to.equal(201);
  });

  it('answers reads from here, with a warning, once nobody led for 2 s', async () => {
    const first = await timed(`GET ${maps}/m`);
    expect(first.tookMs).to.be.within(2000, 2100);
    expect(first.headers['warning']).to.deep.equal([`299 - "this may be out of date: ${trouble}"`]);
    const list = await timed(`GET ${maps}`);
    expect([list.json.items.length, list.tookMs]).to.deep.equal([1, 0]);
    expect(list.headers['warning']).to.have.length(1);
    const missing = await call(`GET ${maps}/none`);
    expect([missing.status, missing.headers['warning']?.length]).to.deep.equal([404, 1]);
  });

  it('answers reads at once when this server led a moment ago', async () => {
    leadership.set({ part: 'paused' });
    const { headers, tookMs } = await timed(`GET ${maps}/m`);
    expect([tookMs, headers['warning']?.length]).to.deep.equal([0, 1]);
    const write = await timed(`DELETE ${maps}/m`);
    expect([write.status, write.tookMs >= 2000]).to.deep.equal([503, true]);
  });

  it('answers at once and without a warning who does not ask for the newest state', async () => {
    for (const url of [`${maps}/m?resourceVersion=0`, `${maps}?resourceVersion=0`, '/apis', '/api/v1']) {
      const { headers } = await open(`GET ${url}`);
      expect(headers['warning'], url).to.equal(undefined);
    }
    const watch = await open(`GET ${maps}?watch=true`);
    expect(watch.headers['warning']).to.equal(undefined);
    const events = watchEvents(watch);
    expect((await events.next())?.object.metadata.name).to.equal('m');
    await events.stop();
    const newest = open(`GET ${maps}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`);
    await clock.advance(2000);
    const listing = await newest;
    expect(listing.headers['warning']).to.have.length(1);
    await watchEvents(listing).stop();
  });

  it('waits shortly for a revision that it has not read yet', async () => {
    const { revision } = api.store;
    const late = await timed(`GET ${maps}/m?resourceVersion=${revision + 1}`);
    expect([late.status, late.json.reason, late.headers['retry-after']]).to.deep.equal([504, 'Timeout', '1']);
    expect(late.json.details.causes).to.deep.include({
      reason: 'ResourceVersionTooLarge',
      message: 'Too large resource version',
    });
    expect(late.tookMs).to.be.within(1000, 1100);
    const answer = call(`GET ${maps}?resourceVersion=${revision + 1}`);
    await api.call(`POST ${maps}`, { body: configMap('n') });
    await clock.advance(100);
    expect((await answer).json.items).to.have.length(2);
  });

  it('gives strict readers an error rather than an old state', async () => {
    await clock.advance(60_000);
    const { status, json, headers } = await timed(`GET ${maps}/m`, { headers: strict });
    expect([status, headers['retry-after']]).to.deep.equal([503, '1']);
    expect(json.message).to.equal(`the newest state cannot be read: ${trouble}; try again`);
    expect((await timed(`GET ${maps}?watch=true`, { headers: strict })).status).to.equal(503);
    leadership.set({ part: 'leading' });
    expect((await timed(`GET ${maps}/m`, { headers: strict })).status).to.equal(200);
    const odd = await call(`GET ${maps}/m`, { headers: { 'tepui-consistency': 'mostly' } });
    expect([odd.status, odd.json.message]).to.deep.equal([
      400,
      'header Tepui-Consistency: expected "strict" or no such header, found "mostly"',
    ]);
  });

  it('has no old backup to offer', async () => {
    expect((await timed('GET /tepui/v1/backup')).status).to.equal(503);
    expect((await timed('POST /tepui/v1/tokens')).status).to.equal(503);
  });

  it('does not pass for the newest state what it read after it stopped leading', async () => {
    leadership.set({ part: 'leading' });
    // Nobody was told yet, as when the process stood still.
    local = async (request) => {
      leadership.drift({ part: 'paused' });
      return api.handle(request);
    };
    expect((await call(`GET ${maps}/m`)).headers['warning']).to.have.length(1);
    expect((await timed(`GET ${maps}/m`, { headers: strict })).status).to.equal(503);
  });

  it('reads again when leadership went and came meanwhile', async () => {
    leadership.set({ part: 'leading' });
    let reads = 0;
    local = async (request) => {
      const response = await api.handle(request);
      if (++reads > 1) return response;
      leadership.set({ part: 'following' });
      leadership.set({ part: 'leading' });
      return response;
    };
    expect((await call(`GET ${maps}`)).headers['warning']).to.equal(undefined);
    expect(reads).to.equal(2);
  });

  it('refuses a request from another server when it does not lead, and does not wait', async () => {
    const headers = { 'tepui-forwarded-by': 'b' };
    for (const part of ['following', 'paused'] as const) {
      leadership.set({ part, leaderApi: part === 'following' ? 'https://127.0.0.1:1' : undefined });
      const refused = await call(`GET ${maps}/m`, { headers, groups: ['system:servers'] });
      expect([refused.status, refused.headers['tepui-not-leading']]).to.deep.equal([503, 'true']);
    }
    leadership.set({ part: 'leading' });
    const remote = { ...headers, 'x-remote-user': 'alice', 'x-remote-group': 'a%2Cb,c' };
    let seen: unknown;
    local = (request) => {
      seen = request.user;
      return api.handle(request);
    };
    await call(`GET ${maps}/m`, { headers: remote, groups: ['system:servers'] });
    expect(seen).to.deep.equal({ username: 'alice', groups: ['a,b', 'c'] });
    await call(`GET ${maps}/m`, { headers, groups: ['system:servers'] });
    expect(seen, 'nobody is named: the token decides').to.equal(undefined);
  });

  it('sends clients that wait to another server when it stops', async () => {
    const stopping = new AbortController();
    const answer = call(`POST ${maps}`, { body: configMap('n'), signal: stopping.signal });
    stopping.abort(new ServerStopping());
    const { status, headers } = await answer;
    expect([status, headers['retry-after']]).to.deep.equal([503, '1']);
  });

  it('is not ready for writes without a leader', () => {
    const check = leaderCheck(leadership);
    expect(check.problem()).to.equal(`writes are refused: ${trouble}`);
    leadership.set({ leaderApi: 'https://127.0.0.1:1', trouble: '' });
    expect(check.problem()).to.equal(undefined);
    leadership.set({ part: 'leading', leaderApi: undefined });
    expect(check.problem()).to.equal(undefined);
    leadership.set({ part: 'paused' });
    expect(check.problem()).to.contain('no server leads');
  });
});

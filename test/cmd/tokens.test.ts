// Tokens as the leader keeps them: agents' as Secrets, servers' as keys beside the sealed identity.
import { expect } from 'chai';
import type { TokenFacts } from '../../src/api/cluster-facts.ts';
import type { Secret } from '../../src/api/types.gen.ts';
import type { Tokens } from '../../src/apiserver/cluster/token-routes.ts';
import { createTokens, type ServerTokens } from '../../src/cmd/tokens.ts';
import { createToken, isExpired, parseToken } from '../../src/lib/join-token.ts';
import { testAuthority } from '../support/authority.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { createMemoryApi, type MemoryApi } from '../support/memory-api.ts';
import { rejection } from '../support/rejection.ts';

const secrets = { group: '', version: 'v1', plural: 'secrets' };

describe('tokens', () => {
  const never = new AbortController().signal;
  let clock: FakeClock;
  let api: MemoryApi;
  let keys: Map<string, TokenFacts>;
  let serverTokens: ServerTokens;
  let tokens: Tokens;

  beforeEach(async () => {
    const { certificate: authority } = await testAuthority();
    clock = createFakeClock();
    api = createMemoryApi(clock);
    keys = new Map();
    serverTokens = {
      make(wish) {
        const made = createToken(authority, wish, clock.now());
        const { id, role, expires } = made.record;
        if (role !== 'agent') keys.set(id, { id, role, expires });
        return Promise.resolve(made);
      },
      list: () => Promise.resolve([...keys.values()]),
      remove(id) {
        const removed = keys.get(id);
        keys.delete(id);
        return Promise.resolve(removed);
      },
      removeExpired() {
        for (const { id, expires } of keys.values()) if (isExpired(expires, clock.now())) keys.delete(id);
        return Promise.resolve();
      },
    };
    tokens = createTokens({ client: api, authority, serverTokens, clock });
  });

  const create = async (role: TokenFacts['role'], ttlSeconds = 0) =>
    parseToken((await tokens.create({ role, ttlSeconds }, never)).token).id;
  const secretNames = () => api.all<Secret>(secrets).map(({ metadata }) => metadata.name);

  it('lists all, whomever they let in, once each', async () => {
    const ids = [await create('agent', 60), await create('any'), await create('server')];
    expect(secretNames()).to.have.members(ids.slice(0, 2).map((id) => `bootstrap-token-${id}`));
    expect(await tokens.list(never)).to.deep.equal([
      { id: ids[0], role: 'agent', expires: '2023-11-14T22:14:20Z' },
      { id: ids[1], role: 'any', expires: undefined },
      { id: ids[2], role: 'server', expires: undefined },
    ]);
  });

  it('takes other Secrets for what they are', async () => {
    const metadata = { namespace: 'kube-system', name: 'bootstrap-token-agent-0123456789ab' };
    await api.create(secrets, { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata });
    expect(await tokens.list(never)).to.deep.equal([]);
    expect(await tokens.remove('agent-0123456789ab', never)).to.equal(undefined);
    expect(await tokens.remove('../cluster', never)).to.equal(undefined);
    expect(secretNames()).to.have.length(1);
  });

  it('removes both the Secret and the key of a token, and says when there is none', async () => {
    for (const role of ['agent', 'server', 'any'] as const) {
      const id = await create(role);
      expect(await tokens.remove(id, never)).to.deep.equal({ id, role, expires: undefined });
      expect([secretNames(), keys.size]).to.deep.equal([[], 0]);
      expect(await tokens.remove(id, never)).to.equal(undefined);
    }
  });

  it('forgets expired ones when tokens are listed, and when one is made', async () => {
    for (const use of [() => tokens.list(never), () => create('server')]) {
      for (const role of ['agent', 'server', 'any'] as const) await create(role, 60);
      await clock.advance(60_000);
      await use();
      expect(secretNames()).to.deep.equal([]);
    }
    expect([...keys.values()].map(({ role }) => role)).to.deep.equal(['server']);
  });

  it('makes none for servers where there can be only one', async () => {
    const { certificate: authority } = await testAuthority();
    const alone = createTokens({ client: api, authority, serverTokens: undefined, clock });
    const refused = await rejection(alone.create({ role: 'server', ttlSeconds: 0 }, never));
    expect(String(refused)).to.contain('tepui server --zk');
    const { token } = await alone.create({ role: 'any', ttlSeconds: 0 }, never);
    expect(await alone.remove(parseToken(token).id, never)).to.deep.include({ role: 'any' });
  });
});

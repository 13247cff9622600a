// Which join tokens let an agent in.
import { expect } from 'chai';
import type { Secret } from '../../../src/api/types.gen.ts';
import { admitBySecrets, admitByToken } from '../../../src/apiserver/gateway/admission.ts';
import { createToken, parseToken } from '../../../src/lib/join-token.ts';
import { testAuthority } from '../../support/authority.ts';
import { createFakeApi } from '../../support/fake-api.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

describe('admission by token', () => {
  const setUp = async (role: 'agent' | 'server' | 'any' = 'agent', change: Partial<Secret> = {}) => {
    const clock = createFakeClock();
    const api = createFakeApi();
    const { token, record } = createToken((await testAuthority()).certificate, { role, ttlSeconds: 60 }, clock.now());
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const hash = Buffer.from(record.verifier, 'base64url').toString('hex');
    api.put('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'tepui.dev/join-token',
      metadata: { name: `bootstrap-token-${parseToken(token).id}`, namespace: 'kube-system' },
      data: { role: base64(role), hash: base64(hash), expires: base64(record.expires ?? '') },
      ...change,
    });
    return { clock, api, token, admit: admitBySecrets(api.source<Secret>('secrets'), clock) };
  };

  it('takes a token that is kept, for agents or for any, until it expires', async () => {
    for (const role of ['agent', 'any'] as const) {
      const { admit, token, clock } = await setUp(role);
      expect(await admit(token)).to.equal('admitted');
      await clock.advance(60_000);
      expect(await admit(token)).to.contain('expired');
    }
  });

  it('says why it does not take others', async () => {
    const { admit, token, api } = await setUp();
    expect(await admit('')).to.contain('tepui.ID.SECRET.FINGERPRINT');
    const [prefix = '', id = '', , fingerprint = ''] = token.split('.');
    const otherSecret = 'A'.repeat(43);
    expect(await admit([prefix, id, otherSecret, fingerprint].join('.'))).to.contain('not one of this cluster');
    api.remove('secrets', `bootstrap-token-${id}`);
    expect(await admit(token)).to.contain('not one of this cluster');
    const server = await setUp('server');
    expect(await server.admit(server.token)).to.contain('for servers only');
    const mimic = await setUp('agent', { type: 'Opaque' });
    expect(await mimic.admit(mimic.token)).to.contain('not one of this cluster');
  });

  it('takes one fixed token where that is all there is', async () => {
    const admit = admitByToken('open sesame');
    expect(await admit('open sesame')).to.equal('admitted');
    expect(await admit('open')).to.contain('join token is wrong');
  });
});

// Who is let in by which token, and what the others are told.
import { expect } from 'chai';
import { createAuthority } from '../../src/lib/certificates.ts';
import {
  authorityFingerprint,
  checkCluster,
  createToken,
  parseToken,
  TokenRefused,
  verifyToken,
} from '../../src/lib/join-token.ts';
import { certificatePem, inspectCertificate } from '../../src/lib/inspect-certificate.ts';

const nowMs = Date.parse('2026-05-01T12:00:00Z');
const validity = { fromMs: nowMs - 1000, toMs: nowMs + 1000 };

describe('join tokens', () => {
  let authority: string;
  before(async () => {
    authority = (await createAuthority('tepui', validity)).certificate;
  });

  const make = (role: 'agent' | 'server' | 'any', ttlSeconds = 60) =>
    createToken(authority, { role, ttlSeconds }, nowMs);
  const refusal = (act: () => void): TokenRefused => {
    try {
      act();
    } catch (error) {
      if (error instanceof TokenRefused) return error;
      throw error;
    }
    throw new Error('expected a refusal');
  };

  it('say whose they are and for whom, and come back from text', () => {
    const { token, record } = make('agent');
    const parsed = parseToken(`${token}\n`);
    expect(token).to.match(/^tepui\.agent-[0-9a-f]{12}\.[\w-]{43}\.[\w-]{43}$/);
    expect(parsed).to.include({ id: record.id, role: 'agent', fingerprint: authorityFingerprint(authority) });
    expect(record.expires).to.equal('2026-05-01T12:01:00Z');
  });

  it('leave nothing behind that would let anybody in', () => {
    const { token, record } = make('any');
    expect(JSON.stringify(record)).not.to.include(parseToken(token).secret);
  });

  it('let in for their time', () => {
    const { token, record } = make('agent');
    verifyToken(record, parseToken(token), 'agent', nowMs + 59_999);
    const expired = refusal(() => verifyToken(record, parseToken(token), 'agent', nowMs + 60_000));
    expect([expired.problem, expired.message]).to.satisfy(
      ([problem, text]: string[]) => problem === 'expired' && /2026-05-01T12:01:00Z.*token create/.test(text!),
    );
  });

  it('last for ever when asked to', () => {
    const { token, record } = make('any', 0);
    expect(record.expires).to.equal(undefined);
    verifyToken(record, parseToken(token), 'server', Number.MAX_SAFE_INTEGER);
  });

  it('let in only whom they are for', () => {
    const { token, record } = make('agent');
    const refused = refusal(() => verifyToken(record, parseToken(token), 'server', nowMs));
    expect(refused.problem).to.equal('role');
    expect(refused.message).to.match(/for agents only.*--role server/);
    const any = make('any');
    for (const asked of ['agent', 'server'] as const) verifyToken(any.record, parseToken(any.token), asked, nowMs);
  });

  it('are refused when nobody knows them or the secret is another', () => {
    const { token, record } = make('agent');
    const other = parseToken(make('agent').token);
    expect(refusal(() => verifyToken(undefined, parseToken(token), 'agent', nowMs)).problem).to.equal('wrong');
    const mixed = { ...parseToken(token), secret: other.secret };
    expect(refusal(() => verifyToken(record, mixed, 'agent', nowMs)).problem).to.equal('wrong');
    expect(refusal(() => verifyToken(record, other, 'agent', nowMs)).problem).to.equal('wrong');
  });

  it('are told from those of another cluster', async () => {
    const other = (await createAuthority('tepui', validity)).certificate;
    const parsed = parseToken(make('agent').token);
    checkCluster(parsed, authority);
    const refused = refusal(() => checkCluster(parsed, other));
    expect(refused.problem).to.equal('cluster');
    expect(refused.message).to.include(authorityFingerprint(authority)).and.include(authorityFingerprint(other));
  });

  it('know an authority by its bytes, however they are written', () => {
    const { der } = inspectCertificate(authority);
    expect(authorityFingerprint(der)).to.equal(authorityFingerprint(certificatePem(der)));
  });

  it('are recognised when cut off or garbled, without being repeated', () => {
    const { token } = make('server');
    const secret = parseToken(token).secret;
    const garbled = [
      '',
      'nonsense',
      token.slice(0, -1),
      token.replace('server-', 'master-'),
      token.replace('tepui.', 'other.'),
      `${token}.more`,
      token.replace(secret, secret.slice(1)),
      token.replace(secret, `${secret.slice(1)}+`),
    ];
    for (const text of garbled) {
      const refused = refusal(() => parseToken(text));
      expect(refused.problem).to.equal('malformed');
      expect(refused.message)
        .to.match(/reads tepui\.ID\.SECRET\.FINGERPRINT/)
        .and.not.include(secret.slice(1));
    }
  });
});

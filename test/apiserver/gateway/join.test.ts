// Who may join, and as whom.
import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { createJoin } from '../../../src/apiserver/gateway/join.ts';
import { createCertificateRequest } from '../../../src/lib/certificates.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { testAuthority } from '../../support/authority.ts';
import { rejection } from '../../support/rejection.ts';

describe('joining', () => {
  const join = async (node_name: string, token: string, renewing?: string, connected = false, leads = true) => {
    const { request } = await createCertificateRequest('whatever');
    const handle = createJoin({
      authority: await testAuthority(),
      admit: (given) => Promise.resolve(given === 'right' ? 'admitted' : 'the join token is wrong'),
      clock: systemClock,
      certificateLifetimeMs: 60_000,
      isConnected: () => connected,
      mayAdmit: () => leads,
    });
    return handle({ node_name, token, certificate_request: request }, renewing);
  };

  it('gives a certificate for the name that was asked for', async () => {
    const { certificate, ca_certificate } = await join('node-1.example', 'right');
    const parsed = new X509Certificate(certificate);
    expect(parsed.subject).to.equal('O=system:nodes\nCN=system:node:node-1.example');
    expect(parsed.subjectAltName).to.equal('DNS:node-1.example.node.tepui.internal');
    expect(parsed.verify(new X509Certificate(ca_certificate).publicKey)).to.equal(true);
  });

  const refused = [
    { title: 'a wrong token', args: ['a', 'wrong'], reason: 'Unauthorized' },
    { title: 'no token', args: ['a', ''], reason: 'Unauthorized' },
    { title: 'a name that is none', args: ['system:masters', 'right'], reason: 'BadRequest' },
    { title: 'an empty name', args: ['', 'right'], reason: 'BadRequest' },
    { title: "another's name on renewal, whatever the token", args: ['a', 'right', 'b'], reason: 'Forbidden' },
    { title: 'the name of an agent that is connected', args: ['a', 'right', undefined, true], reason: 'Conflict' },
    {
      title: 'newcomers while another server leads',
      args: ['a', 'right', undefined, false, false],
      reason: 'ServiceUnavailable',
    },
  ] as const;
  for (const { title, args, reason } of refused) {
    it(`refuses ${title}`, async () => {
      const [name, token, renewing, connected, leads] = args;
      expect(await rejection(join(name, token, renewing, connected, leads))).to.include({ reason });
    });
  }

  it('renews by certificate, without a token, also while connected', async () => {
    expect((await join('a', '', 'a', true)).certificate).to.have.length.greaterThan(100);
    expect((await join('a', '', 'a', false, false)).certificate).to.have.length.greaterThan(100);
  });
});

// Authority, leaves and requests, checked with Node's own eyes.
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { expect } from 'chai';
import {
  createAuthority,
  createCertificateRequest,
  issueCertificate,
  signCertificateRequest,
} from '../../src/lib/certificates.ts';
import type { KeyedCertificate } from '../../src/lib/certificates.ts';
import { certificatePem, inspectCertificate, isClientOf, renewalTimeMs } from '../../src/lib/inspect-certificate.ts';
import { rejection } from '../support/rejection.ts';

const fromMs = Date.parse('2026-01-01T00:00:00Z');
const toMs = Date.parse('2026-01-31T00:00:00Z');
const validity = { fromMs, toMs };
const middle = (fromMs + toMs) / 2;

describe('certificates', () => {
  let authority: KeyedCertificate;
  before(async () => {
    authority = await createAuthority('an authority', validity);
  });

  const issue = (usages: readonly ('server' | 'client')[]) =>
    issueCertificate(authority, {
      commonName: 'system:node:a',
      organizations: ['system:nodes'],
      dnsNames: ['a.example'],
      ipAddresses: ['127.0.0.1', '::1'],
      usages,
      validity,
    });

  it('never bear the name of their authority, as clients would take them for self-signed', async () => {
    const subject = { commonName: 'an authority', usages: ['server'], validity } as const;
    const error = await rejection(issueCertificate(authority, subject));
    expect(error).to.match(/cannot have its authority's name/);
  });

  it('come with their key, names and purpose', async () => {
    const leaf = await issue(['client', 'server']);
    const parsed = new X509Certificate(leaf.certificate);
    expect(parsed.checkPrivateKey(createPrivateKey(leaf.key))).to.equal(true);
    expect(parsed.subject).to.equal('O=system:nodes\nCN=system:node:a');
    expect(parsed.subjectAltName).to.equal('DNS:a.example, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(parsed.ca).to.equal(false);
    expect(new X509Certificate(authority.certificate).ca).to.equal(true);
    expect(inspectCertificate(leaf.certificate)).to.include({ commonName: 'system:node:a', fromMs, toMs });
    expect(certificatePem(parsed.raw)).to.equal(parsed.toString());
  });

  it('name their authority', async () => {
    const leaf = new X509Certificate((await issue(['server'])).certificate);
    expect(leaf.checkIssued(new X509Certificate(authority.certificate))).to.equal(true);
  });

  it('are believed from their authority, for clients, in their time only', async () => {
    const der = (leaf: KeyedCertificate) => inspectCertificate(leaf.certificate).der;
    const client = der(await issue(['client']));
    const other = await createAuthority('an authority', validity);
    expect(isClientOf(client, authority.certificate, middle)).to.equal(true);
    expect(isClientOf(client, authority.certificate, fromMs - 1)).to.equal(false);
    expect(isClientOf(client, authority.certificate, toMs)).to.equal(false);
    expect(isClientOf(client, other.certificate, middle)).to.equal(false);
    expect(isClientOf(der(await issue(['server'])), authority.certificate, middle)).to.equal(false);
  });

  it('are given for requests, with the subject that the signer decides', async () => {
    const { request, key } = await createCertificateRequest('system:masters');
    const subject = { commonName: 'system:node:b', usages: ['client'], validity } as const;
    const pem = await signCertificateRequest(authority, request, subject);
    expect(inspectCertificate(pem).commonName).to.equal('system:node:b');
    expect(new X509Certificate(pem).checkPrivateKey(createPrivateKey(key))).to.equal(true);
    const forged = Uint8Array.from(request);
    forged[forged.length - 1]! ^= 1;
    expect(await rejection(signCertificateRequest(authority, forged, subject))).to.be.instanceOf(Error);
  });

  it('are renewed after two thirds of their life', () => {
    expect(renewalTimeMs(validity)).to.equal(Date.parse('2026-01-21T00:00:00Z'));
  });
});

// Certificates of one private authority: ECDSA P-256, made with @peculiar/x509, which is loaded only when one is made.
import { randomBytes, webcrypto } from 'node:crypto';
import type * as x509Library from '@peculiar/x509';

/** A certificate and its private key, both PEM (PKCS#8). */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateSubject {
  readonly commonName: string;
  /** Kubernetes reads groups from here. */
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly usages: readonly ('server' | 'client')[];
  readonly validity: Validity;
}

/** Milliseconds since the epoch. */
export interface Validity {
  readonly fromMs: number;
  readonly toMs: number;
}

type X509 = typeof x509Library;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const usageOids = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

/** Makes a self-signed certificate authority that may sign leaves only. */
export async function createAuthority(commonName: string, validity: Validity): Promise<KeyedCertificate> {
  const x509 = await load();
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...lifetime(validity),
    serialNumber: serialNumber(),
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) };
}

/** Makes a key and a certificate for it. */
export async function issueCertificate(
  authority: KeyedCertificate,
  subject: CertificateSubject,
): Promise<KeyedCertificate> {
  const keys = await generateKeys();
  const certificate = await sign(authority, subject, keys.publicKey);
  return { certificate, key: await exportKey(keys.privateKey) };
}

/** Makes a key, and a request (PKCS#10, DER) that proves its possession. The signer decides about the subject. */
export async function createCertificateRequest(
  commonName: string,
): Promise<{ readonly request: Uint8Array; readonly key: string }> {
  const x509 = await load();
  const keys = await generateKeys();
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: algorithm,
  });
  return { request: new Uint8Array(request.rawData), key: await exportKey(keys.privateKey) };
}

/**
 * Signs the key of a request; nothing else of it is believed. Returns PEM.
 * @param request PKCS#10, DER
 * @throws Error when it cannot be read or its signature is not its key's
 */
export async function signCertificateRequest(
  authority: KeyedCertificate,
  request: Uint8Array,
  subject: CertificateSubject,
): Promise<string> {
  const x509 = await load();
  const parsed = new x509.Pkcs10CertificateRequest(new Uint8Array(request));
  if (!(await parsed.verify())) throw new Error('the certificate request is not signed by the key in it');
  const publicKey: unknown = await parsed.publicKey.export();
  return sign(authority, subject, publicKey as webcrypto.CryptoKey);
}

async function sign(
  authority: KeyedCertificate,
  subject: CertificateSubject,
  publicKey: webcrypto.CryptoKey,
): Promise<string> {
  const x509 = await load();
  const issuer = new x509.X509Certificate(authority.certificate);
  if (issuer.subjectName.getField('CN').includes(subject.commonName)) {
    // OpenSSL takes a certificate whose issuer and subject have one name for self-signed, and trusts it nowhere.
    throw new Error(
      `a certificate cannot have its authority's name: expected another name than "${subject.commonName}"`,
    );
  }
  const certificate = await x509.X509CertificateGenerator.create({
    ...lifetime(subject.validity),
    serialNumber: serialNumber(),
    subject: [
      ...(subject.organizations ?? []).map((organization) => ({ O: [organization] })),
      { CN: [subject.commonName] },
    ],
    issuer: issuer.subject,
    publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: algorithm,
    extensions: [...leafExtensions(x509, subject), await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey)],
  });
  return certificate.toString('pem');
}

function leafExtensions(x509: X509, subject: CertificateSubject) {
  const names = [
    ...(subject.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(subject.ipAddresses ?? []).map((value) => ({ type: 'ip' as const, value })),
  ];
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(subject.usages.map((usage) => usageOids[usage])),
    ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
  ];
}

/** Loaded late: the library costs several megabytes that a process does not need once it has its certificates. */
async function load(): Promise<X509> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

const lifetime = (validity: Validity) => ({ notBefore: new Date(validity.fromMs), notAfter: new Date(validity.toMs) });

/** Positive and random, as RFC 5280 wants serial numbers. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}

// Reads certificates with what Node has built in: whose it is, who signed it, how long it lasts.
import { X509Certificate } from 'node:crypto';

export interface CertificateFacts {
  readonly commonName: string;
  /** DER. */
  readonly der: Uint8Array;
  readonly fromMs: number;
  readonly toMs: number;
}

/** @param certificate PEM text or DER bytes */
export function inspectCertificate(certificate: string | Uint8Array): CertificateFacts {
  const parsed = new X509Certificate(certificate);
  return {
    commonName: /^CN=(.*)$/m.exec(parsed.subject)?.[1] ?? '',
    der: parsed.raw,
    fromMs: Date.parse(parsed.validFrom),
    toMs: Date.parse(parsed.validTo),
  };
}

/** PEM of a DER certificate. */
export function certificatePem(der: Uint8Array): string {
  return new X509Certificate(der).toString();
}

const clientUsage = '1.3.6.1.5.5.7.3.2';

/** True when `authority` signed the certificate directly, it may be used by a client, and it is valid at `nowMs`. */
export function isClientOf(certificate: Uint8Array, authority: string, nowMs: number): boolean {
  const leaf = new X509Certificate(certificate);
  const issuer = new X509Certificate(authority);
  return (
    leaf.checkIssued(issuer) &&
    leaf.verify(issuer.publicKey) &&
    leaf.keyUsage.includes(clientUsage) &&
    Date.parse(leaf.validFrom) <= nowMs &&
    nowMs < Date.parse(leaf.validTo)
  );
}

/** When to ask for the next one: two thirds into its life, in milliseconds since the epoch. */
export function renewalTimeMs(facts: Pick<CertificateFacts, 'fromMs' | 'toMs'>): number {
  return facts.fromMs + ((facts.toMs - facts.fromMs) * 2) / 3;
}

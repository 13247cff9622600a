// A certificate authority for tests, made once a process, and the certificates that it gives.
import { createAuthority, issueCertificate } from '../../src/lib/certificates.ts';
import type { KeyedCertificate } from '../../src/lib/certificates.ts';
import { serverCommonName, serverDnsName } from '../../src/rpc/identities.ts';

const dayMs = 86_400_000;

export const validNow = (days = 1) => ({ fromMs: Date.now() - 60_000, toMs: Date.now() + days * dayMs });

let authority: Promise<KeyedCertificate> | undefined;

export function testAuthority(): Promise<KeyedCertificate> {
  authority ??= createAuthority('tepui test', validNow(30));
  return authority;
}

export async function testServerIdentity(): Promise<KeyedCertificate> {
  return issueCertificate(await testAuthority(), {
    commonName: serverCommonName,
    dnsNames: [serverDnsName],
    usages: ['server', 'client'],
    validity: validNow(),
  });
}

export async function testClientIdentity(commonName: string, days = 1): Promise<KeyedCertificate> {
  return issueCertificate(await testAuthority(), {
    commonName,
    dnsNames: [`${commonName.split(':').at(-1) ?? ''}.node.tepui.internal`],
    usages: ['client', 'server'],
    validity: validNow(days),
  });
}

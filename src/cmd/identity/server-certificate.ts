// The certificate that a server serves its API with and shows to the other servers: its own, by the cluster's authority.
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { issueCertificate, type KeyedCertificate } from '../../lib/certificates.ts';
import { sleep, type Clock } from '../../lib/clock.ts';
import { inspectCertificate, renewalTimeMs } from '../../lib/inspect-certificate.ts';
import type { Log } from '../../lib/log.ts';
import type { Home } from '../home.ts';
import { lifetime } from './cluster-identity.ts';
import { readPair, writePair } from './home-keeper.ts';

/**
 * Differs from the authority's: OpenSSL takes a certificate whose subject is its issuer for self-signed, and curl and
 * Python would not talk to us.
 */
export const serverName = 'tepui-server';
/** Of all servers: what they say of a request's user is believed. */
export const serversGroup = 'system:servers';

const serverLifetimeMs = 365 * 86_400_000;
const clientUsage = '1.3.6.1.5.5.7.3.2';

/** The certificate of a server, as long as it runs. */
export interface ServerCertificate {
  readonly current: KeyedCertificate;
  /** An actor: replaces the certificate in time, until the signal aborts. `onRenewed` is called after each time. */
  keepFresh(onRenewed: (renewed: KeyedCertificate) => void, signal: AbortSignal): Promise<void>;
}

/** Timers are limited to some 25 days, and clocks may be set; certificates follow the calendar. */
const lookEveryMs = 86_400_000;
/** After a failure, of the disk for example. A third of the certificate's life is left. */
const retryMs = 3_600_000;

/** @param hosts as for `loadServerCertificate` */
export async function openServerCertificate(
  home: Home,
  authority: KeyedCertificate,
  hosts: readonly string[],
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<ServerCertificate> {
  const load = () => loadServerCertificate(home, authority, hosts, clock);
  let current = await load();
  const renewIfDue = async (onRenewed: (renewed: KeyedCertificate) => void) => {
    const kept = current;
    current = await load();
    if (current.certificate === kept.certificate) return;
    log.info({ hosts }, 'the certificate of this server was renewed');
    onRenewed(current);
  };
  return {
    get current() {
      return current;
    },
    async keepFresh(onRenewed, signal) {
      let atLeastMs = 0;
      while (!signal.aborted) {
        const dueInMs = renewalTimeMs(inspectCertificate(current.certificate)) - clock.now();
        const waitMs = Math.max(atLeastMs, Math.min(dueInMs, lookEveryMs));
        await sleep(clock, waitMs, signal).catch(() => undefined);
        if (isAborted(signal)) return;
        atLeastMs = 0;
        await renewIfDue(onRenewed).catch((error: unknown) => {
          atLeastMs = retryMs;
          log.error({ err: error }, 'the certificate of this server could not be renewed; trying again in an hour');
        });
      }
    },
  };
}

/** It can abort while something is waited for, which the compiler does not see. */
const isAborted = (signal: AbortSignal) => signal.aborted;

/**
 * The kept one while it is good: of this authority, with all names, in the first two thirds of its life. Else a new one.
 * @param hosts names and addresses by which clients and other servers reach this one, beside those of this machine
 */
export async function loadServerCertificate(
  home: Home,
  authority: KeyedCertificate,
  hosts: readonly string[],
  clock: Clock,
): Promise<KeyedCertificate> {
  const names = namesOf(hosts);
  if (existsSync(home.server.certificate) && existsSync(home.server.key)) {
    const kept = readPair(home.server);
    if (isGood(kept, authority, names) && renewalTimeMs(inspectCertificate(kept.certificate)) > clock.now())
      return kept;
  }
  const made = await issueCertificate(authority, {
    commonName: serverName,
    organizations: [serversGroup],
    ...names,
    usages: ['server', 'client'],
    validity: lifetime(clock, serverLifetimeMs),
  });
  writePair(home.server, made);
  return made;
}

interface Names {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

function namesOf(hosts: readonly string[]): Names {
  const all = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', '127.0.0.1', '::1', ...hosts];
  const unique = [...new Set(all.map((host) => host.toLowerCase()))].filter((host) => host !== '');
  return {
    dnsNames: unique.filter((host) => isIP(host) === 0),
    ipAddresses: unique.filter((host) => isIP(host) !== 0),
  };
}

function isGood(kept: KeyedCertificate, authority: KeyedCertificate, { dnsNames, ipAddresses }: Names): boolean {
  const leaf = new X509Certificate(kept.certificate);
  return (
    leaf.subject === `O=${serversGroup}\nCN=${serverName}` &&
    leaf.keyUsage.includes(clientUsage) &&
    leaf.verify(new X509Certificate(authority.certificate).publicKey) &&
    dnsNames.every((name) => leaf.checkHost(name) !== undefined) &&
    ipAddresses.every((address) => leaf.checkIP(address) !== undefined)
  );
}

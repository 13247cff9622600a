// The server's own certificate towards agents: made at start, exchanged in process before it expires.
import { issueCertificate } from '../../lib/certificates.ts';
import type { KeyedCertificate } from '../../lib/certificates.ts';
import type { Clock, Timer } from '../../lib/clock.ts';
import { inspectCertificate, renewalTimeMs } from '../../lib/inspect-certificate.ts';
import { serverCommonName, serverDnsName } from '../../rpc/identities.ts';
import { clockSkewMs } from './join.ts';

export interface ServerIdentity {
  readonly current: KeyedCertificate;
  /** Makes the next one in time and calls `onRenewed` with it, until the signal aborts. */
  keepFresh(onRenewed: (identity: KeyedCertificate) => void, signal: AbortSignal): void;
}

export async function createServerIdentity(
  authority: KeyedCertificate,
  lifetimeMs: number,
  clock: Clock,
): Promise<ServerIdentity> {
  const make = () =>
    issueCertificate(authority, {
      commonName: serverCommonName,
      dnsNames: [serverDnsName],
      usages: ['server', 'client'],
      validity: { fromMs: clock.now() - clockSkewMs, toMs: clock.now() + lifetimeMs },
    });
  let current = await make();

  const keepFresh = (onRenewed: (identity: KeyedCertificate) => void, signal: AbortSignal) => {
    let timer: Timer | undefined;
    const renew = async () => {
      // Timers are limited to some 25 days; certificates are not.
      if (clock.now() >= renewalTimeMs(inspectCertificate(current.certificate))) {
        current = await make();
        onRenewed(current);
      }
      wait();
    };
    const wait = () => {
      if (signal.aborted) return;
      timer = clock.after(renewalTimeMs(inspectCertificate(current.certificate)) - clock.now(), () => void renew());
    };
    signal.addEventListener('abort', () => timer?.cancel(), { once: true });
    wait();
  };

  return {
    get current() {
      return current;
    },
    keepFresh,
  };
}

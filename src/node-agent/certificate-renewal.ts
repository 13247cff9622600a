// Renews the agent's certificate in time, on the open channel, which presents the old one.
import type { Clock, Timer } from '../lib/clock.ts';
import { errorText } from '../lib/error-text.ts';
import type { Log } from '../lib/log.ts';
import type { AgentGatewayChannel } from '../rpc/agent-gateway-channel.ts';
import type { Identity } from './identity.ts';

const renewalRetryMs = 60_000;

/** @param onRenewed called once; the session should start again, with the new certificate */
export function scheduleRenewal(
  { clock, identity, log }: { readonly clock: Clock; readonly identity: Identity; readonly log: Log },
  channel: AgentGatewayChannel,
  signal: AbortSignal,
  onRenewed: () => void,
): Timer {
  let timer: Timer | undefined;
  const wait = (delayMs: number) => {
    if (!signal.aborted) timer = clock.after(delayMs, () => void renew());
  };
  const waitUntilDue = () => wait((identity.renewAtMs ?? 0) - clock.now());
  const renew = async () => {
    // Timers are limited to some 25 days; certificates are not.
    if (clock.now() < (identity.renewAtMs ?? 0)) {
      waitUntilDue();
      return;
    }
    try {
      await identity.obtain(channel, signal);
      log.info({}, 'renewed the certificate');
      onRenewed();
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ error: errorText(error) }, 'cannot renew the certificate yet');
      wait(renewalRetryMs);
    }
  };
  waitUntilDue();
  return { cancel: () => timer?.cancel() };
}

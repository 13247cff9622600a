// What only the leader does, for one period in which it is certain that nobody else leads.
import type { AgentGateway } from '../apiserver/agent-gateway.ts';
import { createBootstrapObjects } from '../apiserver/bootstrap.ts';
import type { Handler } from '../api/request.ts';
import type { Client } from '../client/client.ts';
import type { Informers } from '../client/informers.ts';
import { runGroup } from '../lib/run-group.ts';
import { runReconciler } from '../reconciler/manager.ts';
import type { Act } from './acting-periods.ts';
import type { ControlPlaneOptions } from './control-plane-options.ts';
import { runPlacing } from './placing.ts';

export interface LeadingParts {
  /** The API of this process. */
  readonly handler: Handler;
  readonly client: Client;
  readonly informers: Informers;
  readonly upToDate: (signal: AbortSignal) => Promise<void>;
  readonly gateway: AgentGateway;
  readonly apiPort: number;
}

/** Everything it starts ends with the signal; errors after that are its end and no others. */
export function createLeading(options: ControlPlaneOptions, parts: LeadingParts): Act {
  const { clock, log, identity } = options;
  const { handler, client, informers, gateway } = parts;
  const clusterCa = identity.authority.certificate;
  return async (epoch, isActing, signal) => {
    await createBootstrapObjects(handler, parts.apiPort);
    await parts.upToDate(signal);
    await runGroup(
      [
        (stop) => gateway.lead({ epoch, isActing }, stop),
        (stop) => runReconciler({ client, informers, clock, log, clusterCa }, stop),
        (stop) => runPlacing({ handler, informers, clock, log }, stop),
      ],
      signal,
    );
  };
}

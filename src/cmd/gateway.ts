// Wires the agent gateway to the API of this process.
import { createAgentGateway, type AgentGateway } from '../apiserver/agent-gateway.ts';
import { admitBySecrets, admitByToken, type Admit } from '../apiserver/gateway/admission.ts';
import type { Handler } from '../api/request.ts';
import type { ConfigMap, Node, Pod, Secret } from '../api/types.gen.ts';
import type { ResourceRef } from '../client/client.ts';
import { createEventRecorder } from '../client/event-recorder.ts';
import type { Informer } from '../client/informer.ts';
import type { Informers } from '../client/informers.ts';
import { createLocalClient } from '../client/local-client.ts';
import type { ControlPlaneOptions } from './control-plane-options.ts';

export interface GatewayParts {
  /** The API of this process. */
  readonly handler: Handler;
  readonly informers: Informers;
  readonly upToDate: (signal: AbortSignal) => Promise<void>;
  readonly gateways: () => readonly string[];
}

/** One lost heartbeat, or two, are no reason to doubt an agent. */
const heartbeatsPerGrace = 4;

const core = (plural: string): ResourceRef => ({ group: '', version: 'v1', plural });

export function createGateway(options: ControlPlaneOptions, parts: GatewayParts): AgentGateway {
  const { clock, log, host, ports, identity, nodeGraceMs } = options;
  const { handler, informers, upToDate, gateways } = parts;
  const client = createLocalClient(handler, { username: 'system:agent-gateway', groups: ['system:masters'] });
  const secrets = informers.of<Secret>(core('secrets'));
  return createAgentGateway({
    ...{ client, clock, log, secrets, upToDate, gateways },
    pods: informers.of<Pod>(core('pods')),
    nodes: informers.of<Node>(core('nodes')),
    configMaps: informers.of<ConfigMap>(core('configmaps')),
    events: createEventRecorder(client, { component: 'tepui-agent', clock, log }),
    authority: identity.authority,
    admit: admission(options, secrets),
    clusterId: identity.clusterId,
    listen: { host, port: ports.gateway },
    ...(nodeGraceMs === undefined
      ? {}
      : { heartbeatGraceMs: nodeGraceMs, heartbeatIntervalMs: nodeGraceMs / heartbeatsPerGrace }),
  });
}

/** This machine's own token first, if there is one; then those that were made through the API. */
function admission({ ownToken, clock }: ControlPlaneOptions, secrets: Informer<Secret>): Admit {
  const bySecrets = admitBySecrets(secrets, clock);
  if (ownToken === undefined) return bySecrets;
  const byOwn = admitByToken(ownToken);
  return async (token) => ((await byOwn(token)) === 'admitted' ? 'admitted' : bySecrets(token));
}

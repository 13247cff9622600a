// The API of one server: the local one, for callers in this process, and in front of it, for everybody else, the way to
// whoever leads.
import type { PodLogSource } from '../apiserver/dependencies.ts';
import { createClusterRoutes } from '../apiserver/cluster/cluster-routes.ts';
import { leaderCheck } from '../apiserver/leader/leader-health.ts';
import { createLeaderProxy } from '../apiserver/leader/leader-proxy.ts';
import type { Leadership } from '../apiserver/leadership.ts';
import type { Handler } from '../api/request.ts';
import { fieldsVersion } from '../apiserver/selectable-fields.ts';
import type { Client } from '../client/client.ts';
import { backupSource } from '../store/backup.ts';
import type { Replica } from '../store/replica.ts';
import { createApiServer } from './api-server.ts';
import type { ClusterView } from './cluster-view.ts';
import type { ControlPlaneOptions } from './control-plane-options.ts';
import { identitySection } from './identity/identity-section.ts';
import { formatRfc3339 } from '../lib/rfc3339.ts';
import { productVersion } from '../lib/product.ts';
import { createTokenMaker } from './tokens.ts';

export interface ServerApiParts {
  readonly replica: Replica;
  readonly client: Client;
  readonly podLogs: PodLogSource;
  readonly leadership: Leadership;
  readonly view: ClusterView;
  /** `HOST:PORT` where clients reach the API. */
  readonly address: string;
  /** Resolves when the state and the caches are read. */
  readonly stateRead: Promise<unknown>;
  /** What is missing before this server can answer; undefined: nothing. */
  readonly notReady: () => string | undefined;
}

export interface ServerApi {
  /** Never forwards: for callers in this process. */
  readonly local: Handler;
  readonly outside: Handler;
  close(): void;
}

export async function createServerApi(options: ControlPlaneOptions, parts: ServerApiParts): Promise<ServerApi> {
  const { clock, log, identity, certificate, surroundings } = options;
  const { replica, leadership, view } = parts;
  const routes = createClusterRoutes({
    facts: () => view.facts(),
    status: () => view.status(),
    createToken: createTokenMaker({
      client: parts.client,
      authority: identity.authority.certificate,
      makeServerToken: surroundings.makeServerToken,
      clock,
    }),
    openBackup: () => openBackup(options, parts),
  });
  const local = await createApiServer({
    ...{ clock, log, podLogs: parts.podLogs, routes },
    // A server that is alone keeps its memory for what is used.
    warmUp: surroundings.makeServerToken && parts.stateRead,
    store: replica.store,
    adminToken: identity.adminToken,
    serverAddress: parts.address,
    ready: [{ name: 'controllers', problem: parts.notReady }, leaderCheck(leadership)],
  });
  const proxy = createLeaderProxy({
    ...{ leadership, clock, log },
    serverId: options.id,
    ca: identity.authority.certificate,
    identity: () => certificate,
  });
  return { local, outside: proxy.layer(local), close: () => proxy.close() };
}

/** The state of this moment. The leader answers: others hand the request on. */
async function openBackup(
  { clock, identity }: ControlPlaneOptions,
  { replica, view }: ServerApiParts,
): Promise<AsyncIterable<Uint8Array>> {
  const { clusterId, epoch } = await view.status();
  return backupSource(replica.store, {
    ...{ clusterId, epoch, fieldsVersion },
    created: formatRfc3339(clock.now()),
    program: productVersion,
    identity: identitySection(identity),
  });
}

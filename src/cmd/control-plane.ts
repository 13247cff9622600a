// Wires one server: store, API, informers, offer engine, reconciler, agent gateway. In the order in which they need each other.
import type { PodLogSource } from '../apiserver/dependencies.ts';
import { createAgentGateway, type AgentGateway } from '../apiserver/agent-gateway.ts';
import { createBootstrapObjects } from '../apiserver/bootstrap.ts';
import { fieldsOf, fieldsVersion } from '../apiserver/selectable-fields.ts';
import { listen, type Listening } from '../apiserver/node-http.ts';
import type { Handler } from '../api/request.ts';
import type { ConfigMap, Node, Pod, ResourceQuota, Secret } from '../api/types.gen.ts';
import type { Client, ResourceRef } from '../client/client.ts';
import { createEventRecorder } from '../client/event-recorder.ts';
import { createInformers, type Informers } from '../client/informers.ts';
import { createLocalClient } from '../client/local-client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { aborted, runGroup } from '../lib/run-group.ts';
import { feedCluster } from '../offer-engine/cluster-feed.ts';
import { createOfferEngine } from '../offer-engine/engine.ts';
import { createPodFramework } from '../offer-engine/frameworks/pod-framework.ts';
import { runReconciler } from '../reconciler/manager.ts';
import { createJournal } from '../store/journal.ts';
import { createReplica } from '../store/create-replica.ts';
import type { Medium } from '../store/medium.ts';
import type { Store } from '../store/store.ts';
import { createApiServer } from './api-server.ts';
import { sourceOf } from './object-sources.ts';
import type { ClusterSecrets } from './pki.ts';
import { orPortTaken } from './start-problem.ts';

export interface ControlPlaneOptions {
  readonly medium: Medium;
  readonly secrets: ClusterSecrets;
  readonly host: string;
  /** 0: any free port. */
  readonly apiPort: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Silence after which a node counts as unreachable; 40 s unless said otherwise. */
  readonly nodeGraceMs?: number;
  /** The journal refused a write: the process has to end. */
  readonly onFailed: (error: unknown) => void;
}

export interface ControlPlane {
  readonly apiPort: number;
  /** Where agents connect, once `run` has begun. */
  readonly gatewayPort: Promise<number>;
  /** Resolves once the node's agent has registered with this server. */
  registered(nodeName: string): Promise<void>;
  readonly client: Client;
  readonly informers: Informers;
  /** Serves until the signal aborts, then closes everything in reverse. */
  run(signal: AbortSignal): Promise<void>;
}

/** One lost heartbeat, or two, are no reason to doubt an agent. */
const heartbeatsPerGrace = 4;

const core = (plural: string): ResourceRef => ({ group: '', version: 'v1', plural });
const system = (name: string) => ({ username: `system:${name}`, groups: ['system:masters'] });

/** Opens the store and listens. Rejects when the journal is damaged or the port is taken, with what to do. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { clock, log } = options;
  const store = await openStore(options);
  // The gateway needs the API, and the API needs the gateway's way to the logs.
  const late: { gateway?: AgentGateway; handler?: Handler } = {};
  const podLogs: PodLogSource = {
    readLog: (...call) => {
      if (!late.gateway) throw new Error('logs were asked for before the gateway was there');
      return late.gateway.podLogs.readLog(...call);
    },
  };
  let isReady = false;
  const listening = await listenApi(options, store, (request) => {
    if (!late.handler) throw new Error('a request came before the handler was there');
    return late.handler(request);
  });
  const handler = await createApiServer({
    ...{ store, clock, log, podLogs },
    adminToken: options.secrets.adminToken,
    serverAddress: `${options.host}:${String(listening.port)}`,
    notReady: () => (isReady ? undefined : 'the controllers are still reading the state'),
  });
  late.handler = handler;
  await createBootstrapObjects(handler, listening.port);
  const client = createLocalClient(handler, system('controllers'));
  const informers = createInformers(client, { clock, log });
  const gateway = createGateway(options, handler, informers);
  late.gateway = gateway;

  const run = async (signal: AbortSignal) => {
    const placing = startPlacing(options, handler, informers);
    try {
      await runGroup(
        [
          (stop) => informers.run(stop),
          (stop) => gateway.run(stop),
          (stop) =>
            runReconciler({ client, informers, clock, log, clusterCa: options.secrets.authority.certificate }, stop),
          async (stop) => {
            await Promise.race([informers.synced(), aborted(stop)]);
            isReady = true;
            await aborted(stop);
          },
        ],
        signal,
      );
    } finally {
      placing.stop();
      await listening.close();
      await store.close();
    }
  };
  return {
    apiPort: listening.port,
    gatewayPort: gateway.listening,
    registered: (nodeName) => gateway.registered(nodeName),
    ...{ client, informers, run },
  };
}

async function openStore({ medium, clock, log, onFailed }: ControlPlaneOptions): Promise<Store> {
  const journal = createJournal({ medium, clock, log });
  const replica = createReplica({ journal, fieldsOf, fieldsVersion, log, onDeposed: onFailed });
  try {
    await replica.lead();
  } catch (error) {
    await replica.close();
    throw error;
  }
  return replica.store;
}

async function listenApi(options: ControlPlaneOptions, store: Store, handler: Handler): Promise<Listening> {
  const { host, apiPort, secrets } = options;
  try {
    const listening = listen({
      ...{ handler, host },
      port: apiPort,
      key: secrets.server.key,
      cert: secrets.server.certificate,
      ca: secrets.authority.certificate,
    });
    return await orPortTaken(listening, apiPort, '--api-port');
  } catch (error) {
    await store.close();
    throw error;
  }
}

function createGateway(options: ControlPlaneOptions, handler: Handler, informers: Informers): AgentGateway {
  const { clock, log, secrets, host, nodeGraceMs } = options;
  const client = createLocalClient(handler, system('agent-gateway'));
  return createAgentGateway({
    ...{ client, clock, log },
    pods: informers.of<Pod>(core('pods')),
    nodes: informers.of<Node>(core('nodes')),
    configMaps: informers.of<ConfigMap>(core('configmaps')),
    secrets: informers.of<Secret>(core('secrets')),
    events: createEventRecorder(client, { component: 'tepui-agent', clock, log }),
    authority: secrets.authority,
    joinToken: secrets.joinToken,
    clusterId: secrets.clusterId,
    listen: { host, port: 0 },
    ...(nodeGraceMs === undefined
      ? {}
      : { heartbeatGraceMs: nodeGraceMs, heartbeatIntervalMs: nodeGraceMs / heartbeatsPerGrace }),
  });
}

/** The offer engine and the framework that places pods. */
function startPlacing(options: ControlPlaneOptions, handler: Handler, informers: Informers): { stop(): void } {
  const { clock, log } = options;
  const client = createLocalClient(handler, system('pod-framework'));
  const engine = createOfferEngine({ clock, log });
  const sources = {
    nodes: sourceOf(informers.of<Node>(core('nodes'))),
    pods: sourceOf(informers.of<Pod>(core('pods'))),
    quotas: sourceOf(informers.of<ResourceQuota>(core('resourcequotas'))),
  };
  feedCluster(engine, sources);
  const recorder = createEventRecorder(client, { component: 'pod-framework', clock, log });
  const framework = createPodFramework({
    ...{ engine, sources, client, clock, log },
    record: (pod, ...rest) => recorder.record(pod, ...rest),
  });
  framework.start().catch((error: unknown) => options.onFailed(error));
  return {
    stop() {
      framework.stop();
      engine.stop();
    },
  };
}

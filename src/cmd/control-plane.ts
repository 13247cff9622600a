// Wires one server, whether it is alone or one of several: replica, API, informers, agent gateway, turns. In the order in
// which they need each other; every listener has its port before others hear of this server.
import { kindByResource, storageOf } from '../api/kinds.ts';
import type { Handler } from '../api/request.ts';
import type { AgentGateway } from '../apiserver/agent-gateway.ts';
import type { Leadership } from '../apiserver/leadership.ts';
import { fieldsOf, fieldsVersion } from '../apiserver/selectable-fields.ts';
import type { Client, ResourceRef } from '../client/client.ts';
import { createInformers, type Informers } from '../client/informers.ts';
import { createLocalClient } from '../client/local-client.ts';
import { productVersion } from '../lib/product.ts';
import { aborted, runGroup } from '../lib/run-group.ts';
import { prepareInformers } from '../reconciler/manager.ts';
import { createReplica } from '../store/create-replica.ts';
import type { Election, ServerFacts } from '../store/election.ts';
import { createJournal } from '../store/journal.ts';
import type { Replica } from '../store/replica.ts';
import { createClusterView, type ClusterView } from './cluster-view.ts';
import type { ControlPlaneOptions } from './control-plane-options.ts';
import { createGateway } from './gateway.ts';
import { createLeading } from './leading.ts';
import { openListeners, type Listeners } from './listeners.ts';
import { createServerApi, type ServerApi } from './server-api.ts';
import { orPortTaken } from './start-problem.ts';
import { createTurns, type Turns } from './turns.ts';

export interface ControlPlane {
  readonly facts: ServerFacts;
  readonly informers: Informers;
  readonly leadership: Leadership;
  /** Resolves when this server can answer requests, as the leader or through it. */
  serving(signal: AbortSignal): Promise<void>;
  /** Resolves once the node's agent has registered with this server. */
  registered(nodeName: string): Promise<void>;
  /** Serves until the signal aborts: then it hands over and closes everything. Rejects with JournalDamaged. */
  run(signal: AbortSignal): Promise<void>;
}

/** What does not depend on the other servers. */
interface Foundation {
  readonly replica: Replica;
  readonly listeners: Listeners;
  readonly gateway: AgentGateway;
  readonly gatewayRun: BackgroundRun;
  readonly client: Client;
  readonly informers: Informers;
  readonly upToDate: (signal: AbortSignal) => Promise<void>;
  readonly local: Handler;
}

/** What comes into being after those who need it. */
interface Late {
  api?: ServerApi;
  view?: ClusterView;
  turns?: Turns;
  election?: Election;
}

/** Listens; `run` serves. Rejects with StatusError when a port is taken. The medium is closed in every case. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const late: Late = {};
  const foundation = await layFoundation(options, late);
  try {
    return await assemble(options, foundation, late);
  } catch (error) {
    await closeFoundation(foundation);
    throw error;
  }
}

async function layFoundation(options: ControlPlaneOptions, late: Late): Promise<Foundation> {
  const { clock, log } = options;
  const replica = openReplica(options, late);
  const listeners = await openListeners(options).catch(async (error: unknown) => {
    await replica.close();
    throw error;
  });
  const local: Handler = (request) => {
    if (!late.api) throw new Error('a request came before the API was there');
    return late.api.local(request);
  };
  const client = createLocalClient(local, { username: 'system:controllers', groups: ['system:masters'] });
  const informers = createInformers(client, { clock, log });
  prepareInformers({ client, informers, clock, log, clusterCa: options.identity.authority.certificate });
  const upToDate = (signal: AbortSignal) =>
    informers.reached((resource) => replica.store.lastWrite(storageName(resource)), signal);
  const gateways = () => late.view?.gateways() ?? [];
  const gateway = createGateway(options, { handler: local, informers, upToDate, gateways });
  const gatewayRun = runInBackground((stop) => gateway.run(stop));
  return { replica, listeners, gateway, gatewayRun, client, informers, upToDate, local };
}

function openReplica({ surroundings: { medium }, clock, log }: ControlPlaneOptions, late: Late): Replica {
  let isToReport = false;
  const report = () => {
    isToReport = false;
    late.election?.report({ sequence: replica.sequence, revision: replica.store.revision });
  };
  const replica = createReplica({
    ...{ fieldsOf, fieldsVersion, log },
    journal: createJournal({ medium, clock, log }),
    onDeposed: (error) => late.turns?.deposed(error),
    onAdvance() {
      // Called in the middle of an entry: its sequence counts only when it is done.
      if (!isToReport) queueMicrotask(report);
      isToReport = true;
    },
  });
  return replica;
}

const storageName = ({ group, version, plural }: ResourceRef): string => {
  const kind = kindByResource(group, version, plural);
  return kind ? storageOf(kind) : plural;
};

async function assemble(options: ControlPlaneOptions, foundation: Foundation, late: Late): Promise<ControlPlane> {
  const { replica, listeners, gateway, informers, client, local } = foundation;
  const facts = await learnFacts(options, foundation);
  const election = (late.election = options.surroundings.createElection(facts));
  const view = (late.view = createClusterView({
    ...{ election, replica },
    clusterId: options.identity.clusterId,
    authority: options.identity.authority.certificate,
    selfId: facts.id,
    medium: options.surroundings.medium.description,
    ensemble: options.surroundings.ensemble,
  }));
  const act = createLeading(options, { ...foundation, handler: local, apiPort: listeners.api.port });
  const turns = (late.turns = createTurns({ ...options, replica, election, self: facts, act }));
  let missing: string | undefined = 'the state is being read';
  const stateRead = Promise.all([replica.caughtUp, informers.synced()]);
  const api = (late.api = await createServerApi(options, {
    ...{ stateRead, replica, client, view, leadership: turns.leadership, podLogs: gateway.podLogs, address: facts.api },
    notReady: () => missing,
  }));
  const ready = stateRead.then(() => (missing = undefined));
  const run = async (signal: AbortSignal) => {
    try {
      await serve(foundation, { election, turns, facts, api }, signal);
    } finally {
      api.close();
      await closeFoundation(foundation);
    }
  };
  return {
    ...{ facts, informers, run },
    leadership: turns.leadership,
    serving: (signal) => serving(turns.leadership, ready, signal),
    registered: (nodeName) => gateway.registered(nodeName),
  };
}

async function learnFacts(options: ControlPlaneOptions, { listeners, gateway }: Foundation): Promise<ServerFacts> {
  const { advertise, id, ports } = options;
  const host = advertise.includes(':') ? `[${advertise}]` : advertise;
  const gatewayPort = await orPortTaken(gateway.listening, ports.gateway, '--gateway-port');
  return {
    id,
    api: `${host}:${String(listeners.api.port)}`,
    gateway: `${host}:${String(gatewayPort)}`,
    mesos: `${host}:${String(listeners.mesos.port)}`,
    version: productVersion,
  };
}

interface Assembled {
  readonly election: Election;
  readonly turns: Turns;
  readonly facts: ServerFacts;
  readonly api: ServerApi;
}

async function serve(foundation: Foundation, assembled: Assembled, signal: AbortSignal): Promise<void> {
  const { replica, listeners, gateway, gatewayRun, informers } = foundation;
  const { election, turns, facts, api } = assembled;
  const tellAgents = () => {
    const { leader } = election;
    // Agents that wait here hear of another leader; of this one they hear by being let in.
    if (leader?.server.id !== facts.id) gateway.moved(leader ? gatewaysAfter(leader.server.gateway, election) : []);
  };
  const stopListening = election.onChange(tellAgents);
  listeners.serve(api.outside);
  try {
    await runGroup(
      [
        (stop) => turns.run(stop),
        async (stop) => {
          await Promise.race([replica.caughtUp, aborted(stop)]);
          if (!stop.aborted) await informers.run(stop);
        },
        (stop) => Promise.race([gatewayRun.ended, aborted(stop)]),
      ],
      signal,
    );
  } finally {
    stopListening();
  }
}

function gatewaysAfter(first: string, election: Election): readonly string[] {
  return [...new Set([first, ...election.members.map((member) => member.gateway)])];
}

async function serving(leadership: Leadership, ready: Promise<unknown>, signal: AbortSignal): Promise<void> {
  await Promise.race([ready, aborted(signal)]);
  const isLed = () => leadership.part === 'leading' || leadership.leaderApi !== undefined;
  while (!isLed() && !signal.aborted) {
    let stop: () => void = () => undefined;
    const changed = new Promise<void>((resolve) => (stop = leadership.onChange(resolve)));
    await Promise.race([changed, aborted(signal)]);
    stop();
  }
}

/** The listeners last: requests that came before the hand-over find the way to the next leader until then. */
async function closeFoundation({ gatewayRun, listeners, replica }: Foundation): Promise<void> {
  await gatewayRun.end();
  await listeners.close();
  await replica.close();
}

interface BackgroundRun {
  readonly ended: Promise<void>;
  end(): Promise<void>;
}

function runInBackground(actor: (signal: AbortSignal) => Promise<void>): BackgroundRun {
  const stopping = new AbortController();
  const ended = actor(stopping.signal);
  ended.catch(() => undefined);
  return {
    ended,
    async end() {
      stopping.abort();
      await ended.catch(() => undefined);
    },
  };
}

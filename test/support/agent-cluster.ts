// A gateway and agents over real gRPC on loopback, in one process, on a fake API and fake machines.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgentGateway } from '../../src/apiserver/agent-gateway.ts';
import type { ActingPeriod, AgentGateway, AgentGatewayOptions } from '../../src/apiserver/agent-gateway.ts';
import { admitByToken } from '../../src/apiserver/gateway/admission.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createAgent } from '../../src/node-agent/agent.ts';
import type { AgentOptions } from '../../src/node-agent/agent.ts';
import { testAuthority } from './authority.ts';
import { createFakeApi } from './fake-api.ts';
import type { FakeApi } from './fake-api.ts';
import { createFakeHost } from './fake-containerizer.ts';
import type { FakeHost } from './fake-containerizer.ts';

export interface Started {
  /** Ends it and waits for the end. For an agent this is as sudden as a SIGKILL to its containers. */
  stop(): Promise<void>;
  readonly ended: Promise<void>;
}

export interface StartedGateway extends AgentGateway, Started {
  readonly port: number;
}

export interface StartedServer extends StartedGateway {
  /** `HOST:PORT` */
  readonly address: string;
  /** Begins an acting period; `stop` ends it. */
  begin(period?: Partial<ActingPeriod>): Started;
}

export interface AgentCluster {
  readonly api: FakeApi;
  readonly host: FakeHost;
  readonly events: string[];
  /** Removed by `close`. */
  readonly folder: string;
  /** One that leads from the start, on the port of the one before. */
  startGateway(options?: Partial<AgentGatewayOptions>): Promise<StartedGateway>;
  /** One that leads when it is told to, on a port of its own. */
  startServer(options?: Partial<AgentGatewayOptions>): Promise<StartedServer>;
  startAgent(options?: Partial<AgentOptions>): Promise<Started>;
  /** Ends everything and removes folders. */
  close(): Promise<void>;
}

export const joinToken = 'open sesame';

export async function createAgentCluster(): Promise<AgentCluster> {
  const authority = await testAuthority();
  const api = createFakeApi();
  const host = createFakeHost();
  const folder = await mkdtemp(join(tmpdir(), 'tepui-agent-'));
  const events: string[] = [];
  const running = new Set<Started>();
  let port = 0;

  const begin = (run: (signal: AbortSignal) => Promise<void>): Started => {
    const controller = new AbortController();
    const ended = run(controller.signal);
    ended.catch(() => undefined);
    const started = {
      ended,
      async stop() {
        running.delete(started);
        controller.abort();
        await ended;
      },
    };
    running.add(started);
    return started;
  };

  const create = (options: Partial<AgentGatewayOptions>) =>
    createAgentGateway({
      client: api.client,
      pods: api.source('pods'),
      configMaps: api.source('configmaps'),
      secrets: api.source('secrets'),
      nodes: api.source('nodes'),
      events: {
        record: (about, _type, reason, _message, fieldPath) =>
          void events.push(`${about.metadata.name ?? ''} ${reason} ${fieldPath ?? ''}`.trim()),
      },
      authority,
      admit: admitByToken(joinToken),
      clusterId: 'test',
      gateways: () => [],
      upToDate: () => Promise.resolve(),
      listen: { host: '127.0.0.1', port },
      clock: systemClock,
      log: silentLog,
      ...options,
    });

  return {
    api,
    host,
    events,
    folder,
    async startGateway(options = {}) {
      const gateway = create(options);
      const period = { epoch: 1, isActing: () => true };
      const started = begin(async (signal) => {
        await Promise.all([gateway.run(signal), gateway.lead(period, signal)]);
      });
      port = await gateway.listening;
      return { ...gateway, ...started, port };
    },
    async startServer(options = {}) {
      const gateway = create({ listen: { host: '127.0.0.1', port: 0 }, ...options });
      const started = begin((signal) => gateway.run(signal));
      const own = await gateway.listening;
      const lead = (period: Partial<ActingPeriod> = {}) =>
        begin((signal) => gateway.lead({ epoch: 1, isActing: () => true, ...period }, signal));
      return { ...gateway, ...started, port: own, address: `127.0.0.1:${own}`, begin: lead };
    },
    startAgent(options = {}) {
      const agent = createAgent({
        nodeName: 'n',
        directory: join(folder, options.nodeName ?? 'n'),
        servers: [`127.0.0.1:${port}`],
        authority: authority.certificate,
        token: joinToken,
        containerizer: host.containerizer(),
        clock: systemClock,
        log: silentLog,
        random: () => 0,
        version: '0.0.0',
        streams: { host: '127.0.0.1', port: 0 },
        hostIp: '127.0.0.1',
        ...options,
      });
      return Promise.resolve(begin((signal) => agent.run(signal)));
    },
    async close() {
      await Promise.all([...running].map((started) => started.stop().catch(() => undefined)));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// A process with one agent gateway on a fake API, for measuring take-over: told over IPC when to lead, reports CPU time.
// Started with fork: { authority, joinToken } as JSON in the first argument, node names that exist in the second.
import { createAgentGateway } from '../../src/apiserver/agent-gateway.ts';
import { admitByToken } from '../../src/apiserver/gateway/admission.ts';
import type { KeyedCertificate } from '../../src/lib/certificates.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createFakeApi } from './fake-api.ts';

const { authority, joinToken } = JSON.parse(process.argv[2] ?? '') as {
  authority: KeyedCertificate;
  joinToken: string;
};
const api = createFakeApi();
const gateway = createAgentGateway({
  client: api.client,
  pods: api.source('pods'),
  configMaps: api.source('configmaps'),
  secrets: api.source('secrets'),
  nodes: api.source('nodes'),
  events: { record: () => undefined },
  authority,
  admit: admitByToken(joinToken),
  clusterId: 'pretend',
  gateways: () => [],
  upToDate: () => Promise.resolve(),
  listen: { host: '127.0.0.1', port: 0 },
  clock: systemClock,
  log: silentLog,
});
let period = new AbortController();
let ask: NodeJS.CpuUsage = process.cpuUsage();

export type GatewayOrder =
  { readonly lead: number } | { readonly pause: true } | { readonly moved: readonly string[] } | { readonly ask: true };

export interface GatewayReport {
  readonly port?: number;
  readonly waiting?: number;
  readonly writes?: number;
  /** Milliseconds since the last report. */
  readonly cpuMs?: number;
  readonly rssMb?: number;
  readonly leadsAtUnixMs?: number;
}

const say = (report: GatewayReport) => void process.send?.(report);

process.on('message', (order: GatewayOrder) => {
  if ('lead' in order) {
    period = new AbortController();
    void gateway.lead({ epoch: order.lead, isActing: () => true }, period.signal);
    say({ leadsAtUnixMs: Date.now() });
  } else if ('pause' in order) period.abort();
  else if ('moved' in order) gateway.moved(order.moved);
  else {
    const used = process.cpuUsage(ask);
    ask = process.cpuUsage();
    const cpuMs = (used.user + used.system) / 1000;
    const rssMb = process.memoryUsage.rss() / 1_048_576;
    say({ waiting: gateway.waiting(), writes: api.writes.length, cpuMs, rssMb });
  }
});
process.on('disconnect', () => process.exit(0));

void gateway.listening.then((port) => say({ port }));
await gateway.run(new AbortController().signal);

// How long 1,000 agents take to be registered again when the leader dies, and what a connection costs when idle.
// Run by hand: npm run build && node dist/bench/agents.js [AGENTS]. Gateways and agents are processes of their own.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { packagePath } from '../src/lib/package-root.ts';
import { testAuthority } from '../test/support/authority.ts';
import type { GatewayOrder, GatewayReport } from '../test/support/gateway-process.ts';
import { startPretendAgents } from '../test/support/pretend-agents.ts';

const count = Number(process.argv[2] ?? 1000);
const rounds = 3;
const idleSeconds = 10;
/** Agents take their time after sessions that were very short: that is not what is measured. */
const betweenRoundsMs = 3_000;
const joinToken = 'bench';
const authority = await testAuthority();

interface Gateway {
  readonly child: ChildProcess;
  readonly address: string;
  ask(order: GatewayOrder): Promise<GatewayReport>;
  tell(order: GatewayOrder): void;
}

async function startGateway(): Promise<Gateway> {
  const child = fork(packagePath('dist/test/support/gateway-process.js'), [JSON.stringify({ authority, joinToken })]);
  const [{ port }] = (await once(child, 'message')) as [GatewayReport];
  return {
    child,
    address: `127.0.0.1:${String(port)}`,
    tell: (order) => void child.send(order),
    async ask(order) {
      child.send(order);
      const [report] = (await once(child, 'message')) as [GatewayReport];
      return report;
    },
  };
}

const gateways = [await startGateway(), await startGateway()];
const folder = await mkdtemp(join(tmpdir(), 'tepui-bench-agents-'));
const lead = async (gateway: Gateway, epoch: number) => (await gateway.ask({ lead: epoch })).leadsAtUnixMs ?? NaN;
let epoch = 1;
let [leader, follower] = gateways as [Gateway, Gateway];
await lead(leader, epoch);
const beganMs = performance.now();
const agents = await startPretendAgents({
  ...{ count, namePrefix: 'node', folder, token: joinToken, authority: authority.certificate },
  servers: gateways.map(({ address }) => address),
});
await agents.registered(count);
console.log(`${count} agents joined and registered in ${((performance.now() - beganMs) / 1000).toFixed(1)} s`);

async function idle(): Promise<void> {
  await leader.ask({ ask: true });
  const cpu = process.cpuUsage();
  await wait(idleSeconds * 1000);
  const { cpuMs = NaN, rssMb = NaN } = await leader.ask({ ask: true });
  const own = process.cpuUsage(cpu);
  const percent = (ms: number) => ((ms / (idleSeconds * 1000)) * 100).toFixed(1);
  console.log(
    `idle: the leader uses ${percent(cpuMs)} % of a core and has ${rssMb.toFixed(0)} MB; ` +
      `all agents ${percent((own.user + own.system) / 1000)} % and ${(process.memoryUsage.rss() / 1_048_576).toFixed(0)} MB`,
  );
}

const at = (times: readonly number[], part: number) =>
  times[Math.min(times.length - 1, Math.floor(times.length * part))];

/** @param held wait until every agent waits at the follower before it leads, as the session timeout of an election gives time for */
async function takeOver(held: boolean): Promise<void> {
  await wait(betweenRoundsMs);
  const since = agents.registrations.length;
  leader.tell({ pause: true });
  while (held && ((await follower.ask({ ask: true })).waiting ?? 0) < count) await wait(10);
  await follower.ask({ ask: true });
  epoch += 1;
  const ledAtMs = await lead(follower, epoch);
  await agents.registered(count, since);
  const times = agents.registrations.slice(since).map(({ unixMs }) => unixMs - ledAtMs);
  const { cpuMs = NaN, writes = NaN } = await follower.ask({ ask: true });
  console.log(
    `take-over, sessions ${held ? 'held beforehand' : 'not yet there'}: first ${at(times, 0)}, median ${at(times, 0.5)}, ` +
      `last ${at(times, 1)} ms after the leader began; its CPU ${cpuMs.toFixed(0)} ms, writes ${writes}`,
  );
  [leader, follower] = [follower, leader];
}

try {
  await idle();
  for (let round = 0; round < rounds; round += 1) await takeOver(true);
  for (let round = 0; round < rounds; round += 1) await takeOver(false);
} finally {
  await agents.stop();
  for (const { child } of gateways) child.disconnect();
  await rm(folder, { recursive: true, force: true });
}

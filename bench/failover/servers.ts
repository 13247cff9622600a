// Processes of `tepui server` and `tepui dev` for benchmarks: started, asked, killed, started again with the same ports.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { loadConnection } from '../../src/client/kubeconfig.ts';
import { createHttpClient, type HttpClient } from '../../src/client/http-client.ts';
import { createHttpHandler, type HttpHandler, type HttpTarget } from '../../src/client/http-handler.ts';
import { packagePath } from '../../src/lib/package-root.ts';

export interface ServerPlan {
  /** `server` with its flags, or `dev`; home and ports are added. */
  readonly command: readonly string[];
  readonly home: string;
  /** V8's CPU profiles are written there when the process ends by itself. */
  readonly profiles?: string | undefined;
}

export interface BenchServer {
  readonly home: string;
  readonly pid: number;
  /** `HOST:PORT` */
  readonly api: string;
  readonly gateway: string;
  readonly target: HttpTarget;
  /** From the start of the process until it said `tepui is ready`. */
  readonly readyMs: number;
  client(): HttpClient;
  connection(): HttpHandler;
  stop(signal: NodeJS.Signals): Promise<void>;
  /** With the ports that it had. */
  restart(): Promise<void>;
}

interface Running {
  readonly child: ChildProcess;
  readonly printed: readonly string[];
  readonly readyMs: number;
}

/** Resolves when it is ready. */
export async function startServer(plan: ServerPlan): Promise<BenchServer> {
  let running = await launch(plan, { api: 0, gateway: 0, mesos: 0 });
  const gateway = printedAddress(running, /agents: (\S+)/);
  const mesos = printedAddress(running, /Mesos: (\S+)/);
  const kubeconfig = `${plan.home}/kubeconfig`;
  const target = loadConnection({ file: kubeconfig, env: {}, home: plan.home });
  const api = new URL(target.server).host;
  return {
    ...{ api, gateway, target, home: plan.home },
    get pid() {
      return running.child.pid ?? 0;
    },
    get readyMs() {
      return running.readyMs;
    },
    client: () => createHttpClient(target, 'bench'),
    connection: () => createHttpHandler(target),
    stop: (signal) => stop(running.child, signal),
    async restart() {
      running = await launch(plan, { api: portOf(api), gateway: portOf(gateway), mesos: portOf(mesos) });
    },
  };
}

export const portOf = (address: string) => Number(address.slice(address.lastIndexOf(':') + 1));

interface Ports {
  readonly api: number;
  readonly gateway: number;
  readonly mesos: number;
}

async function launch({ command, home, profiles }: ServerPlan, ports: Ports): Promise<Running> {
  const [mode = ''] = command;
  const own = mode === 'dev' ? ['--agent-port', '0'] : ['--gateway-port', String(ports.gateway)];
  const flags = ['--home', home, '--api-port', String(ports.api), '--mesos-port', String(ports.mesos), ...own];
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const startedMs = performance.now();
  const program = packagePath('dist/src/cmd/main.js');
  const child = spawn(process.execPath, [...profiling, program, ...command, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  const ready = new Promise<void>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      printed.push(line);
      if (line === 'tepui is ready') resolve();
    });
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`tepui ${mode} ended before it was ready:\n${printed.join('\n')}`);
  });
  ended.catch(() => undefined);
  await Promise.race([ready, ended]);
  return { child, printed, readyMs: performance.now() - startedMs };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

function printedAddress({ printed }: Running, pattern: RegExp): string {
  return printed.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined) ?? '';
}

/** When a server last began to lead, in Unix milliseconds, by its own log. */
export function leadsSince(home: string): number {
  const lines = readFileSync(`${home}/server.log`, 'utf8').split('\n');
  const line = lines.findLast((text) => text.includes('"this server leads"'));
  return line === undefined ? NaN : (JSON.parse(line) as { time: number }).time;
}

/** Established connections to a port of this machine, of those that listen there. */
export function connectionsTo(port: number): number {
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const isEstablished = (fields: readonly string[]) => fields[1]?.endsWith(local) === true && fields[3] === '01';
  return lines.filter((line) => isEstablished(line.trim().split(/\s+/))).length;
}

const kib = 1024;

/** Resident memory of a process, in MB of 2^20 bytes; `peak`: the most that it ever was. */
export function residentMb(pid: number, peak = false): number {
  const pattern = peak ? /VmHWM:\s+(\d+)/ : /VmRSS:\s+(\d+)/;
  return Number(pattern.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / kib;
}

/** CPU time of a process so far, children not included. Ticks are 1/100 s on every Linux that we know. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

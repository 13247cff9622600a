// One question to a container: run a command, ask by HTTP, connect by TCP. Probes and life-cycle hooks ask the same way.
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Container, ExecAction, HTTPGetAction, TCPSocketAction } from '../../api/types.gen.ts';
import type { ContainerKey, Containerizer } from '../containerizer.ts';

export interface ProbeAction {
  readonly exec?: ExecAction;
  readonly httpGet?: HTTPGetAction;
  readonly tcpSocket?: TCPSocketAction;
}

export interface ProbeTarget {
  readonly key: ContainerKey;
  readonly container: Container;
  /** Where the pod's ports are. */
  readonly podIp: string;
}

export interface ProbeAnswer {
  readonly passed: boolean;
  /** For people, when it did not pass. */
  readonly message: string;
}

/** Asks once. Never rejects: not being able to ask is a failure with a message. */
export async function ask(
  containerizer: Pick<Containerizer, 'exec'>,
  target: ProbeTarget,
  action: ProbeAction,
  timeoutMs: number,
): Promise<ProbeAnswer> {
  try {
    if (action.exec) return await askCommand(containerizer, target, action.exec, timeoutMs);
    if (action.httpGet) return await askHttp(target, action.httpGet, timeoutMs);
    if (action.tcpSocket) return await askTcp(target, action.tcpSocket, timeoutMs);
    return { passed: false, message: 'it names none of exec, httpGet and tcpSocket' };
  } catch (error) {
    return { passed: false, message: error instanceof Error ? error.message : String(error) };
  }
}

async function askCommand(
  containerizer: Pick<Containerizer, 'exec'>,
  target: ProbeTarget,
  action: ExecAction,
  timeoutMs: number,
): Promise<ProbeAnswer> {
  const { exitCode, output } = await containerizer.exec(target.key, action.command ?? [], timeoutMs);
  return { passed: exitCode === 0, message: exitCode === 0 ? '' : `exit code ${exitCode}: ${output.trim()}` };
}

const redirects = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 10;

async function askHttp(target: ProbeTarget, action: HTTPGetAction, timeoutMs: number): Promise<ProbeAnswer> {
  const scheme = (action.scheme ?? 'HTTP').toLowerCase();
  const host = action.host ?? target.podIp;
  const authority = host.includes(':') ? `[${host}]` : host;
  const path = action.path ?? '/';
  const start = new URL(`${scheme}://${authority}:${portOf(target.container, action.port)}`);
  let url = new URL(path.startsWith('/') ? path : `/${path}`, start);
  const signal = AbortSignal.timeout(timeoutMs);
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const response = await get(url, headersOf(action), signal);
    const status = response.statusCode ?? 0;
    const location = redirects.has(status) ? response.headers.location : undefined;
    response.destroy();
    const next = location === undefined ? undefined : new URL(location, url);
    // Kubernetes follows redirects to the same host only; one to elsewhere counts as a success.
    if (next === undefined || next.hostname !== url.hostname) return httpAnswer(status);
    url = next;
  }
  return { passed: false, message: `stopped after ${mostRedirects} redirects` };
}

function httpAnswer(status: number): ProbeAnswer {
  const passed = status >= 200 && status < 400;
  return { passed, message: passed ? '' : `HTTP probe failed with statuscode: ${status}` };
}

function headersOf(action: HTTPGetAction): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'tepui-probe', accept: '*/*', connection: 'close' };
  for (const { name, value } of action.httpHeaders ?? []) headers[name] = value;
  return headers;
}

function get(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  // The certificate is not checked, as in Kubernetes: the question is whether it answers.
  const options = { headers, signal, agent: false as const, ...(secure ? { rejectUnauthorized: false } : {}) };
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(url, options, resolve);
    request.on('error', (error) => reject(signal.aborted ? new Error(`no answer from ${url.href} in time`) : error));
    request.end();
  });
}

function askTcp(target: ProbeTarget, action: TCPSocketAction, timeoutMs: number): Promise<ProbeAnswer> {
  const host = action.host ?? target.podIp;
  const port = portOf(target.container, action.port);
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const end = (passed: boolean, message: string) => {
      socket.destroy();
      resolve({ passed, message });
    };
    socket.once('connect', () => end(true, ''));
    socket.once('timeout', () => end(false, `no connection to ${host}:${port} in time`));
    socket.once('error', (error) => end(false, error.message));
  });
}

/** @param port a number, digits, or the name of one of the container's ports */
function portOf(container: Container, port: number | string): number {
  if (typeof port === 'number') return port;
  const named = container.ports?.find((candidate) => candidate.name === port)?.containerPort;
  const number = named ?? Number(port);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  const names = (container.ports ?? []).map((candidate) => candidate.name ?? candidate.containerPort).join(', ');
  throw new Error(`container ${container.name} has no port named ${port}; it has: ${names === '' ? 'none' : names}`);
}

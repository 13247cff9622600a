// How each server of an ensemble is, by its own word: the four letters `srvr`, which ZooKeeper answers unless told not to.
import { connect } from 'node:net';
import type { Clock } from '../lib/clock.ts';
import { errorText } from '../lib/error-text.ts';
import { describeServer, type ServerAddress } from './address.ts';

export interface EnsembleServerHealth {
  /** `HOST:PORT` */
  readonly address: string;
  /** `leader`, `follower`, `observer`, `standalone`; undefined: it does not serve. */
  readonly mode: string | undefined;
  /** Why it does not serve. */
  readonly problem: string | undefined;
  readonly averageLatencyMs: number | undefined;
  readonly znodes: number | undefined;
}

/** Asks all servers at the same time; resolves within the limit and does not reject. In the order of the servers. */
export function askEnsemble(
  servers: readonly ServerAddress[],
  clock: Clock,
  limitMs = 2000,
): Promise<readonly EnsembleServerHealth[]> {
  return Promise.all(servers.map((server) => askServer(server, clock, limitMs)));
}

async function askServer(server: ServerAddress, clock: Clock, limitMs: number): Promise<EnsembleServerHealth> {
  const address = describeServer(server);
  try {
    return { address, ...readHealth(await askFourLetters(server, clock, limitMs)) };
  } catch (error) {
    return { address, ...sick(errorText(error)) };
  }
}

type Health = Omit<EnsembleServerHealth, 'address'>;

const sick = (problem: string): Health => ({
  mode: undefined,
  problem,
  averageLatencyMs: undefined,
  znodes: undefined,
});

/** Far more than any answer: a stranger on that port may never stop talking. */
const longestAnswer = 65_536;

function askFourLetters({ host, port }: ServerAddress, clock: Clock, limitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const timer = clock.after(limitMs, () => socket.destroy(new Error(`no answer within ${String(limitMs)} ms`)));
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length > longestAnswer) socket.destroy();
    });
    socket.on('error', reject).on('close', () => {
      timer.cancel();
      resolve(text);
    });
    // Not `end`: a server that sees the end of the input first may not answer.
    socket.on('connect', () => socket.write('srvr'));
  });
}

/** The lines that every version since 3.4 has: `Latency min/avg/max: 0/0.5/12`, `Mode: leader`, `Node count: 5`. */
function readHealth(text: string): Health {
  const mode = /^Mode: (\w+)/m.exec(text)?.[1];
  if (mode === undefined) return sick(problemOf(text));
  const latency = /^Latency min\/avg\/max: [\d.]+\/([\d.]+)\//m.exec(text)?.[1];
  const znodes = /^Node count: (\d+)/m.exec(text)?.[1];
  return {
    mode,
    problem: undefined,
    averageLatencyMs: latency === undefined ? undefined : Number(latency),
    znodes: znodes === undefined ? undefined : Number(znodes),
  };
}

function problemOf(text: string): string {
  if (/not currently serving/i.test(text))
    return 'it runs, but is not part of a quorum: does a majority of the servers run?';
  if (/whitelist/i.test(text)) return 'it does not answer "srvr": add it to 4lw.commands.whitelist in zoo.cfg';
  if (text === '') return 'it closed the connection without an answer';
  return 'what answers there is not ZooKeeper';
}

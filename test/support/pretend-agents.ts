// Many agents in one process: the real agent over machines that only pretend, each with an identity that it joined with.
import { setMaxListeners } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/lib/clock.ts';
import { createLimiter } from '../../src/lib/limiter.ts';
import { silentLog, type Log } from '../../src/lib/log.ts';
import { createAgent } from '../../src/node-agent/agent.ts';
import { createFakeHost, type FakeHost } from './fake-containerizer.ts';

export interface PretendAgentsOptions {
  readonly count: number;
  /** Agent N is `PREFIX-N`. */
  readonly namePrefix: string;
  /** N of the first. Default 0. */
  readonly firstIndex?: number;
  /** Holds a folder for each; the caller removes it. */
  readonly folder: string;
  /** `HOST:PORT` of gateways. */
  readonly servers: readonly string[];
  /** PEM. */
  readonly authority: string;
  readonly token: string;
  readonly log?: Log;
}

export interface Registration {
  readonly nodeName: string;
  /** On the clock of `performance.now()`. */
  readonly atMs: number;
  /** Unix time, to compare with other processes on the machine. */
  readonly unixMs: number;
}

export interface PretendAgents {
  /** Every time that a leader let an agent in, in order. */
  readonly registrations: readonly Registration[];
  /** Resolves when at least so many agents have registered since the given number of registrations. */
  registered(count: number, since?: number): Promise<void>;
  /** What runs on an agent's machine. */
  host(index: number): FakeHost;
  /** Ends all agents; what they pretend to run is forgotten. */
  stop(): Promise<void>;
}

/** A process holds so many file descriptors and so much CPU: agents begin a few at a time. */
const startedAtOnce = 50;

/** Resolves when all have been told to begin; `registered` tells when they are there. */
export async function startPretendAgents(options: PretendAgentsOptions): Promise<PretendAgents> {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const registrations: Registration[] = [];
  const waiting = new Set<() => void>();
  const hosts: FakeHost[] = [];
  const limiter = createLimiter(startedAtOnce);
  const runs: Promise<void>[] = [];

  const begin = async (index: number) => {
    const nodeName = `${options.namePrefix}-${(options.firstIndex ?? 0) + index}`;
    const directory = join(options.folder, nodeName);
    await mkdir(directory, { recursive: true });
    const host = createFakeHost();
    hosts[index] = host;
    let arrived: () => void = () => undefined;
    const firstTime = new Promise<void>((resolve) => (arrived = resolve));
    const agent = createAgent({
      ...{ nodeName, directory, servers: options.servers, authority: options.authority, token: options.token },
      containerizer: host.containerizer(),
      clock: systemClock,
      log: options.log ?? silentLog,
      random: Math.random,
      version: '0.0.0',
      streams: { host: '127.0.0.1', port: 0 },
      hostIp: '127.0.0.1',
      onRegistered() {
        registrations.push({ nodeName, atMs: performance.now(), unixMs: Date.now() });
        arrived();
        for (const look of waiting) look();
      },
    });
    const run = agent.run(stopping.signal);
    runs.push(run);
    await Promise.race([firstTime, run]);
  };
  const beginning = Array.from({ length: options.count }, (_, index) => limiter.run(() => begin(index)));
  await Promise.all(beginning);

  return {
    registrations,
    registered: (count, since = 0) =>
      new Promise((resolve) => {
        const look = () => {
          const names = new Set(registrations.slice(since).map(({ nodeName }) => nodeName));
          if (registrations.length - since < count || names.size < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    host: (index) => hosts[index]!,
    async stop() {
      stopping.abort();
      await Promise.allSettled(runs);
    },
  };
}

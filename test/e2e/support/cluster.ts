// A whole cluster of real processes for one test: its own home, free ports, driven by the real kubectl.
import type { ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { createCommands, type Commands } from './commands.ts';
import { journalFlags } from './journal.ts';
import { endProgram, isRoot, mainModule, ordinaryUser, startProgram } from './program.ts';

export interface Cluster extends Commands {
  readonly home: string;
  /** Process id of the server (`tepui dev`). */
  readonly serverPid: number;
  /** What `tepui dev` printed so far. */
  readonly printed: readonly string[];
  /** Process ids of the agents, by node name, read from their homes. */
  agentPid(node: string): number;
  nodeNames(): Promise<string[]>;
  /** Starts `tepui dev` on the same home (after a kill or stop) and waits until it is ready. */
  start(): Promise<void>;
  /** Sends a signal to the server and waits until it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Stops everything and removes every trace. */
  destroy(): Promise<void>;
}

export interface ClusterOptions {
  /** Of kubectl. */
  readonly minor?: number;
  /** Further flags of `tepui dev`, such as `--nodes 2`. */
  readonly flags?: readonly string[];
  /** For tests that are about the files of the embedded journal. Default: as the environment says. */
  readonly journal?: 'embedded';
  /** Without root's rights, as on a laptop. */
  readonly ordinary?: boolean;
}

const ports = ['--api-port', '0', '--mesos-port', '0', '--agent-port', '0'];

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const home = mkdtempSync(join(tmpdir(), 'tepui-e2e-'));
  if (options.ordinary === true && isRoot) chownSync(home, ordinaryUser, ordinaryUser);
  const printed: string[] = [];
  let server: ChildProcess | undefined;
  const cluster: Cluster = {
    ...(await createCommands(home, options.minor ?? 35)),
    ...{ home, printed },
    get serverPid() {
      return Number.parseInt(readFileSync(join(home, 'server.pid'), 'utf8'), 10);
    },
    agentPid: (node) => Number.parseInt(readFileSync(join(home, 'nodes', node, 'agent.pid'), 'utf8'), 10),
    async nodeNames() {
      const list = await cluster.get<{ items: { metadata: { name: string } }[] }>('nodes');
      return list.items.map((node) => node.metadata.name);
    },
    async start() {
      const journal = options.journal === 'embedded' ? [] : await journalFlags(home);
      const flags = ['--home', home, ...ports, ...journal, ...(options.flags ?? [])];
      server = await startProgram(['dev', ...flags], printed, options.ordinary);
    },
    async stop(signal = 'SIGTERM') {
      const child = server;
      server = undefined;
      await endProgram(child, signal);
    },
    async destroy() {
      await cluster.stop();
      execaSync(process.execPath, [mainModule, 'dev', '--home', home, '--down'], { reject: false, stdin: 'ignore' });
      rmSync(home, { recursive: true, force: true });
    },
  };
  try {
    await cluster.start();
  } catch (error) {
    await cluster.destroy();
    throw error;
  }
  return cluster;
}

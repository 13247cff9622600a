// A whole cluster of real processes for one test: its own home, free ports, driven by the real kubectl.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { execa, execaSync } from 'execa';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagePath } from '../../../src/lib/package-root.ts';

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface Cluster {
  readonly home: string;
  readonly kubeconfig: string;
  readonly kubectlPath: string;
  /** Environment that points kubectl and tepui at the cluster. */
  readonly environment: Readonly<Record<string, string>>;
  /** Process id of the server (`tepui dev`). */
  readonly serverPid: number;
  /** What `tepui dev` printed so far. */
  readonly printed: readonly string[];
  /** Process ids of the agents, by node name, read from their homes. */
  agentPid(node: string): number;
  nodeNames(): Promise<string[]>;
  /** Runs kubectl; rejects when it fails. `input` goes to its standard input. */
  kubectl(args: readonly string[], input?: string): Promise<Run>;
  /** Runs kubectl and gives the exit code instead of rejecting. */
  tryKubectl(args: readonly string[], input?: string): Promise<Run>;
  /** Runs kubectl until a line of its output matches, or rejects when it ends before. */
  until(args: readonly string[], line: RegExp): Promise<void>;
  /** Runs our own command line against the cluster. */
  tepui(args: readonly string[], input?: string): Promise<Run>;
  /** The same, and gives the exit code instead of rejecting. */
  tryTepui(args: readonly string[], input?: string): Promise<Run>;
  /** Parsed `kubectl get … -o json`. */
  get<T = Record<string, unknown>>(...args: readonly string[]): Promise<T>;
  /** Starts `tepui dev` on the same home (after a kill or stop) and waits until it is ready. */
  start(): Promise<void>;
  /** Sends a signal to the server and waits until it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Stops everything and removes every trace. */
  destroy(): Promise<void>;
}

const mainModule = packagePath('dist/src/cmd/main.js');

/** The kubectl of a minor version, fetched by scripts/kubectl.mjs. */
async function kubectlPath(minor: number): Promise<string> {
  const module = (await import(new URL('scripts/kubectl.mjs', `file://${packagePath('package.json')}`).href)) as {
    fetchKubectl(minor: number): string;
  };
  return join(module.fetchKubectl(minor), 'kubectl');
}

/** User id of nobody in particular. */
const ordinaryUser = 1000;
/** Without rights, except to read this checkout wherever it lies. */
const asOrdinaryUser = [
  ...['--reuid', '--regid'].map((flag) => `${flag}=${String(ordinaryUser)}`),
  ...['--clear-groups', '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'],
];
const isRoot = process.getuid?.() === 0;

/**
 * Starts `tepui dev` and waits for `tepui is ready` alone on a line; rejects with its output when it ends before.
 * @param lines receives what it prints
 */
async function startDev(args: readonly string[], ordinary: boolean, lines: string[]): Promise<ChildProcess> {
  const command = [process.execPath, mainModule, 'dev', ...args];
  const [program = '', ...rest] = ordinary && isRoot ? ['setpriv', ...asOrdinaryUser, ...command] : command;
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const ready = new Promise<void>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      if (line === 'tepui is ready') resolve();
    });
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`tepui dev ended before it was ready:\n${lines.join('\n')}`);
  });
  await Promise.race([ready, ended]);
  ended.catch(() => undefined);
  return child;
}

export interface ClusterOptions {
  /** Of kubectl. */
  readonly minor?: number;
  /** Further flags of `tepui dev`, such as `--nodes 2`. */
  readonly flags?: readonly string[];
  /** Without root's rights, as on a laptop. */
  readonly ordinary?: boolean;
}

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const home = mkdtempSync(join(tmpdir(), 'tepui-e2e-'));
  if (options.ordinary === true && isRoot) chownSync(home, ordinaryUser, ordinaryUser);
  const printed: string[] = [];
  const kubectl = await kubectlPath(options.minor ?? 35);
  const kubeconfig = join(home, 'kubeconfig');
  const ports = ['--api-port', '0', '--mesos-port', '0', '--agent-port', '0'];
  const environment = { KUBECONFIG: kubeconfig, HOME: home, KUBECACHEDIR: join(home, 'kube-cache') };
  let server: ChildProcess | undefined;

  const run = async (file: string, args: readonly string[], input: string | undefined): Promise<Run> => {
    const result = await execa(file, args, {
      env: environment,
      reject: false,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
      timeout: 120_000,
    });
    return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode ?? -1 };
  };
  const strict = async (name: string, file: string, args: readonly string[], input: string | undefined) => {
    const result = await run(file, args, input);
    if (result.exitCode !== 0) {
      throw new Error(
        `${name} ${args.join(' ')} exited ${String(result.exitCode)}:\n${result.stdout}\n${result.stderr}`,
      );
    }
    return result;
  };

  const cluster: Cluster = {
    home,
    kubeconfig,
    kubectlPath: kubectl,
    environment,
    printed,
    get serverPid() {
      return Number.parseInt(readFileSync(join(home, 'server.pid'), 'utf8'), 10);
    },
    agentPid: (node) => Number.parseInt(readFileSync(join(home, 'nodes', node, 'agent.pid'), 'utf8'), 10),
    async nodeNames() {
      const list = await cluster.get<{ items: { metadata: { name: string } }[] }>('nodes');
      return list.items.map((node) => node.metadata.name);
    },
    kubectl: (args, input) => strict('kubectl', kubectl, args, input),
    tryKubectl: (args, input) => run(kubectl, args, input),
    async until(args, pattern) {
      const child = spawn(kubectl, args, {
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit');
      const lines = createInterface(child.stdout);
      for await (const line of lines) {
        if (!pattern.test(line)) continue;
        child.kill();
        await ended;
        return;
      }
      throw new Error(`kubectl ${args.join(' ')} ended without a line that matches ${String(pattern)}`);
    },
    tepui: (args, input) => strict('tepui', process.execPath, [mainModule, ...args], input),
    tryTepui: (args, input) => run(process.execPath, [mainModule, ...args], input),
    async get<T>(...args: readonly string[]) {
      return JSON.parse((await cluster.kubectl(['get', ...args, '-o', 'json'])).stdout) as T;
    },
    async start() {
      const flags = ['--home', home, ...ports, ...(options.flags ?? [])];
      server = await startDev(flags, options.ordinary === true, printed);
    },
    async stop(signal = 'SIGTERM') {
      const child = server;
      server = undefined;
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
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

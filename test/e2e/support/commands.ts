// What people type: the real kubectl and our own command line, pointed at one server by its kubeconfig.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { packagePath } from '../../../src/lib/package-root.ts';
import { mainModule } from './program.ts';

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface Commands {
  readonly kubeconfig: string;
  readonly kubectlPath: string;
  /** Environment that points kubectl and tepui at the server. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs kubectl; rejects when it fails. `input` goes to its standard input. */
  kubectl(args: readonly string[], input?: string): Promise<Run>;
  /** Runs kubectl and gives the exit code instead of rejecting. */
  tryKubectl(args: readonly string[], input?: string): Promise<Run>;
  /** Runs kubectl until a line of its output matches, or rejects when it ends before. */
  until(args: readonly string[], line: RegExp): Promise<void>;
  /** Runs our own command line against the server. */
  tepui(args: readonly string[], input?: string): Promise<Run>;
  /** The same, and gives the exit code instead of rejecting. */
  tryTepui(args: readonly string[], input?: string): Promise<Run>;
  /** Parsed `kubectl get … -o json`. */
  get<T = Record<string, unknown>>(...args: readonly string[]): Promise<T>;
}

/** @param home of the server; @param minor of kubectl */
export async function createCommands(home: string, minor: number): Promise<Commands> {
  const kubectlPath = await fetchedKubectl(minor);
  const kubeconfig = join(home, 'kubeconfig');
  const environment = { KUBECONFIG: kubeconfig, HOME: home, KUBECACHEDIR: join(home, 'kube-cache') };
  const kubectl: Commands['kubectl'] = (args, input) => strict('kubectl', environment, kubectlPath, args, input);
  return {
    ...{ kubeconfig, kubectlPath, environment, kubectl },
    tryKubectl: (args, input) => run(environment, kubectlPath, args, input),
    until: (args, pattern) => untilLine(environment, kubectlPath, args, pattern),
    tepui: (args, input) => strict('tepui', environment, process.execPath, [mainModule, ...args], input),
    tryTepui: (args, input) => run(environment, process.execPath, [mainModule, ...args], input),
    async get<T>(...args: readonly string[]) {
      return JSON.parse((await kubectl(['get', ...args, '-o', 'json'])).stdout) as T;
    },
  };
}

/** The kubectl of a minor version, fetched by scripts/kubectl.mjs. */
async function fetchedKubectl(minor: number): Promise<string> {
  const module = (await import(new URL('scripts/kubectl.mjs', `file://${packagePath('package.json')}`).href)) as {
    fetchKubectl(minor: number): string;
  };
  return join(module.fetchKubectl(minor), 'kubectl');
}

type Environment = Commands['environment'];

async function run(
  environment: Environment,
  file: string,
  args: readonly string[],
  input: string | undefined,
): Promise<Run> {
  const result = await execa(file, args, {
    env: environment,
    reject: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    timeout: 120_000,
  });
  return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode ?? -1 };
}

async function strict(
  name: string,
  environment: Environment,
  file: string,
  args: readonly string[],
  input: string | undefined,
): Promise<Run> {
  const result = await run(environment, file, args, input);
  if (result.exitCode === 0) return result;
  throw new Error(`${name} ${args.join(' ')} exited ${String(result.exitCode)}:\n${result.stdout}\n${result.stderr}`);
}

async function untilLine(
  environment: Environment,
  kubectlPath: string,
  args: readonly string[],
  pattern: RegExp,
): Promise<void> {
  const child = spawn(kubectlPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    if (!pattern.test(line)) continue;
    child.kill();
    await ended;
    return;
  }
  throw new Error(`kubectl ${args.join(' ')} ended without a line that matches ${String(pattern)}`);
}

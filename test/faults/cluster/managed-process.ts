// A process of the system under test: started, killed, stopped and started again by the suite; its output kept in a file.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

export interface ManagedProcess {
  readonly name: string;
  readonly isRunning: boolean;
  /** Rejects when it does not run. */
  readonly pid: number;
  /** Each time that it ended by itself: `server-1 exited with 1`. */
  readonly ownExits: readonly string[];
  /** Starts it and waits for the line that says it is ready; rejects with its last words when it ends before. */
  start(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Sends the signal, and waits for the end. Harmless when it does not run. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

export interface ProcessOptions {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Its output is appended here. */
  readonly logFile: string;
  /** A line of its standard output; undefined: it is ready as soon as it runs. */
  readonly readyLine?: RegExp;
  readonly readyWithinMs?: number;
}

export function createManagedProcess(options: ProcessOptions): ManagedProcess {
  const { name, command, logFile, readyLine } = options;
  const ownExits: string[] = [];
  const expected = new WeakSet<ChildProcess>();
  let child: ChildProcess | undefined;

  const isAlive = (one: ChildProcess | undefined): one is ChildProcess =>
    one !== undefined && one.exitCode === null && one.signalCode === null;

  const start = async () => {
    const [program = '', ...args] = command;
    const started = spawn(program, args, {
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const log = createWriteStream(logFile, { flags: 'a' });
    const last: string[] = [];
    const ready = new Promise<void>((resolve) => {
      const read = (line: string) => {
        log.write(`${line}\n`);
        last.push(line);
        if (last.length > 20) last.shift();
        if (readyLine?.test(line) === true) resolve();
      };
      createInterface(started.stdout).on('line', read);
      createInterface(started.stderr).on('line', read);
      if (!readyLine) resolve();
    });
    const ended = once(started, 'exit').then(([code, signal]) => {
      if (!expected.has(started)) ownExits.push(`${name} ended by itself: ${String(code ?? signal)}`);
      throw new Error(`${name} ended before it was ready (${String(code ?? signal)}):\n${last.join('\n')}`);
    });
    ended.catch(() => undefined);
    await Promise.race([ready, ended, late(name, options.readyWithinMs ?? 60_000, last)]);
  };

  return {
    name,
    ownExits,
    get isRunning() {
      return isAlive(child);
    },
    get pid() {
      if (!isAlive(child) || child.pid === undefined) throw new Error(`${name} does not run`);
      return child.pid;
    },
    start,
    signal(signal) {
      if (isAlive(child)) child.kill(signal);
    },
    async end(signal = 'SIGKILL') {
      if (!isAlive(child)) return;
      expected.add(child);
      const ended = once(child, 'exit');
      child.kill(signal);
      // A stopped process takes no other signal before it goes on.
      child.kill('SIGCONT');
      await ended;
    },
  };
}

function late(name: string, withinMs: number, last: readonly string[]): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(new Error(`${name} was not ready after ${String(withinMs)} ms:\n${last.join('\n')}`));
    setTimeout(fail, withinMs).unref();
  });
}

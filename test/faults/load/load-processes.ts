// The client processes of a run: started, told to stop working, and told how far their watches have to come.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface LoadProcesses {
  /** No more operations; watches go on. Resolves when the last one was answered. */
  stop(): Promise<void>;
  /** Resolves when every watch was shown this revision, or gave up waiting for it. */
  drain(rv: number): Promise<void>;
  /** At once. */
  kill(): void;
}

export interface LoadOptions {
  /** For the logs. */
  readonly folder: string;
  readonly seed: number;
  readonly processes: number;
  /** Of each worker between two operations, on average. */
  readonly pauseMs: number;
  readonly kubeconfigs: readonly string[];
}

const program = join(import.meta.dirname, '../load.js');

export function startLoad({ folder, seed, processes, pauseMs, kubeconfigs }: LoadOptions): LoadProcesses {
  const children = Array.from({ length: processes }, (_, index) => {
    const name = `c${String(index + 1)}`;
    const args = ['--log', join(folder, `${name}.jsonl`), '--name', name, '--seed', String(seed * 100 + index)];
    const servers = kubeconfigs.flatMap((file) => ['--kubeconfig', file]);
    return spawn(process.execPath, [program, ...args, '--pause', String(pauseMs), ...servers], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  });
  const ended = children.map((child) => once(child, 'exit'));
  const tell = (line: string) => {
    for (const { stdin } of children) stdin.write(`${line}\n`);
  };
  return {
    async stop() {
      const stopped = children.map(saidStopped);
      tell('stop');
      await Promise.all(stopped);
    },
    async drain(rv) {
      tell(`until ${String(rv)}`);
      await Promise.all(ended);
    },
    kill() {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

async function saidStopped(child: ChildProcess): Promise<void> {
  if (!child.stdout) return;
  const ended = once(child, 'exit').then(() => {
    throw new Error('a client process ended by itself: see its words above');
  });
  const stopped = once(createInterface(child.stdout), 'line');
  ended.catch(() => undefined);
  await Promise.race([stopped, ended]);
}

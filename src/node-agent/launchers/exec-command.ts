// Runs a command for exec and probes: output combined and cut, a deadline that kills.
import { spawn } from 'node:child_process';
import type { Clock } from '../../lib/clock.ts';
import type { ExecResult } from '../containerizer.ts';

const outputLimitBytes = 10 * 1024;

export interface ExecOrder {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** For the message of the time-out. */
  readonly title: string;
  /** Kills what the command started elsewhere. */
  onTimeout?(): void;
}

export function execCommand(order: ExecOrder, clock: Clock): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const { command, args, cwd, env, timeoutMs, title } = order;
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd, env });
    let output = Buffer.alloc(0);
    const keep = (chunk: Buffer) => {
      if (output.length < outputLimitBytes) output = Buffer.concat([output, chunk]).subarray(0, outputLimitBytes);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = clock.after(timeoutMs, () => {
      order.onTimeout?.();
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
      reject(new Error(`${title}: did not end within ${timeoutMs} ms`));
    });
    child.on('error', (error) => {
      timer.cancel();
      reject(error);
    });
    child.on('close', (code) => {
      timer.cancel();
      resolve({ exitCode: code ?? 137, output: output.toString('utf8') });
    });
  });
}

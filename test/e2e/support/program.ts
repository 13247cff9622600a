// Our own program as a process of its own: started until it says that it is ready, stopped by a signal.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { packagePath } from '../../../src/lib/package-root.ts';

export const mainModule = packagePath('dist/src/cmd/main.js');

/** User id of nobody in particular. */
export const ordinaryUser = 1000;
/** Without rights, except to read this checkout wherever it lies. */
const asOrdinaryUser = [
  ...['--reuid', '--regid'].map((flag) => `${flag}=${String(ordinaryUser)}`),
  ...['--clear-groups', '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'],
];
export const isRoot = process.getuid?.() === 0;

/**
 * Starts `tepui ARGS` and waits for `tepui is ready` alone on a line; rejects with its output when it ends before.
 * @param lines receives what it prints
 * @param ordinary without root's rights
 */
export async function startProgram(args: readonly string[], lines: string[], ordinary = false): Promise<ChildProcess> {
  const command = [process.execPath, mainModule, ...args];
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
    throw new Error(`tepui ${args[0] ?? ''} ended before it was ready:\n${lines.join('\n')}`);
  });
  await Promise.race([ready, ended]);
  ended.catch(() => undefined);
  return child;
}

/** Sends a signal and waits until the process has ended; nothing when it has already. */
export async function endProgram(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

// Runs a short command to its end, without a shell, and keeps what it printed.
import { spawn } from 'node:child_process';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Like `runCommand`, but a failure of the command is a result, not an error. Rejects when it cannot be started. */
export function tryCommand(command: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? -1, ...output }));
  });
}

/** Resolves to standard output; rejects with the command line and standard error when it fails. */
export async function runCommand(command: string, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await tryCommand(command, args);
  if (exitCode !== 0) {
    throw new Error(`${[command, ...args].join(' ')}: exit code ${exitCode}: ${stderr.trim() || stdout.trim()}`);
  }
  return stdout;
}

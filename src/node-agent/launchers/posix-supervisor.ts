// The parent of one process without isolation: copies output into the log, writes the exit file, outlives the agent.
// Arguments: bundle directory, log file. Descriptor 3 gets the pid, 4 is the alive pipe, held until the end.
// SIGUSR2 starts the process, SIGHUP opens the log anew, SIGTERM kills the process group.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { OciSpec } from '../../isolators/oci-spec.ts';
import { exitFile, startedFile } from './launcher.ts';
import { createLineFormatter, type LineFormatter } from './log-lines.ts';

const [directory = '', logPath = ''] = process.argv.slice(2);
const { process: settings } = JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8')) as OciSpec;
const syncDescriptor = 3;
const gate = 3;

let log = openSync(logPath, 'a', 0o640);
const append = (text: string) => {
  if (text !== '') writeSync(log, text);
};

// The shell waits until the gate opens and becomes the program; a gate that closes ends it.
const child = spawn('/bin/sh', ['-c', `read -r go <&${gate} && exec "$@" ${gate}<&-`, 'sh', ...settings.args], {
  cwd: settings.cwd,
  env: Object.fromEntries(
    settings.env.map((entry) => [entry.split('=', 1)[0] ?? '', entry.slice(entry.indexOf('=') + 1)]),
  ),
  detached: true,
  stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
});

const follow = (stream: Readable | null, formatter: LineFormatter) => {
  if (!stream) return;
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => append(formatter.push(text)));
  stream.on('end', () => append(formatter.end()));
};
const now = () => new Date().toISOString();
follow(child.stdout, createLineFormatter('stdout', now));
follow(child.stderr, createLineFormatter('stderr', now));

const killGroup = () => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
};

const answer = (text: string) => {
  writeSync(syncDescriptor, text);
  closeSync(syncDescriptor);
};

const gateStream = child.stdio[gate] as Writable;
gateStream.on('error', () => undefined);
process.on('SIGUSR2', () => {
  writeFileSync(join(directory, startedFile), '');
  gateStream.end('\n');
});
process.on('SIGTERM', () => {
  killGroup();
});
process.on('SIGHUP', () => {
  closeSync(log);
  log = openSync(logPath, 'a', 0o640);
});

child.on('error', (error) => {
  answer(error.message);
  process.exit(1);
});
child.on('spawn', () => {
  writeFileSync(join(directory, 'supervisor.pid'), String(process.pid));
  answer(String(child.pid));
});
// What the process left behind must not keep the log open.
child.on('exit', killGroup);
child.on('close', (code, signal) => {
  const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  writeFileSync(join(directory, `${exitFile}.tmp`), String(exitCode));
  renameSync(join(directory, `${exitFile}.tmp`), join(directory, exitFile));
});

// Launches bundles with an OCI runtime (runc, crun) under conmon, which is the parent of the container, copies its
// output into the log and writes the exit file. Both outlive the agent.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, readFileSync } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { sleep, type Clock } from '../../lib/clock.ts';
import { runCommand, tryCommand } from '../../lib/run-command.ts';
import type { OverlayRoot } from '../../isolators/isolator.ts';
import { LaunchError } from '../containerizer.ts';
import { isMonitorAlive, makeAlivePipe, monitorEnd, openForMonitor } from './alive.ts';
import { execCommand } from './exec-command.ts';
import { readExitRecord } from './exit-record.ts';
import type { Bundle, CreateOrder, Launcher } from './launcher.ts';

export interface OciLauncherOptions {
  readonly conmon: string;
  /** Path of runc or crun. */
  readonly runtime: string;
  /** Where the runtime keeps its state. */
  readonly runtimeRoot: string;
  readonly clock: Clock;
}

const syncDescriptor = 3;
const monitorEndsWithinMs = 2_000;
const killedWithinMs = 10_000;
const rescanMs = 20;

export function createOciLauncher(options: OciLauncherOptions): Launcher {
  const { runtime, runtimeRoot, clock } = options;
  const runtimeArgs = (...args: string[]) => [`--root=${runtimeRoot}`, ...args];

  return {
    name: 'oci',
    async create(order) {
      await Promise.all([
        makeAlivePipe(order.directory),
        mkdir(join(order.directory, 'state'), { recursive: true }),
        order.overlay ? writeRuntimeScript(order, order.overlay, runtime) : undefined,
      ]);
      return createUnderConmon(order, options);
    },
    async start({ id }) {
      const { exitCode, stderr } = await tryCommand(runtime, runtimeArgs('start', id));
      if (exitCode !== 0) throw new LaunchError('RunContainerError', runtimeMessage(stderr));
    },
    async hasStarted({ id }) {
      const { exitCode, stdout } = await tryCommand(runtime, runtimeArgs('state', id));
      return exitCode === 0 && (JSON.parse(stdout) as { status: string }).status !== 'created';
    },
    readExit: readExitRecord,
    async exec({ id, directory }, command, timeoutMs) {
      const pidFile = join(directory, `exec-${process.pid}-${nextExec()}.pid`);
      try {
        const args = runtimeArgs('exec', '--pid-file', pidFile, id, ...command);
        const title = command.join(' ');
        const onTimeout = () => killFromFile(pidFile);
        return await execCommand({ command: runtime, args, timeoutMs, title, onTimeout }, clock);
      } finally {
        await rm(pidFile, { force: true });
      }
    },
    async reopenLog({ directory }) {
      const control = await open(join(directory, 'ctl'), constants.O_WRONLY | constants.O_NONBLOCK);
      await control.write('2 0 0\n').finally(() => control.close());
    },
    async destroy(bundle) {
      // Without a pid on record the runtime may still be at work, and would go on behind our back.
      if (!(await hasPid(bundle))) await endMonitor(bundle, clock);
      await runCommand(runtime, runtimeArgs('delete', '--force', bundle.id)).catch(() => undefined);
      const ended = monitorEnd(bundle.directory).then(() => true);
      if (!(await Promise.race([ended, sleep(clock, monitorEndsWithinMs)]))) await endMonitor(bundle, clock);
      await rm(join(runtimeRoot, bundle.id), { recursive: true, force: true });
    },
  };
}

let execs = 0;
const nextExec = () => (execs += 1);

/** Conmon answers on the sync pipe: the pid, or -1 and the runtime's message. */
async function createUnderConmon(order: CreateOrder, options: OciLauncherOptions): Promise<number> {
  const alive = openForMonitor(order.directory);
  const child = spawn(options.conmon, conmonArgs(order, options), {
    detached: true,
    cwd: '/',
    env: { PATH: process.env['PATH'], _OCI_SYNCPIPE: String(syncDescriptor) },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', alive],
  });
  closeSync(alive);
  child.unref();
  const { answer, errors } = await readAnswer(child);
  const parsed = parseAnswer(answer);
  if (parsed !== undefined && parsed.data > 0) return parsed.data;
  const message = runtimeMessage(parsed?.message ?? errors);
  throw new LaunchError(isCommandProblem(message) ? 'RunContainerError' : 'CreateContainerError', message);
}

function conmonArgs(order: CreateOrder, { runtime, runtimeRoot }: OciLauncherOptions): string[] {
  const at = (name: string) => join(order.directory, name);
  return [
    ...['--api-version', '1', '-c', order.id, '-u', order.id, '-n', order.id],
    ...['-r', order.overlay ? at('runtime') : runtime, '--runtime-arg', `--root=${runtimeRoot}`],
    ...['-b', order.directory, '-p', at('pid'), '-P', at('conmon.pid'), '-0', at('state'), '--full-attach'],
    ...['-l', `k8s-file:${order.logPath}`, '--log-level', 'error'],
    ...(order.terminal ? ['-t'] : []),
    ...(order.stdin ? ['-i'] : []),
  ];
}

function readAnswer(child: ChildProcess): Promise<{ answer: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const text = { answer: '', errors: '' };
    const sync = child.stdio[syncDescriptor] as Readable;
    const finish = () => {
      sync.destroy();
      child.stderr?.destroy();
      resolve(text);
    };
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text.errors += chunk));
    sync.setEncoding('utf8').on('data', (chunk: string) => {
      text.answer += chunk;
      if (text.answer.includes('\n')) finish();
    });
    sync.on('end', finish);
    sync.on('error', finish);
    child.on('error', reject);
  });
}

function parseAnswer(text: string): { data: number; message?: string } | undefined {
  try {
    return JSON.parse(text) as { data: number; message?: string };
  } catch {
    return undefined;
  }
}

/** The runtime's reason without its log format and the chain of functions in front of it. */
export function runtimeMessage(text: string): string {
  const lines = text.trim().split('\n');
  const line = lines.findLast((candidate) => /error|failed/i.test(candidate)) ?? lines.at(-1) ?? '';
  const quoted = /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replaceAll('\\"', '"') ?? line;
  return (
    quoted.replace(/^.*(?:unable to start container process: |runc create failed: )/, '').trim() ||
    'the runtime gave no reason'
  );
}

function isCommandProblem(message: string): boolean {
  return /executable file not found|^exec:|exec .*(no such file|permission denied)/.test(message);
}

/** The overlay is mounted in a mount namespace that only the container inherits: nothing to clean up, ever. */
async function writeRuntimeScript(bundle: Bundle, overlay: OverlayRoot, runtime: string): Promise<void> {
  const layers = `lowerdir=${overlay.lower},upperdir=${overlay.upper},workdir=${overlay.work}`;
  const inner = `mount -t overlay overlay -o ${quote(layers)} ${quote(overlay.merged)} && exec ${quote(runtime)} "$@"`;
  const script = `#!/bin/sh\nexec unshare --mount --propagation slave /bin/sh -c ${quote(inner)} runtime "$@"\n`;
  const path = join(bundle.directory, 'runtime');
  await writeFile(path, script);
  await chmod(path, 0o700);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function hasPid({ directory }: Bundle): Promise<boolean> {
  const text = await readFile(join(directory, 'pid'), 'utf8').catch(() => '');
  return text !== '';
}

/** Kills conmon, and the runtime in the middle of a creation; the runtime's child dies with its parent's pipe. */
async function endMonitor(bundle: Bundle, clock: Clock): Promise<void> {
  const deadline = clock.monotonicMs() + killedWithinMs;
  while (isMonitorAlive(bundle.directory)) {
    for (const pid of await processesNaming(bundle.directory)) kill(pid);
    if (clock.monotonicMs() > deadline) throw new Error(`${bundle.directory}: conmon does not end`);
    await sleep(clock, rescanMs);
  }
}

async function processesNaming(directory: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const named = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return line.split('\0').includes(directory) ? [pid] : [];
    }),
  );
  return named.flat();
}

function killFromFile(path: string): void {
  try {
    kill(Number(readFileSync(path, 'utf8')));
  } catch {
    // The command did not get as far as a process.
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

// Launches processes without isolation: for hosts that are not Linux and for ordinary users. A small Node program is
// the parent, in the place of conmon, with the same files; it costs some 40 MB a container.
import { spawn } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { OciSpec } from '../../isolators/oci-spec.ts';
import { sleep, type Clock } from '../../lib/clock.ts';
import { LaunchError } from '../containerizer.ts';
import { isMonitorAlive, makeAlivePipe, monitorEnd, openForMonitor } from './alive.ts';
import { execCommand } from './exec-command.ts';
import { readExitRecord } from './exit-record.ts';
import { startedFile, type Bundle, type CreateOrder, type Launcher } from './launcher.ts';

const supervisorPath = fileURLToPath(new URL(`./posix-supervisor${extname(import.meta.url)}`, import.meta.url));

/** Less memory: no helper threads, small new generation. */
const frugal = ['--single-threaded', '--max-semi-space-size=1', '--max-old-space-size=32'];

const endsWithinMs = 10_000;
const retryMs = 50;

export function createPosixLauncher(clock: Clock): Launcher {
  return {
    name: 'posix',
    async create(order) {
      await Promise.all([makeAlivePipe(order.directory), mkdir(join(order.directory, 'state'), { recursive: true })]);
      return createUnderSupervisor(order);
    },
    async start(bundle) {
      await signalSupervisor(bundle, 'SIGUSR2');
    },
    hasStarted: ({ directory }) => Promise.resolve(existsSync(join(directory, startedFile))),
    readExit: readExitRecord,
    async exec({ directory }, command, timeoutMs) {
      const { process: settings } = JSON.parse(await readFile(join(directory, 'config.json'), 'utf8')) as OciSpec;
      const [program = '', ...args] = command;
      const order = { command: program, args, cwd: settings.cwd, env: environmentOf(settings.env), timeoutMs };
      return execCommand({ ...order, title: command.join(' ') }, clock);
    },
    async reopenLog(bundle) {
      await signalSupervisor(bundle, 'SIGHUP');
    },
    async destroy(bundle) {
      const deadline = clock.monotonicMs() + endsWithinMs;
      // Again and again: in the middle of its start the supervisor has no pid file yet.
      while (isMonitorAlive(bundle.directory)) {
        await signalSupervisor(bundle, 'SIGTERM').catch(() => undefined);
        if (clock.monotonicMs() > deadline) throw new Error(`${bundle.directory}: the supervisor does not end`);
        await Promise.race([monitorEnd(bundle.directory), sleep(clock, retryMs)]);
      }
    },
  };
}

function createUnderSupervisor(order: CreateOrder): Promise<number> {
  const alive = openForMonitor(order.directory);
  const child = spawn(process.execPath, [...frugal, supervisorPath, order.directory, order.logPath], {
    detached: true,
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', alive],
  });
  closeSync(alive);
  child.unref();
  return new Promise((resolve, reject) => {
    const sync = child.stdio[3] as Readable;
    let text = '';
    sync.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    sync.on('end', () => {
      if (/^\d+$/.test(text)) resolve(Number(text));
      else reject(new LaunchError('RunContainerError', text || 'the supervisor ended before the process began'));
    });
    child.on('error', reject);
  });
}

/** It has no pid file before it is ready for signals. */
async function signalSupervisor({ directory }: Bundle, signal: NodeJS.Signals): Promise<void> {
  process.kill(Number(await readFile(join(directory, 'supervisor.pid'), 'utf8')), signal);
}

export function environmentOf(env: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    env.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

// The file that names the process which uses a folder. It may outlive the process: then it names nobody.
import { existsSync, readFileSync } from 'node:fs';
import { StatusError } from '../api/status-error.ts';
import { sleep, type Clock } from '../lib/clock.ts';
import { processIdentity } from '../node-agent/containers/identity.ts';
import { replaceFile, type Home } from './home.ts';

export interface Owner {
  readonly pid: number;
  /** Tells the process from a later one with the same pid. */
  readonly identity: string;
}

const rescanMs = 10;

/** Names this process. */
export async function writePidFile(path: string): Promise<void> {
  const { pid } = process;
  replaceFile(path, `${String(pid)} ${(await processIdentity(pid)) ?? ''}\n`);
}

/**
 * Looked at before anything is touched; two that start at the same moment meet at what only one can have.
 * @param what runs on a home: `tepui dev`
 */
export async function refuseSecondServer(home: Home, what: string): Promise<void> {
  const running = await livingOwner(home.pidFile);
  if (!running) return;
  throw new StatusError(
    'Conflict',
    `${what} runs already on ${home.path} (process ${String(running.pid)}). Use it: export KUBECONFIG=${home.kubeconfig}. ` +
      'Or stop it with Ctrl-C or --down, or start another cluster with --home DIR and other ports',
  );
}

/** The process that the file names, if it still runs; never this one. */
export async function livingOwner(path: string): Promise<Owner | undefined> {
  if (!existsSync(path)) return undefined;
  const [pid = '', ...identity] = readFileSync(path, 'utf8').trim().split(' ');
  const owner = { pid: Number(pid), identity: identity.join(' ') };
  return owner.pid !== process.pid && (await isAlive(owner)) ? owner : undefined;
}

/** Sends the signal. @returns whether the process ended within `timeoutMs` */
export async function endOwner(
  owner: Owner,
  signal: NodeJS.Signals,
  timeoutMs: number,
  clock: Clock,
): Promise<boolean> {
  try {
    process.kill(owner.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  const deadline = clock.monotonicMs() + timeoutMs;
  while (await isAlive(owner)) {
    if (clock.monotonicMs() > deadline) return false;
    await sleep(clock, rescanMs);
  }
  return true;
}

/** What has ended and was not waited for, because nobody reaps orphans here, does nothing any more. */
async function isAlive({ pid, identity }: Owner): Promise<boolean> {
  return identity !== '' && (await processIdentity(pid)) === identity && !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    return / [ZX] /.test(
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(')')
        .at(-1)
        ?.slice(0, 3) ?? '',
    );
  } catch {
    return false;
  }
}

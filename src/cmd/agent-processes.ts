// The agents of `tepui dev`: child processes, started again when they die, ended with their parent.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { StatusError } from '../api/status-error.ts';
import { backoffMs } from '../lib/backoff.ts';
import { sleep, type Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { packagePath } from '../lib/package-root.ts';
import type { Home } from './home.ts';
import { cannotStartCode } from './start-problem.ts';

export interface AgentProcess {
  readonly nodeName: string;
  /** Address of the server's agent gateway. */
  readonly server: string;
  /** 0: any free port. */
  readonly port: number;
  /** Agents among which the machine is divided. */
  readonly shares: number;
}

const restart = { initialMs: 200, factor: 2, maxMs: 10_000 };
/** An agent that ran this long had no trouble starting: the next failure counts from one. */
const steadyMs = 60_000;

/**
 * An actor: keeps one agent running until the signal aborts, then ends it and waits. Its containers go on. Rejects when
 * it cannot start from the first: what hinders it then is the user's to mend.
 */
export async function keepAgent(
  home: Home,
  agent: AgentProcess,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  signal: AbortSignal,
): Promise<void> {
  let hasRun = false;
  for (let failures = 1; !signal.aborted; failures++) {
    const startedMs = clock.monotonicMs();
    const child = startAgent(home, agent);
    const stop = () => child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    const [code, killedBy] = (await once(child, 'exit')) as [number | null, string | null];
    signal.removeEventListener('abort', stop);
    if (isAborted(signal)) return;
    if (code === cannotStartCode && !hasRun) throw cannotStart(agent);
    hasRun = true;
    if (clock.monotonicMs() - startedMs > steadyMs) failures = 1;
    log.warn({ node: agent.nodeName, code, killedBy }, 'an agent ended; it is started again');
    await sleep(clock, backoffMs(restart, failures), signal).catch(() => undefined);
  }
}

const cannotStart = ({ nodeName }: AgentProcess) =>
  new StatusError('ServiceUnavailable', `the agent of node ${nodeName} cannot start, for the reason above`);

/** The signal may have aborted while we waited: a fresh look that the compiler does not reason away. */
const isAborted = (signal: AbortSignal) => signal.aborted;

function startAgent(home: Home, agent: AgentProcess): ChildProcess {
  const options = {
    home: join(home.nodes, agent.nodeName),
    server: agent.server,
    'node-name': agent.nodeName,
    ca: home.authority.certificate,
    'token-file': home.joinToken,
    port: String(agent.port),
    shares: String(agent.shares),
    hide: home.path,
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  // Standard input ends when this process does, however it ends: that is how the agent notices.
  const main = packagePath('dist/src/cmd/main.js');
  return spawn(process.execPath, [...nodeFlags, main, 'agent', ...flags, '--exit-with-parent'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

/** A heap that is kept small: agents make little garbage, and memory counts. */
const nodeFlags = ['--optimize-for-size', '--max-semi-space-size=2'];

// What this host can isolate, and what it cannot and why.
import { accessSync, constants } from 'node:fs';
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { openCgroups, type Cgroups } from '../../isolators/cgroups/hierarchy.ts';
import { readAgentLimits } from '../../isolators/linux/agent-limits.ts';
import { runCommand } from '../../lib/run-command.ts';
import type { Clock } from '../../lib/clock.ts';
import type { HostCapabilities } from '../containerizer.ts';

export type Degradation = HostCapabilities['degraded'][number];

export interface HostTools {
  readonly conmon: string;
  readonly runtime: string;
  readonly cgroups: Cgroups;
}

export interface HostProbe {
  /** Undefined when containers cannot be isolated; `degraded` says why. */
  readonly tools: HostTools | undefined;
  readonly degraded: readonly Degradation[];
}

/** What it means for pods that the host lacks something for all of them. */
const bare = 'pods run as plain processes, without limits or namespaces';

const install = (packages: string) => `install ${packages} (Debian: apt-get install ${packages})`;

export function probeHost(clock: Clock): HostProbe {
  const blocked = blockers();
  const cgroups = blocked.length === 0 ? openCgroups(clock) : undefined;
  const missing = blocked.length === 0 ? missingControllers(cgroups) : blocked;
  if (!cgroups || missing.length > 0) return { tools: undefined, degraded: missing };
  // crun refuses hosts where both versions are mounted; on a pure version 2 host it is the smaller one.
  const runtime = cgroups.version === 2 ? (findTool('crun') ?? findTool('runc')) : findTool('runc');
  const conmon = findTool('conmon');
  const lacking = [...(conmon === undefined ? ['conmon'] : []), ...(runtime === undefined ? ['runc'] : [])];
  if (conmon === undefined || runtime === undefined) {
    const reason = `${lacking.join(' and ')} not found in PATH, so ${bare}`;
    return { tools: undefined, degraded: [{ feature: 'isolation', reason, remedy: install(lacking.join(' ')) }] };
  }
  return { tools: { conmon, runtime, cgroups }, degraded: [...imageTools(), ...privileges()] };
}

function blockers(): Degradation[] {
  if (process.platform !== 'linux') {
    const reason = `containers need Linux; this is ${process.platform}`;
    return [{ feature: 'isolation', reason, remedy: 'run the agent on Linux, in a virtual machine for example' }];
  }
  const { uid, username } = userInfo();
  if (uid === 0) return [];
  const reason = `the agent runs as ${username}, not as root, so ${bare}`;
  return [{ feature: 'isolation', reason, remedy: 'run tepui as root' }];
}

function missingControllers(cgroups: Cgroups | undefined): Degradation[] {
  const wanted = ['cpu', 'memory', 'pids'].filter((name) => cgroups?.controllers.has(name) !== true);
  if (wanted.length === 0) return [];
  const reason = `cgroup controllers ${wanted.join(', ')} are not mounted below /sys/fs/cgroup`;
  return [{ feature: 'resources.limits', reason, remedy: 'mount them, or run the agent outside of a container' }];
}

function imageTools(): Degradation[] {
  const lacking = ['umoci', 'skopeo'].filter((name) => findTool(name) === undefined);
  if (lacking.length === 0) return [];
  return [
    { feature: 'images', reason: `${lacking.join(' and ')} not found in PATH`, remedy: install(lacking.join(' ')) },
  ];
}

function privileges(): Degradation[] {
  const { mayExceed, openFiles } = readAgentLimits();
  if (mayExceed) return [];
  const reason = `the agent lacks CAP_SYS_RESOURCE: no pod is spared when the host runs out of memory, at most ${openFiles} open files a process`;
  return [{ feature: 'oom scores and rlimits', reason, remedy: 'give the agent CAP_SYS_RESOURCE' }];
}

/** Absolute path of a program; system directories count even if PATH lacks them. */
function findTool(name: string): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return directories.map((directory) => join(directory, name)).find((path) => isExecutable(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Tries it, once, with the upper layer in `home`: overlays do not stack on every file system. */
export function createOverlayProbe(home: string): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  const probe = async () => {
    await mkdir(home, { recursive: true });
    const place = await mkdtemp(join(home, 'overlay-probe-'));
    const at = (name: string) => join(place, name);
    try {
      await Promise.all(['lower', 'upper', 'work', 'merged'].map((name) => mkdir(at(name))));
      const layers = `lowerdir=${at('lower')},upperdir=${at('upper')},workdir=${at('work')}`;
      const mount = ['mount', '-t', 'overlay', 'overlay', '-o', layers, at('merged')];
      await runCommand('unshare', ['--mount', '--propagation', 'slave', ...mount]);
      await access(at('merged'));
      return true;
    } catch {
      return false;
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  };
  return () => (answer ??= probe());
}

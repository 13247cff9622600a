// The cgroup file systems of this host, versions 1 and 2: where a group's files are, who is in it, how it goes away.
import { readFileSync } from 'node:fs';
import { readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseMountPoints } from '../mounts.ts';
import { sleep, type Clock } from '../../lib/clock.ts';

export type Controller = 'cpu' | 'cpuacct' | 'memory' | 'pids';

export interface Cgroups {
  readonly version: 1 | 2;
  readonly controllers: ReadonlySet<string>;
  /** A file of a group; undefined when it does not exist. @param group absolute within the hierarchy, `/tepui/…` */
  read(controller: Controller, group: string, file: string): Promise<string | undefined>;
  /** Pids in the group and below, in any hierarchy. */
  processes(group: string): Promise<number[]>;
  /** SIGKILLs what is in the group and below; no CPU limit holds up their end. */
  kill(group: string): Promise<void>;
  /** SIGKILLs what is in the group and below, waits until it is gone and removes the group in every hierarchy. */
  destroy(group: string): Promise<void>;
  /** Removes the group and its ancestors as far as they are empty. */
  prune(group: string): Promise<void>;
  /** Names of the groups directly below, in any hierarchy. */
  children(group: string): Promise<string[]>;
}

const retryMs = 5;
const giveUpAfterMs = 10_000;

/** Undefined where no cgroup file system is mounted. @param root for tests; the usual mount point else */
export function openCgroups(clock: Clock, root = '/sys/fs/cgroup'): Cgroups | undefined {
  const hierarchies = findHierarchies(root);
  if (hierarchies.all.length === 0) return undefined;
  const { version, directories, all } = hierarchies;
  const groupDirectories = (group: string) => all.map((directory) => join(directory, group));

  const processes = async (group: string) => {
    const lists = await Promise.all(groupDirectories(group).map(processesBelow));
    return [...new Set(lists.flat())];
  };

  /** Dying takes CPU time, too: thousands of processes that share a small quota would need minutes to end. */
  const unthrottle = async (group: string) => {
    const [file, content] = version === 2 ? ['cpu.max', 'max'] : ['cpu.cfs_quota_us', '-1'];
    const directory = directories.get('cpu');
    if (directory !== undefined) await writeBelow(join(directory, group), file, content);
  };
  const killAll = async (group: string) => {
    for (const pid of await processes(group)) killNow(pid);
  };

  return {
    version,
    controllers: new Set(directories.keys()),
    processes,
    async kill(group) {
      await unthrottle(group);
      await killAll(group);
    },
    async read(controller, group, file) {
      const directory = directories.get(controller);
      return directory === undefined ? undefined : readIfThere(join(directory, group, file));
    },
    async destroy(group) {
      const deadline = clock.monotonicMs() + giveUpAfterMs;
      await unthrottle(group);
      for (;;) {
        await killAll(group);
        const removed = await Promise.all(groupDirectories(group).map(removeTree));
        if (removed.every(Boolean)) return;
        if (clock.monotonicMs() > deadline) throw new Error(`cgroup ${group}: still busy after ${giveUpAfterMs} ms`);
        await sleep(clock, retryMs);
      }
    },
    async prune(group) {
      await Promise.all(all.map((directory) => pruneUpwards(directory, group)));
    },
    async children(group) {
      const lists = await Promise.all(groupDirectories(group).map(childDirectories));
      return [...new Set(lists.flat())];
    },
  };
}

/** Version 2 counts only where it has the memory controller: a hybrid host's empty tree limits nothing. */
function findHierarchies(root: string): { version: 1 | 2; directories: Map<string, string>; all: string[] } {
  const unified = readControllers(root);
  if (unified.includes('memory')) {
    return { version: 2, directories: new Map([...unified, 'cpuacct'].map((name) => [name, root])), all: [root] };
  }
  const mounted = parseMountPoints(readFileSync('/proc/self/mountinfo', 'utf8')).filter((point) =>
    point.startsWith(`${root}/`),
  );
  const directories = new Map(
    mounted.flatMap((point) =>
      point
        .slice(root.length + 1)
        .split(',')
        .map((name) => [name, point]),
    ),
  );
  return { version: 1, directories, all: mounted };
}

function readControllers(root: string): string[] {
  try {
    return readFileSync(join(root, 'cgroup.controllers'), 'utf8').trim().split(' ');
  } catch {
    return [];
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

async function childDirectories(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

async function processesBelow(directory: string): Promise<number[]> {
  const own = (await readIfThere(join(directory, 'cgroup.procs'))) ?? '';
  const pids = own
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
  const below = await Promise.all(
    (await childDirectories(directory)).map((name) => processesBelow(join(directory, name))),
  );
  return [...pids, ...below.flat()];
}

/** Writes the file in the directory and all below, as far as it is there. */
async function writeBelow(directory: string, file: string, content: string): Promise<void> {
  await writeFile(join(directory, file), content, { flag: 'r+' }).catch(() => undefined);
  for (const name of await childDirectories(directory)) await writeBelow(join(directory, name), file, content);
}

/** False while something in it is busy. */
async function removeTree(directory: string): Promise<boolean> {
  const below = await Promise.all((await childDirectories(directory)).map((name) => removeTree(join(directory, name))));
  if (!below.every(Boolean)) return false;
  try {
    await rmdir(directory);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

async function pruneUpwards(hierarchy: string, group: string): Promise<void> {
  for (let path = group; path !== '/' && path !== '.'; path = dirname(path)) {
    const removed = await rmdir(join(hierarchy, path)).then(
      () => true,
      (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
    );
    if (!removed) return;
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended between the list and the signal.
  }
}

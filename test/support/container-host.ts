// A real containerizer in a temporary home, with what tests need to wait for events and to look for leftovers.
import { watch } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigMap, Container, Pod, PodSpec, Secret } from '../../src/api/types.gen.ts';
import type {
  Containerizer,
  ContainerExit,
  ContainerKey,
  References,
  RunningContainer,
} from '../../src/node-agent/containerizer.ts';
import { createContainerizer, type ContainerizerOptions } from '../../src/node-agent/create-containerizer.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';

export interface ContainerHost {
  readonly home: string;
  readonly cgroupRoot: string;
  readonly containerizer: Containerizer;
  readonly exits: readonly ContainerExit[];
  /** What `recover` answered. */
  readonly recovered: readonly RunningContainer[];
  exitOf(key: ContainerKey): Promise<ContainerExit>;
  /** Prepares the pod and launches one of its containers. */
  run(pod: Pod, container?: string, attempt?: number): Promise<RunningContainer>;
  /** Resolves with the text of the log once it matches. */
  log(key: ContainerKey, pattern: RegExp): Promise<string>;
  destroyAll(): Promise<void>;
}

export interface Objects {
  readonly configMaps?: readonly ConfigMap[];
  readonly secrets?: readonly Secret[];
}

export function referencesTo({ configMaps = [], secrets = [] }: Objects): References {
  return {
    configMap: (name) => configMaps.find((object) => object.metadata.name === name),
    secret: (name) => secrets.find((object) => object.metadata.name === name),
  };
}

export type HostOptions = Partial<ContainerizerOptions> & Objects;

export async function newHome(): Promise<{ home: string; cgroupRoot: string }> {
  const home = await mkdtemp(join(tmpdir(), 'tepui-containers-'));
  return { home, cgroupRoot: `/tepui-test/${home.split('-').at(-1) ?? ''}` };
}

/** Opens a containerizer and recovers what is in `place`: a second one on the same place is a restarted agent. */
export async function openHost(
  place: { home: string; cgroupRoot: string },
  options: HostOptions = {},
): Promise<ContainerHost> {
  const { configMaps, secrets, ...settings } = options;
  const references = referencesTo({ configMaps: configMaps ?? [], secrets: secrets ?? [] });
  const containerizer = await createContainerizer({
    ...place,
    nodeName: 'node-1',
    nodeAddress: () => '192.0.2.1',
    clock: systemClock,
    log: silentLog,
    ...settings,
  });
  const exits: ContainerExit[] = [];
  const waiting = new Set<() => void>();
  containerizer.onExit((exit) => {
    exits.push(exit);
    for (const wake of waiting) wake();
  });
  const recovered = await containerizer.recover();

  return {
    ...place,
    containerizer,
    exits,
    recovered,
    exitOf(key) {
      return new Promise((resolve) => {
        const look = () => {
          const found = exits.find((exit) => isSameKey(exit.key, key));
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
    async run(pod, name, attempt = 0) {
      await containerizer.preparePod(pod, references);
      const container = containerOf(pod, name);
      return containerizer.launch({ key: keyOf(pod, container.name, attempt), pod, container, references });
    },
    log: (key, pattern) => untilFile(containerizer.logPath(key), pattern),
    async destroyAll() {
      await Promise.all(containerizer.knownPods().map((uid) => containerizer.destroyPod(uid)));
    },
  };
}

function isSameKey(a: ContainerKey, b: ContainerKey): boolean {
  return a.podUid === b.podUid && a.container === b.container && a.attempt === b.attempt;
}

export function keyOf(pod: Pod, container = 'main', attempt = 0): ContainerKey {
  return { podUid: pod.metadata.uid ?? '', container, attempt };
}

function containerOf(pod: Pod, name: string | undefined): Container {
  const found = pod.spec?.containers.find((container) => name === undefined || container.name === name);
  if (!found) throw new Error(`no container ${name ?? ''}`);
  return found;
}

let pods = 0;

/** A pod with one container `main` that runs a shell script. */
export function shellPod(script: string, container: Partial<Container> = {}, spec: Partial<PodSpec> = {}): Pod {
  return podOf([{ name: 'main', command: ['/bin/sh', '-c', script], ...container }], spec);
}

export function podOf(containers: readonly Container[], spec: Partial<PodSpec> = {}): Pod {
  pods += 1;
  const name = `pod-${String(pods)}`;
  const uid = `uid-${String(process.pid)}-${String(pods)}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid },
    spec: { ...spec, containers },
  };
}

/** Resolves with the text of a file once it matches. */
export async function untilFile(path: string, pattern: RegExp): Promise<string> {
  const watcher = watch(path);
  const read = () => readFile(path, 'utf8');
  try {
    return await new Promise((resolve, reject) => {
      const look = () => {
        read().then((text) => {
          if (pattern.test(text)) resolve(text);
        }, reject);
      };
      watcher.on('change', look);
      look();
    });
  } finally {
    watcher.close();
  }
}

/** Texts of the log's lines, without time, stream and tag; parts (tag P) joined with what follows. */
export function textOf(log: string): string {
  return log
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, , tag, ...words]) => words.join(' ') + (tag === 'P' ? '' : '\n'))
    .join('')
    .trimEnd();
}

/** Everything that a home's containers left on the machine outside of it, and below its pods. */
export async function leftovers({ home, cgroupRoot }: { home: string; cgroupRoot: string }): Promise<string[]> {
  const [mounts, processes, groups, pods, states] = await Promise.all([
    readFile('/proc/self/mountinfo', 'utf8').then((text) => text.split('\n').filter((line) => line.includes(home))),
    processesNaming(home),
    groupsNamed(cgroupRoot),
    readdir(join(home, 'pods')),
    readdir(join(home, 'runtime')).catch(() => []),
  ]);
  return [...mounts, ...processes, ...groups, ...pods, ...states];
}

async function processesNaming(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return line.includes(text) && Number(pid) !== process.pid ? [`${pid} ${line}`] : [];
    }),
  );
  return lines.flat();
}

async function groupsNamed(group: string): Promise<string[]> {
  const hierarchies = (await readdir('/sys/fs/cgroup', { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const found = await Promise.all(
    ['', ...hierarchies.map((entry) => entry.name)].map(async (name) => {
      const path = join('/sys/fs/cgroup', name, group);
      return readdir(path).then(
        () => [path],
        () => [],
      );
    }),
  );
  return found.flat();
}

export async function removeHome({ home }: { home: string }): Promise<void> {
  await rm(home, { recursive: true, force: true });
}

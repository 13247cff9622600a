// A machine in memory: containers run until told to end, and outlive the containerizer that started them.
import type {
  ContainerExit,
  ContainerKey,
  ContainerLaunch,
  Containerizer,
  ExecResult,
  HostCapabilities,
  RunningContainer,
} from '../../src/node-agent/containerizer.ts';
import { LaunchError } from '../../src/node-agent/containerizer.ts';

export interface FakeHost {
  /** A new containerizer on this machine, as a new agent process makes it. */
  containerizer(): Containerizer;
  /** What happened, in order: `launch web/0`, `signal web/0 SIGTERM`, … */
  readonly journal: string[];
  readonly running: () => readonly RunningContainer[];
  /** Ends a container; reported to the containerizer of the day, or to the next one. */
  exit(container: string, exitCode: number, reason?: ContainerExit['reason'], podUid?: string): void;
  /** Resolves when `holds` is true; asked after everything that happens. */
  until(holds: () => boolean): Promise<void>;
  /** Whether a container ends by itself when it gets SIGTERM. Default true. */
  obedient: boolean;
  execResult: (command: readonly string[]) => ExecResult | Promise<ExecResult>;
  /** Asked before each launch: throws what the launch is to reject with. */
  beforeLaunch: (launch: ContainerLaunch) => void | Promise<void>;
  capabilities: HostCapabilities;
  logFolder: string;
  /** The power goes: containers and all traces are gone. */
  reboot(): void;
}

interface Machine {
  readonly containers: Map<string, RunningContainer>;
  readonly pods: Set<string>;
  readonly exits: Map<string, ContainerExit>;
  listener: ((exit: ContainerExit) => void) | undefined;
  nextPid: number;
}

const textOf = (key: ContainerKey) => `${key.container}/${key.attempt}`;
const fullText = (key: ContainerKey) => `${key.podUid}/${textOf(key)}`;

export function createFakeHost(now: () => number = Date.now): FakeHost {
  const machine: Machine = {
    containers: new Map(),
    pods: new Set(),
    exits: new Map(),
    listener: undefined,
    nextPid: 1000,
  };
  const watchers = new Set<() => void>();
  const note = (line: string) => {
    host.journal.push(line);
    queueMicrotask(() => watchers.forEach((watcher) => watcher()));
  };
  const end = (key: ContainerKey, exitCode: number, reason: ContainerExit['reason'], signal?: number) => {
    const found = machine.containers.get(fullText(key));
    if (!found) return;
    machine.containers.delete(fullText(key));
    const times = { startedAtMs: found.startedAtMs, finishedAtMs: now() };
    const exit: ContainerExit = { key, exitCode, reason, ...(signal === undefined ? {} : { signal }), ...times };
    machine.exits.set(fullText(key), exit);
    note(`exit ${textOf(key)}`);
    machine.listener?.(exit);
  };

  const host: FakeHost = {
    journal: [],
    obedient: true,
    execResult: () => ({ exitCode: 0, output: '' }),
    beforeLaunch: () => undefined,
    capabilities: { launcher: 'oci', isolators: ['cgroups/cpu'], degraded: [] },
    logFolder: '/nonexistent',
    running: () => [...machine.containers.values()],
    containerizer: () => createContainerizer(host, machine, { now, note, end }),
    exit(container, exitCode, reason = exitCode === 0 ? 'Completed' : 'Error', podUid?: string) {
      const isMeant = ({ key }: RunningContainer) =>
        key.container === container && key.podUid === (podUid ?? key.podUid);
      const found = [...machine.containers.values()].find(isMeant);
      if (!found) throw new Error(`no container ${container} is running`);
      end(found.key, exitCode, reason);
    },
    until: (holds) =>
      new Promise((resolve) => {
        const look = () => {
          if (!holds()) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    reboot() {
      machine.containers.clear();
      machine.pods.clear();
      machine.exits.clear();
    },
  };
  return host;
}

interface Hands {
  now(): number;
  note(line: string): void;
  end(key: ContainerKey, exitCode: number, reason: ContainerExit['reason'], signal?: number): void;
}

function createContainerizer(host: FakeHost, machine: Machine, hands: Hands): Containerizer {
  const note = (line: string) => hands.note(line);
  const end: Hands['end'] = (...how) => hands.end(...how);
  return {
    get capabilities() {
      return host.capabilities;
    },
    recover() {
      const missed = [...machine.exits.values()];
      queueMicrotask(() => missed.forEach((exit) => machine.listener?.(exit)));
      return Promise.resolve([...machine.containers.values()]);
    },
    onExit(listener) {
      machine.listener = listener;
    },
    preparePod(pod) {
      machine.pods.add(pod.metadata.uid ?? '');
      note(`prepare ${pod.metadata.name ?? ''}`);
      return Promise.resolve();
    },
    updateVolumes(pod, references) {
      const seen = (pod.spec?.volumes ?? []).map((volume) => {
        const configMap = references.configMap(volume.configMap?.name ?? '');
        return JSON.stringify(configMap?.data ?? {});
      });
      note(`volumes ${pod.metadata.name ?? ''} ${seen.join()}`);
      return Promise.resolve();
    },
    async launch(launch) {
      await host.beforeLaunch(launch);
      const { key } = launch;
      if (machine.containers.has(fullText(key))) throw new LaunchError('CreateContainerError', 'it runs already');
      const pid = machine.nextPid;
      machine.nextPid += 1;
      const running = { key, pid, startedAtMs: hands.now(), containerId: `tepui://${fullText(key)}`, imageId: '' };
      machine.pods.add(key.podUid);
      machine.containers.set(fullText(key), running);
      note(`launch ${textOf(key)}`);
      return running;
    },
    signal(key, signal) {
      const runs = machine.containers.has(fullText(key));
      note(`signal ${textOf(key)} ${signal}`);
      if (runs && signal === 'SIGKILL') end(key, 137, 'Error', 9);
      else if (runs && host.obedient) end(key, 143, 'Error', 15);
      return Promise.resolve(runs);
    },
    async exec(key, command) {
      note(`exec ${textOf(key)} ${command.join(' ')}`);
      return host.execResult(command);
    },
    usage: () => Promise.resolve({ cpuNanoseconds: 0, memoryBytes: 0, processes: 1 }),
    remove(key) {
      machine.exits.delete(fullText(key));
      note(`remove ${textOf(key)}`);
      return Promise.resolve();
    },
    destroyPod(podUid) {
      for (const { key } of machine.containers.values()) {
        if (key.podUid === podUid) machine.containers.delete(fullText(key));
      }
      for (const [text, exit] of machine.exits) if (exit.key.podUid === podUid) machine.exits.delete(text);
      machine.pods.delete(podUid);
      note(`destroy ${podUid}`);
      return Promise.resolve();
    },
    knownPods: () => [...machine.pods],
    logPath: (key) => `${host.logFolder}/${key.podUid}/${key.container}/${key.attempt}.log`,
  };
}

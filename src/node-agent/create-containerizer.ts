// Builds the containerizer for this host: isolated by an OCI runtime where that works, bare processes elsewhere.
import { availableParallelism, totalmem } from 'node:os';
import { mkdir } from 'node:fs/promises';
import type { Pod } from '../api/types.gen.ts';
import { readAgentLimits } from '../isolators/linux/agent-limits.ts';
import { createLinuxIsolators, createPosixIsolators } from '../isolators/registry.ts';
import type { IsolatorUsage } from '../isolators/isolator.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import {
  type Containerizer,
  type ContainerKey,
  type ContainerUsage,
  type HostCapabilities,
  type References,
} from './containerizer.ts';
import type { Engine } from './containers/engine.ts';
import { createOverlayProbe, probeHost, type HostProbe } from './containers/host-probe.ts';
import { processIdentity } from './containers/identity.ts';
import { launchContainer } from './containers/launch.ts';
import { ensureHolder } from './containers/holder.ts';
import { createLayout, holderName } from './containers/layout.ts';
import { defaultLogLimits, type LogLimits } from './containers/log-rotation.ts';
import { createPodBook } from './containers/pod-book.ts';
import { recoverRuns } from './containers/recovery.ts';
import { createRunTable, describeRun, type Run, type RunTable } from './containers/run-table.ts';
import { removePod, removeTraces, runsOf } from './containers/teardown.ts';
import { createImageStore } from './images/image-store.ts';
import { createOciLauncher } from './launchers/oci.ts';
import { createPosixLauncher } from './launchers/posix.ts';

export interface ContainerizerOptions {
  /** Everything that the containerizer keeps lies below; absolute. */
  readonly home: string;
  /** Path within each cgroup hierarchy, unique to this agent on this machine: `/tepui/NODE`. */
  readonly cgroupRoot: string;
  readonly nodeName: string;
  /** Address of the node as others see it; the pods' too while they share its network. */
  readonly nodeAddress: () => string;
  /** Further directories that no container may see: the server's home. */
  readonly hiddenPaths?: readonly string[];
  /** Processes and threads a container may have; default 2048. */
  readonly pidsLimit?: number;
  readonly logLimits?: LogLimits;
  /** `posix` forgoes isolation even where it is possible. */
  readonly launcher?: 'oci' | 'posix';
  readonly clock: Clock;
  readonly log: Log;
}

/** Many for a server, few for a fork bomb. */
const defaultPidsLimit = 2048;

export async function createContainerizer(options: ContainerizerOptions): Promise<Containerizer> {
  await mkdir(options.home, { recursive: true });
  const probe: HostProbe =
    options.launcher === 'posix'
      ? {
          tools: undefined,
          degraded: [
            { feature: 'isolation', reason: 'the agent was told to use the posix launcher', remedy: 'let it choose' },
          ],
        }
      : probeHost(options.clock);
  if (options.launcher === 'oci' && !probe.tools) {
    throw new Error(probe.degraded.map(({ feature, reason, remedy }) => `${feature}: ${reason}; ${remedy}`).join('. '));
  }
  const engine = createEngine(options, probe);
  const capabilities: HostCapabilities = {
    launcher: engine.launcher.name,
    isolators: engine.isolators.map((isolator) => isolator.name),
    degraded: probe.degraded,
  };
  return assemble(engine, options.cgroupRoot, capabilities);
}

function createEngine(options: ContainerizerOptions, { tools }: HostProbe): Engine {
  const { home, cgroupRoot, clock, log, nodeName, nodeAddress } = options;
  const layout = createLayout(home, cgroupRoot);
  const facts = { name: nodeName, cpus: availableParallelism(), memoryBytes: totalmem() };
  const node = () => ({ ...facts, address: nodeAddress() });
  const shared = {
    layout,
    node,
    clock,
    log,
    images: createImageStore(layout.images),
    logLimits: options.logLimits ?? defaultLogLimits,
  };
  if (!tools) {
    return { ...shared, launcher: createPosixLauncher(clock), isolators: createPosixIsolators(), cgroups: undefined };
  }
  const { conmon, runtime, cgroups } = tools;
  const isolators = createLinuxIsolators({
    cgroups,
    node,
    agent: readAgentLimits(),
    hiddenPaths: [home, ...(options.hiddenPaths ?? [])],
    pidsLimit: options.pidsLimit ?? defaultPidsLimit,
    overlayWorks: createOverlayProbe(home),
  });
  const launcher = createOciLauncher({ conmon, runtime, runtimeRoot: layout.runtimeRoot, clock });
  return { ...shared, launcher, isolators, cgroups };
}

function assemble(engine: Engine, cgroupRoot: string, capabilities: HostCapabilities): Containerizer {
  const { layout, isolators, launcher } = engine;
  const table = createRunTable(engine);
  const pods = createPodBook();
  const contextOf = (pod: Pod, references: References) => ({ ...layout.pod(uidOf(pod)), pod, references });

  return {
    capabilities,
    logPath: (key) => layout.log(key),
    knownPods: () => pods.uids(),
    onExit: (listener) => table.onExit(listener),
    async recover() {
      const { running, podUids } = await recoverRuns(engine, table, cgroupRoot);
      for (const uid of podUids) pods.add(uid);
      setImmediate(() => table.openGate());
      return running.filter(({ run }) => run.key.container !== holderName).map(describeRun);
    },
    preparePod: (pod, references) =>
      pods.begin(uidOf(pod), async () => {
        const context = contextOf(pod, references);
        await mkdir(context.directory, { recursive: true, mode: 0o711 });
        await Promise.all(isolators.map(async (isolator) => isolator.preparePod?.(context)));
        if (launcher.name === 'oci') await ensureHolder(engine, table, context.uid, pod, references);
      }),
    updateVolumes: (pod, references) =>
      pods.during(uidOf(pod), async () => {
        const context = contextOf(pod, references);
        await Promise.all(isolators.map(async (isolator) => isolator.updatePod?.(context)));
      }),
    launch: (launch) =>
      pods.during(launch.key.podUid, async () => {
        const holder = table.get({ ...launch.key, container: holderName, attempt: 0 });
        const launched = await launchContainer(engine, launch, holder?.process.pid);
        return describeRun(table.adopt(launched.run, launched.process));
      }),
    signal: (key, signal) => signalRun(engine, table.get(key), signal),
    async exec(key, command, timeoutMs) {
      const run = table.get(key);
      if (run?.isRunning !== true) throw new Error(`container ${key.container} of pod ${key.podUid} does not run`);
      return launcher.exec(run.place, command, timeoutMs);
    },
    usage: (key) => usageOf(engine, key),
    remove: (key) => endRun(engine, table, key),
    async destroyPod(uid) {
      await pods.close(uid);
      const keys = await runsOf(engine, uid);
      await Promise.all(keys.map((key) => endRun(engine, table, key)));
      await removePod(engine, layout.pod(uid));
      pods.remove(uid);
      if (pods.uids().length === 0) await engine.cgroups?.prune(cgroupRoot);
    },
  };
}

function uidOf(pod: Pod): string {
  const { uid } = pod.metadata;
  if (uid === undefined) throw new Error(`pod ${pod.metadata.name ?? ''}: expected metadata.uid`);
  return uid;
}

/** The exit is read from files that go away with the run: first the end, then the report, then the files. */
async function endRun(engine: Engine, table: RunTable, key: ContainerKey): Promise<void> {
  const run = table.get(key);
  await engine.launcher.destroy(engine.layout.container(key));
  await run?.ended;
  await removeTraces(engine, key);
  table.forget(key);
}

async function signalRun(engine: Engine, run: Run | undefined, signal: NodeJS.Signals): Promise<boolean> {
  if (run?.isRunning !== true) return false;
  const { pid, identity } = run.process;
  if ((await processIdentity(pid)) !== identity) return false;
  try {
    process.kill(pid, signal === 'SIGTERM' ? run.run.stopSignal : signal);
  } catch {
    return false;
  }
  if (signal === 'SIGKILL') await engine.cgroups?.kill(run.place.cgroup);
  return true;
}

async function usageOf(engine: Engine, key: ContainerKey): Promise<ContainerUsage> {
  const place = engine.layout.container(key);
  const parts = await Promise.all(engine.isolators.map(async (isolator) => isolator.usage?.(place)));
  const whole = Object.assign({}, ...parts) as IsolatorUsage;
  return {
    cpuNanoseconds: whole.cpuNanoseconds ?? 0,
    memoryBytes: whole.memoryBytes ?? 0,
    processes: whole.processes ?? 0,
  };
}

// The contract of the containerizer: runs the containers of pods, each through the life cycle of its isolators.
// It knows nothing of restart policies or statuses; pod-reconciler.ts decides, this does.
import type { ConfigMap, Container, Pod, Secret } from '../api/types.gen.ts';

/** Names one run of one container. `attempt` counts restarts from 0. */
export interface ContainerKey {
  readonly podUid: string;
  readonly container: string;
  readonly attempt: number;
}

/** ConfigMaps and Secrets that a pod may use, by name, in the pod's namespace. */
export interface References {
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
}

export interface ContainerLaunch {
  readonly key: ContainerKey;
  readonly pod: Pod;
  readonly container: Container;
  readonly references: References;
}

/** How one run ended. */
export interface ContainerExit {
  readonly key: ContainerKey;
  /** 0–255; 128 + signal when a signal ended it. Undefined: the exit code is lost (its monitor was killed). */
  readonly exitCode: number | undefined;
  readonly signal?: number;
  /** `OOMKilled` when the memory limit ended it, `Error` or `Completed` else, `ContainerStatusUnknown` when lost. */
  readonly reason: 'Completed' | 'Error' | 'OOMKilled' | 'ContainerStatusUnknown';
  /** For people: limit and peak of an OOM kill, the tail of the log where terminationMessagePolicy asks for it. */
  readonly message?: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
}

export interface RunningContainer {
  readonly key: ContainerKey;
  /** On the host. */
  readonly pid: number;
  readonly startedAtMs: number;
  /** `tepui://ID`, as in `status.containerStatuses[].containerID`. */
  readonly containerId: string;
  /** Resolved image, empty without one. */
  readonly imageId: string;
}

/** What `launch` rejects with: the reason becomes `state.waiting.reason`. */
export class LaunchError extends Error {
  readonly reason:
    | 'ErrImagePull'
    | 'ErrImageNeverPull'
    | 'InvalidImageName'
    | 'CreateContainerConfigError'
    | 'CreateContainerError'
    | 'RunContainerError';

  constructor(reason: LaunchError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LaunchError';
    this.reason = reason;
  }
}

export interface ExecResult {
  readonly exitCode: number;
  /** Combined output, cut to 10 KiB. */
  readonly output: string;
}

export interface ContainerUsage {
  /** CPU time used since start. */
  readonly cpuNanoseconds: number;
  readonly memoryBytes: number;
  readonly processes: number;
}

/** What this host can isolate, and what it cannot and why: reported on the Node and checked before a launch. */
export interface HostCapabilities {
  readonly launcher: 'oci' | 'posix';
  readonly isolators: readonly string[];
  /** `limits.memory: no cgroup write access; run as root` and the like; empty when nothing is missing. */
  readonly degraded: readonly { readonly feature: string; readonly reason: string; readonly remedy: string }[];
}

export interface Containerizer {
  readonly capabilities: HostCapabilities;
  /**
   * Finds what runs already: containers of a former agent process, their pids unchanged, and exits that happened
   * meanwhile (delivered through `onExit` after this resolves). Removes half-made leftovers. Called once, first.
   */
  recover(): Promise<readonly RunningContainer[]>;
  /** Called for every exit of a launched or recovered container, once. Set before `recover`. */
  onExit(listener: (exit: ContainerExit) => void): void;
  /** Makes what the pod's containers share: directories, volumes, namespaces, parent cgroup. Idempotent. */
  preparePod(pod: Pod, references: References): Promise<void>;
  /** Refreshes configMap and secret volumes of a running pod after their objects changed. */
  updateVolumes(pod: Pod, references: References): Promise<void>;
  /** Prepare → create paused → isolate → start. Resolves once the process runs; rejects with LaunchError, leaving nothing. */
  launch(launch: ContainerLaunch): Promise<RunningContainer>;
  /** Sends a signal to the container's init process; false when it no longer runs. */
  signal(key: ContainerKey, signal: NodeJS.Signals): Promise<boolean>;
  /** Runs a command inside; rejects when it does not end within `timeoutMs` (it is killed then). */
  exec(key: ContainerKey, command: readonly string[], timeoutMs: number): Promise<ExecResult>;
  usage(key: ContainerKey): Promise<ContainerUsage>;
  /** Removes an exited container: isolators clean up in reverse. Its log stays. Idempotent. */
  remove(key: ContainerKey): Promise<void>;
  /** Kills what is left and removes every trace of the pod: processes, cgroups, mounts, namespaces, directories, logs. */
  destroyPod(podUid: string): Promise<void>;
  /** Uids of all pods that have left anything on this host. */
  knownPods(): readonly string[];
  /** Path of the log of one run, in CRI format (`TIME stdout F line`); rotated parts beside it (`.1`, `.2`, …). */
  logPath(key: ContainerKey): string;
}

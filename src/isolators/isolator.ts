// The life cycle of an isolator, after Mesos: recover, prepare, isolate, watch (here: limitation), update, usage, cleanup.
import type { ConfigMap, Container, Pod, Secret } from '../api/types.gen.ts';
import type { OciSpec } from './oci-spec.ts';

/** ConfigMaps and Secrets of the pod's namespace, by name. */
export interface ReferencedObjects {
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
}

/** Where a pod lives on this host; known without the Pod object, so that clean-up works after any crash. */
export interface PodPlace {
  readonly uid: string;
  /** Everything that the pod leaves on disk. */
  readonly directory: string;
  /** Below `directory`, mode 0700; in memory when the pod uses Secrets. */
  readonly privateDirectory: string;
  /** Parent of the containers' cgroups, as a path within each hierarchy. */
  readonly cgroup: string;
}

export interface PodContext extends PodPlace {
  readonly pod: Pod;
  readonly references: ReferencedObjects;
}

/** Where one run of one container lives. */
export interface ContainerPlace {
  readonly id: string;
  readonly pod: PodPlace;
  /** The bundle. */
  readonly directory: string;
  readonly cgroup: string;
}

/** What an image brings: its unpacked layers (never written to) and the user that it names. */
export interface ImageRoot {
  readonly directory: string;
  /** `config.User`: name or number, with an optional `:group`. */
  readonly user: string;
}

export interface ContainerContext extends ContainerPlace {
  readonly pod: PodContext;
  readonly container: Container;
  readonly image: ImageRoot | undefined;
  /** Host pid of the process that holds the pod's pid namespace, where the pod shares one. */
  readonly pidNamespaceHolder: number | undefined;
  /** Called once the container exists or failed: undoes what `prepare` had to hold for so long. */
  readonly releases: (() => Promise<void>)[];
  /** Set by filesystem/linux: the writable overlay that the launcher mounts as the root. */
  overlay?: OverlayRoot;
}

export interface OverlayRoot {
  readonly lower: string;
  readonly upper: string;
  readonly work: string;
  readonly merged: string;
}

/** A limit that ended a container. */
export interface Limitation {
  readonly reason: 'OOMKilled';
  /** For people: the limit and the peak. */
  readonly message: string;
}

export interface IsolatorUsage {
  readonly cpuNanoseconds?: number;
  readonly memoryBytes?: number;
  readonly processes?: number;
}

/**
 * One kind of isolation. Every step is optional. Steps on pods come in no order and side by side; steps on a
 * container in table order, `cleanup` in reverse. A step may be repeated after a crash and must bear it.
 */
export interface Isolator {
  /** As in Mesos where Mesos has it: `cgroups/mem`. */
  readonly name: string;
  /** Once, before everything else: forget or mend what a former agent process left half-done. */
  recover?(pods: readonly PodPlace[]): Promise<void>;
  /** Makes what the containers of a pod share. */
  preparePod?(pod: PodContext): Promise<void>;
  /** References of a running pod changed. */
  updatePod?(pod: PodContext): Promise<void>;
  /** Contributes to `spec`. Throws IsolationError when the container must not start. Leaves nothing outside the container's and the pod's directory. */
  prepare?(container: ContainerContext, spec: OciSpec): Promise<void> | void;
  /** The process exists but does not run yet. */
  isolate?(container: ContainerContext, pid: number): Promise<void>;
  /** Asked when the container has ended and before `cleanup`: was it a limit of mine? */
  limitation?(container: ContainerPlace): Promise<Limitation | undefined>;
  /** Takes a container's changed resources over without a restart. */
  update?(container: ContainerContext): Promise<void>;
  usage?(container: ContainerPlace): Promise<IsolatorUsage>;
  /** The container has ended. Idempotent. */
  cleanup?(container: ContainerPlace): Promise<void>;
  /** No container of the pod is left. Idempotent. */
  cleanupPod?(pod: PodPlace): Promise<void>;
}

// All isolators of this agent, in the order in which they prepare a container; clean-up goes backwards.
import { createCpuIsolator } from './cgroups/cpu.ts';
import type { Cgroups } from './cgroups/hierarchy.ts';
import { createMemoryIsolator } from './cgroups/mem.ts';
import { createPidsIsolator } from './cgroups/pids.ts';
import type { NodeFacts } from './field-ref.ts';
import { createRootFilesystemIsolator } from './filesystem/linux.ts';
import { createPosixFilesystemIsolator } from './filesystem/posix.ts';
import { createSandboxIsolator } from './filesystem/sandbox.ts';
import type { Isolator } from './isolator.ts';
import type { AgentLimits } from './linux/agent-limits.ts';
import { createCapabilitiesIsolator } from './linux/capabilities.ts';
import { createSeccompIsolator } from './linux/seccomp.ts';
import { createUserIsolator } from './linux/user.ts';
import { createIpcNamespaceIsolator } from './namespaces/ipc.ts';
import { createPidNamespaceIsolator } from './namespaces/pid.ts';
import { createUtsNamespaceIsolator } from './namespaces/uts.ts';
import { createNetworkFilesIsolator } from './network/files.ts';
import { createRlimitsIsolator } from './posix/rlimits.ts';
import { createConfigMapIsolator } from './volumes/config-map.ts';
import { createDownwardApiIsolator } from './volumes/downward-api.ts';
import { createEmptyDirIsolator } from './volumes/empty-dir.ts';
import { createHostPathIsolator } from './volumes/host-path.ts';
import { createProjectedIsolator } from './volumes/projected.ts';
import { createSecretIsolator } from './volumes/secret.ts';
import { createSupportedVolumesIsolator } from './volumes/supported.ts';

/** What isolators need to know of the host. */
export interface IsolatorHost {
  readonly cgroups: Cgroups;
  readonly node: () => NodeFacts;
  readonly agent: AgentLimits;
  readonly hiddenPaths: readonly string[];
  /** Processes and threads a container may have. */
  readonly pidsLimit: number;
  overlayWorks(): Promise<boolean>;
}

/** Factories in table order. filesystem/linux makes mount points for what came before it. */
const linuxTable: readonly ((host: IsolatorHost) => Isolator)[] = [
  () => createUserIsolator(),
  () => createCapabilitiesIsolator(),
  () => createSeccompIsolator(),
  (host) => createRlimitsIsolator(host.agent),
  (host) => createCpuIsolator(host.cgroups),
  (host) => createMemoryIsolator(host.cgroups, host.node().memoryBytes, host.agent),
  (host) => createPidsIsolator(host.cgroups, host.pidsLimit),
  () => createPidNamespaceIsolator(),
  () => createIpcNamespaceIsolator(),
  () => createUtsNamespaceIsolator(),
  (host) => createNetworkFilesIsolator(() => host.node().address),
  () => createSandboxIsolator(),
  () => createSupportedVolumesIsolator(),
  () => createSecretIsolator(),
  () => createEmptyDirIsolator(),
  () => createConfigMapIsolator(),
  (host) => createDownwardApiIsolator(host.node),
  (host) => createProjectedIsolator(host.node),
  (host) => createHostPathIsolator(host.hiddenPaths),
  (host) => createRootFilesystemIsolator(host),
];

export function createLinuxIsolators(host: IsolatorHost): readonly Isolator[] {
  return linuxTable.map((create) => create(host));
}

/** For hosts and users that can isolate nothing: a sandbox, and a refusal of what cannot be. */
export function createPosixIsolators(): readonly Isolator[] {
  return [createPosixFilesystemIsolator()];
}
